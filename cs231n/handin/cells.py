"""Reader of a submitted file as cells of code text: notebooks of any nbformat, scripts, exported notebooks."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import tokenize
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from cs231n.handin.errors import UnreadableError
from cs231n.sentences import Sentence

# Reading the JSON of a notebook takes up to twenty times its size of memory, by its lists more than by its pictures.
SIZE_LIMIT = 100 << 20
CELL_LIMIT = 5_000
CODE_LIMIT = 4 << 20
LISTS_LIMIT = 4_000_000
CELL_SIZE_LIMIT = 1 << 20


@dataclass(frozen=True)
class Cell:
    """The code of one cell and how a message names it: "Style.ipynb, cell 7"."""

    place: str
    source: str


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
        If the file is too large, or is no notebook.
    """
    if len(raw) > SIZE_LIMIT:
        raise UnreadableError(
            f"{label} has more than {SIZE_LIMIT >> 20} MB: clear its outputs and hand it in again"
        )
    if label.lower().endswith(".ipynb"):
        cells = _notebook_cells(raw, label)
    else:
        cells = _script_cells(_decode(raw, source=True), label)
    if len(cells) > CELL_LIMIT:
        raise UnreadableError(f"{label} has {len(cells)} cells, more than {CELL_LIMIT}")
    cells = [cell for cell in cells if len(cell.source) <= CELL_SIZE_LIMIT]
    if sum(len(cell.source) for cell in cells) > CODE_LIMIT:
        raise UnreadableError(
            f"{label} holds more than {CODE_LIMIT >> 20} MB of code: hand in only your own work"
        )
    return Document(tuple(cells))


def _decode(raw: bytes, *, source: bool = False) -> str:
    encodings = ["utf-8-sig", "utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig"]
    if source:
        with contextlib.suppress(SyntaxError, LookupError):
            encodings.insert(0, tokenize.detect_encoding(BytesIO(raw).readline)[0])
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")


def _notebook_cells(raw: bytes, label: str) -> list[Cell]:
    if raw.count(b"[") + raw.count(b"{") > LISTS_LIMIT:
        raise UnreadableError(
            f"{label} is no usual notebook: it holds millions of lists. Clear its outputs and hand it in again"
        )
    try:
        # json knows UTF-16 and UTF-32 without a mark as well; lenient, as some tools leave raw tabs in strings
        text = raw.decode(json.detect_encoding(raw)) if b"\0" in raw[:4] else _decode(raw)
        notebook = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{label} is not a valid notebook: its JSON is broken or incomplete ({error}). Save it in Jupyter and "
            "hand it in again"
        ) from error
    cells = _cell_dicts(notebook)
    if cells is None:
        raise UnreadableError(f"{label} is not a notebook: it has no list of cells")
    code = []
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            if isinstance(source, list):
                source = "".join(line for line in source if isinstance(line, str))
            if isinstance(source, str) and source.strip():
                code.append(Cell(f"{label}, cell {number}", source))
    return code


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


# How nbconvert ("# In[3]:") and Jupytext ("# %%") mark where a cell begins.
_CELL_MARK = re.compile(r"^# (?:In\s?\[[\d ]*\]:|%%.*)\s*$", re.MULTILINE)


def _script_cells(text: str, label: str) -> list[Cell]:
    """Cut a script where an export marked its cells; line numbers stay those of the file."""
    starts = [0, *(match.start() for match in _CELL_MARK.finditer(text)), len(text)]
    cells = []
    for start, end in itertools.pairwise(starts):
        if text[start:end].strip():
            lines_before = text.count("\n", 0, start)
            cells.append(Cell(label, "\n" * lines_before + text[start:end]))
    return cells
