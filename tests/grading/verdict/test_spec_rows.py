"""What students were seen to do, row by row, is named and keeps the points of what is right, in every form it has.

`spec_rows/mistakes.txt` holds an example of each row: a heading "row | function | ids of its mistakes | judges", and
the body of the function. Where judges are named, checks by others pass. A row of class visualisation has a second body,
for the loop of 2017, which had no function of its own for the step.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.assignments.registry import file_patterns, rubric
from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.submission.discover import discover
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

ROWS = Path(__file__).parent / "spec_rows"
STEP = "class_visualization_update_step"
IMPORTS = """
import random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable
"""
SIGNATURES = {
    "compute_saliency_maps": "compute_saliency_maps(X, y, model)",
    "make_fooling_image": "make_fooling_image(X, target_y, model)",
    STEP: "class_visualization_update_step(img, model, target_y, l2_reg, learning_rate)",
    "content_loss": "content_loss(content_weight, content_current, content_original)",
    "gram_matrix": "gram_matrix(features, normalize=True)",
    "style_loss": "style_loss(feats, style_layers, style_targets, style_weights)",
    "tv_loss": "tv_loss(img, tv_weight)",
}
# UMich EECS 498/598 asks for the same under names of its own.
UMICH = {
    "make_fooling_image": "make_adversarial_attack(X, target_y, model, max_iter=100, verbose=True)",
    STEP: "class_visualization_step(img, target_y, model, **kwargs)",
}
UMICH_LINES = {
    STEP: "l2_reg = kwargs.pop('l2_reg', 1e-3)\nlearning_rate = kwargs.pop('learning_rate', 25)\n{}\nreturn img"
}
CHECKS = {asked.name: {check.id: check.judge.__name__ for check in asked.checks} for asked in rubric()}


@dataclass(frozen=True)
class Row:
    """An example: the names of its mistakes, the judges that may refuse it ("" for any), the body of the function."""

    title: str
    function: str
    ids: frozenset[str]
    judges: frozenset[str]
    body: str
    in_2017: str


def rows() -> Iterator[Row]:
    parts = re.split(r"^=== (.*)\n", (ROWS / "mistakes.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for head, code in zip(parts[1::2], parts[2::2], strict=True):
        title, function, ids, *judges = (part.strip() for part in head.split("|"))
        body, _, in_2017 = code.partition("--- 2017\n")
        named = frozenset(judges[0].split()) if judges else frozenset[str]()
        yield Row(title, function, frozenset(ids.split("+")), named, body, in_2017)


def defined(signature: str, body: str, indent: int = 4) -> str:
    return f"def {signature}:\n{textwrap.indent(body.strip(), ' ' * indent)}\n"


def write_notebook(path: Path, *cells: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)


def in_a_cell(row: Row, folder: Path) -> None:
    name = "StyleTransfer" if "loss" in row.function or "gram" in row.function else "NetworkVisualization"
    write_notebook(folder / f"{name}-PyTorch.ipynb", IMPORTS, defined(SIGNATURES[row.function], row.body))


def in_a_module(row: Row, folder: Path) -> None:
    """Since 2021: the functions sit in a module of the package, which the notebook imports."""
    name = "style_transfer" if "loss" in row.function or "gram" in row.function else "net_visualization"
    write_notebook(
        folder / "assignment3" / f"{name.title()}.ipynb",
        "%load_ext autoreload",
        f"from cs231n.{name}_pytorch import {row.function}\nfrom cs231n.image_utils import *",
    )
    package = folder / "assignment3" / "cs231n"
    package.mkdir()
    head = f"{IMPORTS}from .image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD\n\n"
    (package / f"{name}_pytorch.py").write_text(head + defined(SIGNATURES[row.function], row.body))


def as_in_michigan(row: Row, folder: Path) -> None:
    """Modules beside the notebook, two spaces, names and arguments of UMich."""
    name = "style_transfer" if "loss" in row.function or "gram" in row.function else "network_visualization"
    body = UMICH_LINES.get(row.function, "{}").format(row.body.strip())
    signature = UMICH.get(row.function, SIGNATURES[row.function])
    write_notebook(folder / f"{name}.ipynb", f"from {name} import *\nhello()")
    (folder / f"{name}.py").write_text(
        f'"""Implements {name} in PyTorch."""\n{IMPORTS}\ndef hello():\n  print("Hello")\n\n'
        + defined(signature, body, indent=2)
    )


def in_the_loop(row: Row, folder: Path) -> None:
    """2017: the step is a part of the loop that draws the picture."""
    loop = (ROWS / "loop_2017.txt").read_text(encoding="utf-8")
    body = textwrap.indent(row.in_2017.strip(), " " * 8)
    write_notebook(folder / "NetworkVisualization-PyTorch.ipynb", IMPORTS, loop.replace("{BODY}", body))


FORMS = {form.__name__: form for form in (in_a_cell, in_a_module, as_in_michigan, in_the_loop)}


def cases() -> Iterator[Any]:
    """Modules of the first mistake of a function show that its modules are read; all others take their time."""
    seen = set()
    for row in rows():
        for form in FORMS:
            quick = form in ("in_a_cell", "in_the_loop") or (row.function, form) not in seen
            seen.add((row.function, form))
            if form != "in_the_loop" or row.in_2017:
                yield pytest.param(
                    row, form, id=f"{row.title}-{form}", marks=() if quick else (pytest.mark.long,)
                )


def graded(folder: Path, sandbox: Sandbox, function: str) -> dict[str, Any]:
    (submission,) = discover([folder], file_patterns())
    result = json.loads(result_bytes(grade(read_here(submission), "tests", sandbox).result))
    return next(entry for entry in result["functions"] if entry["name"] == function)


@pytest.mark.sample("form", every=6)
@pytest.mark.parametrize(("row", "form"), list(cases()))
def test_a_mistake_is_named_and_costs_no_more_than_it_must(
    row: Row, form: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "ada"
    folder.mkdir()
    FORMS[form](row, folder)
    seen = graded(folder, sandbox, row.function)
    failed = [check for check in seen["checks"] if check["status"] != "pass"]
    told = [(check["id"], check["message"]) for check in failed]
    assert set((seen["diagnosis"] or {"parts": ()})["parts"]) == row.ids, told
    assert seen["score"] < seen["max_score"]
    if row.ids == {"returns-nothing"}:
        assert (seen["status"], seen["score"]) == ("wrong", 0)
    if row.judges:
        assert {CHECKS[row.function][check["id"]] for check in failed} <= row.judges, told
        assert seen["status"] == "partial"


def test_the_wrong_score_and_the_missing_abs_keep_what_is_right_of_a_map(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """Shape, independence and sign are checked apart from the values."""
    expected = {
        "saliency: gradient of the cross-entropy": {
            "one_map_per_image",
            "nonnegative",
            "independent_of_batch",
        },
        "saliency: wrong scores picked, the largest": {
            "one_map_per_image",
            "nonnegative",
            "independent_of_batch",
        },
        "saliency: no abs": {"one_map_per_image", "independent_of_batch"},
    }
    for number, row in enumerate(row for row in rows() if row.title in expected):
        folder = tmp_path / f"student{number}"
        folder.mkdir()
        in_a_cell(row, folder)
        checks = graded(folder, sandbox, row.function)["checks"]
        passed = {CHECKS[row.function][check["id"]] for check in checks if check["status"] == "pass"}
        assert expected[row.title] <= passed, row.title
