"""Policies of a course on points, applied after the verdicts: a result file never changes by them.

Whoever needs the grades that count (tables, pages, exports) reads them here and nowhere else:

    for grade in final_grades(out):
        grade.student, grade.score, grade.max_score         # what counts
        grade.result.score, grade.result.max_score          # what the checks say
        for function in grade.functions:
            function.name, function.score, function.max_score, function.reasons
            function.verdict.score, function.verdict.status, function.verdict.diagnosis
        grade.late_percent, grade.reasons                    # sentences for the student
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cs231n.language import said
from cs231n.sentences import joined, listed, sentence
from grading.course.settings import Comment, Deadline, Override, Policies
from grading.errors import KitError
from grading.results.atomic import write_atomically
from grading.results.definition import ASPECTS, FunctionResult, Result, differing
from grading.results.files import read_results
from grading.results.shown import shown
from grading.results.text import number

NAME = "policies.json"
# Why a grade that is not final (`Grade.final`) is held back from a gradebook.
NOT_FINAL = sentence("the grader failed on it, so its points are no verdict: grade it again")


@dataclass(frozen=True)
class CheckGrade:
    """The points of one check after `[points]`."""

    id: str
    score: float
    max_score: float


@dataclass(frozen=True)
class Remark:
    """A comment of the course as it concerns one student: its text, and the points won or lost by it."""

    text: str
    points: float = 0.0

    @property
    def signed(self) -> str:
        """The points with their sign; "" if none."""
        return f"{'+' if self.points > 0 else ''}{number(self.points)}" if self.points else ""

    def __str__(self) -> str:
        """Return it as a reason."""
        if not self.points:
            return said("comment: {text}", text=self.text)
        return said("comment ({points} points): {text}", points=self.signed, text=self.text)


@dataclass(frozen=True)
class FunctionGrade:
    """The points of one function that count, beside the verdict they come from.

    `decided` says what the course decided about the function for all, `by_hand` for this student; `remarks` are its
    comments.
    """

    verdict: FunctionResult
    score: float
    max_score: float
    checks: tuple[CheckGrade, ...]
    decided: str = ""
    by_hand: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return self.verdict.name

    @property
    def decisions(self) -> tuple[str, ...]:
        """Sentences that say why the points are not those of the verdict, without comments."""
        return tuple(reason for reason in (self.decided, self.by_hand) if reason)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences that say why the points are not those of the verdict, and all comments."""
        return (*self.decisions, *map(str, self.remarks))

    @property
    def changed(self) -> bool:
        """Whether a policy has touched the points."""
        return bool(self.decisions or any(remark.points for remark in self.remarks))


@dataclass(frozen=True)
class Grade:
    """What counts for one student. `reasons` are about the whole submission; functions have their own.

    `by_hand` says that a person has set the points of the whole submission.
    """

    result: Result
    functions: tuple[FunctionGrade, ...]
    score: float
    max_score: float
    late_percent: float = 0.0
    submitted: datetime | None = None
    reasons: tuple[str, ...] = ()
    by_hand: bool = False

    @property
    def final(self) -> bool:
        """Whether it may go to a gradebook: the grader has come to a verdict, or a person has set the points."""
        return self.by_hand or self.result.graded

    @property
    def student(self) -> str:
        """The student's id."""
        return self.result.student

    @property
    def changed(self) -> bool:
        """Whether a policy has touched this grade."""
        return bool(self.reasons or any(function.changed for function in self.functions))


def final_grades(out: Path) -> Iterator[Grade]:
    """Yield the grades that count of a results folder, in the order of its files, one in memory at a time.

    Raises
    ------
    KitError
        If there is no results folder, or something in it cannot be read.
    """
    policies = read_policies(out)
    for result in read_results(out):
        yield grade_of(result, policies)


