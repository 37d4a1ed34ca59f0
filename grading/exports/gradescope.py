"""Gradescope: a results.json for each submission, in the form of https://gradescope-autograders.readthedocs.io."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import msgspec
from markupsafe import Markup

from cs231n.language import said
from cs231n.sentences import sentence
from grading.assignments.vocabulary.function import Function
from grading.course.policies import NOT_FINAL, FunctionGrade, Grade, comparable_grades
from grading.course.visibility import AFTER_PUBLISHED, VISIBILITIES, public_checks, without_private
from grading.errors import KitError
from grading.exports.outcome import headline
from grading.report.pictures import Gallery, Panel, draw_gallery
from grading.report.raised import exceptions_of
from grading.results.atomic import write_atomically
from grading.results.text import harmless, inside, number, page_name

LONGEST = 2_000
# Of a function's pictures so many rows, each of at most four small ones: results.json stays below a megabyte.
ROWS_DRAWN = 2


@dataclass(frozen=True)
class Written:
    """The files that were written, and the students whose results are not final: they are held back."""

    paths: tuple[Path, ...]
    held: tuple[str, ...] = ()


def export_gradescope(
    out: Path,
    known: Collection[Function],
    visibility: str = AFTER_PUBLISHED,
    *,
    with_points: bool = True,
) -> Written:
    """Write `gradescope/<student>/results.json` below a results folder, for each student with a final result.

    Parameters
    ----------
    out : Path
        What `python -m grading grade` wrote.
    known : collection of Function
        The functions of the assignment: which of its checks are public, results do not say.
    visibility : str
        When students see the private checks: one of `VISIBILITIES`.
    with_points : bool
        Whether the text that students see at once says how many points they have.

    Raises
    ------
    KitError
        If there are no results, or no such visibility.
    """
    if visibility not in VISIBILITIES:
        raise KitError(
            "visibility must be one of {known}, got {visibility!r}",
            known=", ".join(VISIBILITIES),
            visibility=visibility,
        )
    paths, held = [], []
    for grade in comparable_grades(out):
        if not grade.final:
            held.append(sentence("{what}: {found}", what=grade.student, found=NOT_FINAL))
            continue
        path = out / "gradescope" / PurePath(page_name(grade.student)).stem / "results.json"
        galleries = galleries_of(out, grade)
        results = results_of(grade, known, visibility, galleries, with_points=with_points)
        write_atomically(path, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        paths.append(path)
    return Written(tuple(paths), tuple(held))


def galleries_of(out: Path, grade: Grade) -> dict[str, Gallery]:
    """Return the pictures of a results folder that were drawn of a student's functions, by function."""
    paths = {f.name: inside(out / "pictures", grade.student, f"{f.name}.npz") for f in grade.functions}
    drawn = {name: draw_gallery(path, ROWS_DRAWN) for name, path in paths.items() if path}
    return {name: gallery for name, gallery in drawn.items() if gallery}


def results_of(
    grade: Grade,
    known: Collection[Function],
    visibility: str = AFTER_PUBLISHED,
    galleries: Mapping[str, Gallery] | None = None,
    *,
    with_points: bool = True,
) -> dict[str, Any]:
    """Return the content of a results.json: a test for each check, and the score that counts.

    The score is given as a whole, so that what a course decided (late, dropped, by hand) counts on Gradescope, too;
    it may differ from the sum of the tests. Everything is plain text, but for a public check that a picture is of:
    that is HTML, in which the text is escaped. A picture of a private check would show what it asks.
    """
    public = public_checks(known)
    drawn = {
        (asked.name, asked.shown.check): (galleries or {})[asked.name]
        for asked in known
        if asked.shown and asked.name in (galleries or {}) and (asked.name, asked.shown.check) in public
    }
    return {
        "score": grade.score,
        "output": "\n".join(
            _lines(grade if visibility == "visible" else without_private(grade, public), with_points)
        ),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            test
            for place, function in enumerate(grade.functions, 1)
            for test in _tests(place, function, public, visibility, drawn)
        ],
        "extra_data": {"grader": msgspec.to_builtins(grade.result.grader)},
    }


def _lines(grade: Grade, with_points: bool) -> Iterator[str]:
    if with_points:
        yield said("{points} of {most} points", points=number(grade.score), most=number(grade.max_score))
    else:
        yield said("Points are shown when grades are published.")
    reasons = grade.reasons if with_points else ()
    yield from (said("Note: {note}", note=_short(text)) for text in (*reasons, *grade.result.notes))
    for function in grade.functions:
        verdict = function.verdict
        yield ""
        if with_points:
            yield headline(verdict, function.score, function.max_score)
        else:
            yield said("{name}: {status}", name=verdict.name, status=sentence(verdict.status))
        reasons = function.reasons if with_points else ()
        yield from (said("Note: {note}", note=_short(text)) for text in (*reasons, *verdict.notes))
        if verdict.diagnosis:
            yield f"{verdict.diagnosis.headline}. {verdict.diagnosis.hint}"
        yield from (_short(f"{raised.what}\n{raised.explanation}") for raised in exceptions_of(verdict))
    yield ""
    yield said("isolation: {isolation}", isolation=grade.result.grader.isolation)


def _tests(
    index: int,
    function: FunctionGrade,
    public: set[tuple[str, str]],
    visibility: str,
    drawn: Mapping[tuple[str, str], Gallery],
) -> Iterator[dict[str, Any]]:
    for place, (check, points) in enumerate(zip(function.verdict.checks, function.checks, strict=True), 1):
        passed = check.status == "pass"
        gallery = drawn.get((function.name, check.id))
        message = "" if passed else _short(check.message)
        yield {
            "number": f"{index}.{place}",
            "name": f"{function.name}: {check.title}",
            "score": points.score,
            "max_score": points.max_score,
            "status": "passed" if passed else "failed",
            "output": _with_pictures(message, gallery) if gallery else message,
            **({"output_format": "html"} if gallery else {}),
            "visibility": "visible" if (function.name, check.id) in public else visibility,
            "tags": [check.status],
        }


def _with_pictures(message: str, gallery: Gallery) -> str:
    """Return HTML with pictures in it: Gradescope keeps no files beside a result."""
    lines = [Markup("<p>{}</p>").format(line) for line in message.splitlines()]
    lines += [Markup("<p>{}</p>").format(text) for text in (gallery.title, *gallery.remarks)]
    for row in gallery.rows:
        lines += [Markup("<table><tr>"), *map(_cell, row), Markup("</tr></table>")]
    return str(Markup("\n").join(lines))


def _cell(panel: Panel) -> Markup:
    span = f"{panel.low} to {panel.high}" if panel.low or panel.high else ""
    return Markup('<td>{}<br><img src="{}" width="184" alt="{}"><br>{}</td>').format(
        panel.caption, panel.source, panel.alt, span
    )


def _short(text: str) -> str:
    shown = harmless(text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} …"
