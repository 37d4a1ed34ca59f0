"""Provenance of a verdict: by which code, with which seed, under which isolation."""

from __future__ import annotations

import functools
import hashlib
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from grading import __version__
from grading.assignments.registry import assignment, notebook_named
from grading.locations import KIT
from grading.results.definition import Grader

# All that takes part in a verdict, the assignment's own files among it; a test holds this list against what is
# imported for one.
DECIDES = (
    "cs231n",
    "grading/__init__.py",
    "grading/assignments",
    "grading/classroom/__init__.py",
    "grading/classroom/keys.py",
    "grading/classroom/reading.py",
    "grading/classroom/worker.py",
    "grading/errors.py",
    "grading/hidden_from_students.py",
    "grading/results/__init__.py",
    "grading/results/atomic.py",
    "grading/results/definition.py",
    "grading/results/evidence.py",
    "grading/results/sentences.py",
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


def grader(seed: str, isolation: str, reference: str = "") -> Grader:
    """Return what a result says of how it came about. Results that differ in it are not compared.

    Parameters
    ----------
    seed : str
        The course's private seed.
    isolation : str
        What stood around student code.
    reference : str
        The assignment; a course's own has files that decide, too.
    """
    return Grader(version=__version__, code=code_hash(reference), seed=seed_hash(seed), isolation=isolation)


def seed_hash(seed: str) -> str:
    """Return what a result says of its seed: enough to tell two apart, nothing to guess one from."""
    return "sha256:" + hashlib.sha256(f"seed\0{seed}".encode()).hexdigest()[:16]


@functools.cache
def made_by(reference: str = "") -> dict[str, str]:
    """Return what grades an assignment here: the kit's version, a hash of the code, and the versions beneath it."""
    packages = {name: version(name) for name in ("torch", "numpy", "safetensors")}
    return {"kit": __version__, "code": code_hash(reference), "python": platform.python_version(), **packages}


@functools.cache
def code_hash(reference: str = "") -> str:
    """Return a hash of the files that decide an assignment's verdicts; read once in a process, as they are loaded."""
    return hash_of_code(KIT, assignment(reference).folders)


def code_of(notebook: str) -> dict[str, str]:
    """Return what decides verdicts on a notebook's functions here: `made_by`, and the files of a course's own."""
    folder = notebook_named(notebook).folder
    return made_by() | ({} if folder.is_relative_to(KIT) else {"own": _hash_of_own(folder)})


@functools.cache
def _hash_of_own(folder: Path) -> str:
    return hash_of_code(KIT, [folder])


def hash_of_code(kit: Path, folders: Iterable[Path] = ()) -> str:
    """Return a hash of the files that decide verdicts in a copy of the kit: the same in every checkout of one commit.

    Where the copy lies makes no difference, nor whether Git wrote its texts with the line ends of Windows.

    Parameters
    ----------
    kit : Path
    folders : iterable of Path
        Those of a course's own assignment.
    """
    files = [(path, path.relative_to(kit)) for path in deciding_files(kit)]
    files += [
        (path, path.relative_to(folder.parent)) for folder in folders for path in files_that_decide(folder)
    ]
    whole = hashlib.sha256()
    for path, name in files:
        raw = path.read_bytes()
        if path.suffix in TEXTS:
            raw = raw.replace(b"\r\n", b"\n")
        whole.update(f"{name.as_posix()}\0{len(raw)}\0".encode())
        whole.update(raw)
    return f"sha256:{whole.hexdigest()[:16]}"


def deciding_files(kit: Path = KIT) -> Iterator[Path]:
    """Yield the kit's own files that decide verdicts, in a fixed order."""
    for name in DECIDES:
        for file in files_that_decide(kit / name):
            if not any(file.is_relative_to(kit / own) for own in EXCEPT):
                yield file


def files_that_decide(path: Path) -> Iterator[Path]:
    """Yield a file, or the files of a folder that may decide, in a fixed order.

    Not what other programs leave there: compiled modules, an editor's or Jupyter's copies in hidden folders.
    """
    found = path.rglob("*") if path.is_dir() else [path]
    for file in sorted((one for one in found if one.suffix in SUFFIXES), key=Path.as_posix):
        parts = file.relative_to(path).parts
        hidden = any(part.startswith((".", "__pycache__")) for part in parts)
        example = any(part in EXAMPLES for part in parts)
        if not (hidden or example) and file.is_file():
            yield file
