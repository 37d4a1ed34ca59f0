"""Comparison of two gradings of a class: who changes, by how much, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from cs231n.sentences import sentence
from grading.course.policies import FunctionGrade, Grade, final_grades
from grading.results.definition import FunctionResult, Grader

# A function of which the verdict is the same, but not what is said of it.
NONE = sentence("none")
TEXTS = sentence("only its messages differ")


@dataclass(frozen=True)
class Change:
    """One function whose verdict or points are not what they were; None where it was or is not asked."""

    function: str
    before: float | None
    after: float | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class StudentChange:
    """One student whose grade or verdict is not what it was; `before` or `after` is None where there was none."""

    student: str
    before: float | None
    after: float | None
    why: tuple[str, ...]
    functions: tuple[Change, ...]

    @property
    def difference(self) -> float:
        """The points won or lost."""
        return round((self.after or 0.0) - (self.before or 0.0), 4)

    @property
    def in_words_only(self) -> bool:
        """Whether points, statuses and diagnoses are the same."""
        return not self.why and all(change.why == (TEXTS,) for change in self.functions)


@dataclass(frozen=True)
class Comparison:
    """Two gradings: in what way each was made (with how many results), their means, and who changes."""

    students: tuple[StudentChange, ...]
    compared: int
    graders: tuple[tuple[tuple[Grader, int], ...], tuple[tuple[Grader, int], ...]]
    means: tuple[float, float]

    @property
    def equal(self) -> bool:
        """Whether nothing differs, not even a message."""
        before, after = ({grader for grader, _ in made} for made in self.graders)
        return not self.students and before == after

    def as_json(self) -> dict[str, Any]:
        """Return the comparison for programs."""
        made = [
            [msgspec.to_builtins(grader) | {"results": count} for grader, count in side]
            for side in self.graders
        ]
        students = [asdict(s) | {"difference": s.difference} for s in self.students]
        return {
            "equal": self.equal,
            "compared": self.compared,
            "mean": {"before": self.means[0], "after": self.means[1]},
            "graders": {"before": made[0], "after": made[1]},
            "students": students,
        }


def compare(old: Path, new: Path) -> Comparison:
    """Compare the results and the grades that count below two output folders.

    Returns
    -------
    Comparison
        With the greatest changes first.

    Raises
    ------
    KitError
        If one of them holds no results, or one that cannot be read.
    """
    before = {grade.student: grade for grade in final_grades(old)}
    after = {grade.student: grade for grade in final_grades(new)}
    changes = [
        change
        for student in sorted(before.keys() | after.keys())
        if (change := _student_change(student, before.get(student), after.get(student)))
    ]
    return Comparison(
        students=tuple(sorted(changes, key=lambda change: (-abs(change.difference), change.student))),
        compared=len(before.keys() | after.keys()),
        graders=(_graders(before.values()), _graders(after.values())),
        means=(_mean(before.values()), _mean(after.values())),
    )


def _score(grade: Grade | FunctionGrade | None) -> float | None:
    return grade.score if grade else None


def _graders(grades: Iterable[Grade]) -> tuple[tuple[Grader, int], ...]:
    return tuple(Counter(grade.result.grader for grade in grades).most_common())


def _mean(grades: Iterable[Grade]) -> float:
    scores = [grade.score for grade in grades]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def _student_change(student: str, before: Grade | None, after: Grade | None) -> StudentChange | None:
    if before is None or after is None:
        there = before or after
        assert there is not None
        word = sentence("no longer has a result") if after is None else sentence("is new")
        return StudentChange(student, _score(before), _score(after), (word,), ())
    if before == replace(after, result=msgspec.structs.replace(after.result, grader=before.result.grader)):
        return None
    why = tuple(_listed(before.reasons, after.reasons))
    why += tuple(
        sentence("note: {note}", note=line) for line in _listed(before.result.notes, after.result.notes)
    )
    if before.max_score != after.max_score:
        maxima = {"before": before.max_score, "after": after.max_score}
        why += (sentence("of {before:g} → of {after:g} points", **maxima),)
    changes = tuple(_function_changes(before, after))
    return StudentChange(student, before.score, after.score, why, changes)


def _function_changes(before: Grade, after: Grade) -> Iterator[Change]:
    old = {function.name: function for function in before.functions}
    new = {function.name: function for function in after.functions}
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was is None or now is None:
            gone, new_here = (
                sentence("is no longer part of the assignment"),
                sentence("is new in the assignment"),
            )
            yield Change(name, _score(was), _score(now), (gone if now is None else new_here,))
        elif was != now:
            yield Change(name, was.score, now.score, tuple(_why(was, now)) or (TEXTS,))


def _why(before: FunctionGrade, after: FunctionGrade) -> Iterator[str]:
    was, now = before.verdict, after.verdict
    yield from _arrow("", sentence(was.status), sentence(now.status))
    checks = {check.id: check for check in was.checks}
    for check in now.checks:
        known = checks.pop(check.id, None)
        yield from _arrow(f"{check.id}: ", sentence(known.status) if known else NONE, sentence(check.status))
        if known and known.max_points != check.max_points:
            points = {"before": known.max_points, "after": check.max_points}
            yield sentence("{check}: {before:g} → {after:g} points in the rubric", check=check.id, **points)
    for check in checks.values():
        yield from _arrow(f"{check.id}: ", sentence(check.status), NONE)
    yield from _arrow(sentence("diagnosis: "), _diagnosis(was), _diagnosis(now))
    yield from _arrow(sentence("file: "), was.file or NONE, now.file or NONE)
    yield from _listed(before.reasons, after.reasons)


def _arrow(what: str, before: str, after: str) -> Iterator[str]:
    if before != after:
        yield sentence("{what}{before} → {after}", what=what, before=before, after=after)


def _diagnosis(function: FunctionResult) -> str:
    return function.diagnosis.id if function.diagnosis else NONE


def _listed(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    """Say which sentences of a list are new, and which are gone."""
    yield from (line for line in after if line not in before)
    yield from (sentence("no longer: {line}", line=line) for line in before if line not in after)
