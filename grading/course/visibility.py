"""What students see of private checks, and from when: one rule, for the pages that are handed out and for Gradescope.

A course says it in its `course.toml`, in Gradescope's words:

    [students]
    private_checks = "after_published"     # or "visible", "after_due_date", "hidden"
    release = 2026-06-01T12:00:00-07:00    # before this nobody sees points
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from msgspec import structs

from cs231n.language import said
from grading.assignments.vocabulary.function import Function
from grading.course.policies import FunctionGrade, Grade
from grading.course.settings import COURSE, Deadline, read_course
from grading.course.tables import Table

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
# Public checks are known to students from the notebook; the others would tell, try by try, what is asked in private.
AFTER_PUBLISHED = "after_published"


@dataclass(frozen=True)
class Visibility:
    """What a course has said.

    Attributes
    ----------
    private_checks : str
        When students see titles, messages and pictures of private checks: one of `VISIBILITIES`. Their points are no
        secret.
    release : datetime, optional
        Before this moment nobody sees points.
    """

    private_checks: str = AFTER_PUBLISHED
    release: datetime | None = None

    def held_back(self, now: datetime) -> bool:
        """Whether it is too early for points."""
        return self.release is not None and now < self.release

    def of_private_tests(self, now: datetime) -> str:
        """Return the visibility of private checks on Gradescope, which publishes grades when it is told to."""
        return (
            AFTER_PUBLISHED
            if self.held_back(now) and self.private_checks != "hidden"
            else self.private_checks
        )

    def shows_private(self, now: datetime, deadline: Deadline | None) -> bool:
        """Whether a page that is handed out now, which publishes it, shows private checks.

        The due date is that of whoever has the longest extension; where no deadline is known, it has not passed.
        """
        if self.private_checks == "after_due_date":
            return deadline is not None and now >= max([deadline.at, *deadline.extensions.values()])
        return self.private_checks != "hidden"


def visibility_of(course: Path = COURSE) -> Visibility:
    """Return what a course says about it; what holds by itself, if it says nothing.

    Raises
    ------
    KitError
        If the file cannot be read, or a key or value in it cannot be used.
    """
    table = Table(course, "", read_course(course) if course.exists() else {}).table("students")
    table.only(("private_checks", "release"))
    return Visibility(
        table.one_of("private_checks", VISIBILITIES, AFTER_PUBLISHED),
        table.time("release") if "release" in table.values else None,
    )


def public_checks(known: Collection[Function]) -> set[tuple[str, str]]:
    """Return the function and id of each check that students know from their notebooks."""
    return {(asked.name, check.id) for asked in known for check in asked.checks if check.public}


def without_private(grade: Grade, public: Collection[tuple[str, str]]) -> Grade:
    """Return a grade that says of private checks whether they passed and what they cost, not what they try."""
    functions = tuple(_without_private(function, public) for function in grade.functions)
    verdicts = tuple(function.verdict for function in functions)
    return replace(grade, result=structs.replace(grade.result, functions=verdicts), functions=functions)


def _without_private(function: FunctionGrade, public: Collection[tuple[str, str]]) -> FunctionGrade:
    verdict = function.verdict
    private = [check for check in verdict.checks if (function.name, check.id) not in public]
    unnamed, decided = said("A private check"), function.decided
    checks = tuple(
        structs.replace(check, title=unnamed, message="", sentence=None) if check in private else check
        for check in verdict.checks
    )
    diagnosis = verdict.diagnosis
    if diagnosis:  # where it is no more than observed, it names the checks that fail
        hint = diagnosis.hint
        for check in private:
            hint = hint.replace(f"“{check.title}”", f"“{unnamed}”")
        diagnosis = structs.replace(diagnosis, hint=hint, hint_sentence=None)
    if any(check.id in decided for check in private):  # it names the checks that count otherwise
        decided = said("its checks count otherwise")
    shown = structs.replace(verdict, checks=checks, diagnosis=diagnosis)
    return replace(function, verdict=shown, decided=decided)
