"""The reference run: notebooks executed in a real kernel, pictures as files, failures as sentences."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat import NotebookNode

from grading.assignments.registry import notebooks
from grading.errors import KitError
from grading.notebooks import reference
from grading.assignments.registry import shipped_notebooks
from grading.notebooks.build import read_notebook, solved_notebook
from grading.notebooks.reference import execute, pictures, run_reference

DRAWING = """\
# %%
import os
import sys

# %% tags=["demo"]
# %matplotlib inline
from matplotlib.figure import Figure
figure = Figure(figsize=(1, 1))
axes = figure.subplots()
figure

# %%
print(os.getcwd())
"""


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    source = tmp_path / "Drawing.py"
    source.write_text(DRAWING, encoding="utf-8")
    return source


def only(source: Path) -> Any:
    """The one notebook of a kit."""
    return [SimpleNamespace(name=source.stem, source=source, is_shipped=True)]


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A kit whose answers hold."""
    monkeypatch.setattr(reference, "stale_answers", lambda _: [])
    return monkeypatch


def notebook_of(tmp_path: Path, *cells: str) -> NotebookNode:
    source = tmp_path / "Some.py"
    source.write_text("".join(f"# %%\n{cell}\n\n" for cell in cells), encoding="utf-8")
    return solved_notebook(source)


def test_a_run_writes_notebook_and_pictures_and_removes_old_ones(
    kit: pytest.MonkeyPatch, drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    (out / "pictures").mkdir(parents=True)
    (out / "pictures" / "Drawing-07.png").write_bytes(b"old")
    assert run_reference(out, only(drawing), progress=False)
    assert [path.name for path in (out / "pictures").iterdir()] == ["Drawing-01.png"]
    assert (out / "pictures" / "Drawing-01.png").read_bytes().startswith(b"\x89PNG")
    executed = read_notebook(out / "Drawing.ipynb")
    assert executed.cells[-1].outputs[0].text.strip() == str(reference.KIT)
    assert "1 picture\n" in capsys.readouterr().out


def test_stale_answers_are_said_and_make_it_false(
    kit: pytest.MonkeyPatch, drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit.setattr(reference, "stale_answers", lambda _: ["tv_loss: tv_out differs"])
    kit.setattr(reference, "execute", lambda *_, **__: None)
    assert not run_reference(tmp_path / "out", only(drawing), progress=False)
    printed = capsys.readouterr().out
    assert "tv_loss: tv_out differs" in printed
    assert "--update" in printed


def test_update_rewrites_the_answers_before_the_notebooks_use_them(
    kit: pytest.MonkeyPatch, drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def write_answers(wanted: Any) -> list[Path]:
        return [tmp_path / f"{notebook.name}.npz" for notebook in wanted]

    kit.setattr(reference, "write_answers", write_answers)
    kit.setattr(reference, "execute", lambda *_, **__: None)
    assert run_reference(tmp_path / "out", only(drawing), update=True, progress=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["wrote", "executed", "Every"]


def test_a_cell_that_raises_is_a_sentence_and_the_notebook_is_kept(
    kit: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "Failing.py").write_text("# %%\nprint('before')\n\n# %%\nassert False, 'too blue'\n")
    with pytest.raises(KitError, match="Failing: a cell raised AssertionError: too blue"):
        run_reference(tmp_path / "out", only(tmp_path / "Failing.py"), progress=False)
    assert read_notebook(tmp_path / "out" / "Failing.ipynb").cells[0].outputs[0].text == "before\n"


def test_a_kernel_that_dies_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="Dying: Kernel died"):
        execute(notebook_of(tmp_path, "import os", "os._exit(1)"), tmp_path, title="Dying", progress=False)


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_run(
    kit: pytest.MonkeyPatch, drawing: Path
) -> None:
    kit.setattr(reference, "execute", lambda *_, **__: pytest.fail("a notebook was run"))
    with pytest.raises(KitError, match="cannot be written"):
        run_reference(drawing, only(drawing))


def test_demos_can_be_left_out(drawing: Path, tmp_path: Path) -> None:
    notebook = solved_notebook(drawing)
    execute(notebook, tmp_path, demos=False, progress=False)
    assert len(notebook.cells) == 2
    assert pictures(notebook) == []
    assert notebook.cells[-1].outputs[0].text.strip() == str(tmp_path)


@pytest.mark.long
def test_the_whole_reference_run_succeeds(tmp_path: Path) -> None:
    assert run_reference(tmp_path, shipped_notebooks(), progress=False)
    drawn = {path.name.split("-")[0] for path in (tmp_path / "pictures").iterdir()}
    assert drawn == {notebook.name for notebook in shipped_notebooks()}
    stderr = [
        output.text
        for asked in shipped_notebooks()
        for cell in read_notebook(tmp_path / f"{asked.name}.ipynb").cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stderr"
    ]
    assert stderr == []
