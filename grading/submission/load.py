"""Files of a submission cut into units, ready for its functions to be found."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cs231n.handin.cells import Cell, Document, read_cells
from cs231n.handin.errors import UnreadableError
from cs231n.handin.kinds import NOTEBOOK, suffix_of
from cs231n.sentences import sentence
from grading.locations import KIT
from grading.submission.contents import some
from grading.submission.handed_in import Contents
from grading.submission.inclusion import with_inclusions
from grading.submission.repair import Effort
from grading.submission.select import Source
from grading.submission.units import Unit, effort_of_a_submission, units_of

# Of one submission: all code of the course's assignments is a hundredth of it.
CODE_LIMIT = 4 << 20


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
    effort = effort_of_a_submission()
    sources, notes = _cut(contents.files, asked, effort)
    cut_file = functools.partial(source_of, effort=effort)
    sources, followed = with_inclusions(sources, cut_file)
    sources, notes = list(filter(_is_students, sources)), [*contents.notes, *notes, *followed]
    if not sources and not notes and not noted:
        notes.append(sentence("no notebook and no .py file was handed in"))
    return Loaded(contents.student, tuple(sources), tuple(notes))


def _cut(
    files: Sequence[tuple[str, bytes]], asked: Collection[str], effort: Effort
) -> tuple[list[Source], list[str]]:
    """Return the sources in files, as far as there is room for their code, and notes, in the order of the files."""
    room, unread = CODE_LIMIT, []
    sources: dict[int, Source] = {}
    notes: dict[int, Sequence[str]] = {}
    for number in sorted(range(len(files)), key=lambda number: _when(*files[number])):
        label, raw = files[number]
        try:
            document = read_cells(raw, label, asked) if room > 0 else Document(())
            room -= sum(len(cell.source.lstrip("\n")) for cell in document.cells)
            if room <= 0:
                unread.append(label)
                continue
            sources[number], notes[number] = source_of(label, document.cells, effort), document.notes
        except UnreadableError as error:
            notes[number] = [error.args[0]]
        except MemoryError:
            notes[number] = [
                sentence("{file} needs more memory than it may have: clear its outputs", file=label)
            ]
    in_order = [note for number in sorted(notes) for note in notes[number]]
    return [sources[number] for number in sorted(sources)], [*in_order, *_on_unread(unread)]


def _when(label: str, raw: bytes) -> tuple[bool, int, int]:
    """Return in which order files are read: what people hand in comes before what lies beside it."""
    return suffix_of(PurePosixPath(label).name) != NOTEBOOK, label.count("/"), len(raw)


def _on_unread(labels: Sequence[str]) -> list[str]:
    if not labels:
        return []
    return [
        sentence(
            "{files}: not read, for more than {limit} MB of code were handed in; hand in only your own work",
            files=some(labels),
            limit=CODE_LIMIT >> 20,
        )
    ]


def _is_students(source: Source) -> bool:
    """Whether something is defined in a file that is not the kit's."""
    kits = _kits(source)
    return kits is None or bool(_names(source) - kits)


def source_of(label: str, cells: Iterable[Cell], effort: Effort | None = None) -> Source:
    """Return one file's units, and the dotted name under which notebooks beside it import it."""
    units, broken = units_of(cells, effort)
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
    path = _kit_modules().get(source.module)
    return _defined_in(path) if path else None


@functools.cache
def _kit_modules() -> dict[str, Path]:
    """Return the file of each module of the kit's own, by its dotted name."""
    files = (KIT / "cs231n").rglob("*.py")
    return {".".join(path.relative_to(KIT).with_suffix("").parts): path for path in files}


@functools.cache
def _defined_in(path: Path) -> frozenset[str]:
    return _names(source_of(path.name, read_cells(path.read_bytes(), path.name).cells))
