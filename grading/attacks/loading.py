"""Attacks on the program that reads submissions. Their files are made when needed: some are large, some are no files."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import nbformat

from grading.attacks.attack import ADA, Hostile
from grading.attacks.packing import PACKING
from grading.notebooks.fill import filled

STYLE = ("content_loss", "gram_matrix", "style_loss", "tv_loss")
NAME = "StyleTransfer.ipynb"
RIGHT = dict.fromkeys(STYLE, "correct")


def _notebook(**changed: str) -> Any:
    """Return a right notebook, some functions with other lines."""
    lines = {name: changed.get(name, ADA[name]) for name in STYLE}
    return nbformat.reads(filled("StyleTransfer", lines), as_version=4)  # type: ignore[no-untyped-call]


def _write(folder: Path, notebook: Any, name: str = NAME) -> None:
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def _raw(text: str | bytes, name: str = NAME) -> Any:
    return lambda folder: (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)


def _with_source(source: str) -> Any:
    """A right notebook in which another cell has this source."""

    def make(folder: Path) -> None:
        notebook = _notebook()
        notebook.cells.insert(0, nbformat.v4.new_code_cell(source))  # type: ignore[no-untyped-call]
        _write(folder, notebook)

    return make


def _instead_of_tv_loss(source: str) -> Any:
    """A right notebook in which the cell of tv_loss has this source."""

    def make(folder: Path) -> None:
        notebook = _notebook()
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "tv_loss":
                cell.source = source
        _write(folder, notebook)

    return make


def _output_of(mb: int) -> Any:
    def make(folder: Path) -> None:
        notebook = _notebook()
        output = nbformat.v4.new_output("stream", text="x" * (mb << 20))  # type: ignore[no-untyped-call]
        next(cell for cell in notebook.cells if cell.cell_type == "code").outputs = [output]
        _write(folder, notebook)

    return make


def _cells(folder: Path) -> None:
    _write(folder, {"cells": [{"cell_type": "code", "source": "x = 1"}] * 100_000, "nbformat": 4, "metadata": {}})


def _zip(*members: tuple[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return whole.getvalue()


def _zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(6):
            archive.writestr(f"{number}/{NAME}", bytes(100 << 20))


def _lying_zip(folder: Path) -> None:
    """One file of 150 MB that is said to have 10 bytes."""
    data = bytearray(_zip((NAME, bytes(150 << 20))))
    size = (150 << 20).to_bytes(4, "little")
    (folder / "work.zip").write_bytes(bytes(data.replace(size, (10).to_bytes(4, "little"))))


def _zip_outside(folder: Path) -> None:
    content = json.dumps(_notebook()).encode()
    names = ("../../cs231n-left-behind.ipynb", "/tmp/cs231n-left-behind.ipynb", "..\\..\\cs231n-left-behind.ipynb", NAME)
    (folder / "work.zip").write_bytes(_zip(*((name, content) for name in names)))


def _folder(folder: Path) -> None:
    (folder / NAME).mkdir()
    (folder / ".ipynb").mkdir()
    _write(folder / ".ipynb", _notebook())


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / NAME)
    os.mkfifo(folder / "work.zip")
    _write(folder, _notebook(), "MyStyleTransfer.ipynb")


def _links(folder: Path) -> None:
    """Links to a right notebook of somebody else's, to a device, and to the folder itself."""
    other = folder.parent / f".{folder.name}-of-somebody-else"
    other.mkdir()
    _write(other, _notebook())
    (folder / NAME).symlink_to(other / NAME)
    (folder / "more").symlink_to(other)
    (folder / "endless.ipynb").symlink_to("/dev/zero")
    (folder / "round").symlink_to(folder)


def _deep_folders(folder: Path) -> None:
    here = folder
    for _ in range(60):
        here = here / ("d" * 40)
        here.mkdir()
    _write(here, _notebook())


def _long_names(folder: Path) -> None:
    _write(folder, _notebook(), "StyleTransfer" + "<b>&\x1b[31m" * 24 + ".ipynb")


def _many_files(folder: Path) -> None:
    for number in range(3000):
        (folder / f"{number}.py").write_text("x = 1\n")
    _write(folder, _notebook())


def _markup(folder: Path) -> None:
    notebook = _notebook()
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    output = nbformat.v4.new_output("display_data", {"text/html": evil})  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output]
    notebook.cells.append(nbformat.v4.new_markdown_cell(evil))  # type: ignore[no-untyped-call]
    _write(folder, notebook)


