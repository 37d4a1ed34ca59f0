"""A CSV file that can be written back with one cell changed and every other byte as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cs231n.sentences import sentence
from grading.errors import KitError
from grading.results.spreadsheets import decoded, delimiter_of

_BOM = "\ufeff"
_DECIMAL_COMMA, _DECIMAL_POINT = re.compile(r"\d+,\d+"), re.compile(r"\d+\.\d+")
# The line by which Excel is told the delimiter; Excel may have filled it up with empty cells.
_SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)
# What is downloaded, or saved by a spreadsheet, in place of text: (first bytes, what it is).
_NO_TEXT = (
    (b"PK\x03\x04", sentence("a spreadsheet (.xlsx or .ods)")),
    (b"\xd0\xcf\x11\xe0", sentence("a spreadsheet (.xls)")),
    (b"%PDF", sentence("a PDF")),
)
_AS_CSV = sentence("download it again as CSV, or save it in the spreadsheet as “CSV UTF-8”")


@dataclass
class Table:
    """Rows of cells as they are written in the file, quotes included, and what ends each row.

    Attributes
    ----------
    rows, ends : list
        Cells, and line ends.
    delimiter : str
    bom : str
        The byte-order mark, or "".
    header : int
        The row of the columns' names: 1 below a line `sep=;`, else 0.
    encoding : str
        In which it was read, and is written again.
    """

    rows: list[list[str]]
    ends: list[str]
    delimiter: str
    bom: str
    header: int = 0
    encoding: str = "utf-8"

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

    def encoded(self) -> bytes:
        """Return the bytes of the whole file."""
        return self.text().encode(self.encoding)

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        width = len(self.rows[self.header]) if self.header < len(self.rows) else 0
        return [self.value(self.header, column).strip() for column in range(width)]

    @property
    def below(self) -> range:
        """The rows below the header."""
        return range(self.header + 1, len(self.rows))

    def decimal_comma(self, columns: Iterable[int]) -> bool:
        """Whether numbers are written as 12,5: in these columns, or, where they do not show it, anywhere."""
        values = [self.value(row, column) for column in columns for row in self.below]
        if not any(_DECIMAL_COMMA.fullmatch(value) or _DECIMAL_POINT.fullmatch(value) for value in values):
            values = [self.value(row, column) for row in self.below for column in range(len(self.rows[row]))]
        return any(map(_DECIMAL_COMMA.fullmatch, values)) and not any(map(_DECIMAL_POINT.fullmatch, values))


def parse(text: str, encoding: str = "utf-8") -> Table:
    """Return the table of a CSV text; any text has one."""
    bom = _BOM if text.startswith(_BOM) else ""
    body = text[len(bom) :]
    first = re.split(r"[\r\n]", body, maxsplit=1)[0]
    told = _SEP_LINE.fullmatch(first)
    delimiter = told[1] if told else delimiter_of(re.sub(r'"(?:[^"]|"")*"', "", first))
    # A cell that begins with a quote goes on to the closing one; any other ends at the next delimiter.
    between = re.escape(delimiter)
    plain = f"[^{between}\\r\\n]*"
    cell = re.compile(rf'("(?:[^"]|"")*"{plain}|{plain})({between}|\r\n|\r|\n|\Z)')
    table = Table([[]], [], delimiter, bom, 1 if told else 0, encoding)
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
    """Read a CSV file, in any encoding that platforms and spreadsheets write.

    Raises
    ------
    KitError
        If it cannot be read, or is no text.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KitError(
            "{path} cannot be read ({strerror}): name the file you downloaded",
            path=path,
            strerror=error.strerror,
        ) from error
    for start, kind in _NO_TEXT:
        if raw.startswith(start):
            raise KitError(
                "{path} is {kind}, expected a CSV file: {as_csv}", path=path, kind=kind, as_csv=_AS_CSV
            )
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml)", raw[:200], re.IGNORECASE):
        raise KitError("{path} is a web page, expected a CSV file: {as_csv}", path=path, as_csv=_AS_CSV)
    if found := decoded(raw):
        return parse(*found)
    raise KitError("{path} is no text, expected a CSV file: {as_csv}", path=path, as_csv=_AS_CSV)
