"""Provenance of a verdict: by which code, with which seed, under which isolation."""

from __future__ import annotations

import functools
import hashlib
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from grading import __version__
from grading.results.definition import Grader

KIT = Path(__file__).resolve().parents[2]
# All that takes part in a verdict, the assignment's own files among it; a test holds this list against what is
# imported for one.
DECIDES = (
    "cs231n",
    "grading/__init__.py",
    "grading/assignments",
    "grading/classroom/__init__.py",
    "grading/classroom/keys.py",
    "grading/classroom/worker.py",
    "grading/errors.py",
    "grading/hidden_from_students.py",
    "grading/results/__init__.py",
    "grading/results/definition.py",
    "grading/results/evidence.py",
    "grading/locations.py",
    "grading/sandbox",
    "grading/submission",
    "grading/verdict",
)
# Of these folders, what no verdict imports.
EXCEPT = ("cs231n/lecture",)
# Of these folders, what is graded to try the grader.
EXAMPLES = ("examples", "example_class.py")
TEXTS = (".py", ".json")
SUFFIXES = (*TEXTS, ".npz")


def grader(seed: str, isolation: str) -> Grader:
    """Return what a result says of how it came about. Results that differ in it are not compared.

    Parameters
    ----------
    seed : str
        The course's private seed.
    isolation : str
        What stood around student code.
    """
    return Grader(version=__version__, code=code_hash(), seed=seed_hash(seed), isolation=isolation)


def seed_hash(seed: str) -> str:
    """Return what a result says of its seed: enough to tell two apart, nothing to guess one from."""
    return "sha256:" + hashlib.sha256(f"seed\0{seed}".encode()).hexdigest()[:16]


@functools.cache
def made_by() -> dict[str, str]:
    """Return what grades here: the kit's version, a hash of its code, and the versions beneath it."""
    packages = {name: version(name) for name in ("torch", "numpy", "safetensors")}
    return {"kit": __version__, "code": code_hash(), "python": platform.python_version(), **packages}


@functools.cache
def code_hash() -> str:
    """Return a hash of the kit's own files that decide verdicts; read once in a process."""
    return hash_of_code(KIT)


def hash_of_code(kit: Path) -> str:
    """Return a hash of the files that decide verdicts in a copy of the kit: the same in every checkout of one commit.

    Where the copy lies makes no difference, nor whether Git wrote its texts with the line ends of Windows.
    """
    whole = hashlib.sha256()
    for path in deciding_files(kit):
        raw = path.read_bytes()
        if path.suffix in TEXTS:
            raw = raw.replace(b"\r\n", b"\n")
        whole.update(f"{path.relative_to(kit).as_posix()}\0{len(raw)}\0".encode())
        whole.update(raw)
    return f"sha256:{whole.hexdigest()[:16]}"


def deciding_files(kit: Path = KIT) -> Iterator[Path]:
    """Yield the kit's own files that decide verdicts, in a fixed order.

    Not what other programs leave there: compiled modules, an editor's or Jupyter's copies in hidden folders.
    """
    for name in DECIDES:
        path = kit / name
        found = path.rglob("*") if path.is_dir() else [path]
        for file in sorted((one for one in found if one.suffix in SUFFIXES), key=Path.as_posix):
            place = file.relative_to(kit)
            hidden = any(part.startswith((".", "__pycache__")) for part in place.parts)
            excepted = any(place.is_relative_to(own) for own in EXCEPT)
            example = any(part in EXAMPLES for part in place.parts)
            if not (hidden or excepted or example) and file.is_file():
                yield file