DEEP = "+".join(["img.sum()"] * 900)
LOADING = (
    Hostile("notebook_of_200_mb", "loading", "hand in a notebook with an output of 200 MB", _output_of(200)),
    Hostile("notebook_of_60_mb", "loading", "hand in a notebook with an output of 60 MB", _output_of(60), RIGHT),
    Hostile("cells_100_000", "loading", "hand in 100,000 cells", _cells),
    Hostile("lists_by_the_million", "loading", "hand in JSON of 20 million empty lists", _raw('{"cells":[' + "[]," * 20_000_000 + "[]]}")),
    Hostile("broken_json", "loading", "hand in half a notebook", _raw('{"cells": [{"cell_type": "code", "source": "def tv_l')),
    Hostile("deep_json", "loading", "hand in JSON nested 100,000 deep", _raw("[" * 100_000 + "]" * 100_000)),
    Hostile("strange_json", "loading", "hand in JSON of the wrong kinds", _raw('{"cells": [1, null, {"cell_type": "code", "source": {"a": 1}}, {"cell_type": [], "source": [1, []]}, "x"], "nbformat": 1e999}')),
    Hostile("null_bytes", "loading", "hand in null bytes, and binary data called a notebook", lambda folder: (_raw(bytes(range(256)) * 4096)(folder), _raw(b"x = 1\0\0\0", "a.py")(folder), None)[-1]),
    Hostile("other_encoding", "loading", "hand in a notebook in UTF-16", lambda folder: _raw(json.dumps(_notebook(), ensure_ascii=False).encode("utf-16"))(folder), RIGHT),
    Hostile("half_characters", "loading", "put halves of characters into the text of a function", _instead_of_tv_loss("def tv_loss(img, tv_weight):\n    return '\ud800'\n"), {**RIGHT, "tv_loss": "error"}),
    Hostile("nested_brackets", "loading", "open 100,000 brackets", _with_source("x = " + "(" * 100_000), RIGHT),
    Hostile("nested_minus", "loading", "negate a number 100,000 times", _with_source("x = " + "-" * 100_000 + "1"), RIGHT),
    Hostile("long_sum", "loading", "add 100,000 terms in one expression", _instead_of_tv_loss("def tv_loss(img, tv_weight):\n    return " + "+".join(["1"] * 100_000) + "\n"), {**RIGHT, "tv_loss": "error"}),
    Hostile("sum_of_900_terms", "loading", "nest an expression as deep as Python just parses", _instead_of_tv_loss("def tv_loss(img, tv_weight):\n    return " + DEEP + "\n"), {**RIGHT, "tv_loss": "partial"}),
    Hostile("endless_elif", "loading", "write 20,000 branches", _with_source("if x:\n  y = 1\n" + "elif x:\n  y = 1\n" * 20_000), RIGHT),
    Hostile("lines_of_backslashes", "loading", "write 100,000 lines that go on", _with_source("\\\n" * 100_000 + "%%x ]"), RIGHT),
    Hostile("lines_of_nonsense", "loading", "write 100,000 lines that are no Python", _with_source("a b\n" * 100_000), RIGHT),
    Hostile("same_argument_twice", "loading", "define what parses but does not compile", _instead_of_tv_loss("def tv_loss(img, img):\n    return 0\n"), {**RIGHT, "tv_loss": "error"}),
    Hostile("zip_bomb", "loading", "hand in a zip that grows to 600 MB", _zip_bomb),
    Hostile("lying_zip", "loading", "hand in a zip that says it holds 10 bytes, and holds 150 MB", _lying_zip),
    Hostile("zip_outside", "loading", "write outside by ../ and absolute paths in a zip", _zip_outside, RIGHT),
    Hostile("broken_zip", "loading", "hand in a broken zip, and one in a zip", lambda folder: (_raw(_zip((NAME, b"{}"))[:-30], "work.zip")(folder), _raw(_zip(("inner.zip", _zip((NAME, b"{}")))), "more.zip")(folder), None)[-1]),
    Hostile("folder_called_notebook", "loading", "hand in folders called like notebooks", _folder, RIGHT),
    Hostile("pipes", "loading", "hand in pipes that nobody writes to", _pipe, RIGHT),
    Hostile("links", "loading", "hand in links to somebody else's work, to /dev/zero and in a circle", _links),
    Hostile("deep_folders", "loading", "hand in folders 60 deep", _deep_folders),
    Hostile("long_names", "loading", "hand in a file whose name is long and holds markup and terminal commands", _long_names, RIGHT),
    Hostile("many_files", "loading", "hand in 3,000 files", _many_files, RIGHT),
    *PACKING,
    Hostile("markup_in_outputs", "loading", "bring scripts into the report by way of outputs and text cells", _markup, RIGHT),
)
