"""So that the grades open in any spreadsheet, and nothing a student typed is computed there."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from grading.report.atomic import write_atomically
from grading.report.loading import Function, Result, read_results
from grading.report.text import number

# A cell that starts so is a formula to some spreadsheet (the wide forms too, in some locales).
_FORMULA = "=+\\-@＝＋－＠"
_DANGEROUS = re.compile(rf"^(?=[\t\r\n'])|(?:^|(?<=[;\t\r\n|]))(?=[\s\x00-\x1f]*[{_FORMULA}])")


def write_grades_csv(out: Path) -> Path:
    """Write ``grades.csv``: a line for each student, in the order of the result files.

    Columns: student, score, max_score; the score of each function under its name; the status of each
    function (``<name>_status``); the diagnosis of each (``<name>_diagnosis``); notes. RFC 4180 (CRLF, quotes
    doubled), UTF-8 with a byte-order mark, without which Excel garbles names.

    Text that a spreadsheet could take for a formula gets a leading apostrophe (`plain_cell`).

    Raises
    ------
    KitError
        If there is no results folder or a result in it is not valid.
    """
    results = list(read_results(out))
    names = tuple(dict.fromkeys(function.name for result in results for function in result.functions))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_header(names))
    writer.writerows(list(_line(result, names)) for result in results)
    path = out / "grades.csv"
    write_atomically(path, "\ufeff" + buffer.getvalue())
    return path


def plain_cell(text: str) -> str:
    """Return text so that no spreadsheet computes it.

    An apostrophe goes before what could start a formula: at the start (whitespace before it does not help
    an attacker), and after a semicolon, tab, bar or line break, where a spreadsheet with another separator
    would start a new cell. A leading apostrophe is doubled, so that no two ids become one. Lone surrogates
    (a file name that is not UTF-8) are written as ``\\udcff``.
    """
    encodable = text.encode("utf-8", errors="backslashreplace").decode("utf-8")
    return _DANGEROUS.sub("'", encodable.replace("\x00", "\\x00"))


def _header(names: tuple[str, ...]) -> list[str]:
    columns = [*names, *(f"{name}_status" for name in names), *(f"{name}_diagnosis" for name in names)]
    return ["student", "score", "max_score", *columns, "notes"]


def _line(result: Result, names: tuple[str, ...]) -> Iterator[str]:
    functions: dict[str, Function] = {function.name: function for function in result.functions}
    found = [functions.get(name) for name in names]
    yield plain_cell(result.student)
    yield number(result.score, 4)
    yield number(result.max_score, 4)
    yield from (number(function.score, 4) if function else "" for function in found)
    yield from (function.status if function else "" for function in found)
    yield from (plain_cell(f.diagnosis.id) if f and f.diagnosis else "" for f in found)
    yield plain_cell(" / ".join(result.notes))