def comparable_grades(out: Path) -> list[Grade]:
    """Return the grades that count, to be set side by side in a course's gradebook.

    Raises
    ------
    KitError
        As `final_grades`, and if they did not all come about in the same way.
    """
    grades = list(final_grades(out))
    graders = {grade.result.grader: grade.student for grade in grades}
    if aspects := differing(graders.keys()):
        examples = joined(
            (
                sentence("{student}: {how}", student=student, how=grader.named(aspects))
                for grader, student in sorted(graders.items())[:3]
            ),
            "; ",
        )
        raise KitError(
            "the results in {out} were graded with different {aspects} ({examples}): grade the whole "
            "class again with --out {out}, then export",
            out=out,
            aspects=listed(ASPECTS[aspect] for aspect in aspects),
            examples=examples,
        )
    return grades


def grade_of(result: Result, policies: Policies) -> Grade:
    """Apply a course's policies to one verdict.

    In this order: points, dropped functions, points of comments, functions graded by hand, the late penalty, a whole
    submission graded by hand (which is the last word). Comments are added up in the order of the file and never lead
    below 0 or above the maximum of the function; where a function is graded by hand, they are shown without points.
    """
    by_hand = {o.function: o for o in policies.overrides if o.student == result.student}
    shown_result = shown(result)
    functions = tuple(
        _function_grade(
            f,
            policies,
            [comment for comment in policies.comments if _concerns(comment, result.student, f)],
            by_hand.get(f.name),
        )
        for f in shown_result.functions
    )
    score, most = result.score, result.max_score
    if any(function.changed for function in functions):
        score = _rounded(sum(function.score for function in functions))
        most = _rounded(sum(function.max_score for function in functions))
    late, reasons = 0.0, []
    submitted, deadline = policies.submitted.get(result.student), policies.deadline
    if deadline and submitted:
        late = deadline.percent(result.student, submitted)
    if deadline and submitted and late:
        score = _rounded(score * (1 - late / 100))
        due = deadline.due(result.student)
        reasons.append(
            said(
                "handed in {span} after the deadline ({due}): {percent} % less",
                span=_span(submitted - due),
                due=_minute(due),
                percent=number(late),
            )
        )
    if whole := by_hand.get(""):
        score = whole.score
        reasons.append(_by_hand(whole))
    return Grade(shown_result, functions, score, most, late, submitted, tuple(reasons), whole is not None)


def _concerns(comment: Comment, student: str, function: FunctionResult) -> bool:
    if comment.function not in ("", function.name):
        return False
    if not comment.mistake:
        return student in comment.students
    diagnosis = function.diagnosis
    return diagnosis is not None and comment.mistake in (diagnosis.id, *diagnosis.parts)


def _function_grade(
    function: FunctionResult, policies: Policies, comments: Sequence[Comment], by_hand: Override | None
) -> FunctionGrade:
    wanted = policies.points.get(function.name)
    checks = tuple(_check_grades(function, wanted))
    score, most = function.score, function.max_score
    decided, set_by_hand = "", ""
    if isinstance(wanted, Mapping):
        score, most = sum(check.score for check in checks), sum(check.max_score for check in checks)
    elif wanted is not None:
        score, most = _share(score, most) * wanted, wanted
    if _rounded(most) != function.max_score:
        decided = said(
            "counts {points} points instead of {others}",
            points=number(most),
            others=number(function.max_score),
        )
    elif isinstance(wanted, Mapping):
        decided = said("its checks count otherwise: {checks}", checks=", ".join(sorted(wanted)))
    if function.name in policies.drop:
        score = most = 0.0
        checks = tuple(CheckGrade(check.id, 0.0, 0.0) for check in checks)
        decided = said("dropped: it counts for nobody")
    remarks = []
    for comment in comments:
        before, score = score, score if by_hand else min(max(score + comment.points, 0.0), most)
        remarks.append(Remark(comment.text, _rounded(score - before)))
    if by_hand:
        score = by_hand.score
        set_by_hand = _by_hand(by_hand)
    score, most = _rounded(score), _rounded(most)
    return FunctionGrade(function, score, most, checks, decided, set_by_hand, tuple(remarks))


