"""A student packs the notebooks with one command, which says what is in the zip and what is still a stub."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cs231n.handin.cells import read_cells
from cs231n.handin.states import pieces_of, state_in
from cs231n.submit import SubmitError, asked_functions, in_words, main, pack
from grading.assignments.registry import all_functions, file_patterns, rubric
from grading.submission.discover import discover

ROOT = Path(__file__).parents[2]


FILLED = "def tv_loss(img, tv_weight):\n    return tv_weight * img.sum()\n"
STUB = "def tv_loss(img, tv_weight):\n    pass\n"


def notebook(*sources: str, **more: object) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4, **more}).encode()


def members() -> list[str]:
    with zipfile.ZipFile("assignment3.zip") as archive:
        return sorted(archive.namelist())


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
    untouched = run(capsys, str(ROOT / "notebooks"))
    assert untouched.count("still a stub") == len(all_functions())
    assert untouched.count("is not begun: none of its functions is filled in") == 3
    assert "Not done" not in untouched


def test_a_notebook_stands_for_its_folder(examples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, whole = (run(capsys, str(examples / "all_right" / name)) for name in ("StyleTransfer.ipynb", ""))
    assert one == whole


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
def test_a_function_is_filled_in_when_something_of_the_students_stands_in_it(cell: str, state: str) -> None:
    document = read_cells(notebook(cell), "StyleTransfer.ipynb")
    assert in_words(state_in("tv_loss", pieces_of(document.cells))) == state


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
    with pytest.raises(SubmitError, match="Save it in Jupyter"):
        pack(tmp_path, tmp_path / "x.zip")


def test_the_command_needs_no_torch_and_nothing_of_the_grader(tmp_path: Path, examples: Path) -> None:
    program = (
        "import sys\nfrom cs231n.submit import main\nmain(sys.argv[1:])\n"
        "sys.exit(any(name.split('.')[0] in ('torch', 'grading') for name in sys.modules))\n"
    )
    command = [sys.executable, "-c", program, str(examples / "all_right"), "--out", str(tmp_path / "a.zip")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def test_of_an_untouched_original_and_a_copy_the_one_with_the_work_is_packed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "StyleTransfer.ipynb").write_bytes(notebook(STUB))
    (tmp_path / "StyleTransfer-Copy1.ipynb").write_bytes(notebook(FILLED))
    said = run(capsys)
    assert members() == ["StyleTransfer-Copy1.ipynb"]
    assert "✓ tv_loss: filled in" in said
    assert "Took StyleTransfer-Copy1.ipynb, not StyleTransfer.ipynb, in which nothing is filled in." in said


def test_of_two_filled_copies_the_original_is_packed_and_the_other_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "StyleTransfer.ipynb").write_bytes(notebook(FILLED))
    (tmp_path / "StyleTransfer (1).ipynb").write_bytes(notebook(FILLED))
    said = run(capsys)
    assert members() == ["StyleTransfer.ipynb"]
    assert "not StyleTransfer (1).ipynb, which defines tv_loss as well: if your work is in" in said


def test_work_in_two_copies_is_packed_from_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = FILLED.replace("tv_loss", "gram_matrix")
    (tmp_path / "StyleTransfer.ipynb").write_bytes(notebook(FILLED))
    (tmp_path / "StyleTransfer-Copy1.ipynb").write_bytes(notebook(STUB, other))
    assert run(capsys).count("✓") == 2
    assert members() == ["StyleTransfer-Copy1.ipynb", "StyleTransfer.ipynb"]


@pytest.mark.parametrize(
    ("name", "in_the_zip"),
    [
        ("Style Transfer (2).ipynb", "Style Transfer (2).ipynb"),
        ("ada style_transfer final.ipynb", "ada style_transfer final.ipynb"),
        ("my work.ipynb", "my work.ipynb"),
        ("StyleTransfer.ipynb.json", "StyleTransfer.ipynb"),
        ("StyleTransfer.ipynb.txt", "StyleTransfer.ipynb"),
        ("StyleTransfer.ipynb (1)", "StyleTransfer (1).ipynb"),
        ("StyleTransfer.IPYNB", "StyleTransfer.IPYNB"),
        ("StyleTransfer.txt", "StyleTransfer.ipynb"),
    ],
)
def test_a_notebook_is_found_by_its_name_or_its_functions(
    name: str, in_the_zip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(notebook(FILLED))
    said = run(capsys)
    assert members() == [in_the_zip]
    assert "✓ tv_loss" in said
    assert (f"{name} is in the zip as {in_the_zip}" in said) == (name != in_the_zip)


def test_a_file_that_is_no_notebook_is_named_and_the_rest_is_packed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "StyleTransfer.ipynb").write_bytes(b"<!DOCTYPE html><html><body>Sign in</body></html>")
    (tmp_path / "NetworkVisualization.ipynb").write_bytes(notebook("x = 1"))
    said = run(capsys)
    assert members() == ["NetworkVisualization.ipynb"]
    assert "Not in the zip: StyleTransfer.ipynb is a web page, not a notebook: open the notebook" in said
    assert "StyleTransfer.ipynb was not found" not in said


def test_a_notebook_of_which_a_part_can_be_read_is_packed_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = notebook(FILLED, FILLED.replace("tv_loss", "gram_matrix"))
    (tmp_path / "StyleTransfer.ipynb").write_bytes(whole[: whole.rindex(b"return")])
    said = run(capsys)
    assert members() == ["StyleTransfer.ipynb"]
    assert "✓ tv_loss" in said
    assert "✗ gram_matrix: missing" in said
    assert "The grader will say: StyleTransfer.ipynb is not a valid notebook: it is cut off in line 1" in said


def test_modules_are_packed_where_they_are_imported_from_and_links_are_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work, outside = tmp_path / "work", tmp_path / "outside"
    (work / "mine").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.py").write_text("x = 1\n")
    (work / "StyleTransfer.ipynb").write_bytes(
        notebook("from mine.losses import tv_loss\nimport linked, mine.deep")
    )
    (work / "mine" / "__init__.py").write_text("")
    (work / "mine" / "losses.py").write_text(f"from . import deep\n{FILLED}")
    (work / "mine" / "deep.py").write_text("y = 1\n")
    (work / "mine" / "other.py").write_text("z = 1\n")
    (work / "linked.py").symlink_to(outside / "secret.py")
    (work / "elsewhere").symlink_to(outside)
    said = run(capsys, str(work))
    assert members() == ["StyleTransfer.ipynb", "mine/__init__.py", "mine/deep.py", "mine/losses.py"]
    assert "Not in the zip: linked.py is a link: put the file itself in its place." in said
    assert "✓ tv_loss" in said


def test_files_that_a_notebook_runs_or_loads_are_packed_with_what_they_run_in_turn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "StyleTransfer.ipynb").write_bytes(
        notebook(
            "%matplotlib inline\n%run -i lib/helpers.py",
            "%run steps",
            "%load lib/linked.py",
            "%run ../out.py",
        )
    )
    (tmp_path / "lib" / "helpers.py").write_text(FILLED)
    (tmp_path / "lib" / "unused.py").write_text("x = 1\n")
    (tmp_path / "steps.ipynb").write_bytes(notebook("%run lib/more.py"))
    (tmp_path / "lib" / "more.py").write_text("y = 2\n")
    (tmp_path / "other.ipynb").write_bytes(notebook("z = 3"))
    (tmp_path.parent / "out.py").write_text("")
    (tmp_path / "lib" / "linked.py").symlink_to(tmp_path / "lib" / "unused.py")
    said = run(capsys)
    assert members() == ["StyleTransfer.ipynb", "lib/helpers.py", "lib/more.py", "steps.ipynb"]
    assert "  lib/helpers.py\n    ✓ tv_loss: filled in" in said


@pytest.mark.parametrize("again", ["%run a.py", "exec(open('a.py').read())"])
def test_files_that_run_each_other_are_packed_once(again: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("StyleTransfer.ipynb").write_bytes(notebook(FILLED, again, "%run StyleTransfer.ipynb"))
    Path("a.py").write_text("get_ipython().run_line_magic('run', 'StyleTransfer.ipynb')\n")
    run(capsys)
    assert members() == ["StyleTransfer.ipynb", "a.py"]


def test_a_function_in_a_module_that_a_cell_writes_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    deep = "%%writefile mine.py\n" * 2_000
    Path("StyleTransfer.ipynb").write_bytes(notebook(f"%%writefile mine.py\n{FILLED}", deep))
    assert "✓ tv_loss: filled in" in run(capsys)
