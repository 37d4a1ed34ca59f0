"""Writes one student's grades through nbgrader's API, beside whoever else is writing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from grading.errors import KitError
from grading.exports.nbgrader.copies import Copy
from grading.exports.outcome import as_comment
from grading.notebooks.autograde import KnownCell, known_cells
from grading.policies import FunctionGrade, Grade

TRIES = 10
PREFIX = "check_"  # the cell that checks tv_loss is called check_tv_loss
NO_RESPONSE = "No response."  # nbgrader's own words

# The cells of each notebook of an assignment.
Known = Mapping[str, Mapping[str, KnownCell]]


def cells_of_course(gradebook: Gradebook, assignment: str) -> Known:
    """Return the cells of each notebook of an assignment.

    Raises
    ------
    KitError
        If the gradebook does not know the assignment.
    """
    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry as error:
        raise KitError(
            f"the gradebook does not know {assignment}: run nbgrader generate_assignment {assignment}"
        ) from error
    return {
        notebook.name: known_cells(gradebook, notebook.name, assignment)
        for notebook in sorted(notebooks, key=lambda notebook: notebook.name)
    }


def set_points(gradebook: Gradebook, assignment: str, known: Known, grade: Grade) -> None:
    """Give the autograder cells the points that count in the course.

    Raises
    ------
    KitError
        If a function has no autograder cell: then the source is another assignment's.
    """
    place = {name: notebook for notebook, cells in known.items() for name in cells}
    for function in grade.functions:
        cell = PREFIX + function.name
        if cell not in place:
            raise KitError(
                f"{assignment} has no cell {cell} in the gradebook: make its source with `grading course`"
            )
        if known[place[cell]][cell].marks["points"] != function.max_score:
            _persistently(
                gradebook,
                lambda cell=cell, function=function: gradebook.update_or_create_grade_cell(  # type: ignore[misc]
                    cell, place[cell], assignment, max_score=function.max_score
                ),
            )


def write_grade(
    gradebook: Gradebook,
    coursedir: CourseDirectory,
    grade: Grade,
    copies: Sequence[Copy],
    submitted: Path,
) -> None:
    """Write what counts for one student; what a person has written stays.

    Raises
    ------
    KitError
        If the database stays locked or gone.
    """
    assignment = grade.result.assignment
    timestamp = coursedir.get_existing_timestamp(str(submitted))
    when = {"timestamp": timestamp} if timestamp else {}

    def write() -> None:
        gradebook.update_or_create_student(grade.student)
        submission = gradebook.update_or_create_submission(assignment, grade.student, **when)
        functions = {PREFIX + function.name: function for function in grade.functions}
        comments = dict(_comments(grade))
        by_notebook = {copy.notebook: copy for copy in copies}
        for notebook in submission.notebooks:
            _write_scores(notebook, functions, by_notebook[notebook.name])
            for comment in notebook.comments:
                answer = by_notebook[notebook.name].answers.get(comment.cell.name)
                if comment.cell.name in comments:
                    comment.auto_comment = comments[comment.cell.name]
                elif answer:
                    comment.auto_comment = None if answer.written else NO_RESPONSE
        _write_penalties(gradebook, coursedir, submission, grade)
        gradebook.db.commit()

    _persistently(gradebook, write)


def _comments(grade: Grade) -> Iterator[tuple[str, str]]:
    """Yield the comment on each function; what concerns the whole submission stands in the first."""
    for index, function in enumerate(grade.functions):
        of_all = (*grade.reasons, *grade.result.notes) if index == 0 else ()
        yield function.name, as_comment(function.verdict, (*function.reasons, *of_all))


def _write_scores(notebook: SubmittedNotebook, functions: Mapping[str, FunctionGrade], copy: Copy) -> None:
    for grade in notebook.grades:
        if function := functions.get(grade.cell.name):
            before, grade.auto_score = grade.auto_score, function.score
            if grade.manual_score is None:
                grade.needs_manual_grade = False
            elif before != function.score:
                grade.needs_manual_grade = True  # a person has decided on another verdict than this one
        elif answer := copy.answers.get(grade.cell.name):
            grade.auto_score = None if answer.written else 0.0
            if not answer.written:
                grade.needs_manual_grade = grade.manual_score is not None and answer.changed
            elif grade.manual_score is None or answer.changed:
                grade.needs_manual_grade = True


def _write_penalties(
    gradebook: Gradebook, coursedir: CourseDirectory, submission: SubmittedAssignment, grade: Grade
) -> None:
    """What is lost (or given) on the submission as a whole goes where nbgrader subtracts it.

    nbgrader has a place for it on each notebook. Where course.toml says nothing, nbgrader's own rule holds.
    """
    notebook_of = {g.cell.name: notebook for notebook in submission.notebooks for g in notebook.grades}
    earned: dict[SubmittedNotebook, float] = dict.fromkeys(submission.notebooks, 0.0)
    for function in grade.functions:
        earned[notebook_of[PREFIX + function.name]] += function.score
    total = sum(earned.values())
    lost = round(total - grade.score, 4)
    for index, (notebook, points) in enumerate(earned.items()):
        share = points / total if total else float(index == 0)
        ours = round(lost * share, 4) if lost else None
        notebook.late_submission_penalty = ours or _own_rule(gradebook, coursedir, submission, notebook)


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


@dataclass(frozen=True)
class ByHand:
    """What a person has said of an inline question: HTML of nobody but the grader and so harmless."""

    question: str
    score: float
    max_score: float
    comment: str


def answers_by_hand(gradebook: Gradebook, grade: Grade) -> list[ByHand]:
    """Return the inline questions that a person has graded, in the order of their names."""
    submission = gradebook.find_submission(grade.result.assignment, grade.student)
    found = []
    for notebook in submission.notebooks:
        comments = {comment.cell.name: comment.manual_comment for comment in notebook.comments}
        found += [
            ByHand(g.cell.name, g.score, g.max_score, comments.get(g.cell.name) or "")
            for g in notebook.grades
            if g.manual_score is not None and g.cell.name in comments
        ]
    return sorted(found, key=lambda answer: answer.question)


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
                raise KitError(f"the gradebook cannot be written ({reason}): export again later") from error
            time.sleep(random.uniform(0.02, 0.2))
        else:
            return
