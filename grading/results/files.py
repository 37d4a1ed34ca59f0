"""Result files: written and read here alone, one submission at a time."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from cs231n.sentences import sentence
from grading.errors import KitError
from grading.results.definition import Result
from grading.results.evidence import Evidence, FunctionEvidence
from grading.results.text import inside, page_name

_AT = " - at `$"  # between what is wrong and where, in a message of msgspec
_REMEDY = sentence("remove it and grade that submission again")
LONGEST_ERROR = 300  # characters of a message: a value that is quoted may be a student's


def result_bytes(result: Result) -> bytes:
    """Return a result as its file holds it.

    Raises
    ------
    KitError
        If it is not a valid result: nobody could read it.
    """
    document = msgspec.to_builtins(result)
    result_of(document)
    return json_bytes(document)


def evidence_bytes(evidence: Evidence) -> bytes:
    """Return evidence as its file holds it."""
    return json_bytes(msgspec.to_builtins(evidence))


def read_evidence(path: Path) -> Evidence:
    """Read what a verdict rests on.

    Raises
    ------
    KitError
        If the file cannot be read, or is no evidence.
    """
    try:
        return msgspec.convert(json.loads(path.read_text(encoding="utf-8")), Evidence)
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error, _REMEDY) from error


def unreadable(path: Path, error: Exception, remedy: str) -> KitError:
    """Return what is said of a file of a graded folder that cannot be read or holds something else."""
    return KitError(
        "{path} cannot be read ({error}): {remedy}",
        path=path,
        error=str(error)[:LONGEST_ERROR],
        remedy=remedy,
    )


def evidence_path(out: Path, student: str) -> Path | None:
    """Return where in a graded folder the evidence on a student's submission would be; None if nowhere in it."""
    return inside(out / "evidence", f"{student}.json")


def evidence_of(out: Path, student: str) -> dict[str, FunctionEvidence]:
    """Return the evidence on a student's functions by their names; none of an older folder.

    Raises
    ------
    KitError
        If the file cannot be read, or is no evidence.
    """
    path = evidence_path(out, student)
    functions = read_evidence(path).functions if path and path.is_file() else ()
    return {function.name: function for function in functions}


def json_bytes(value: Any) -> bytes:
    """Return JSON for people and programs: indented, keys in their order, as UTF-8."""
    return json.dumps(value, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace")


def result_of(document: Any) -> Result:
    """Return the result that the content of a result file says.

    Beyond what types can say, a function that is missing has no file, no score exceeds its maximum, and no number is
    infinite or not a number (Python's JSON reader lets both through).

    Raises
    ------
    KitError
        With the place of the first thing that is wrong (``functions[2].status``) and what is wrong there.
    """
    try:
        result = msgspec.convert(document, Result)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(_AT)
        raise _invalid(where.strip(".`") or "result", what[:1].lower() + what[1:]) from None
    _check_points("", "score", result.score, result.max_score)
    for i, function in enumerate(result.functions):
        place = f"functions[{i}]"
        for name, value in (("defined_as", function.defined_as), ("file", function.file)):
            if (value is None) != (function.status == "missing"):
                raise _invalid(
                    f"{place}.{name}", "expected null where the function is missing, a name elsewhere"
                )
        if function.diagnosis and len({*function.diagnosis.parts}) < len(function.diagnosis.parts):
            raise _invalid(f"{place}.diagnosis.parts", "expected different parts, got one twice")
        _check_points(f"{place}.", "score", function.score, function.max_score)
        for j, check in enumerate(function.checks):
            _check_points(f"{place}.checks[{j}].", "points", check.points, check.max_points)
    return result


def _check_points(place: str, name: str, points: float, max_points: float) -> None:
    where = f"{place}{name}"
    if not (math.isfinite(points) and math.isfinite(max_points)):
        raise _invalid(where, f"{points} of {max_points} is not a finite number of points")
    if points > max_points + 1e-9:  # sums of thirds
        raise _invalid(where, f"{points} points are more than the maximum, {max_points}")


def _invalid(place: str, what: str) -> KitError:
    return KitError("not a valid result: {fault}", fault=f"{place}: {what}"[:LONGEST_ERROR])


def read_results(out: Path) -> Iterator[Result]:
    """Yield the results below `out`, in the order of their file names, one in memory at a time.

    Raises
    ------
    KitError
        If there is no results folder, if a file is not a valid result, or if two are of one student.
    """
    folder = out / "results"
    if not folder.is_dir():
        raise KitError(
            "{folder} does not exist: grade something first (python -m grading grade PATH --out {out})",
            folder=folder,
            out=out,
        )
    files_of: dict[str, Path] = {}
    for path in result_paths(out):
        result = read_result(path)
        # A file system that ignores case would keep one page for Ada and ada.
        other = files_of.setdefault(page_name(result.student).casefold(), path)
        if other is not path:
            raise KitError(
                "{other} and {path} are of one student, {student!r}: remove one and grade again",
                other=other,
                path=path,
                student=result.student,
            )
        yield result


def result_paths(out: Path) -> list[Path]:
    """Return the result files below `out`, in the order of their names; hidden ones are no results."""
    paths = (path for path in (out / "results").glob("*.json") if not path.name.startswith("."))
    return sorted(paths, key=lambda path: (path.name.casefold(), path.name))


def read_result(path: Path) -> Result:
    """Read one result.

    Raises
    ------
    KitError
        If the file cannot be read, or is not a valid result.
    """
    try:
        return result_of(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error, _REMEDY) from error
    except KitError as error:
        raise KitError("{path}: {error}: {remedy}", path=path, error=error, remedy=_REMEDY) from error
