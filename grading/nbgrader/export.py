"""Export of verdicts into an nbgrader course: gradebook, notebooks for formgrader, feedback to release."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from cs231n.sentences import sentence
from grading.assignments.vocabulary.function import Function
from grading.course.policies import NOT_FINAL, Grade, comparable_grades
from grading.course.visibility import public_checks, without_private
from grading.errors import KitError
from grading.exports.handout import page_for_student
from grading.nbgrader.copies import Copy, copies_of, released_texts
from grading.nbgrader.course import given_by, open_course, open_gradebook
from grading.nbgrader.feedback import feedback_page
from grading.nbgrader.gradebook import cells_of_course, set_points, write_grade
from grading.report.pages import write_report
from grading.results.text import inside, page_name

# What release_feedback needs beside the pages, and autograde to know which submission it has seen.
_KEPT_FILES = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True)
class Exported:
    """What an export did: whose grades are in the gradebook, who is held back and why, what is to be known of some."""

    students: tuple[str, ...]
    held: tuple[str, ...]
    notes: tuple[str, ...]


def export_nbgrader(
    out: Path, course: Path, known: Collection[Function] = (), *, private: bool = True
) -> Exported:
    """Write the grades of a results folder into an nbgrader course.

    For each student: points and comments go into the gradebook; the submitted notebooks, with the verdicts in their
    autograder cells, into `autograded/`, where formgrader looks for them; the page of the report into `feedback/`.
    Scores and comments given by hand are kept; a grade that is not final is held back. Exporting again changes nothing
    but what has changed.

    Parameters
    ----------
    out : Path
        What `python -m grading grade` wrote.
    course : Path
        The folder of the nbgrader course; its gradebook knows the assignment.
    known : collection of Function
        The functions of the assignment: which checks are public, results do not say.
    private : bool
        Whether feedback and comments, which students get, name private checks; formgrader does in any case.

    Raises
    ------
    KitError
        If one of the two is missing, does not fit the other, or cannot be written.
    """
    coursedir = open_course(course)
    every = comparable_grades(out)
    grades = [grade for grade in every if grade.final]
    held = tuple(
        sentence("{what}: {found}", what=grade.student, found=NOT_FINAL) for grade in every if not grade.final
    )
    notes: list[str] = []
    with open_gradebook(coursedir) as gradebook, _staging(Path(coursedir.root)) as staging:
        for assignment in dict.fromkeys(grade.result.assignment for grade in grades):
            cells = cells_of_course(gradebook, assignment)
            of_assignment = [grade for grade in grades if grade.result.assignment == assignment]
            set_points(gradebook, assignment, cells, of_assignment[0])
            given = given_by(coursedir, assignment, cells.known)
            released = released_texts(given.released)
            for grade in of_assignment:
                place = _Place(coursedir, grade, staging)
                copies = list(copies_of(place.submitted, place.autograded, given, grade, released))
                notes += [f"{grade.student}: {note}" for copy in copies for note in copy.notes]
                seen = grade if private else without_private(grade, public_checks(known))
                by_hand = write_grade(gradebook, coursedir, cells, seen, copies, place.submitted)
                place.write_copies(copies)
                page = _page(out, grade) if private else page_for_student(out, grade, known, private=False)
                place.write_feedback(copies, feedback_page(page, by_hand))
    return Exported(tuple(grade.student for grade in grades), held, tuple(notes))


def _folder(coursedir: CourseDirectory, step: str, student: str, assignment: str) -> Path:
    return Path(coursedir.format_path(step, student, assignment))


@contextmanager
def _staging(course: Path) -> Iterator[Path]:
    """A folder on the course's file system, from which finished files are moved to their place."""
    try:
        folder = Path(tempfile.mkdtemp(dir=course, prefix=".export-"))
    except OSError as error:
        raise KitError(
            "{course} cannot be written ({strerror}): ask its owner for access",
            course=course,
            strerror=error.strerror,
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Place:
    """Where one student's files are in the course, and how they get there: whole, and only if they have changed."""

    def __init__(self, coursedir: CourseDirectory, grade: Grade, staging: Path) -> None:
        student, assignment = grade.student, grade.result.assignment
        if inside(Path(coursedir.root), student) is None:
            raise KitError(
                "{student!r} cannot be a student's id in nbgrader: rename the submission", student=student
            )
        self.staging = staging
        self.mode = 0o664 if coursedir.groupshared else 0o644
        self.submitted = _folder(coursedir, coursedir.submitted_directory, student, assignment)
        self.autograded = _folder(coursedir, coursedir.autograded_directory, student, assignment)
        self.feedback = _folder(coursedir, coursedir.feedback_directory, student, assignment)

    def write_copies(self, copies: list[Copy]) -> None:
        """Write the notebooks that formgrader shows."""
        if any(copy.text for copy in copies):
            self._write_kept(self.autograded)
        for copy in copies:
            if copy.text:
                self._write(self.autograded / f"{copy.notebook}.ipynb", copy.text)

    def write_feedback(self, copies: list[Copy], page: str) -> None:
        """Write the page once for each notebook: that is how nbgrader releases feedback."""
        self._write_kept(self.feedback)
        for copy in copies:
            self._write(self.feedback / f"{copy.notebook}.html", page)

    def _write_kept(self, folder: Path) -> None:
        for name in _KEPT_FILES:
            file = self.submitted / name
            if file.is_file() and not file.is_symlink():
                self._write(folder / name, file.read_text(encoding="utf-8", errors="replace"))

    def _write(self, path: Path, text: str) -> None:
        content = text.encode("utf-8", "backslashreplace")
        try:
            if path.is_file() and path.read_bytes() == content:
                return
        except OSError:  # another nbgrader is just replacing it
            pass
        staged = self.staging / "file"
        staged.write_bytes(content)
        staged.chmod(self.mode)
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(path)


def _page(out: Path, grade: Grade) -> str:
    path = out / "report" / page_name(grade.student)
    if not path.is_file():
        write_report(out)
    return path.read_text(encoding="utf-8")