def _by_hand(override: Override) -> str:
    return said("set to {points} by hand: {reason}", points=number(override.score), reason=override.reason)


def _check_grades(
    function: FunctionResult, wanted: float | Mapping[str, float] | None
) -> Iterator[CheckGrade]:
    for check in function.checks:
        most = check.max_points
        if isinstance(wanted, Mapping):
            most = wanted.get(check.id, most)
        elif wanted is not None:
            most = _share(check.max_points, function.max_score) * wanted
        earned = _share(check.points, check.max_points) if check.max_points else float(check.status == "pass")
        yield CheckGrade(check.id, _rounded(earned * most), _rounded(most))


def _share(points: float, most: float) -> float:
    return points / most if most else 0.0


def _rounded(points: float) -> float:
    """Four decimals, as in a result file: sums of thirds come out even."""
    return round(points, 4)


def _span(late: timedelta) -> str:
    """Write how late: "2 d 3 h", "40 min"."""
    minutes = max(1, math.ceil(late / timedelta(minutes=1)))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, said("d")), (hours, said("h")), (minutes, said("min"))]
    return " ".join(f"{value} {unit}" for value, unit in parts if value)


def _minute(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")


def decisions(policies: Policies) -> Iterator[str]:
    """Say, for the class's page, what a course has decided for all its students."""
    for name, wanted in policies.points.items():
        if isinstance(wanted, Mapping):
            counts = [
                said("{check} counts {points}", check=check, points=number(p)) for check, p in wanted.items()
            ]
            yield f"`{name}`: {', '.join(counts)}"
        else:
            yield said("`{name}` counts {points} points", name=name, points=number(wanted))
    for name in policies.drop:
        yield said("`{name}` is dropped: it counts for nobody", name=name)
    for comment in policies.comments:
        yield f"{comment.about}: {Remark(comment.text, comment.points)}"
    if policies.deadline:
        due = policies.deadline
        of_grace = sentence(", after {minutes} minutes of grace", minutes=number(due.grace_minutes))
        yield said(
            "due {due}: {percent} % of the points earned less for each {unit} that has begun{grace}, at most {most} %",
            due=_minute(due.at),
            percent=number(due.penalty),
            unit=sentence("day") if due.per == "day" else sentence("hour"),
            grace=of_grace if due.grace_minutes else "",
            most=number(due.most),
        )


def write_policies(out: Path, policies: Policies) -> None:
    """Write a course's policies; a course without any leaves no file."""
    path = out / NAME
    if not policies:
        path.unlink(missing_ok=True)
        return
    text = json.dumps(asdict(policies), indent=1, ensure_ascii=False, default=datetime.isoformat)
    write_atomically(path, text.encode("utf-8", "backslashreplace").decode())


def read_policies(out: Path) -> Policies:
    """Return the policies that apply to the results below `out`; none, where there is no file.

    Raises
    ------
    KitError
        If the file cannot be read: without it, grades would be shown that do not count.
    """
    path = out / NAME
    try:
        return _policies(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Policies()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KitError(
            "{path} cannot be read ({name}: {error}): remove it and grade again",
            path=path,
            name=type(error).__name__,
            error=error,
        ) from error


def _policies(raw: dict[str, Any]) -> Policies:
    deadline = raw["deadline"]
    if deadline:
        times = {"at": datetime.fromisoformat(deadline["at"]), "extensions": _times(deadline["extensions"])}
        deadline = Deadline(**(deadline | times))
    return Policies(
        points=raw["points"],
        drop=tuple(raw["drop"]),
        deadline=deadline,
        overrides=tuple(Override(**override) for override in raw["overrides"]),
        comments=tuple(
            Comment(**(comment | {"students": tuple(comment["students"])}))
            for comment in raw.get("comments", ())  # a folder of an older version has none
        ),
        submitted=_times(raw["submitted"]),
    )


def _times(raw: Mapping[str, str]) -> dict[str, datetime]:
    return {student: datetime.fromisoformat(time) for student, time in raw.items()}
