"""Statistics of a class, gathered while submissions stream by."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from grading.course.policies import FunctionGrade, Grade
from grading.results.definition import FunctionStatus, Grader

STATUSES: tuple[str, ...] = get_args(FunctionStatus)
BINS = 10


@dataclass(frozen=True)
class Cell:
    """What the class's table shows of one function of one student.

    `score` is what counts, `share` how much of its points the checks gave, in percent.
    """

    name: str
    status: str
    score: float
    share: float
    mistakes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    """What the class's page keeps of one submission, so that 2,000 of them fit in little memory."""

    student: str
    assignment: str
    grader: Grader
    score: float
    max_score: float
    cells: tuple[Cell, ...]
    reasons: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True)
class Bin:
    """A bar of the distribution: scores from `low` up to `high` percent, `high` itself only in the last."""

    low: int
    high: int
    count: int


@dataclass(frozen=True)
class Tally:
    """One function over the class: how many of each status, and the mean share of its points by the checks."""

    name: str
    counts: dict[str, int]
    mean: float


@dataclass(frozen=True)
class Mistake:
    """A part of diagnoses, and the (student, function) pairs in which it was found."""

    id: str
    title: str
    found: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ClassStatistics:
    """Everything on the class's page that is counted rather than listed. Scores are in percent."""

    count: int
    mean: float
    median: float
    full_marks: int
    bins: tuple[Bin, ...]
    tallies: tuple[Tally, ...]
    mistakes: tuple[Mistake, ...]
    graders: tuple[tuple[Grader, int], ...]


def row_of(grade: Grade) -> Row:
    """Keep of a grade what the class's page needs.

    `reasons` are those that concern this student alone; `unread` is why nothing was found, where a note says so.
    """
    notes = grade.result.notes
    nothing = all(function.verdict.status == "missing" for function in grade.functions)
    single = [f"{function.name}: {function.by_hand}" for function in grade.functions if function.by_hand]
    return Row(
        student=grade.student,
        assignment=grade.result.assignment,
        grader=grade.result.grader,
        score=grade.score,
        max_score=grade.max_score,
        cells=tuple(_cell(function) for function in grade.functions),
        reasons=(*single, *grade.reasons),
        unread=notes[0] if nothing and notes else "",
    )


def _cell(function: FunctionGrade) -> Cell:
    verdict = function.verdict
    diagnosis = verdict.diagnosis
    mistakes: tuple[tuple[str, str], ...] = ()
    if diagnosis:
        titles = diagnosis.title.split("; ") if len(diagnosis.parts) > 1 else [diagnosis.title]
        if len(titles) != len(diagnosis.parts):
            titles = [""] * len(diagnosis.parts)
        mistakes = tuple(zip(diagnosis.parts, titles, strict=True))
    share = percent(verdict.score, verdict.max_score)
    return Cell(verdict.name, verdict.status, function.score, share, mistakes)


def class_statistics(rows: Sequence[Row]) -> ClassStatistics:
    """Count over a class. An empty class has zeros everywhere."""
    percents = [percent(row.score, row.max_score) for row in rows]
    return ClassStatistics(
        count=len(rows),
        mean=statistics.fmean(percents) if percents else 0.0,
        median=statistics.median(percents) if percents else 0.0,
        full_marks=sum(value >= 100 for value in percents),
        bins=_bins(percents),
        tallies=tuple(_tallies(rows)),
        mistakes=_mistakes(rows),
        graders=tuple(Counter(row.grader for row in rows).most_common()),
    )


def percent(score: float, max_score: float) -> float:
    """Return the share of the points in percent; of nothing to get, all."""
    return 100 * score / max_score if max_score > 0 else 100.0


def function_names(rows: Iterable[Row]) -> tuple[str, ...]:
    """Return every function of the class once, in the order in which results first name them."""
    return tuple(dict.fromkeys(cell.name for row in rows for cell in row.cells))


def _bins(percents: Iterable[float]) -> tuple[Bin, ...]:
    width = 100 // BINS
    counts = Counter(min(int(value // width), BINS - 1) for value in percents)
    return tuple(Bin(i * width, (i + 1) * width, counts[i]) for i in range(BINS))


def _tallies(rows: Sequence[Row]) -> Iterable[Tally]:
    cells: dict[str, list[Cell]] = {}
    for row in rows:
        for cell in row.cells:
            cells.setdefault(cell.name, []).append(cell)
    for name, of_function in cells.items():
        counts = Counter(cell.status for cell in of_function)
        mean = statistics.fmean(cell.share for cell in of_function)
        yield Tally(name, {status: counts[status] for status in STATUSES}, mean)


def _mistakes(rows: Iterable[Row]) -> tuple[Mistake, ...]:
    """Count the parts of diagnoses, the most frequent first.

    A combined diagnosis has the titles of its parts in one, separated by "; "; a title that cannot be taken apart
    so is made from the part's id.
    """
    titles: dict[str, str] = {}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        for cell in row.cells:
            for part, title in cell.mistakes:
                found.setdefault(part, []).append((row.student, cell.name))
                if title:
                    titles.setdefault(part, title)
    mistakes = (Mistake(p, titles.get(p, p.replace("-", " ")), tuple(who)) for p, who in found.items())
    return tuple(sorted(mistakes, key=lambda mistake: (-len(mistake.found), mistake.id)))
