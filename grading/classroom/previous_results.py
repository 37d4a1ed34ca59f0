"""What lies in the output folder already: results of an earlier run, kept if they were graded in the same way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from grading.assignments.registry import assignment
from grading.classroom.worker import Settings
from grading.errors import KitError
from grading.submission.discover import Submission
from grading.verdict.provenance import grader

WRITTEN = ("results", "pictures", "report")


def check_place(out: Path, submissions: Iterable[Submission]) -> None:
    """Refuse to write into what a student handed in.

    Raises
    ------
    KitError
        If the output folder, or a folder that is made in it, is a student's or inside one.
    """
    written = [folder.resolve() for folder in (out, *(out / name for name in WRITTEN))]
    for submission in submissions:
        folder = submission.path.resolve()
        if folder.is_dir() and any(path.is_relative_to(folder) for path in written):
            raise KitError(
                f"{out} would be written into what {submission.student!r} handed in ({submission.path}): "
                "name another folder with --out"
            )


def kept_results(out: Path, submissions: Iterable[Submission], settings: Settings) -> list[str]:
    """Return the students of an earlier run whose results stay beside those of this one.

    Raises
    ------
    KitError
        If one cannot be read, or is of another assignment, version, code, seed or isolation: side by side, scores
        would be compared that cannot be. Nor are results of another assignment replaced.
    """
    now = {submission.student for submission in submissions}
    kept = [path for path in _results(out) if path.stem not in now]
    replaced = (path for path in _results(out) if path.stem in now)
    if (one := next(replaced, None)) and "assignment" in _differing(one, settings):
        raise KitError(f"{out} holds results of another assignment: name another folder with --out")
    for path in kept:
        if differing := _differing(path, settings):
            raise KitError(
                f"{out} holds results of an earlier run with another {' and '.join(differing)} ({path.stem}, for one): "
                "grade those students again, too, name another folder with --out, "
                f"or delete {out / 'results'}"
            )
    return [path.stem for path in kept]


def stale_results(out: Path, settings: Settings) -> int:
    """Return how many results an earlier run, graded otherwise, has left: where this run was stopped."""
    return sum(bool(_differing(path, settings)) for path in _results(out))


def _results(out: Path) -> Sequence[Path]:
    return [path for path in sorted((out / "results").glob("*.json")) if not path.name.startswith(".")]


def _made_by(path: Path) -> dict[str, Any]:
    """Return what a result says of how it was made."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        return {**result["grader"], "assignment": result["assignment"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise KitError(f"{path} cannot be read ({reason}): remove it, and grade that submission again")


def _differing(path: Path, settings: Settings) -> list[str]:
    mine = grader(settings.seed, settings.isolation, settings.assignment)
    mine["assignment"] = assignment(settings.assignment).name
    made_by = _made_by(path)
    return [key for key, value in mine.items() if made_by.get(key) != value]
