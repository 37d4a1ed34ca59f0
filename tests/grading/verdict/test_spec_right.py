"""What is right, and easily failed by a careless grader, gets full marks; a broken cell costs what is in it.

`spec_rows/right.txt` holds an example of each: a heading "what it is | functions", and cells. It is handed in as a
notebook, and as a module beside a notebook that imports it, unless it is said to be of notebooks only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.assignments.registry import file_patterns
from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.submission.discover import discover
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

RIGHT = Path(__file__).parent / "spec_rows" / "right.txt"
TV = """
def tv_loss(img, tv_weight):
    h = (img[:, :, 1:] - img[:, :, :-1]).pow(2).sum()
    w = (img[..., 1:] - img[..., :-1]).pow(2).sum()
    return tv_weight * (h + w)
"""
GRAM = """
def gram_matrix(features, normalize=True):
    N, C, H, W = features.size()
    f = features.view({rows}, H * W)
    gram = torch.matmul(f, f.t())
    return gram / (C * H * W) if normalize else gram
"""


def write_notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)


def graded(folder: Path, sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    (submission,) = discover([folder], file_patterns())
    result = json.loads(result_bytes(grade(read_here(submission), "tests", sandbox).result))
    return {entry["name"]: entry for entry in result["functions"]}


def cases() -> Iterator[Any]:
    parts = re.split(r"^=== (.*)\n", RIGHT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for head, code in zip(parts[1::2], parts[2::2], strict=True):
        title, functions, *only = (part.strip() for part in head.split("|"))
        for form in ("notebook",) if only else ("notebook", "module"):
            cells = tuple(code.split("--- cell\n"))
            marks = () if form == "notebook" else (pytest.mark.long,)
            yield pytest.param(functions.split(), cells, form, id=f"{title}-{form}", marks=marks)


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(("functions", "cells", "form"), list(cases()))
def test_what_is_right_gets_full_marks_and_no_diagnosis(
    functions: list[str], cells: tuple[str, ...], form: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "ada"
    if form == "notebook":
        write_notebook(folder / "Assignment.ipynb", *cells)
    else:
        write_notebook(folder / "Assignment.ipynb", "from work import *\n%matplotlib inline", "demo()")
        head = (
            "import numpy as np\nimport torch, torchvision\nimport torch.nn as nn, torch.nn.functional as F\n"
        )
        (folder / "work.py").write_text(head + "\n".join(cells), encoding="utf-8")
    seen = graded(folder, sandbox)
    for name in functions:
        told = [(c["id"], c["message"]) for c in seen[name]["checks"] if c["status"] != "pass"]
        assert (seen[name]["status"], told, seen[name]["diagnosis"]) == ("correct", [], None)
        assert seen[name]["score"] == seen[name]["max_score"]


def test_a_filled_notebook_wins_over_an_empty_copy_and_what_macos_leaves(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    empty = "def tv_loss(img, tv_weight):\n    # Your implementation should be vectorized\n    pass\n"
    write_notebook(tmp_path / "ada" / "StyleTransfer.ipynb", empty)
    write_notebook(tmp_path / "ada" / "StyleTransfer-Copy1.ipynb", TV)
    (tmp_path / "ada" / "._StyleTransfer.ipynb").write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
    seen = graded(tmp_path / "ada", sandbox)["tv_loss"]
    assert (seen["status"], seen["file"]) == ("correct", "StyleTransfer-Copy1.ipynb")


def test_a_deleted_cell_is_missing_and_the_others_count(sandbox: Sandbox, tmp_path: Path) -> None:
    write_notebook(tmp_path / "ada" / "StyleTransfer.ipynb", TV)
    seen = graded(tmp_path / "ada", sandbox)
    assert (seen["tv_loss"]["status"], seen["content_loss"]["status"]) == ("correct", "missing")


@pytest.mark.parametrize("rows", ["C", "-1"])
def test_a_gram_matrix_whose_shape_broadcasting_hides_is_partly_right_and_named(
    rows: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    """With the notebook's one image (C, C) and (1, C, C) compare as equal: the values there earn their points."""
    write_notebook(tmp_path / "ada" / "StyleTransfer.ipynb", GRAM.format(rows=rows))
    seen = graded(tmp_path / "ada", sandbox)["gram_matrix"]
    assert (seen["status"], seen["diagnosis"]["id"]) == ("partial", "gram-no-batch-axis")
    assert seen["score"] >= seen["max_score"] / 2
    assert {c["id"]: c["status"] for c in seen["checks"]}["stored_gram_matrix"] == "pass"


@pytest.mark.sample("broken")
@pytest.mark.sample("beside")
@pytest.mark.parametrize(
    "broken",
    [
        "def content_loss(w, a, b):\n    return w * ((a - b) ** 2.sum()\n",
        "def content_loss(w, a, b):\n    loss = w * ((a - b) ** 2).sum()\n\treturn loss\n",
        "def content_loss(w, a, b):\n    the loss is the squared distance\n    return w * ((a - b) ** 2).sum()\n",
        "def content_loss(w, a, b)\n    return w * ((a - b) ** 2).sum()\n",
    ],
    ids=["a bracket too few", "tabs mixed with spaces", "a note left uncommented", "no colon"],
)
@pytest.mark.parametrize("beside", ["before", "behind", "in one cell", "in one module"])
def test_an_error_of_syntax_costs_the_function_that_holds_it(
    broken: str, beside: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "ada"
    cells = {"before": (TV, broken), "behind": (broken, TV), "in one cell": (broken + "\n" + TV,)}
    if beside in cells:
        write_notebook(folder / "StyleTransfer.ipynb", *cells[beside])
    else:
        write_notebook(folder / "StyleTransfer.ipynb", "from cs231n.style_transfer_pytorch import *")
        (folder / "cs231n").mkdir()
        (folder / "cs231n" / "style_transfer_pytorch.py").write_text(f"import torch\n{broken}\n{TV}")
    seen = graded(folder, sandbox)
    assert (seen["content_loss"]["status"], seen["content_loss"]["score"]) == ("error", 0)
    assert re.match(r"(Syntax|Tab|Indentation)Error: ", seen["content_loss"]["checks"][0]["message"])
    assert seen["tv_loss"]["status"] == "correct"
