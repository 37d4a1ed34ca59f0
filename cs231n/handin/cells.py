"""Reader of a file as cells of code text: notebooks of any nbformat, scripts, exported notebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from cs231n.handin.conflicts import (
    broken_where_conflicts_are,
    conflicts_in,
    note_on_conflicts,
    note_on_stubs,
    without_stubs,
)
from cs231n.handin.decode import decode
from cs231n.handin.definitions import defines, definition_of
from cs231n.handin.errors import UnreadableError
from cs231n.handin.kinds import HEAD, kind_of, usual_name
from cs231n.handin.notebook import notebook_cells, source_of
from cs231n.handin.stubs import is_stub
from cs231n.sentences import Sentence, sentence

# Reading the JSON of a notebook takes up to twenty times its size of memory, by its lists more than by its pictures.
SIZE_LIMIT = 100 << 20
CELL_LIMIT = 5_000
CODE_LIMIT = 4 << 20
SCRIPT_LIMIT = 16 << 20
CELL_SIZE_LIMIT = 1 << 20
NOTES_LIMIT = 50
CODE, WAS_CODE = "code", "was code"
RENAMED = "{file} was read as a {kind}: its name should be {name}"


@dataclass(frozen=True)
class Cell:
    """The code of one cell and how a message names it: "Style.ipynb, cell 7".

    `kind` is "code", or "was code" where its type is another by now and it is graded as code all the same.
    """

    place: str
    source: str
    kind: str = CODE


@dataclass(frozen=True)
class Document:
    """A file as cells of code, in their order, and what a person must know of how it was read."""

    cells: tuple[Cell, ...]
    notes: tuple[Sentence, ...] = ()


def read_cells(raw: bytes, label: str, asked: Collection[str] = ()) -> Document:
    """Return the code in a notebook's or script's bytes.

    Parameters
    ----------
    raw : bytes
        Of any encoding, any nbformat.
    label : str
        The file's path in what was handed in: what messages call it.
    asked : collection of str
        Names of functions that are asked: a cell that defines one is code, whatever its type says.

    Raises
    ------
    UnreadableError
        If the file is too large, or holds no code: the message says what it is instead, and what to do.
    """
    if len(raw) > SIZE_LIMIT:
        raise UnreadableError(
            sentence(
                "{label} has more than {size} MB: clear its outputs and hand it in again",
                label=label,
                size=SIZE_LIMIT >> 20,
            )
        )
    kind = kind_of(label, raw[:HEAD])
    if kind.remedy:
        raise UnreadableError(
            sentence(
                "{label} {what}: {remedy}",
                label=label,
                what=sentence(kind.what),
                remedy=sentence(kind.remedy),
            )
        )
    if kind.name == "notebook":
        found, notes = notebook_cells(raw, label)
        cells = _code_of_notebook(found, label, asked)
    else:
        text = decode(raw, source=True)
        if len(text) > SCRIPT_LIMIT:  # to cut it into lines takes many times its size of memory
            raise UnreadableError(
                sentence(
                    "{label} holds more than {size} MB of text: hand in only your own work",
                    label=label,
                    size=SCRIPT_LIMIT >> 20,
                )
            )
        cells, notes = _script_cells(text, label), []
    notes = [*_notes_on_name(label, kind.name), *notes]
    cells, too_large = _within_limits(cells, label)
    notes += [*too_large, *_notes_on_types(cells)]
    cells, conflicting = _without_conflicts(cells)
    return Document(tuple(cells), _most([*notes, *conflicting], label))


def _within_limits(cells: list[Cell], label: str) -> tuple[list[Cell], list[Sentence]]:
    """Return the cells but for those that are too large, and notes on these."""
    if len(cells) > CELL_LIMIT:
        raise UnreadableError(
            sentence(
                "{label} has {count} cells, more than {most}",
                label=label,
                count=len(cells),
                most=CELL_LIMIT,
            )
        )
    large = [cell.place for cell in cells if _length(cell) > CELL_SIZE_LIMIT]
    notes = [
        sentence("{place} holds more than 1 MB of code: it was not graded", place=place) for place in large
    ]
    cells = [cell for cell in cells if _length(cell) <= CELL_SIZE_LIMIT]
    if sum(_length(cell) for cell in cells) > CODE_LIMIT:
        raise UnreadableError(
            sentence(
                "{label} holds more than {size} MB of code: hand in only your own work",
                label=label,
                size=CODE_LIMIT >> 20,
            )
        )
    return cells, notes


def _most(notes: list[Sentence], label: str) -> tuple[Sentence, ...]:
    """Return notes, and instead of very many how many more there are."""
    more = len(notes) - NOTES_LIMIT
    if more > 0:
        notes = [
            *notes[:NOTES_LIMIT],
            sentence("{more} more notes on {file} are left out", more=more, file=label),
        ]
    return tuple(notes)


def _length(cell: Cell) -> int:
    """Return how much text a cell holds, without the empty lines that stand for those above it in a script."""
    return len(cell.source.lstrip("\n"))


def _notes_on_name(label: str, kind: str) -> list[Sentence]:
    """Say what a file should have been called, if its name hides what it is."""
    name, usual = PurePosixPath(label).name, usual_name(label)
    if kind == "notebook" and not usual.endswith(".ipynb"):
        usual = f"{PurePosixPath(usual).stem}.ipynb"
    elif kind == "script" and not usual.endswith(".py"):
        return [sentence("{file} is no notebook but Python text: it was graded as a script", file=label)]
    if name.lower() == usual.lower():
        return []
    return [sentence(RENAMED, file=label, kind=kind, name=usual)]


def _notes_on_types(cells: Iterable[Cell]) -> list[Sentence]:
    return [
        sentence("{place} is no longer a code cell: it was graded as code", place=cell.place)
        for cell in cells
        if cell.kind == WAS_CODE
    ]


def _without_conflicts(cells: Iterable[Cell]) -> tuple[list[Cell], list[Sentence]]:
    """Break what a merge conflict lies in: of two sides neither is taken for the student's answer, but for a stub."""
    whole, notes = [], []
    for cell in cells:
        if found := conflicts_in(cell.source):
            notes.append(note_on_conflicts(cell.place, found))
            source = without_stubs(cell.source)
            if source != cell.source:
                notes.append(note_on_stubs(cell.place))
            cell = replace(cell, source=broken_where_conflicts_are(source, conflicts_in(source)))
        whole.append(cell)
    return whole, notes


