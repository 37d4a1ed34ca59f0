"""A CSV file that can be written back with one cell changed and every other byte as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grading.errors import KitError

_BOM = "\ufeff"
_DELIMITERS = ",;\t"
_DECIMAL_COMMA, _DECIMAL_POINT = re.compile(r"\d+,\d+"), re.compile(r"\d+\.\d+")


@dataclass
class Table:
    """Rows of cells as they are written in the file, quotes included, and what ends each row."""

    rows: list[list[str]]
    ends: list[str]
    delimiter: str
    bom: str

    def value(self, row: int, column: int) -> str:
        """Return what a cell says; "" where a row is shorter."""
        raw = self.rows[row][column] if column < len(self.rows[row]) else ""
        if not raw.startswith('"') or len(raw) < 2:
            return raw
        inner, _, rest = raw[1:].rpartition('"')
        return inner.replace('""', '"') + rest

    def write(self, row: int, column: int, value: str) -> None:
        """Make a cell say something else, if it does not say that already."""
        if self.value(row, column) == value:
            return
        cells = self.rows[row]
        cells += [""] * (column + 1 - len(cells))
        unsafe = any(character in value for character in (self.delimiter, '"', "\r", "\n"))
        quoted = unsafe or cells[column].startswith('"')
        cells[column] = '"' + value.replace('"', '""') + '"' if quoted else value

    def text(self) -> str:
        """Return the whole file."""
        lines = (self.delimiter.join(cells) + end for cells, end in zip(self.rows, self.ends, strict=True))
        return self.bom + "".join(lines)

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers in it are written as 12,5."""
        values = [
            self.value(row, column) for row, cells in enumerate(self.rows) for column in range(len(cells))
        ]
        return any(map(_DECIMAL_COMMA.fullmatch, values)) and not any(map(_DECIMAL_POINT.fullmatch, values))


def parse(text: str) -> Table:
    """Return the table of a CSV text; any text has one."""
    bom = _BOM if text.startswith(_BOM) else ""
    body = text[len(bom) :]
    header = re.sub(r'"(?:[^"]|"")*"', "", re.split(r"[\r\n]", body, maxsplit=1)[0])
    delimiter = max(_DELIMITERS, key=header.count)
    # A cell that begins with a quote goes on to the closing one; any other ends at the next delimiter.
    plain = f"[^{delimiter}\\r\\n]*"
    cell = re.compile(rf'("(?:[^"]|"")*"{plain}|{plain})({delimiter}|\r\n|\r|\n|\Z)')
    table = Table([[]], [], delimiter, bom)
    place = 0
    while True:
        found = cell.match(body, place)
        assert found
        raw, end = found.groups()
        table.rows[-1].append(raw)
        place = found.end()
        if end == delimiter:
            continue
        table.ends.append(end)
        if place >= len(body):
            return table
        table.rows.append([])


def read_table(path: Path) -> Table:
    """Read a CSV file.

    Raises
    ------
    KitError
        If it cannot be read, or is no UTF-8 text.
    """
    try:
        return parse(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise KitError(f"{path} cannot be read ({error.strerror}): name the file you downloaded") from error
    except UnicodeDecodeError as error:
        raise KitError(f"{path} is not UTF-8 text: download it again, or save it as “CSV UTF-8”") from error
