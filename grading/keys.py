"""Says in one hash what a result depends on: where it is the same, nothing need be graded again."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from grading import __version__
from grading.checks.rubric import CORE
from grading.grade import seed_hash
from grading.sandbox import Limits
from grading.submission.load import Contents

KIT = Path(__file__).resolve().parents[1]
# All that takes part in a verdict; a test holds this list against what is imported for one.
DECIDES = (
    "grading/bench.py",
    "cs231n",
    "datasets",
    "grading/__init__.py",
    "grading/checks",
    "grading/errors.py",
    "grading/grade.py",
    "grading/keys.py",
    "grading/mistakes",
    "grading/pictures.py",
    "grading/reference.py",
    "grading/sandbox",
    "grading/source",
    "grading/submission",
    "grading/withheld.py",
    "grading/work.py",
)
SUFFIXES = (".py", ".npz")


def key_of(contents: Contents, seed: str, isolation: str, limits: Limits, assignment: str = CORE) -> str:
    """Return the hash of all that a submission's result and pictures depend on.

    The points of the rubric are in it with the code of the checks. What a course decides about points afterwards
    (`grading.policies`) is not: it changes no result.
    """
    parts = [made_by(), seed_hash(seed), isolation, asdict(limits), assignment, _digest(contents)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@functools.cache
def made_by() -> dict[str, str]:
    """Return what grades here: the kit's version, a hash of its code, and the versions beneath it."""
    packages = {name: version(name) for name in ("torch", "numpy", "safetensors")}
    return {"kit": __version__, "code": code_hash(), "python": platform.python_version(), **packages}


def code_hash() -> str:
    """Return a hash of the kit's own files that decide verdicts."""
    whole = hashlib.sha256()
    for path in deciding_files():
        whole.update(f"{path.relative_to(KIT).as_posix()}\0{path.stat().st_size}\0".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def deciding_files() -> Iterator[Path]:
    """Yield the kit's own files that decide verdicts, in a fixed order."""
    for name in DECIDES:
        path = KIT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.suffix in SUFFIXES)


def _digest(contents: Contents) -> str:
    whole = hashlib.sha256(repr((contents.student, contents.notes)).encode("utf-8", "surrogatepass"))
    for label, raw in contents.files:
        whole.update(repr((label, len(raw))).encode("utf-8", "surrogatepass"))
        whole.update(raw)
    return whole.hexdigest()
