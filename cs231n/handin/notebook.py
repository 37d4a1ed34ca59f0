"""The cells of a notebook's JSON, of any nbformat; of a damaged one those that are still whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from cs231n.handin.conflicts import conflicts_in, disputed, note_on_conflicts, note_on_stubs, sides
from cs231n.handin.decode import decodings
from cs231n.handin.errors import UnreadableError
from cs231n.handin.stubs import is_stub
from cs231n.sentences import Sentence, sentence

LISTS_LIMIT = 4_000_000
# How tools begin a cell, Kaggle's with its metadata. In a string of the JSON the quotes would be escaped; behind a
# colon stand nbgrader's marks, which repeat the type of their cell.
_CELL = re.compile(r'(?P<inside>:\s*)?\{\s*(?:"metadata"\s*:\s*\{[^{}]*\}\s*,\s*)?"cell_type"')
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")


def notebook_cells(raw: bytes, label: str) -> tuple[list[Any], list[Sentence]]:
    """Return the cells of a notebook as its JSON has them, and what was amiss with it.

    Of a file that is cut off, or broken in one place, only whole cells are taken, and only what both sides of a merge
    conflict agree on: which of them is meant is for its owner to say.

    Raises
    ------
    UnreadableError
        If no cell of it can be read.
    """
    if raw.count(b"[") + raw.count(b"{") > LISTS_LIMIT:
        raise UnreadableError(
            sentence(
                "{label} is no usual notebook: it holds millions of lists. Clear its outputs and hand it in again",
                label=label,
            )
        )
    for text in decodings(raw):
        try:
            notebook = _loads(text)
        except (ValueError, RecursionError):
            continue
        cells = _cell_dicts(notebook)
        if cells is None:
            raise UnreadableError(
                sentence(
                    "{label} is not a notebook: it has no list of cells. Open it in Jupyter, save it and hand it in "
                    "again",
                    label=label,
                )
            )
        return cells, []
    return _saved(next(decodings(raw)), label)


def _loads(text: str) -> Any:
    """Return what a JSON text holds; leniently, as some tools leave raw tabs in strings."""
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number of thousands of digits, which Python makes no integer of
        return json.loads(text, strict=False, parse_int=float)


def _cell_dicts(notebook: Any) -> list[Any] | None:
    """Return the cells of nbformat 4 and 5 (`cells`) or 3 (`worksheets`)."""
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return list(notebook["cells"])
    sheets = notebook.get("worksheets")
    if isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        return [cell for cells in lists if isinstance(cells, list) for cell in cells]
    return None


def _saved(text: str, label: str) -> tuple[list[Any], list[Sentence]]:
    """Return the whole cells of a notebook that is no JSON, and notes on what it is."""
    found = conflicts_in(text)
    if found:
        problem = note_on_conflicts(label, found)
        cells, kept = _agreed(*map(_readable, sides(text, found)))
    else:
        kept = False
        problem = _problem(text, label)
        cells = _readable(text)
    lost = [str(number) for number, cell in enumerate(cells, start=1) if cell is None]
    if len(lost) == len(cells):
        raise UnreadableError(problem)
    notes = [sentence("{problem}. What could be read of it was graded", problem=problem)]
    notes += [note_on_stubs(label)] if kept else []
    if lost:
        numbers = ", ".join(lost[:10]) + (", ..." if len(lost) > 10 else "")
        notes.append(
            sentence("{file} is broken in cell {numbers}: not graded", file=label, numbers=numbers)
            if len(lost) == 1
            else sentence("{file} is broken in the cells {numbers}: not graded", file=label, numbers=numbers)
        )
    return cells, notes


def _agreed(ours: list[Any], theirs: list[Any]) -> tuple[list[Any], bool]:
    """Return the cells that both sides of a merge conflict have, and of the others only which functions they define.

    Often the sides differ in how often a cell was run, or in its output, and in no code. Where one side of a function
    is its stub, the other is somebody's work: it is kept, and the second value says so.
    """
    both = {source_of(cell) for cell in ours} & {source_of(cell) for cell in theirs}
    mine, yours = (
        [source_of(cell) for cell in side if source_of(cell) not in both] for side in (ours, theirs)
    )
    more = [cell for cell in theirs if source_of(cell) not in both]
    text = {source: source for source in both}
    text |= {source: _of_two(source, yours) for source in mine} | {
        source: _of_two(source, mine) for source in yours
    }
    cells = [
        {**cell, "source": text[source_of(cell)]} if source_of(cell) not in both else cell
        for cell in (*ours, *more)
        if isinstance(cell, dict)
    ]
    return cells, any(source and text[source] == source for source in (*mine, *yours))


def _of_two(source: str, others: Iterable[str]) -> str:
    """Return what counts of a cell in conflict: all where the other side is a stub, nothing where it is one itself."""
    defined = disputed(source)
    stubs = {is_stub(other) for other in others if disputed(other) == defined} if defined else set()
    if stubs == {not is_stub(source)}:
        return "" if is_stub(source) else source
    return defined


def source_of(cell: Any) -> str:
    """Return the text of a cell: one string or a list of lines; in nbformat 3 the code is called `input`."""
    if not isinstance(cell, dict):
        return ""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _problem(text: str, label: str) -> Sentence:
    """Return what is wrong with a notebook that is no JSON, where, and what its owner can do."""
    error = sentence("")
    try:
        _loads(text)
    except RecursionError:
        error = sentence("it is nested too deep")
    except json.JSONDecodeError as broken:
        at_end = broken.pos >= len(text.rstrip()) or broken.msg.startswith("Unterminated string")
        if at_end and text.strip():
            return sentence(
                "{file} is not a valid notebook: it is cut off in line {line}, as by an upload or a disk that was "
                "full. Save it in Jupyter and hand it in again",
                file=label,
                line=text.count("\n") + 1,
            )
        error = sentence("{problem}, line {line}", problem=broken.msg, line=broken.lineno)
    return sentence(
        "{file} is not a valid notebook: its JSON is broken ({error}). Save it in Jupyter and hand it in again",
        file=label,
        error=error,
    )


def _readable(text: str) -> list[Any]:
    """Return the cells of a notebook's text; of what is no JSON those that are whole, and None for the others.

    Each is looked for between where it begins and where the next one does, so that the text is read once.
    """
    try:
        return _cell_dicts(_loads(text)) or []
    except (ValueError, RecursionError):
        starts = [match.start() for match in _CELL.finditer(text) if not match["inside"]]
    ends = [*starts[1:], len(text)]
    return [_first_object(text[start:end]) for start, end in zip(starts, ends, strict=False)]


def _first_object(text: str) -> Any:
    """Return the JSON object that a text begins with, or None if it is not whole."""
    for repair in (str, _without_trailing_commas):
        try:
            return json.JSONDecoder(strict=False).raw_decode(repair(text))[0]
        except (ValueError, RecursionError):
            continue
    return None


def _without_trailing_commas(text: str) -> str:
    """Return JSON without commas in front of a closing bracket; strings stay as they are."""
    return "".join(part if inside else _TRAILING_COMMA.sub("", part) for part, inside in _strings(text))


def _strings(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a JSON text, and whether each is a string with its quotes."""
    here = 0
    while (start := text.find('"', here)) >= 0:
        yield text[here:start], False
        end = start + 1
        while (end := text.find('"', end)) >= 0 and _is_escaped(text, end):
            end += 1
        here = len(text) if end < 0 else end + 1
        yield text[start:here], True
    yield text[here:], False


def _is_escaped(text: str, place: int) -> bool:
    first = place
    while text[first - 1] == "\\":
        first -= 1
    return (place - first) % 2 == 1
