"""The same checks under nbgrader and otter: a course folder and autograder zips that call them in the kernel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

from grading.assignments.registry import default_assignment, rubric
from grading.nbgrader.course_folder import write_course

SCRIPTS = Path(sys.executable).parent
_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = "{function}"
points = {points}


@test_case()
def every_check({function}):
    from grading.nbgrader.in_kernel import points_of

    assert points_of("{function}")({function}) == {points}
"""


def nbgrader_course(folder: Path, submissions: list[Path]) -> None:
    """Make a course with an nbgrader database, and put the submissions where `nbgrader autograde` looks."""
    write_course(folder)
    for submission in submissions:
        place = folder / "submitted" / submission.name / default_assignment()
        place.mkdir(parents=True)
        for notebook in submission.iterdir():
            (place / notebook.name).write_bytes(notebook.read_bytes())
    run = [str(SCRIPTS / "nbgrader"), "generate_assignment", default_assignment(), "--force"]
    subprocess.run(run, cwd=folder, check=True, capture_output=True)


def otter_zips(folder: Path) -> dict[str, Path]:
    """Make an autograder for each notebook, with one test for each function."""
    zips = {}
    for notebook in dict.fromkeys(asked.notebook for asked in rubric()):
        tests = folder / notebook / "tests"
        tests.mkdir(parents=True)
        for asked in rubric():
            if asked.notebook == notebook:
                text = _TEST.format(function=asked.name, points=float(asked.points))
                (tests / f"{asked.name}.py").write_text(text)
        zips[notebook] = folder / f"{notebook}.zip"
        command = ["otter", "generate", "-t", str(tests), "-o", str(zips[notebook]), "--no-config"]
        command += ["--no-environment", "--no-requirements"]
        command[0] = str(SCRIPTS / command[0])
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return zips


def without_demos(notebook: Path, to: Path) -> None:
    """Copy a notebook without the cells that make pictures, which nbgrader is told to skip and otter cannot."""
    handed_in: Any = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    handed_in.cells = [cell for cell in handed_in.cells if "demo" not in cell.metadata.get("tags", [])]
    to.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(handed_in, to)  # type: ignore[no-untyped-call]
