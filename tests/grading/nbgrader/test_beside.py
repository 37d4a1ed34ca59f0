"""Exports beside other exports and beside nbgrader lose nothing, in SQLite and in PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from .conftest import ASSIGNMENT, write_results
from .nbgrader_commands import KIT, new_course

pytestmark = [pytest.mark.long, pytest.mark.alone]

Submit = Callable[..., Path]
CLASS = {f"student{number:03}": {"tv_loss": number % 6, "gram_matrix": number % 4} for number in range(24)}


def exporting(out: Path, course: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grading", "export", "nbgrader", str(out), "--course", str(course)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=KIT, stdout=pipe, stderr=pipe, text=True)


def finished(process: subprocess.Popen[str]) -> None:
    said = process.communicate(timeout=600)
    assert process.returncode == 0, "".join(said)


def dump(db_url: str) -> list[tuple[Any, ...]]:
    """Everything about grades in a gradebook, in one order, without the ids that nbgrader draws at random."""
    found: list[tuple[Any, ...]] = []
    with Gradebook(db_url) as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            student = submission.student.id
            found.append((student, "", submission.score, submission.max_score, str(submission.timestamp)))
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    values = (grade.auto_score, grade.manual_score, grade.max_score, grade.needs_manual_grade)
                    found.append((student, grade.cell.name, *values))
                for comment in notebook.comments:
                    found.append((student, f"{comment.cell.name} (comment)", comment.auto_comment))
    return sorted(found, key=repr)


def sqlite(course: Path) -> str:
    return f"sqlite:///{course}/gradebook.db"


def all_grades() -> int:
    """A line for the submission, thirteen scores and comments for each student."""
    return len(CLASS) * (1 + 13 + 13)


def test_four_exports_at_once_lose_nothing(course: Path, submit: Submit, tmp_path: Path) -> None:
    for student in CLASS:
        submit(student)
    out = write_results(tmp_path / "out", CLASS)
    for process in [exporting(out, course) for _ in range(4)]:
        finished(process)
    at_once = dump(sqlite(course))
    assert len(at_once) == all_grades()
    finished(exporting(out, course))
    assert dump(sqlite(course)) == at_once
    assert len(list((course / "feedback").glob(f"*/{ASSIGNMENT}/*.html"))) == 2 * len(CLASS)
    assert not list(course.glob(".export-*"))


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The URL of a real server's database, in a folder of its own, reached through a socket."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [
        Path(p).parent for p in [shutil.which("initdb")] if p
    ]
    if not found:
        pytest.skip("no PostgreSQL here (Debian: apt-get install postgresql)")
    programs = found[-1]
    as_server = (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    )
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        if as_server:
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        run = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL}
        subprocess.run(
            [*as_server, programs / "initdb", "-D", data, "-A", "trust", "-U", "course", "-E", "UTF8"], **run
        )
        options = f"-k {folder} -c listen_addresses=''"
        control = [*as_server, str(programs / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], **run)
        try:
            yield f"postgresql+psycopg2://course@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)


def test_postgresql_and_sqlite_give_the_same_gradebook(
    course: Path, submit: Submit, tmp_path: Path, postgresql: str
) -> None:
    for student in CLASS:
        submit(student)
    out = write_results(tmp_path / "out", CLASS)
    finished(exporting(out, course))
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"c.CourseDirectory.db_url = {postgresql!r}\n")
    generate = [sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT, "--force"]
    subprocess.run(generate, cwd=course, check=True, capture_output=True)
    for process in [exporting(out, course) for _ in range(4)]:
        finished(process)
    assert dump(postgresql) == dump(sqlite(course))


def test_an_export_beside_nbgraders_autograde_loses_nothing(tmp_path: Path, examples: Path) -> None:
    course = new_course(tmp_path)
    course.nbgrader("generate_assignment", ASSIGNMENT)
    students = {"ada": {}, "alan": {"tv_loss": 2}, "grace": {}}
    for student in students:
        folder = course.submitted / student / ASSIGNMENT
        folder.mkdir(parents=True)
        shutil.copy(examples / "all_right" / "StyleTransfer.ipynb", folder)
    out = write_results(tmp_path / "out", students)
    exports, log = 0, tmp_path / "autograde.log"
    for attempt in range(2):
        with log.open("w") as said:
            command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT]
            with subprocess.Popen(command, cwd=course.folder, stdout=said, stderr=said) as autograde:
                while autograde.poll() is None:
                    finished(exporting(out, course.folder))
                    exports += 1
        if autograde.returncode == 0:
            break
        # nbgrader looks for a student's row, then adds it: a row that an export adds between the two stops
        # it with an error. Everybody has a row by then, so the same command again must succeed.
        assert "UNIQUE constraint failed" in log.read_text(), log.read_text()[-4000:]
        assert attempt == 0, log.read_text()[-4000:]
    assert exports > 1
    assert course.scores().keys() == students.keys()
    finished(exporting(out, course.folder))
    points = {student: sum(p or 0 for p in scores.values()) for student, scores in course.scores().items()}
    assert points == {"ada": 100, "alan": 94, "grace": 100}
