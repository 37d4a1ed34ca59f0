"""A gradebook's text is kept byte for byte, in whatever encoding, with whatever delimiter it is written."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.errors import KitError
from grading.exports.table import parse, read_table

LINES = ["name,id,grade", '"Núñez, José",007,', "Grace,008,12"]


def text(delimiter: str = ",", end: str = "\r\n") -> str:
    return end.join(line.replace(",", delimiter) if '"' not in line else line for line in LINES) + end


def file(tmp_path: Path, raw: bytes) -> Path:
    path = tmp_path / "gradebook.csv"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize(
    "raw",
    [
        text().encode(),
        text(end="\n").encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + text().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + text().encode("utf-16-be"),
        text().encode("utf-16-le"),
        text().encode("cp1252"),
        text().replace("José", "José’s").encode("cp1252"),
        text().encode("latin-1").replace(b"Grace", b"Gr\x81ce"),
        b"sep=,\r\n" + text().encode(),
        b'"sep=,",,\r\n' + text().encode(),
    ],
    ids=[
        "utf-8",
        "bom",
        "utf-16",
        "utf-16-be",
        "utf-16 without a mark",
        "latin-1",
        "cp1252",
        "8 bits",
        "sep",
        "sep,,",
    ],
)
def test_every_encoding_is_read_and_written_back(raw: bytes, tmp_path: Path) -> None:
    table = read_table(file(tmp_path, raw))
    assert table.encoded() == raw
    assert table.names == ["name", "id", "grade"]
    row = table.header + 1
    assert table.value(row, 0).startswith("Núñez, José")
    table.write(row, 2, "84")
    assert read_table(file(tmp_path, table.encoded())).value(row, 2) == "84"


def test_eight_bits_are_read_as_windows_writes_them(tmp_path: Path) -> None:
    assert read_table(file(tmp_path, "name;id\nO’Brien;7\n".encode("cp1252"))).value(1, 0) == "O’Brien"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_that_of_the_header(delimiter: str) -> None:
    table = parse(f"a{delimiter}b{delimiter}c\n1{delimiter}x{delimiter}\n")
    assert table.names == ["a", "b", "c"]


def test_the_line_that_tells_excel_the_delimiter_is_believed() -> None:
    assert parse("sep=|\na, b|c\n1|2\n").names == ["a, b", "c"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04rest", "is a spreadsheet .*CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0rest", "is a spreadsheet .*CSV UTF-8"),
        (b"<!DOCTYPE html><table>", "is a web page"),
        (b"a,b\0\xff\xff\n", "is no text"),
    ],
)
def test_what_is_no_csv_is_named_with_the_remedy(raw: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=words):
        read_table(file(tmp_path, raw))


def test_a_comma_before_decimals_is_seen_in_the_columns_of_points_first() -> None:
    assert parse("version;points\n1.5;2,5\n").decimal_comma([1])
    assert not parse("version;points\n1,5;2.5\n").decimal_comma([1])
    assert parse("maximum;points\n100,00;\n").decimal_comma([1])
    assert not parse("version;points\n1.5;\n").decimal_comma([1])


@given(st.text(alphabet='ab",;\t\r\n \ufeffsep=', max_size=60))
def test_a_table_that_is_left_alone_is_written_back_byte_for_byte(text: str) -> None:
    assert parse(text).text() == text


@given(st.text(alphabet='ab",;\n 0', max_size=12))
def test_a_cell_says_what_was_written_into_it(value: str) -> None:
    table = parse('x,"y"\r\n1,"2"\r\n')
    table.write(1, 0, value)
    table.write(1, 1, value)
    again = parse(table.text())
    assert [again.value(1, 0), again.value(1, 1)] == [value, value]
    assert [again.value(0, 0), again.value(0, 1)] == ["x", "y"]
