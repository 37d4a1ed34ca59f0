"""What students were seen to do, row by row, is named and keeps the points of what is right, in every form it has.

The functions are the examples of these mistakes in the rooms. Each is handed in as a notebook, as a module, as in
Michigan, and a step of class visualisation also in the loop of 2017, which had no function of its own for it.
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

from benchmarks.diagnosis import examples
from grading.assignments.registry import file_patterns, rubric
from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.submission.discover import discover
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

LOOP_2017 = Path(__file__).parent / "spec_rows" / "loop_2017.txt"
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


# The rows, and the judges that may refuse them: checks by others pass ("" for any judge).
JUDGES = {
    "saliency-cross-entropy": "",
    "saliency-squeeze-one": "",
    "saliency-five-only": "",
    "saliency-no-abs": "",
    "saliency-abs-after-max": "",
    "saliency-sum-over-channels": "",
    "saliency-mean-over-channels": "",
    "saliency-norm-over-channels": "",
    "saliency-averaged-over-batch": "",
    "saliency-wrong-scores": "",
    "saliency-largest-score": "",
    "saliency-log-score": "",
    "saliency-softmax": "",
    "saliency-cross-entropy+saliency-no-abs": "",
    "step-not-normalised": "step_has_asked_length",
    "step-l2-norm-not-squared": "steps_along_gradient",
    "step-l2-missing": "steps_along_gradient",
    "step-l2-wrong-sign": "steps_along_gradient",
    "step-l2-no-factor-two": "steps_along_gradient",
    "step-l2-after-normalising": "",
    "step-gradient-not-zeroed": "fresh_gradient_each_call",
    "step-squared-norm": "step_has_asked_length",
    "step-not-in-place": "",
    "step-l2-wrong-sign+step-gradient-not-zeroed": "steps_along_gradient fresh_gradient_each_call",
    "fooling-gives-up": "",
    "fooling-gradient-not-zeroed": "forgets_old_gradients same_change",
    "fooling-loss-gradient": "climbs_the_score same_change",
    "fooling-not-normalised": "steps_have_length_one same_change stays_close",
    "fooling-does-not-stop": "stops_when_fooled same_change stays_close",
    "fooling-squared-norm": "",
    "gram-one-image-only": "same_output",
    "gram-no-batch-axis": "same_output",
    "gram-always-normalised": "same_values",
    "gram-wrong-divisor": "",
    "gram-detached": "same_gradient",
    "style-sorted-layers": "",
    "style-drops-zero-weights": "",
    "tv-border-dropped": "",
    "tv-python-loop": "no_python_loop",
    "returns-nothing": "",
}


@dataclass(frozen=True)
class Row:
    """An example: the names of its mistakes, the judges that may refuse it (none for any), the body of the function."""

    title: str
    function: str
    ids: frozenset[str]
    judges: frozenset[str]
    body: str


def rows() -> Iterator[Row]:
    for wrong in examples():
        judges, (head, body) = JUDGES.get("+".join(wrong.called)), wrong.source.split("\n", 1)
        if judges is not None and head == f"def {SIGNATURES.get(wrong.function)}:":
            title = f"{'+'.join(wrong.called)}: {wrong.title}"
            yield Row(
                title,
                wrong.function,
                frozenset(wrong.called),
                frozenset(judges.split()),
                textwrap.dedent(body),
            )


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
    loop = LOOP_2017.read_text(encoding="utf-8")
    body = textwrap.indent(re.sub(r"\bimg\b", "img_var", row.body.strip()), " " * 8)
    write_notebook(folder / "NetworkVisualization-PyTorch.ipynb", IMPORTS, loop.replace("{BODY}", body))


FORMS = {form.__name__: form for form in (in_a_cell, in_a_module, as_in_michigan, in_the_loop)}


def cases() -> Iterator[Any]:
    """All examples in a cell, the first of each mistake in the other forms, of which a few show that they are read."""
    read, tried = set(), set()
    for row in rows():
        for form in FORMS:
            first = (row.function, row.ids, form) not in tried
            if form == "in_the_loop" and row.function != STEP:
                continue
            # A step that returns a new image ends the loop, and is right in Michigan.
            if form in ("in_the_loop", "as_in_michigan") and row.function == STEP and "return" in row.body:
                continue
            if first or form == "in_a_cell":
                quick = form in ("in_a_cell", "in_the_loop") or (row.function, form) not in read
                tried.add((row.function, row.ids, form))
                read.add((row.function, form))
                yield pytest.param(
                    row, form, id=f"{row.title}-{form}", marks=() if quick else (pytest.mark.long,)
                )


def graded(folder: Path, sandbox: Sandbox, function: str) -> dict[str, Any]:
    (submission,) = discover([folder], file_patterns())
    result = json.loads(result_bytes(grade(read_here(submission), "tests", sandbox).result))
    return next(entry for entry in result["functions"] if entry["name"] == function)


@pytest.mark.sample("form", every=10)
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
        "saliency-cross-entropy": {"one_map_per_image", "nonnegative", "independent_of_batch"},
        "saliency-largest-score": {"one_map_per_image", "nonnegative", "independent_of_batch"},
        "saliency-no-abs": {"one_map_per_image", "independent_of_batch"},
    }
    first = {row.ids: row for row in reversed(list(rows()))}
    for id, passing in expected.items():
        folder = tmp_path / id
        folder.mkdir()
        row = first[frozenset({id})]
        in_a_cell(row, folder)
        checks = graded(folder, sandbox, row.function)["checks"]
        passed = {CHECKS[row.function][check["id"]] for check in checks if check["status"] == "pass"}
        assert passing <= passed, row.title


def test_every_row_has_an_example() -> None:
    assert {row.ids for row in rows()} == {frozenset(ids.split("+")) for ids in JUDGES}
