"""A .docx as both Word and LibreOffice show it: what pandoc made, mended where one of the two does not.

Below a formula pandoc sets a brace as a limit: Word would not stretch it, and LibreOffice would show a mark in place
of its label. An operator that is alone in an index ($I^*$) lacks its operands in LibreOffice: a mark again. Office
Math has a group character for the one and plain text for the other (ECMA-376, part 1, 22.1.2). The columns of a table
are equally wide to LibreOffice, unless they say otherwise.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unicodedata import east_asian_width
from xml.dom.minidom import Document, Element, Text, parseString

DOCUMENT = "word/document.xml"
_BRACE = "\u23df"
_LINE, _BAR = "\u203e", "\u0305"  # pandoc's, and that which is an accent
_INDICES = ("m:sub", "m:sup")
_OPERATORS = re.compile("[-+*\u2212\u2217\u00b1\u00d7/=<>]+")
_DOUBLE_STRUCK = dict(zip("CHNPQRZ", "\u2102\u210d\u2115\u2119\u211a\u211d\u2124", strict=True))


def mend(docx: Path) -> None:
    """Rewrite the formulas and the tables of a .docx that pandoc made."""
    mended = docx.with_suffix(".mended")
    with zipfile.ZipFile(docx) as old, zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, mended_document(content) if item.filename == DOCUMENT else content)
    shutil.move(mended, docx)


def mended_document(xml: bytes) -> bytes:
    """Return a document of WordprocessingML with formulas that need no mark in LibreOffice, and fitting columns."""
    document = parseString(xml)
    _mend_formulas(document)
    for table in document.getElementsByTagName("w:tbl"):
        _fit_columns(table)
    return bytes(document.toxml("utf-8"))


def _mend_formulas(document: Document) -> None:
    for limit in [*document.getElementsByTagName("m:limLow")]:
        base, label = _children(limit)[-2:]
        if _text(label) == _BRACE and limit.parentNode:
            limit.parentNode.replaceChild(_braced(document, base), limit)
    for index in (found for tag in _INDICES for found in document.getElementsByTagName(tag)):
        if _OPERATORS.fullmatch(_text(index)):
            for run in index.getElementsByTagName("m:r"):
                _as_text(document, run)
    for run in document.getElementsByTagName("m:r"):
        if _text(run) == "|":
            _as_text(document, run)
        if any(style.getAttribute("m:val") == "double-struck" for style in run.getElementsByTagName("m:scr")):
            for letters in _texts(run):
                letters.data = "".join(_DOUBLE_STRUCK.get(letter, letter) for letter in letters.data)
    for accent in document.getElementsByTagName("m:chr"):
        if accent.getAttribute("m:val") == _LINE:
            accent.setAttribute("m:val", _BAR)


def _fit_columns(table: Element) -> None:
    """Share the width of a table among its columns by their longest texts."""
    columns = table.getElementsByTagName("w:gridCol")
    rows = [row.getElementsByTagName("w:tc") for row in table.getElementsByTagName("w:tr")]
    longest = [max(_width(row[k]) for row in rows if k < len(row)) for k in range(len(columns))]
    whole = sum(int(column.getAttribute("w:w")) for column in columns)
    for column, width in zip(columns, longest, strict=True):
        column.setAttribute("w:w", str(round(whole * (width + 2) / sum(longest, 2 * len(longest)))))


def _width(cell: Element) -> int:
    """Return how wide a text is, in letters; one of Chinese is as wide as two."""
    text = "".join(_data(found) for found in cell.getElementsByTagName("w:t"))
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _data(element: Element) -> str:
    return "".join(child.data for child in element.childNodes if isinstance(child, Text))


def _children(element: Element) -> list[Element]:
    return [child for child in element.childNodes if isinstance(child, Element)]


def _text(element: Element) -> str:
    return "".join(letters.data for letters in _texts(element)).strip()


def _texts(element: Element) -> Iterator[Text]:
    for letters in element.getElementsByTagName("m:t"):
        yield from (child for child in letters.childNodes if isinstance(child, Text))


def _braced(document: Document, base: Element) -> Element:
    """Return a base with a brace below it that is as wide as it is."""
    group, about = document.createElement("m:groupChr"), document.createElement("m:groupChrPr")
    for tag, value in (("m:chr", _BRACE), ("m:pos", "bot"), ("m:vertJc", "top")):
        child = document.createElement(tag)
        child.setAttribute("m:val", value)
        about.appendChild(child)
    group.appendChild(about)
    group.appendChild(base)
    return group


def _as_text(document: Document, run: Element) -> None:
    """Say of a run that it is text, which no program takes for an operator."""
    for old in [child for child in _children(run) if child.tagName == "m:rPr"]:
        run.removeChild(old)
    about = document.createElement("m:rPr")
    about.appendChild(document.createElement("m:nor"))
    run.insertBefore(about, run.firstChild)
