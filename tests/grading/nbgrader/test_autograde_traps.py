"""nbgrader's traps, all in one notebook: none of them costs a point that was earned."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import pytest
from nbformat import NotebookNode

from .conftest import ASSIGNMENT
from .nbgrader_commands import cell, edit, new_course

pytestmark = pytest.mark.long

NOISY = """
import logging, os, sys, warnings
from tqdm import tqdm
logging.basicConfig(stream=sys.stderr)

def noisily(loss):
    def wrapped(*args, **kwargs):
        warnings.warn("a warning")
        logging.warning("a message")
        os.write(2, b"written by C")
        for _ in tqdm(range(3), file=sys.stderr):
            print("printed", file=sys.stderr)
        return loss(*args, **kwargs)
    wrapped.__name__ = loss.__name__
    return wrapped
"""


def _trapped(notebook: NotebookNode) -> None:
    def copied(grade_id: str, source: str) -> NotebookNode:
        twin = copy.deepcopy(cell(notebook, grade_id))
        twin.update(id=f"twin-{grade_id}", source=source)
        return twin

    def before(grade_id: str, new: NotebookNode) -> None:
        notebook.cells.insert(notebook.cells.index(cell(notebook, grade_id)), new)

    # a function whose every call writes to stderr, in each way there is
    cell(notebook, "gram_matrix").source += "\n\n" + NOISY + "\ngram_matrix = noisily(gram_matrix)"
    # duplicated: an early wrong version, with the same marks
    before("content_loss", copied("content_loss", "def content_loss(*args):\n    return None"))
    # split: Jupyter gives both halves the same marks
    before("tv_loss", copied("tv_loss", "def squares(x):\n    return (x ** 2).sum()"))
    # deleted: the cell that checks
    notebook.cells.remove(cell(notebook, "check_content_loss"))
    # locked, then edited: a number that nbgrader would refuse together with the whole autograde
    cell(notebook, "check_style_loss").source = "1000000.0"
    marks = cell(notebook, "check_style_loss").metadata
    marks.nbgrader.update(locked=False, points=1000)
    marks.pop("editable", None)
    # a cell of her own that fails is not about any function
    notebook.cells.append(copied("check_tv_loss", "1 / 0"))
    notebook.cells[-1].metadata = {}


def test_no_trap_costs_a_point(tmp_path: Path, examples: Path) -> None:
    course = new_course(tmp_path)
    course.nbgrader("generate_assignment", ASSIGNMENT)
    folder = course.submitted / "ada" / ASSIGNMENT
    folder.mkdir(parents=True)
    shutil.copy(examples / "all_right" / "StyleTransfer.ipynb", folder)
    edit(folder / "StyleTransfer.ipynb", _trapped)
    course.nbgrader("autograde", ASSIGNMENT)
    points = course.scores()["ada"]
    assert {name: score for name, score in points.items() if score} == {
        "check_content_loss": 10, "check_gram_matrix": 10, "check_style_loss": 15, "check_tv_loss": 10,
    }  # fmt: skip
    assert points["check_compute_saliency_maps"] == 0  # the other notebook was not handed in
