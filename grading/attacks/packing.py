"""Attacks by archives, and by text that is meant to be slow to read or to fill the memory of who reads it."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat

from grading.attacks.attack import ADA, Hostile
from grading.notebooks.fill import filled

STYLE = ("content_loss", "gram_matrix", "style_loss", "tv_loss")
NAME = "StyleTransfer.ipynb"
RIGHT = dict.fromkeys(STYLE, "correct")
Make = Callable[[Path], None]


def _right(*cells: str) -> bytes:
    """Return a right notebook, other cells before it."""
    notebook = nbformat.reads(filled("StyleTransfer", {name: ADA[name] for name in STYLE}), as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells[:0] = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    return json.dumps(notebook).encode()


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    whole = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        warnings.simplefilter("ignore")  # two members of one name are the attack
        for name, content in members:
            archive.writestr(name, content)
    return whole.getvalue()


def _zipped(make: Callable[[], list[tuple[str, bytes]]]) -> Make:
    def write(folder: Path) -> None:
        (folder / "work.zip").write_bytes(_zip(make()))

    return write


def _notebook(make: Callable[[], bytes]) -> Make:
    def write(folder: Path) -> None:
        (folder / NAME).write_bytes(make())

    return write


def _named(*names: str) -> Make:
    """A zip with a right notebook under each of these names."""
    return _zipped(lambda: [(name, _right()) for name in names])


def _bad_deflate(folder: Path) -> None:
    """A zip whose lists are whole, and whose compressed bytes mean nothing."""
    raw = bytearray(_zip([(NAME, _right())]))
    start = 30 + len(NAME)
    raw[start : start + 200] = b"\xff" * 200
    (folder / "work.zip").write_bytes(raw)


def _link_to_zip(folder: Path) -> None:
    """A link to a folder in which somebody else's work lies, zipped."""
    other = folder.parent / f".{folder.name}-of-somebody-else"
    other.mkdir()
    _named(NAME)(other)
    (folder / "mine").symlink_to(other)
    (folder / "work.zip").symlink_to(other / "work.zip")


def _looks_like_class(folder: Path) -> None:
    for name in ("anna", "bert", "carl", "dora", "emil"):
        (folder / name).mkdir()
        (folder / name / NAME).write_bytes(_right())


def _nested_bomb() -> list[tuple[str, bytes]]:
    """Four gigabytes in a few kilobytes: zeros in a zip, many times in a zip."""
    inner = _zip([(NAME, bytes(64 << 20))])
    return [(f"{number}.zip", inner) for number in range(64)]


def _hostile(name: str, tries: str, make: Make, expected: Mapping[str, str] = RIGHT) -> Hostile:
    return Hostile(name, "loading", tries, make, expected)


ODD_NAMES = ("=cmd|calc", "a\u202eb", "index", "-rf", "x" * 240, "<img src=x onerror=alert(1)>", "lock", ".hid", "CON")

PACKING = (
    _hostile("zip_abs", "be called by the root of the file system", _named(f"/{NAME}", f"ww/{NAME}")),
    _hostile("zip_duplicates", "hand in two files of one name in a zip", _named(NAME, NAME)),
    _hostile("zip_ids", "bring names that mean something to shells, tables and pages", _named(*(f"{name}/{NAME}" for name in ODD_NAMES))),
    _hostile("zip_impersonates", "name other students in a zip", _named(f"alice/{NAME}", f"bob/{NAME}")),
    _hostile("bad_deflate", "hand in a zip whose bytes do not unpack", _bad_deflate, {}),
    _hostile("zip_bomb_nested", "hand in a zip of zips that grows to 4 GB", _zipped(_nested_bomb), {}),
    _hostile("marks_bomb", "hand in a script of 50 MB that is nothing but marks of cells, zipped to some kilobytes", _zipped(lambda: [("style_transfer.py", b"\n" * 1_000 + b"# %%\nx\n" * 7_000_000)]), {}),
    _hostile("link_to_zip", "hand in links to a folder and a zip of somebody else's", _link_to_zip, {}),
    _hostile("looks_like_class", "hand in folders that look like a class", _looks_like_class),
    _hostile("redos_64k", "write 64,000 blanks where a search tries each", _notebook(lambda: _right("print a" + " " * 64_000 + "b\n)"))),
    _hostile("units_30k", "write 30,000 statements that bind one name", _notebook(lambda: _right("a=1\n" * 30_000))),
    _hostile("magics_500", "write 500 magics above an error of syntax", _notebook(lambda: _right("%y\n" * 500 + ")"))),
)
