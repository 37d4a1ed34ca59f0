"""Writer of one student's grades through nbgrader's API, safe beside other writers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs
from nbgrader.api import (
    Comment,
    Gradebook,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.api import Grade as Score
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from grading.course.policies import FunctionGrade, Grade
from grading.errors import KitError
from grading.exports.outcome import as_comment
from grading.nbgrader.autograder_cells import KnownCell, known_cells
from grading.nbgrader.copies import Answer, Copy

TRIES = 10
PREFIX = "check_"  # the cell that checks tv_loss is called check_tv_loss
NO_RESPONSE = "No response."  # nbgrader's own words


@dataclass(frozen=True)
class Cells:
    """The cells of each notebook of an assignment, and the name of each by its id in the database.

    They are the same for the whole class: asking the database again for each student takes most of an export.
    """

    known: Mapping[str, Mapping[str, KnownCell]]
    names: Mapping[str, str]


def cells_of_course(gradebook: Gradebook, assignment: str) -> Cells:
    """Return the cells of an assignment.

    Raises
    ------
    KitError
        If the gradebook does not know the assignment.
    """
    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry as error:
        raise KitError(
            "the gradebook does not know {assignment}: run nbgrader generate_assignment {assignment}",
            assignment=assignment,
        ) from error
    known = {
        notebook.name: known_cells(gradebook, notebook.name, assignment)
        for notebook in sorted(notebooks, key=lambda notebook: notebook.name)
    }
    cells = [cell for notebook in notebooks for cell in (*notebook.grade_cells, *notebook.solution_cells)]
    return Cells(known, {cell.id: cell.name for cell in cells})


def set_points(gradebook: Gradebook, assignment: str, cells: Cells, grade: Grade) -> None:
    """Give the autograder cells the points that count in the course.

    Raises
    ------
    KitError
        If a function has no autograder cell: then the source is another assignment's.
    """
    place = {name: notebook for notebook, known in cells.known.items() for name in known}
    for function in grade.functions:
        cell = PREFIX + function.name
        if cell not in place:
            raise KitError(
                "{assignment} has no cell {cell} in the gradebook: make its source with `grading course`",
                assignment=assignment,
                cell=cell,
            )
        if cells.known[place[cell]][cell].marks["points"] != function.max_score:
            _persistently(
                gradebook,
                lambda cell=cell, function=function: gradebook.update_or_create_grade_cell(  # type: ignore[misc]
                    cell, place[cell], assignment, max_score=function.max_score
                ),
            )


def write_grade(
    gradebook: Gradebook,
    coursedir: CourseDirectory,
    cells: Cells,
    grade: Grade,
    copies: Sequence[Copy],
    submitted: Path,
) -> list[ByHand]:
    """Write what counts for one student; what a person has written stays.

    Returns
    -------
    list of ByHand
        The inline questions that a person has graded, in the order of their names.

    Raises
    ------
    KitError
        If the database stays locked or gone.
    """
    assignment = grade.result.assignment
    timestamp = coursedir.get_existing_timestamp(str(submitted))
    when = {"timestamp": timestamp} if timestamp else {}
    by_notebook = {copy.notebook: copy for copy in copies}
    by_hand: list[ByHand] = []

    def write() -> None:
        gradebook.update_or_create_student(grade.student)
        submission = gradebook.update_or_create_submission(assignment, grade.student, **when)
        # all is read before anything is changed: whatever is read later, SQLAlchemy writes first
        sheets = [
            Sheet(
                notebook,
                by_notebook[notebook.name].answers,
                {cells.names[row.cell_id]: row for row in notebook.grades},
                {cells.names[row.cell_id]: row for row in notebook.comments},
            )
            for notebook in submission.notebooks
        ]
        by_hand[:] = [answer for sheet in sheets for answer in _by_hand(sheet, cells)]
        for sheet in sheets:
            _write_scores(sheet, {PREFIX + function.name: function for function in grade.functions})
            _write_comments(sheet, dict(_comments(grade)), by_notebook[sheet.notebook.name].comments)
        _write_penalties(gradebook, coursedir, submission, sheets, grade)
        gradebook.db.commit()

    _persistently(gradebook, write)
    return sorted(by_hand, key=lambda answer: answer.question)


@dataclass(frozen=True)
class Sheet:
    """One notebook of a submission in the gradebook: its scores and comments by the name of the cell."""

    notebook: SubmittedNotebook
    answers: Mapping[str, Answer]
    scores: Mapping[str, Score]
    comments: Mapping[str, Comment]


@dataclass(frozen=True)
class ByHand:
    """What a person has said of an inline question."""

    question: str
    score: float
    max_score: float
    comment: str


def _by_hand(sheet: Sheet, cells: Cells) -> Iterator[ByHand]:
    known = {name: cell for notebook in cells.known.values() for name, cell in notebook.items()}
    for name, score in sheet.scores.items():
        if score.manual_score is not None and name in sheet.comments:
            comment = sheet.comments[name].manual_comment or ""
            points = score.manual_score + (score.extra_credit or 0)
            yield ByHand(name, points, known[name].marks["points"], comment)


def mark_for_review(
    gradebook: Gradebook, assignment: str, student: str, notebook: str, comments: Mapping[str, str]
) -> None:
    """Have a person look at questions of a notebook that nbgrader found no file of; what a person has said stays.

    Parameters
    ----------
    gradebook : Gradebook
    assignment, student, notebook : str
    comments : mapping
        Question -> what is to be looked into.
    """

    def write() -> None:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(assignment, student)
        for score in gradebook.find_submission_notebook(notebook, assignment, student).grades:
            if score.cell.name in comments:
                score.auto_score, score.needs_manual_grade = None, score.manual_score is None
            elif score.auto_score is None:
                score.auto_score, score.needs_manual_grade = 0.0, False
        for question, comment in comments.items():
            gradebook.find_comment(question, notebook, assignment, student).auto_comment = comment
        gradebook.db.commit()

    if comments:
        _persistently(gradebook, write)


def _comments(grade: Grade) -> Iterator[tuple[str, str]]:
    """Yield the comment on each function; what concerns the whole submission stands in the first."""
    for index, function in enumerate(grade.functions):
        of_all = (*grade.reasons, *grade.result.notes) if index == 0 else ()
        counted = structs.replace(function.verdict, score=function.score, max_score=function.max_score)
        yield function.name, as_comment(counted, (*function.reasons, *of_all))


def _write_scores(sheet: Sheet, functions: Mapping[str, FunctionGrade]) -> None:
    for name, score in sheet.scores.items():
        if function := functions.get(name):
            before, score.auto_score = score.auto_score, function.score
            if score.manual_score is None:
                score.needs_manual_grade = False
            elif before != function.score:
                score.needs_manual_grade = True  # a person has decided on another verdict than this one
        elif answer := sheet.answers.get(name):
            score.auto_score = None if answer.written else 0.0
            if not answer.written:
                score.needs_manual_grade = score.manual_score is not None and answer.changed
            elif score.manual_score is None or answer.changed:
                score.needs_manual_grade = True


def _write_comments(sheet: Sheet, comments: Mapping[str, str], repairs: Mapping[str, str]) -> None:
    for name, comment in sheet.comments.items():
        if name in comments:
            comment.auto_comment = "\n\n".join(filter(None, (comments[name], repairs.get(name))))
        elif answer := sheet.answers.get(name):
            comment.auto_comment = answer.comment or None if answer.written else NO_RESPONSE


def _write_penalties(
    gradebook: Gradebook,
    coursedir: CourseDirectory,
    submission: SubmittedAssignment,
    sheets: Sequence[Sheet],
    grade: Grade,
) -> None:
    """What is lost (or given) on the submission as a whole goes where nbgrader subtracts it.

    nbgrader has a place for it on each notebook. Where course.toml says nothing, nbgrader's own rule holds.
    """
    earned = [
        sum(function.score for function in grade.functions if PREFIX + function.name in sheet.scores)
        for sheet in sheets
    ]
    total = sum(earned)
    lost = round(total - grade.score, 4)
    for index, (sheet, points) in enumerate(zip(sheets, earned, strict=True)):
        share = points / total if total else float(index == 0)
        ours = round(lost * share, 4) if lost else None
        penalty = ours or _own_rule(gradebook, coursedir, submission, sheet.notebook)
        sheet.notebook.late_submission_penalty = penalty


def _own_rule(
    gradebook: Gradebook,
    coursedir: CourseDirectory,
    submission: SubmittedAssignment,
    notebook: SubmittedNotebook,
) -> float | None:
    """Return the penalty of the plugin that the course's nbgrader_config.py names; nbgrader's default has none."""
    if submission.total_seconds_late <= 0:
        return None
    step = AssignLatePenalties(parent=coursedir.parent)
    step.init_plugin()
    gradebook.db.flush()
    gradebook.db.refresh(notebook, ["score"])
    penalty = step.plugin_inst.late_submission_penalty(
        submission.student.id, notebook.score, submission.total_seconds_late
    )
    return None if penalty is None else float(min(max(penalty, 0), notebook.score))


def _persistently(gradebook: Gradebook, work: Callable[[], object]) -> None:
    """Do something in the database that can be done again, until nobody is in the way.

    Two that add the same row, or that want to write after both have read, stop each other; one of them tries again.
    """
    for left in reversed(range(TRIES)):
        try:
            work()
        except (DBAPIError, InvalidEntry, StaleDataError) as error:
            gradebook.db.rollback()
            if not left:
                reason = str(error).splitlines()[0]
                raise KitError(
                    "the gradebook cannot be written ({reason}): export again later", reason=reason
                ) from error
            time.sleep(random.uniform(0.02, 0.2))
        else:
            return
