"""nbgrader's autograde on submissions as they should have been handed in; what was handed in stays as it is.

nbgrader looks for notebooks of the right names and nothing else, before it calls any hook. So it is shown a folder in
which each student's files lie under these names, unpacked and repaired. (A class of its own would not do: nbgrader's
command and formgrader both name `Autograde` themselves.)
"""

from __future__ import annotations

import contextlib
import copy
import functools
import glob
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from grading.errors import KitError
from grading.nbgrader.autograder_cells import COMMENTS
from grading.nbgrader.course import given_by, open_gradebook
from grading.nbgrader.gradebook import cells_of_course, mark_for_review
from grading.nbgrader.notebooks import is_notebook, node
from grading.nbgrader.submitted import Given, Submitted, look_at, review
from grading.notebooks.build import as_text
from grading.submission.handed_in import File


def repair_before_autograde() -> None:
    """Let every autograde of this process work on repaired submissions."""
    if getattr(Autograde.start, "repairs", False):
        return
    start = Autograde.start

    @functools.wraps(start)
    def repaired_start(self: Autograde) -> None:
        with _repaired_folder(self):
            start(self)

    repaired_start.repairs = True  # type: ignore[attr-defined]
    Autograde.start = repaired_start


@dataclass(frozen=True)
class _Student:
    """A student of whom some notebook was not found, and what a person must look into for it."""

    name: str
    missing: Mapping[str, str]


@contextlib.contextmanager
def _repaired_folder(autograde: Autograde) -> Iterator[None]:
    """Show an autograde a folder of repaired submissions; afterwards, mark what a person must look at."""
    own: CourseDirectory = autograde.coursedir
    root = Path(own.root)
    with tempfile.TemporaryDirectory(dir=root, prefix=".autograde-") as folder:
        shown = copy.copy(own)
        shown.submitted_directory = Path(folder).name
        assignment = own.assignment_id
        try:
            with open_gradebook(own) as gradebook:
                given = given_by(own, assignment, cells_of_course(gradebook, assignment).known)
        except KitError:  # nbgrader has words of its own for it
            yield
            return
        students = [_write_student(own, shown, place, given, autograde.log) for place in _submitted(own)]
        autograde.coursedir = shown
        try:
            yield
        finally:
            autograde.coursedir = own
            with open_gradebook(own) as gradebook:
                for student in students:
                    for notebook, reason in student.missing.items():
                        comments = review(given, notebook, reason) if reason else {}
                        mark_for_review(gradebook, assignment, student.name, notebook, comments)


def _submitted(coursedir: CourseDirectory) -> Iterator[tuple[str, Path]]:
    """Yield the students whose submissions are asked for, and their folders."""
    step, assignment = coursedir.submitted_directory, coursedir.assignment_id
    wanted = re.compile(coursedir.format_path(step, "(?P<student>[^/]+)", assignment, escape=True))
    pattern = coursedir.format_path(step, coursedir.student_id, assignment)
    for folder in sorted(glob.glob(pattern)):  # noqa: PTH207 - as nbgrader itself does, from the root on
        if match := wanted.fullmatch(folder):
            yield match["student"], Path(folder)


def _write_student(
    own: CourseDirectory,
    shown: CourseDirectory,
    place: tuple[str, Path],
    given: Given,
    log: logging.Logger,
) -> _Student:
    """Write a student's submission where nbgrader will look; return what it lacks."""
    student, folder = place
    target = Path(shown.format_path(shown.submitted_directory, student, shown.assignment_id))
    with tempfile.TemporaryDirectory(dir=own.root, prefix=".autograde-") as spool:
        seen = look_at(folder, Path(spool), given, {})
        for note in seen.notes:
            log.warning("%s: %s", student, note)
        target.mkdir(parents=True)
        for name, repaired in seen.notebooks.items():
            if seen.labels[name] != f"{name}.ipynb":
                log.warning("%s: %s is graded as %s.ipynb", student, seen.labels[name], name)
            repaired.notebook.metadata[COMMENTS] = node(repaired.comments)
            (target / f"{name}.ipynb").write_text(as_text(repaired.notebook), "utf-8", "backslashreplace")
        _place_others(seen, target, log)
    return _Student(student, seen.missing)


def _place_others(seen: Submitted, target: Path, log: logging.Logger) -> None:
    """Put the other files beside the notebooks, as they lay beside them when they were handed in."""
    around = dict.fromkeys(str(PurePosixPath(label).parent) for label in seen.labels.values())
    for file in seen.folder.files:
        if is_notebook(file.label):
            continue
        inside = next((a for a in around if a != "." and file.label.startswith(f"{a}/")), "")
        to = target / file.label.removeprefix(f"{inside}/" if inside else "")
        try:
            if not to.exists():
                _put(file, to)
        except OSError as error:
            log.warning("%s is left out (%s)", file.label, error.strerror)


def _put(file: File, to: Path) -> None:
    """Link a file, which costs nothing, or copy it where that is not allowed."""
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file.path, to, follow_symlinks=False)
    except OSError:
        shutil.copyfile(file.path, to)
