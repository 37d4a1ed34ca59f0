"""Claims about what real students hand in: each form in `real_forms` gets the verdict of a careful person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.grade import grade
from grading.sandbox import Sandbox
from grading.submission.discover import Submission
from grading.submission.load import load

FORMS = Path(__file__).parent / "real_forms"
# What the first cells of the course's notebooks hold, in all years.
PRELUDE = """
from __future__ import print_function
import torch
from torch.autograd import Variable
import torchvision
import torchvision.transforms as T
import torch.nn as nn
import torch.nn.functional as F
import random
import numpy as np
import matplotlib.pyplot as plt
from scipy.ndimage.filters import gaussian_filter1d
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from PIL import Image
"""
# The course's loop around the step, as the notebooks of 2017 (a tensor and its Variable) and 2018 had it.
LOOP_2017 = """
def jitter(X, ox, oy):
    if ox != 0:
        left = X[:, :, :, :-ox]
        right = X[:, :, :, -ox:]
        X = torch.cat([right, left], dim=3)
    return X

def create_class_visualization(target_y, model, dtype, **kwargs):
    model.type(dtype)
    l2_reg = kwargs.pop('l2_reg', 1e-3)
    learning_rate = kwargs.pop('learning_rate', 25)
    num_iterations = kwargs.pop('num_iterations', 100)
    blur_every = kwargs.pop('blur_every', 10)
    max_jitter = kwargs.pop('max_jitter', 16)
    show_every = kwargs.pop('show_every', 25)
    img = torch.randn(1, 3, 224, 224).mul_(1.0).type(dtype)
    img_var = Variable(img, requires_grad=True)
    for t in range(num_iterations):
        ox, oy = random.randint(0, max_jitter), random.randint(0, max_jitter)
        img.copy_(jitter(img, ox, oy))
        ####
        # TODO: Use the model to compute the gradient of the score for the class target_y
        ####
"""
LOOP_END = """
        ####
        #                             END OF YOUR CODE
        ####
        img.copy_(jitter(img, -ox, -oy))
        for c in range(3):
            lo = float(-SQUEEZENET_MEAN[c] / SQUEEZENET_STD[c])
            hi = float((1.0 - SQUEEZENET_MEAN[c]) / SQUEEZENET_STD[c])
            img[:, c].clamp_(min=lo, max=hi)
        if t % blur_every == 0:
            blur_image(img, sigma=0.5)
        if t == 0 or (t + 1) % show_every == 0 or t == num_iterations - 1:
            plt.imshow(deprocess(img.clone().cpu()))
            class_name = class_names[target_y]
            plt.title('%s\\nIteration %d / %d' % (class_name, t + 1, num_iterations))
            plt.gcf().set_size_inches(4, 4)
            plt.show()
    return deprocess(img.cpu())
"""
_BY_2018 = (
    ("mul_(1.0).type(dtype)\n", "mul_(1.0).type(dtype).requires_grad_()\n"),
    ("    img_var = Variable(img, requires_grad=True)\n", ""),
    ("img.copy_(jitter(img,", "img.data.copy_(jitter(img.data,"),
    ("img[:, c]", "img.data[:, c]"),
    ("img.clone().cpu()", "img.data.clone().cpu()"),
)
PIECES = {"LOOP_2017": LOOP_2017, "LOOP_END": LOOP_END}
for _name, _piece in (("LOOP_2018", LOOP_2017), ("LOOP_END_2018", LOOP_END)):
    for _old, _new in _BY_2018:
        _piece = _piece.replace(_old, _new)
    PIECES[_name] = _piece


@dataclass(frozen=True)
class Form:
    """One way to write a function: `status` and `diagnosis` are what a careful person says of it."""

    function: str
    status: str
    diagnosis: str
    title: str
    code: str


def forms() -> Iterator[Form]:
    for path in sorted(FORMS.glob("*.txt")):
        parts = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for head, code in zip(parts[1::2], parts[2::2], strict=True):
            status, diagnosis, title = (part.strip() for part in head.split("|"))
            for name, piece in PIECES.items():
                code = code.replace(f"{{{name}}}\n", piece)
            yield Form(path.stem, status, diagnosis, title, code)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as opened:
        yield opened


def write_notebook(path: Path, *cells: str) -> Path:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)
    return path


def graded(path: Path, sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    result = grade(load(Submission("ada", path)), "a private seed", sandbox).result
    return {function["name"]: function for function in result["functions"]}


@pytest.mark.parametrize("form", [pytest.param(f, id=f"{f.function}: {f.title}") for f in forms()])
def test_a_form_gets_the_verdict_of_a_careful_person(form: Form, sandbox: Sandbox, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "Notebook.ipynb", PRELUDE, form.code)
    seen = graded(path, sandbox)[form.function]
    told = [(c["id"], c["status"], c["message"]) for c in seen["checks"] if c["status"] != "pass"]
    assert seen["status"] == form.status, told
    assert (seen["diagnosis"] or {"id": ""})["id"] in form.diagnosis.split(","), told
    if form.status == "correct":
        assert seen["score"] == seen["max_score"]
