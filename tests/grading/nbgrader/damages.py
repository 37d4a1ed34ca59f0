"""Damages that students do to released notebooks, each a function on the folder that was handed in."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from grading.notebooks.build import as_text

from .nbgrader_commands import cell, edit

ANSWER = "The Gram matrix forgets places, so nothing changes."
QUESTION = "question_gram_shuffle"
STYLE = "StyleTransfer.ipynb"


def editing(change: Callable[[NotebookNode], object]) -> Callable[[Path], None]:
    """Return the damage that changes the notebook on style transfer."""
    return lambda folder: edit(folder / STYLE, change)


def answered(notebook: NotebookNode) -> None:
    cell(notebook, QUESTION).source = f"**Your answer:**\n\n{ANSWER}"


def note(text: str, kind: str = "markdown") -> NotebookNode:
    """A cell of the student's own."""
    made: NotebookNode = (
        nbformat.v4.new_code_cell(text) if kind == "code" else nbformat.v4.new_markdown_cell(text)
    )
    made.cell_type = kind
    return made


def behind(notebook: NotebookNode, name: str, new: NotebookNode) -> None:
    new.id = f"new-{len(notebook.cells)}"
    notebook.cells.insert(notebook.cells.index(cell(notebook, name)) + 1, new)


def renamed(folder: Path) -> None:
    edit(folder / STYLE, answered)
    (folder / STYLE).rename(folder / "Style Transfer (1).ipynb")


def zipped(folder: Path) -> None:
    """With the module that it imports, in a folder, as file managers do it."""
    imported_helper(folder)
    edit(folder / STYLE, answered)
    with zipfile.ZipFile(folder / "my work.zip", "w") as archive:
        archive.write(folder / STYLE, f"hw3/{STYLE}")
        archive.writestr("hw3/my_losses.py", (folder / "my_losses.py").read_text())
    (folder / STYLE).unlink()
    (folder / "my_losses.py").unlink()


def _with_helper(notebook: NotebookNode) -> None:
    notebook.cells.insert(0, note("from my_losses import squares", "code"))
    cell(notebook, "tv_loss").source = (
        "def tv_loss(img, tv_weight):\n"
        "    return tv_weight * (squares(img[:, :, 1:] - img[:, :, :-1]) + squares(img[..., 1:] - img[..., :-1]))"
    )


def imported_helper(folder: Path) -> None:
    (folder / "my_losses.py").write_text("def squares(x):\n    return (x ** 2).sum()\n", encoding="utf-8")
    edit(folder / STYLE, _with_helper)


def marks_lost(folder: Path) -> None:
    """What Colab does."""

    def lose(notebook: NotebookNode) -> None:
        answered(notebook)
        for one in notebook.cells:
            one.metadata = NotebookNode()

    edit(folder / STYLE, lose)


def cells_deleted(folder: Path) -> None:
    def delete(notebook: NotebookNode) -> None:
        for name in ("check_tv_loss", "check_gram_matrix", QUESTION):
            notebook.cells.remove(cell(notebook, name))

    edit(folder / STYLE, delete)


def cells_duplicated(folder: Path) -> None:
    """An early wrong version with the same marks above, the right one below the check; the question twice."""

    def duplicate(notebook: NotebookNode) -> None:
        untouched = copy.deepcopy(cell(notebook, QUESTION))
        answered(notebook)
        behind(notebook, QUESTION, untouched)
        right = copy.deepcopy(cell(notebook, "style_loss"))
        cell(notebook, "style_loss").source = "def style_loss(*args):\n    return None"
        behind(notebook, "check_style_loss", right)

    edit(folder / STYLE, duplicate)


def answer_below(folder: Path) -> None:
    edit(folder / STYLE, lambda notebook: behind(notebook, QUESTION, note(ANSWER)))


def answer_in_code_cell(folder: Path) -> None:
    edit(folder / STYLE, lambda notebook: behind(notebook, QUESTION, note(ANSWER, "code")))


def answer_in_the_question(folder: Path) -> None:
    def write(notebook: NotebookNode) -> None:
        index = notebook.cells.index(cell(notebook, QUESTION))
        notebook.cells[index - 1].source += f"\n\n{ANSWER}"

    edit(folder / STYLE, write)


def answer_in_a_copy(folder: Path) -> None:
    """The functions are in one file, the answer in the other."""
    (folder / "StyleTransfer-Copy1.ipynb").write_bytes((folder / STYLE).read_bytes())
    edit(folder / "StyleTransfer-Copy1.ipynb", answered)


def question_turned_to_code(folder: Path) -> None:
    def turn(notebook: NotebookNode) -> None:
        answered(notebook)
        cell(notebook, QUESTION).update(cell_type="code", outputs=[], execution_count=None)

    edit(folder / STYLE, turn)


def answer_at_the_end(folder: Path) -> None:
    edit(folder / STYLE, lambda notebook: notebook.cells.append(note(f"My answers\n\n1. {ANSWER}")))


def answer_in_a_document(folder: Path) -> None:
    (folder / "answers.md").write_text(f"1. {ANSWER}", encoding="utf-8")


def answer_in_a_notebook_of_its_own(folder: Path) -> None:
    new = nbformat.v4.new_notebook(cells=[note(f"1. {ANSWER}")])
    (folder / "answers.ipynb").write_text(as_text(new), encoding="utf-8")


def in_utf_16(folder: Path) -> None:
    edit(folder / STYLE, answered)
    (folder / STYLE).write_text((folder / STYLE).read_text(encoding="utf-8"), encoding="utf-16")


def in_nbformat_3(folder: Path) -> None:
    edit(folder / STYLE, answered)
    notebook = json.loads((folder / STYLE).read_text(encoding="utf-8"))
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            one["input"] = one.pop("source")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": notebook["cells"]}]}
    (folder / STYLE).write_text(json.dumps(old), encoding="utf-8")


def to_markdown(folder: Path) -> None:
    """Functions in cells that are no longer code: as they were, between fences, and between sentences."""

    def turn(notebook: NotebookNode) -> None:
        for name, kind in (("gram_matrix", "raw"), ("tv_loss", "markdown"), ("content_loss", "markdown")):
            one = cell(notebook, name)
            one.cell_type = kind
            del one["outputs"], one["execution_count"]
        cell(
            notebook, "tv_loss"
        ).source = f"My code:\n\n```python\n{cell(notebook, 'tv_loss').source}\n```\nDone."
        loss = cell(notebook, "content_loss").source
        cell(notebook, "content_loss").source = f"This is what I wrote:\n\n{loss}\n\nIt's right, I think."

    edit(folder / STYLE, turn)


def loaded_helper(folder: Path) -> None:
    imported_helper(folder)
    edit(folder / STYLE, lambda notebook: notebook.cells[0].update(source="%load my_losses.py"))


def ran_helpers(folder: Path) -> None:
    imported_helper(folder)
    edit(folder / STYLE, lambda notebook: notebook.cells[0].update(source="%run my_losses.py"))


# The answer is in the cell of its question, however it got there.
PLACED = {
    damage.__name__: damage
    for damage in (
        renamed, marks_lost, cells_duplicated, answer_below, answer_in_code_cell, answer_in_the_question,
        answer_in_a_copy, question_turned_to_code, in_utf_16, in_nbformat_3,
    )
}  # fmt: skip
# A person is told where to look.
REVIEWED = {
    damage.__name__: damage
    for damage in (answer_at_the_end, answer_in_a_document, answer_in_a_notebook_of_its_own)
}