def _code_of_notebook(cells: Iterable[Any], label: str, asked: Collection[str]) -> list[Cell]:
    """Return the code among the cells of a notebook's JSON, and what was code before its type was changed."""
    code, other = [], []
    for number, cell in enumerate(cells, start=1):
        source = source_of(cell)
        if not source.strip():
            continue
        found = (number, Cell(f"{label}, cell {number}", source))
        if cell.get("cell_type") == "code":
            code.append(found)
        elif len(source) > CELL_SIZE_LIMIT:
            continue  # no text of a person, and nobody's answer
        elif _was_code(cell) or any(defines(name, source) for name in asked):
            other.append(found)
    kept = _not_superseded(other, [cell for _, cell in code], asked)
    return [cell for _, cell in sorted([*code, *kept], key=lambda pair: pair[0])]


def _was_code(cell: dict[str, Any]) -> bool:
    """Whether nbgrader wrote down that a cell was one of code when it was released."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return isinstance(nbgrader, dict) and nbgrader.get("cell_type") == "code"


def _not_superseded(
    cells: Sequence[tuple[int, Cell]], code: list[Cell], asked: Collection[str]
) -> Iterator[tuple[int, Cell]]:
    """Yield cells that were code, but for those whose functions are filled in a cell that still is."""
    filled = {name for name in asked for other in code if cells and _fills(name, other.source)}
    for number, cell in cells:
        names = {name for name in asked if defines(name, cell.source)}
        if not names or not names <= filled:
            yield number, replace(cell, kind=WAS_CODE)


def _fills(name: str, source: str) -> bool:
    """Whether a cell that runs defines a function that is no stub."""
    if name not in source:
        return False
    try:
        written = definition_of(name, source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return written is not None and not is_stub(written)


def _script_cells(text: str, label: str) -> list[Cell]:
    """Cut a script where an export marked its cells; line numbers stay those of the file.

    They do by the empty lines above a cell, so that a script of very many cells is not cut to its end.
    """
    cells: list[Cell] = []
    lines = text.split("\n")
    start = padding = 0
    for number, line in enumerate([*lines[1:], None], start=1):
        if line is None or (_begins_cell(line) and padding + number < CODE_LIMIT):
            source = "\n".join(lines[start:number])
            if source.strip():
                cells.append(Cell(label, "\n" * start + source + ("\n" if line is not None else "")))
            start = number
            padding += start
    return cells


def _begins_cell(line: str) -> bool:
    """Whether nbconvert ("# In[3]:") or Jupytext ("# %%") marked so where a cell begins."""
    if line.startswith("# %%"):
        return True
    mark = line.rstrip()
    if not mark.startswith("# In") or not mark.endswith("]:"):
        return False
    count = mark.removeprefix("# In").lstrip()[1:-2]
    return mark.removeprefix("# In").lstrip().startswith("[") and not count.strip("0123456789 ")
