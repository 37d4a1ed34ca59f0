"""nbgrader's commands as an instructor and as students give them, with an exchange folder of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from grading.nbgrader.course_folder import write_course
from grading.notebooks.build import as_text, read_notebook

from .conftest import ASSIGNMENT

KIT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Course:
    """A course folder and the exchange its students use."""

    folder: Path
    exchange: Path

    @property
    def submitted(self) -> Path:
        return self.folder / "submitted"

    def nbgrader(self, command: str, *options: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Give a command in the course folder, as the instructor."""
        return _run(["nbgrader", command, *options], self.folder, {}, check)

    def grading(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Give a command of the kit in the course folder."""
        return _run(["grading", *arguments], self.folder, {"PYTHONPATH": str(KIT)}, True)

    def as_student(self, student: str, command: str, *options: str) -> Path:
        """Give a command in a student's home, with no configuration but the exchange; return the home."""
        home = self.exchange.parent / "homes" / student
        home.mkdir(parents=True, exist_ok=True)
        exchange = [f"--Exchange.root={self.exchange}", f"--Exchange.cache={home}/.cache"]
        _run(
            ["nbgrader", command, ASSIGNMENT, "--course", "course", *exchange, *options],
            home,
            {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")},
            True,
        )
        return home

    def scores(self) -> dict[str, dict[str, float | None]]:
        """Return the automatic score of each autograder cell, by student."""
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db") as gradebook:
            return {
                submission.student.id: {
                    grade.cell.name: grade.auto_score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                    if grade.cell.name.startswith("check_")
                }
                for submission in gradebook.assignment_submissions(ASSIGNMENT)
            }


def _run(
    arguments: list[str], folder: Path, more: dict[str, str], check: bool
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **more}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    assert not check or done.returncode == 0, (
        f"{' '.join(arguments)}:\n{done.stdout[-3000:]}{done.stderr[-6000:]}"
    )
    return done


def new_course(folder: Path) -> Course:
    """Make a course and its exchange."""
    course = Course(folder / "course", folder / "exchange")
    write_course(course.folder)
    course.exchange.mkdir()
    course.exchange.chmod(0o777)
    with (course.folder / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.Exchange.root = {str(course.exchange)!r}\nc.ExchangeCollect.check_owner = False\n")
    return course


def edit(path: Path, change: Callable[[NotebookNode], Any]) -> None:
    """Change a notebook."""
    notebook = read_notebook(path)
    change(notebook)
    path.write_text(as_text(notebook), encoding="utf-8")


def cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """Return the cell that nbgrader calls so."""
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
