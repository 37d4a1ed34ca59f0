"""Reader of a results folder, one submission at a time, for pages and tables alike."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from grading.errors import KitError
from grading.results.schema import validate_result
from grading.results.text import page_name

NOT_SAID = "not recorded"


@dataclass(frozen=True)
class CheckResult:
    """One thing that was tried on a function."""

    id: str
    title: str
    status: str
    points: float
    max_points: float
    message: str


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a function.

    `basis` is "recognised" where known mistakes explain every output that was off, "observed" where none do and how
    the results differ is described.
    """

    id: str
    parts: tuple[str, ...]
    title: str
    hint: str
    basis: str = "recognised"

    @property
    def headline(self) -> str:
        """The title, which says so where it is no more than what was observed."""
        return f"Observed: {self.title}" if self.basis == "observed" else self.title


@dataclass(frozen=True)
class FunctionResult:
    """The verdict on one function."""

    name: str
    defined_as: str | None
    notebook: str | None
    file: str | None
    status: str
    score: float
    max_score: float
    notes: tuple[str, ...]
    diagnosis: Diagnosis | None
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, order=True)
class Grader:
    """How a verdict came about: the kit's version, hashes of the code that decided and of the seed, the isolation.

    `code` is "" in a result of an older version, which did not say.
    """

    version: str
    code: str
    seed: str
    isolation: str

    def named(self, aspects: Iterable[str]) -> str:
        """Say some of it in words: `code sha256:4f1c…, isolation bubblewrap`."""
        return ", ".join(f"{aspect} {getattr(self, aspect) or NOT_SAID}" for aspect in aspects)


def differing(graders: Collection[Grader]) -> list[str]:
    """Return in which aspects verdicts did not all come about in the same way: of version, code, seed, isolation."""
    return [aspect.name for aspect in fields(Grader) if len({getattr(g, aspect.name) for g in graders}) > 1]


@dataclass(frozen=True)
class Result:
    """The verdict on one submission: a ``results/<student>.json``."""

    student: str
    assignment: str
    grader: Grader
    score: float
    max_score: float
    notes: tuple[str, ...]
    functions: tuple[FunctionResult, ...]


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
            f"{folder} does not exist: grade something first (python -m grading grade PATH --out {out})"
        )
    files_of: dict[str, Path] = {}
    for path in sorted(folder.glob("*.json"), key=lambda path: (path.name.casefold(), path.name)):
        if path.name.startswith("."):
            continue
        result = read_result(path)
        # A file system that ignores case would keep one page for Ada and ada.
        other = files_of.setdefault(page_name(result.student).casefold(), path)
        if other is not path:
            raise KitError(
                f"{other} and {path} are of one student, {result.student!r}: remove one and grade again"
            )
        yield result


def read_result(path: Path) -> Result:
    """Read one result.

    Raises
    ------
    KitError
        If the file cannot be read, or is not a valid result.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        validate_result(raw)
    except (OSError, ValueError) as error:
        raise KitError(
            f"{path} cannot be read ({error}): remove it and grade that submission again"
        ) from error
    except KitError as error:
        raise KitError(f"{path}: {error}: remove it and grade that submission again") from error
    return Result(
        **{key: raw[key] for key in ("student", "assignment", "score", "max_score")},
        grader=Grader(**({"code": ""} | raw["grader"])),
        notes=tuple(raw["notes"]),
        functions=tuple(function_of(function) for function in raw["functions"]),
    )


def function_of(raw: dict[str, Any]) -> FunctionResult:
    """Return the verdict on one function from what a result file says of it."""
    diagnosis = raw["diagnosis"]
    nested = {
        "notes": tuple(raw["notes"]),
        "diagnosis": diagnosis and Diagnosis(**(diagnosis | {"parts": tuple(diagnosis["parts"])})),
        "checks": tuple(CheckResult(**check) for check in raw["checks"]),
    }
    return FunctionResult(**(raw | nested))
