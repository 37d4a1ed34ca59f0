"""What a verdict rests on: for each student an ``evidence/<student>.json`` beside the result, mode 0600.

It holds the text of each function as it was graded, with its file and place, and what was observed of it, check by
check: what was returned (type, shape, dtype, a few numbers) or raised. Whoever shows more than the verdict reads the
result and its evidence, and nothing of the submission. It is the course's: no student receives it, for it says what
was tried.

All that is in it came from student code. It is bounded in every direction and only ever read as text.
"""

from __future__ import annotations

from grading.results.definition import Record

# Characters of a function's text in all, of one message, of one word; how many of each thing are kept.
TEXT, MESSAGE, WORD = 20_000, 1_000, 100
PIECES, CALLS, ARRAYS, NUMBERS = 50, 8, 8, 6


class Piece(Record, frozen=True):
    """A piece of a submission: where it stands, the line there with which it begins, its text."""

    place: str
    line: int
    source: str


class Raised(Record, frozen=True):
    """The exception of a call."""

    type: str
    message: str
    place: str
    line: str


class Array(Record, frozen=True):
    """An array that was returned or changed: its first numbers and its range as text, for JSON knows no NaN.

    Of one that is compared there is a sketch (`grading.verdict.sketch`); it is `times` the expected one: 1 where it is
    right, null where no number makes it so.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    smallest: str
    largest: str
    first: tuple[str, ...]
    sketch: tuple[float, ...] = ()
    times: float | None = None


class Call(Record, frozen=True):
    """One call: the type of what it returned, the arrays of it, or what it raised."""

    type: str
    raised: Raised | None
    arrays: tuple[Array, ...]


class Attempt(Record, frozen=True):
    """What was observed in one trial, and for which checks. `ended` says why there was no answer.

    `tolerance` is the relative error up to which two functions did the same in it.
    """

    checks: tuple[str, ...]
    ended: str
    calls: tuple[Call, ...]
    tolerance: float = 0.0


class FunctionEvidence(Record, frozen=True):
    """The text of one function, with all of the submission that it refers to, and what was observed of it."""

    name: str
    text: tuple[Piece, ...]
    text_is_cut: bool
    observed: tuple[Attempt, ...]


class Evidence(Record, frozen=True):
    """The evidence of one submission: its functions in the order of the result."""

    student: str
    functions: tuple[FunctionEvidence, ...]
