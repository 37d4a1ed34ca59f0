"""Loader of a submission: all its files, cut into units, ready for its functions to be found."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from cs231n.handin.cells import Cell, read_cells
from cs231n.handin.errors import UnreadableError
from cs231n.sentences import sentence
from grading.errors import SubmissionError
from grading.locations import KIT
from grading.submission.discover import Submission, files_of
from grading.submission.files import read_bytes
from grading.submission.select import Source
from grading.submission.units import units_of

# All files of a submission are in memory at once.
TOTAL_LIMIT = 512 << 20


@dataclass(frozen=True)
class Contents:
    """What was handed in, as it was read: (label, bytes) of each file, and notes on those that could not be.

    All that a grade depends on of a submission is in it, so it can be hashed, and sent to another machine.
    """

    student: str
    files: tuple[tuple[str, bytes], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """A submission's files as sources, and notes on what could not be read."""

    student: str
    sources: tuple[Source, ...]
    notes: tuple[str, ...]


def load(submission: Submission) -> Loaded:
    """Read and cut all files of a submission; one that cannot be read becomes a note.

    Raises
    ------
    SubmissionError
        If a zip of it cannot be opened.
    """
    return cut(read(submission))


def read(submission: Submission) -> Contents:
    """Read all files of a submission; one that cannot be read becomes a note.

    Raises
    ------
    SubmissionError
        If a zip of it cannot be opened, or it is larger than any person's work.
    """
    files, notes, size = [], [submission.note] if submission.note else [], 0
    for file in files_of(submission):
        try:
            files.append((file.label, read_bytes(file)))
        except SubmissionError as error:
            notes.append(str(error))
            continue
        size += len(files[-1][1])
        if size > TOTAL_LIMIT:
            raise SubmissionError(
                f"{submission.student} handed in more than {TOTAL_LIMIT >> 20} MB: clear the outputs"
            )
    return Contents(submission.student, tuple(files), tuple(notes))


def cut(contents: Contents, asked: Collection[str] = ()) -> Loaded:
    """Cut what was read into units; a file that is no notebook and no script becomes a note.

    The kit's own modules, which nbgrader hands in with a student's work, are not looked at, unless something is
    defined in them that is not the kit's.
    """
    sources, notes = [], list(contents.notes)
    for label, raw in contents.files:
        try:
            document = read_cells(raw, label, asked)
        except UnreadableError as error:
            notes.append(str(error))
        else:
            notes.extend(document.notes)
            source = source_of(label, document.cells)
            kits = _names_of_kit_module(source.module)
            if kits is None or _names(source) - kits:
                sources.append(source)
    if not sources and not notes:
        notes.append(sentence("no notebook and no .py file was handed in"))
    return Loaded(contents.student, tuple(sources), tuple(notes))


def source_of(label: str, cells: Iterable[Cell]) -> Source:
    """Return one file's units, and the dotted name under which notebooks beside it import it."""
    units, broken = units_of(cells)
    return Source(label, tuple(units), tuple(broken), _module_name(label))


def _module_name(label: str) -> str:
    path = PurePosixPath(label)
    if path.suffix.lower() != ".py":
        return ""
    parts = path.parts
    start = len(parts) - 1 - parts[::-1].index("cs231n") if "cs231n" in parts[:-1] else len(parts) - 1
    return ".".join((*parts[start:-1], path.stem))


def modules_for_child(loaded: Loaded, asked: Collection[str]) -> dict[str, list[dict[str, str]]]:
    """Return the handed-in modules that a child can import, by dotted name.

    A copy of one of the kit's own modules is left out, unless something of `asked`, the names of functions, is defined
    in it.
    """
    modules = {}
    for source in loaded.sources:
        kits_own = _names_of_kit_module(source.module) is not None
        if source.module and (not kits_own or not _names(source).isdisjoint(asked)):
            modules[source.module] = [
                {"source": unit.source, "place": unit.place, "kind": unit.kind} for unit in source.units
            ]
    return modules


def _names(source: Source) -> frozenset[str]:
    return frozenset(name for unit in source.units for name in unit.binds)


@functools.cache
def _names_of_kit_module(module: str) -> frozenset[str] | None:
    """Return what a module of the kit's own defines, by its dotted name; None, if there is no such module."""
    path = KIT.joinpath(*module.split(".")).with_suffix(".py")
    if not module.startswith("cs231n.") or not path.is_file():
        return None
    return _names(source_of(path.name, read_cells(path.read_bytes(), path.name).cells))
