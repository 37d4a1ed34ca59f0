"""Gradescope: a results.json for each submission, in the form of https://gradescope-autograders.readthedocs.io."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import msgspec

from grading.assignments.vocabulary.function import Function
from grading.course.policies import NOT_FINAL, FunctionGrade, Grade, comparable_grades
from grading.errors import KitError
from grading.report.raised import exceptions_of
from grading.results.atomic import write_atomically
from grading.results.text import harmless, number, page_name

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
# Public checks are known to students from the notebook; the others would tell, try by try, what is asked in private.
PRIVATE = "after_published"
LONGEST = 2_000


@dataclass(frozen=True)
class Written:
    """The files that were written, and the students whose results are not final: they are held back."""

    paths: tuple[Path, ...]
    held: tuple[str, ...] = ()


def export_gradescope(out: Path, known: Collection[Function], visibility: str = PRIVATE) -> Written:
    """Write `gradescope/<student>/results.json` below a results folder, for each student with a final result.

    Parameters
    ----------
    out : Path
        What `python -m grading grade` wrote.
    known : collection of Function
        The functions of the assignment: which of its checks are public, results do not say.
    visibility : str
        When students see the private checks: one of `VISIBILITIES`.

    Raises
    ------
    KitError
        If there are no results, or no such visibility.
    """
    if visibility not in VISIBILITIES:
        raise KitError(f"visibility must be one of {', '.join(VISIBILITIES)}, got {visibility!r}")
    paths, held = [], []
    for grade in comparable_grades(out):
        if not grade.final:
            held.append(f"{grade.student}: {NOT_FINAL}")
            continue
        path = out / "gradescope" / PurePath(page_name(grade.student)).stem / "results.json"
        write_atomically(
            path, json.dumps(results_of(grade, known, visibility), indent=1, ensure_ascii=False) + "\n"
        )
        paths.append(path)
    return Written(tuple(paths), tuple(held))


def results_of(grade: Grade, known: Collection[Function], visibility: str = PRIVATE) -> dict[str, Any]:
    """Return the content of a results.json: a test for each check, and the score that counts.

    The score is given as a whole, so that what a course decided (late, dropped, by hand) counts on Gradescope, too;
    it may differ from the sum of the tests. Everything is plain text: nothing of a student's is shown as HTML.
    """
    public = {(asked.name, check.id) for asked in known for check in asked.checks if check.public}
    return {
        "score": grade.score,
        "output": "\n".join(_lines(grade)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            t for place, f in enumerate(grade.functions, 1) for t in _tests(place, f, public, visibility)
        ],
        "extra_data": {"grader": msgspec.to_builtins(grade.result.grader)},
    }


def _lines(grade: Grade) -> Iterator[str]:
    yield f"{number(grade.score)} of {number(grade.max_score)} points"
    yield from (f"Note: {_short(text)}" for text in (*grade.reasons, *grade.result.notes))
    for function in grade.functions:
        verdict = function.verdict
        yield ""
        yield f"{function.name}: {verdict.status}, {number(function.score)} of {number(function.max_score)} points"
        yield from (f"Note: {_short(text)}" for text in (*function.reasons, *verdict.notes))
        if verdict.diagnosis:
            yield f"{verdict.diagnosis.headline}. {verdict.diagnosis.hint}"
        yield from (_short(f"{raised.what}\n{raised.explanation}") for raised in exceptions_of(verdict))


def _tests(
    index: int, function: FunctionGrade, public: set[tuple[str, str]], visibility: str
) -> Iterator[dict[str, Any]]:
    for place, (check, points) in enumerate(zip(function.verdict.checks, function.checks, strict=True), 1):
        passed = check.status == "pass"
        yield {
            "number": f"{index}.{place}",
            "name": f"{function.name}: {check.title}",
            "score": points.score,
            "max_score": points.max_score,
            "status": "passed" if passed else "failed",
            "output": "" if passed else _short(check.message),
            "visibility": "visible" if (function.name, check.id) in public else visibility,
            "tags": [check.status],
        }


def _short(text: str) -> str:
    shown = harmless(text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} …"
