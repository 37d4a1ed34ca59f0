"""Results of earlier runs in the output folder, kept if they were graded in the same way."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cs231n.sentences import listed
from grading.assignments.registry import assignment
from grading.classroom.worker import Settings
from grading.errors import KitError
from grading.results.definition import ASPECTS, differing
from grading.results.files import read_result, result_paths
from grading.submission import ids
from grading.submission.handed_in import Submission
from grading.verdict.provenance import grader

WRITTEN = ("results", "evidence", "pictures", "report", "report-anonymous")


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
                "{out} would be written into what {student!r} handed in ({path}): name another "
                "folder with --out",
                out=out,
                student=submission.student,
                path=submission.path,
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
    called = {ids.key(student): student for student in now}
    for path in result_paths(out):
        if (student := called.get(ids.key(path.stem), path.stem)) != path.stem:
            raise KitError(
                "{path} is of an earlier run, in which {student!r} was called {stem!r}: remove it "
                "and grade again",
                path=path,
                student=student,
                stem=path.stem,
            )
    kept = [path for path in result_paths(out) if path.stem not in now]
    replaced = (path for path in result_paths(out) if path.stem in now)
    if (one := next(replaced, None)) and "assignment" in _differing(one, settings):
        raise KitError("{out} holds results of another assignment: name another folder with --out", out=out)
    for path in kept:
        if aspects := _differing(path, settings):
            raise KitError(
                "{out} holds results of an earlier run with another {aspects} ({stem}, for one): grade "
                "those students again, too, name another folder with --out, or delete {results}",
                out=out,
                aspects=listed(ASPECTS[aspect] for aspect in aspects),
                stem=path.stem,
                results=out / "results",
            )
    return [path.stem for path in kept]


def stale_results(out: Path, settings: Settings) -> int:
    """Return how many results an earlier run, graded otherwise, has left: where this run was stopped."""
    return sum(bool(_differing(path, settings)) for path in result_paths(out))


def _differing(path: Path, settings: Settings) -> list[str]:
    """Return in what a result was graded otherwise than now, the assignment last."""
    result = read_result(path)
    aspects = differing([result.grader, grader(settings.seed, settings.isolation, settings.assignment)])
    same = result.assignment == assignment(settings.assignment).name
    return aspects if same else [*aspects, "assignment"]
