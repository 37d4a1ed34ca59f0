"""Questions to the reader, made of the records of assignments: plain data, and nothing that gives a solution away."""

from __future__ import annotations

from collections.abc import Iterable

from grading.assignments.registry import asked_names, assignment, assignments, names_of
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Assignment
from grading.submission.contents import contents_of
from grading.submission.handed_in import Submission
from grading.submission.reader import read
from grading.submission.selection import Question, Questions, Selection


def questions_of(reference: str = "") -> Questions:
    """Return what the reader is asked of a submission to an assignment.

    Parameters
    ----------
    reference : str
        As `grading.assignments.registry.assignment` takes it; "" for the default.
    """
    asked = assignment(reference)
    with names_of(asked):
        names = tuple(sorted(asked_names()))
    return Questions(
        tuple(map(question_of, asked.functions)),
        names,
        _counted((one.name, one) for one in assignments().values()),
    )


def which_of(references: Iterable[str]) -> Questions:
    """Return the question which of several assignments a submission is for."""
    return Questions(assignments=_counted((reference, assignment(reference)) for reference in references))


def _counted(named: Iterable[tuple[str, Assignment]]) -> dict[str, tuple[Question, ...]]:
    return {name: tuple(map(question_of, one.functions)) for name, one in named}


def question_of(function: Function) -> Question:
    """Return what is asked of one function."""
    return Question(
        name=function.name,
        names=function.names,
        pattern=function.file_pattern.pattern,
        flags=function.file_pattern.flags,
        provided=tuple(sorted(function.provided)),
        inputs=tuple(function.inputs),
        loops=tuple(name for name in function.names if function.is_loop_around(name)),
        needs=function.needs,
    )


def read_here(submission: Submission, reference: str = "") -> Selection:
    """Read a submission in this process: for tests and benchmarks, whose files are not hostile."""
    return read(contents_of(submission), questions_of(reference))
