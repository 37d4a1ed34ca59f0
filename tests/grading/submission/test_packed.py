"""What the packer says of a function is what the grader finds, in the zip and in the folder it was packed from."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from cs231n.submit import asked_functions, pack
from grading.assignments.registry import all_functions
from grading.submission.handed_in import Contents
from grading.submission.load import cut
from grading.submission.select import find

FUNCTIONS = {asked.name: asked for asked in all_functions()}
TV = "def tv_loss(img, tv_weight):\n    return tv_weight * img.sum()\n"
TV_STUB = "def tv_loss(img, tv_weight):\n    # START OF YOUR CODE\n    pass\n    # END OF YOUR CODE\n"
GRAM = "def gram_matrix(features, normalize=True):\n    return 2 * features\n"
STYLE = "def style_loss(a, b, c, d):\n    return gram_matrix(a)\n"
BROKEN = "def content_loss(a, b, c):\n    return (\n"
OURS = "<<<<<<< HEAD\n"
AT_MARGIN = 'def tv_loss(x):\n    """\nText\n    """\n    return 2 * x\nx = = 1'


def code(source: object, kind: str = "code", **metadata: object) -> dict[str, object]:
    return {"cell_type": kind, "metadata": metadata, "source": source}


def notebook(*cells: dict[str, object] | str) -> bytes:
    written = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps(
        {"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1
    ).encode()


def old(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "input": source, "language": "python"} for source in sources]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}).encode()


def conflict(ours: str, theirs: str) -> bytes:
    return f"\n{OURS}{ours}\n=======\n{theirs}\n>>>>>>> theirs\n".encode()


ALL = notebook(TV, GRAM, STYLE, BROKEN)
SOURCE = next(line for line in ALL.split(b"\n") if b"def tv_loss" in line)
CONFLICT = f"def tv_loss(img, w):\n    x = 1\n{conflict('    return x', '    return img').decode()}"
FOLDERS: dict[str, dict[str, bytes]] = {
    "one notebook": {"StyleTransfer.ipynb": ALL},
    "an untouched original": {"StyleTransfer.ipynb": notebook(TV_STUB), "StyleTransfer-Copy1.ipynb": ALL},
    "an older copy": {"StyleTransfer.ipynb": ALL, "StyleTransfer (1).ipynb": notebook(TV_STUB, GRAM)},
    "work in two files": {"StyleTransfer.ipynb": notebook(TV), "StyleTransfer-Copy1.ipynb": notebook(GRAM, TV_STUB)},
    "a broken original": {"StyleTransfer.ipynb": notebook(BROKEN), "Copy of StyleTransfer.ipynb": notebook(BROKEN, TV)},
    "spaces": {"Style Transfer (1).ipynb": ALL},
    "a name of its own": {"homework.ipynb": ALL},
    "a suffix too many": {"StyleTransfer.ipynb.json": ALL},
    "a mark": {"StyleTransfer.ipynb": b"\xef\xbb\xbf" + ALL},
    "UTF-16": {"StyleTransfer.ipynb": ALL.decode().encode("utf-16")},
    "UTF-16 without a mark": {"StyleTransfer.ipynb": ALL.decode().encode("utf-16-le")},
    "nbformat 3": {"StyleTransfer.ipynb": old(TV, GRAM, BROKEN)},
    "magics": {"StyleTransfer.ipynb": notebook(f"%%time\n!pip install einops\nx = !ls\n%matplotlib inline\n{TV}?x\n")},
    "a margin": {"StyleTransfer.ipynb": notebook("".join(f"  {line}\n" for line in TV.splitlines()))},
    "a docstring at the margin": {"StyleTransfer.ipynb": notebook(AT_MARGIN)},
    "cells that are no longer code": {
        "StyleTransfer.ipynb": notebook(code(TV, "raw"), code(GRAM, "markdown"), code(TV_STUB, "raw"), STYLE)
    },
    "text about a function": {"StyleTransfer.ipynb": notebook(code("Write `def tv_loss(x)`.", "markdown"), GRAM)},
    "raw cells without source": {"StyleTransfer.ipynb": notebook({"cell_type": "raw", "metadata": {}}, TV)},
    "a module": {
        "StyleTransfer.ipynb": notebook("from mine import mine as tv_loss"), "mine.py": b"def mine(x): return 2 * x"
    },
    "a module of the same name": {"StyleTransfer.ipynb": notebook("from losses import *"), "losses.py": TV.encode()},
    "a script": {
        "StyleTransfer.ipynb": notebook(TV_STUB), "StyleTransfer.py": f"# In[1]:\n{TV}# In[ ]:\nx = = 1".encode()
    },
    "cut off": {"StyleTransfer.ipynb": ALL[: ALL.index(b"def style_loss") + 30]},
    "commas too many": {"StyleTransfer.ipynb": ALL.replace(b'"\n  }', b'",\n  },')},
    "a conflict that is none of code": {
        "StyleTransfer.ipynb": ALL.replace(b'   "metadata": {},', conflict(' "outputs": [],', ' "execution_count": 2,'))
    },
    "a conflict in the code of one": {
        "StyleTransfer.ipynb": ALL.replace(SOURCE, conflict(SOURCE.decode(), '"source": "x"'))
    },
    "a mark of a conflict": {"StyleTransfer.ipynb": OURS.encode() + ALL},
    "a conflict in a cell": {"StyleTransfer.ipynb": notebook(f"{GRAM}{CONFLICT}", STYLE)},
    "a conflict in a script": {
        "StyleTransfer.py": f"{CONFLICT}{GRAM}".encode(), "StyleTransfer.ipynb": notebook(STYLE)
    },
}  # fmt: skip


def found_by_grader(files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    loaded = cut(Contents("ada", tuple(files)), FUNCTIONS)
    return {name: find(asked, loaded.sources).state for name, asked in FUNCTIONS.items()}


@pytest.mark.parametrize("files", FOLDERS.values(), ids=FOLDERS.keys())
def test_packer_and_grader_find_the_same(files: Mapping[str, bytes], tmp_path: Path) -> None:
    folder, target = tmp_path / "work", tmp_path / "a.zip"
    folder.mkdir()
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    package = pack(folder, target)
    said = {name: state.name for item in package.files for name, state in item.functions}
    with zipfile.ZipFile(target) as archive:
        in_zip = found_by_grader((name, archive.read(name)) for name in archive.namelist())
    in_folder = found_by_grader(files.items())
    assert in_zip == in_folder
    asked = asked_functions()["StyleTransfer"]
    assert {name: said[name] for name in asked} == {name: in_zip[name] for name in asked}
    assert "filled" in said.values()
