"""Files of a submission cut into units, ready for its functions to be found."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from cs231n.handin.cells import Cell, read_cells
from cs231n.handin.errors import UnreadableError
from cs231n.sentences import sentence
from grading.locations import KIT
from grading.submission.handed_in import Contents
from grading.submission.inclusion import with_inclusions
from grading.submission.select import Source
from grading.submission.units import Unit, units_of


@dataclass(frozen=True)
class Loaded:
    """A submission's files as sources, and notes on what could not be read."""

    student: str
    sources: tuple[Source, ...]
    notes: tuple[str, ...]


def cut(contents: Contents, asked: Collection[str] = (), *, noted: bool = False) -> Loaded:
    """Cut files into units; a file that is no notebook and no script becomes a note.

    The kit's own modules, which nbgrader hands in with a student's work, are not looked at, unless something is
    defined in them that is not the kit's.

    Parameters
    ----------
    contents : Contents
        Archives opened (`grading.submission.archives.opened`).
    asked : collection of str
        Names of functions: a text cell that defines one was code.
    noted : bool
        Whether a note elsewhere says already why there may be no file.
    """
    sources: list[Source] = []
    notes = list(contents.notes)
    for label, raw in contents.files:
        try:
            document = read_cells(raw, label, asked)
            sources.append(source_of(label, document.cells))
        except UnreadableError as error:
            notes.append(error.args[0])
        except MemoryError:
            notes.append(sentence("{file} needs more memory than it may have: clear its outputs", file=label))
        else:
            notes.extend(document.notes)
    sources, followed = with_inclusions(sources, source_of)
    sources, notes = list(filter(_is_students, sources)), [*notes, *followed]
    if not sources and not notes and not noted:
        notes.append(sentence("no notebook and no .py file was handed in"))
    return Loaded(contents.student, tuple(sources), tuple(notes))


def _is_students(source: Source) -> bool:
    """Whether something is defined in a file that is not the kit's."""
    kits = _kits(source)
    return kits is None or bool(_names(source) - kits)


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


def modules_for_child(loaded: Loaded, asked: Collection[str]) -> dict[str, tuple[Unit, ...]]:
    """Return the handed-in modules that a child can import, by dotted name.

    A copy of one of the kit's own modules is left out, unless something of `asked`, the names of functions, is defined
    in it.
    """
    return {
        source.module: source.units
        for source in loaded.sources
        if source.module and (_kits(source) is None or not _names(source).isdisjoint(asked))
    }


def _names(source: Source) -> frozenset[str]:
    return frozenset(name for unit in source.units for name in unit.binds)


def _kits(source: Source) -> frozenset[str] | None:
    """Return what the kit's module of this name defines; None, if there is no such module."""
    return kit_modules().get(source.module) if source.module.startswith("cs231n.") else None


@functools.cache
def kit_modules() -> dict[str, frozenset[str]]:
    """Return what each module of the kit's own defines, by its dotted name."""
    found = {}
    for path in sorted((KIT / "cs231n").rglob("*.py")):
        module = ".".join(path.relative_to(KIT).with_suffix("").parts)
        found[module] = _names(source_of(path.name, read_cells(path.read_bytes(), path.name).cells))
    return found
