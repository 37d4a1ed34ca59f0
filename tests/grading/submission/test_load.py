"""What is handed in with a student's work, but is the kit's, is not taken for the student's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grading.assignments.registry import asked_names, file_patterns, notebooks
from grading.notebooks.release import copy_packages
from grading.submission.discover import discover
from grading.submission.load import Loaded, modules_for_child
from grading.submission.reader import load


@pytest.fixture
def handed_in(tmp_path: Path, examples: Path) -> Path:
    """An nbgrader submission: the notebooks, and the packages that were released with them."""
    folder = tmp_path / "submitted" / "ada" / "assignment3"
    shutil.copytree(examples / "half_done", folder)
    copy_packages(folder, notebooks())
    return folder


def loaded(handed_in: Path) -> Loaded:
    (submission,) = discover([handed_in.parents[1]], file_patterns())
    return load(submission)


def test_the_kits_modules_are_not_a_students(handed_in: Path) -> None:
    labels = {source.label for source in loaded(handed_in).sources}
    assert labels == {f"assignment3/{name}.ipynb" for name in ("NetworkVisualization", "StyleTransfer")}


def test_a_kits_module_that_was_changed_is_the_kits_all_the_same(handed_in: Path) -> None:
    """nbgrader's autograde puts the released version in its place, too."""
    module = handed_in / "cs231n" / "class_visualization.py"
    module.write_text(module.read_text(encoding="utf-8") + "\n# a look inside\n", encoding="utf-8")
    assert not any(source.module for source in loaded(handed_in).sources)


def test_work_in_a_module_of_the_kit_is_found(handed_in: Path) -> None:
    module = handed_in / "cs231n" / "style_transfer.py"
    module.write_text(
        module.read_text(encoding="utf-8") + "\n\ndef tv_loss(img, tv_weight):\n    return 0\n",
        encoding="utf-8",
    )
    (handed_in / "mine.py").write_text("def own(x):\n    return x\n", encoding="utf-8")
    assert set(modules_for_child(loaded(handed_in), asked_names())) == {"cs231n.style_transfer", "mine"}
