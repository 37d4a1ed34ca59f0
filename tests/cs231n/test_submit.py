"""A student packs the notebooks with one command, which says what is in the zip and what is still a stub."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cs231n.submit import SubmitError, asked_functions, main, pack, states
from grading.assignments.registry import all_functions, file_patterns, rubric
from grading.submission.discover import discover

ROOT = Path(__file__).parents[2]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_functions_are_those_of_the_rubric() -> None:
    asked = asked_functions()
    for function in rubric():
        assert function.name in asked[function.notebook]


def test_the_zip_holds_the_notebooks_and_the_students_own_modules(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(examples / "all_right", tmp_path / "notebooks")
    (tmp_path / "notebooks" / "mine.py").write_text("x = 1\n")
    (tmp_path / "notebooks" / "StyleTransfer-Copy1.ipynb").write_text("{}")
    shutil.copytree(ROOT / "cs231n" / "classifiers", tmp_path / "cs231n")
    said = run(capsys)
    with zipfile.ZipFile("assignment3.zip") as archive:
        assert sorted(archive.namelist()) == ["NetworkVisualization.ipynb", "StyleTransfer.ipynb", "mine.py"]
    assert said.count("✓") == 7
    assert "Not done" not in said
    (submission,) = discover([Path("assignment3.zip")], file_patterns())
    assert submission.student == "assignment3"


def test_stubs_are_named(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, str(examples / "half_done"))
    assert "✓ compute_saliency_maps: filled in" in said
    assert "✗ tv_loss: still a stub" in said
    assert "Not done: class_visualization_update_step, style_loss, tv_loss." in said
    assert run(capsys, str(ROOT / "notebooks")).count("still a stub") == len(all_functions())


def test_a_syntax_error_and_a_missing_notebook_are_named(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copy(
        examples / "syntax_error_in_one_cell" / "StyleTransfer.ipynb", folder / "ada_StyleTransfer.ipynb"
    )
    said = run(capsys, str(folder), "--out", "ada.zip")
    assert "✗ style_loss: its cell has a syntax error in line" in said
    assert "✓ tv_loss" in said
    assert "NetworkVisualization.ipynb was not found" in said


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        (
            "def tv_loss(a):\n    # START OF YOUR CODE\n    pass\n    # END OF YOUR CODE\n    return a",
            "still a stub",
        ),
        (
            "def tv_loss(a):\n    # START OF YOUR CODE\n    pass\n    a = 1\n    # END OF YOUR CODE",
            "filled in",
        ),
        ("%time\ndef tv_loss(a):\n    return a.sum()", "filled in"),
        ('def tv_loss(a):\n    """Text."""\n    raise NotImplementedError()', "still a stub"),
        ("def tv_loss_of(a):\n    return a", "missing: no cell defines it"),
        ("class A:\n    def tv_loss(self):\n        for x in y:\n            return x", "filled in"),
    ],
)
def test_a_function_is_filled_in_when_something_of_the_students_stands_in_it(
    tmp_path: Path, cell: str, state: str
) -> None:
    path = tmp_path / "StyleTransfer.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": cell.splitlines(keepends=True)}]}))
    assert list(states(path, ["tv_loss"])) == [("tv_loss", state)]


def test_what_cannot_be_packed_is_one_sentence(
    tmp_path: Path, examples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "name the folder of the notebooks" in capsys.readouterr().err
    with pytest.raises(SubmitError, match=r"end in \.zip"):
        pack(examples / "all_right", tmp_path / "StyleTransfer.ipynb")
    with pytest.raises(SubmitError, match="cannot be written"):
        pack(examples / "all_right", tmp_path / "no" / "such" / "folder.zip")
    (tmp_path / "StyleTransfer.ipynb").write_text("{")
    with pytest.raises(SubmitError, match="save it again"):
        pack(tmp_path, tmp_path / "x.zip")


def test_the_command_needs_no_torch_and_nothing_of_the_grader(tmp_path: Path, examples: Path) -> None:
    program = (
        "import sys\nfrom cs231n.submit import main\nmain(sys.argv[1:])\n"
        "sys.exit(any(name.split('.')[0] in ('torch', 'grading') for name in sys.modules))\n"
    )
    command = [sys.executable, "-c", program, str(examples / "all_right"), "--out", str(tmp_path / "a.zip")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
