"""Cells that a student deleted, copied or relabelled are graded all the same, and no number is too much."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum, determine_grade

from grading.nbgrader.autograder_cells import FitPoints, RestoreCells
from grading.notebooks.build import read_notebook

ASSIGNMENT = "assignment3"


@pytest.fixture
def generated(generated_course: Path) -> Path:
    """A course whose gradebook knows the cells; nothing here changes it."""
    return generated_course


@pytest.fixture
def handed_in(generated: Path) -> NotebookNode:
    return read_notebook(generated / "release" / ASSIGNMENT / "StyleTransfer.ipynb")


def restored(generated: Path, notebook: NotebookNode) -> dict[str, NotebookNode]:
    place = {
        "db_url": f"sqlite:///{generated}/gradebook.db",
        "notebook": "StyleTransfer",
        "assignment": ASSIGNMENT,
    }
    notebook, _ = RestoreCells().preprocess(notebook, {"nbgrader": place})
    marked: dict[str, NotebookNode] = {}
    for cell in notebook.cells:
        if marks := cell.metadata.get("nbgrader"):
            assert marks.grade_id not in marked
            marked[marks.grade_id] = cell
    return marked


def graded_ids(generated: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{generated}/gradebook.db") as gradebook:
        cells = gradebook.find_notebook("StyleTransfer", ASSIGNMENT).grade_cells
        return {cell.name: cell.max_score for cell in cells}


def test_a_notebook_that_was_left_alone_gets_the_hidden_tests_back_and_nothing_else(
    generated: Path, handed_in: NotebookNode
) -> None:
    before = [cell.source for cell in handed_in.cells]
    restored(generated, handed_in)
    assert [cell.source.rpartition("END HIDDEN TESTS\n")[2] for cell in handed_in.cells] == before


def test_graded_cells_that_were_deleted_come_back_at_the_end(
    generated: Path, handed_in: NotebookNode
) -> None:
    """A check with its function, and an inline question, whose empty answer earns nothing by itself."""
    gone = {"tv_loss", "check_tv_loss", "question_gram_shuffle"}
    handed_in.cells = [
        c for c in handed_in.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in gone
    ]
    cells = restored(generated, handed_in)
    assert graded_ids(generated).keys() <= cells.keys()
    assert "tv_loss" not in cells
    assert {c.metadata.nbgrader.grade_id for c in handed_in.cells[-2:]} == gone - {"tv_loss"}
    assert cells["check_tv_loss"].source.endswith("check(tv_loss)")
    question = cells["question_gram_shuffle"]
    assert compute_checksum(question) == question.metadata.nbgrader.checksum


@pytest.mark.parametrize(
    "change", [{"points": 1000.0}, {"grade": False}, {"locked": False, "solution": True}, {"checksum": "0"}]
)
def test_marks_that_were_changed_are_set_right(
    generated: Path, handed_in: NotebookNode, change: dict[str, Any]
) -> None:
    cell = next(
        c for c in handed_in.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check_tv_loss"
    )
    cell.metadata.nbgrader.update(change)
    marks = restored(generated, handed_in)["check_tv_loss"].metadata.nbgrader
    assert (marks.grade, marks.locked, marks.solution, marks.points) == (True, True, False, 10)


def test_a_relabelled_copy_is_no_second_cell(generated: Path, handed_in: NotebookNode) -> None:
    cell = next(
        c for c in handed_in.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check_tv_loss"
    )
    copy = NotebookNode({**cell, "metadata": NotebookNode({"nbgrader": NotebookNode({"grade": False})})})
    copy.metadata.nbgrader.grade_id = "check_tv_loss"
    handed_in.cells.append(copy)
    restored(generated, handed_in)
    assert "nbgrader" not in handed_in.cells[-1].metadata


def test_marks_of_another_notebook_are_dropped(generated: Path, handed_in: NotebookNode) -> None:
    """nbgrader would keep half of them, and then refuse the notebook."""
    for marks in ({"grade_id": "check_elsewhere", "grade": True}, {}):
        foreign = nbformat.from_dict(
            {"cell_type": "code", "source": "1", "outputs": [], "metadata": {"nbgrader": marks}}
        )
        handed_in.cells.append(foreign)
    restored(generated, handed_in)
    assert all("nbgrader" not in cell.metadata for cell in handed_in.cells[-2:])


def test_a_locked_cell_that_was_edited_gets_its_text_back(generated: Path, handed_in: NotebookNode) -> None:
    cell = next(
        c for c in handed_in.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "check_tv_loss"
    )
    cell.update(cell_type="markdown", source="10")
    del cell["outputs"], cell["execution_count"]
    check = restored(generated, handed_in)["check_tv_loss"]
    assert check.cell_type == "code"
    assert check.source.endswith("### END HIDDEN TESTS\ncheck(tv_loss)")
    assert check.outputs == []


@pytest.mark.parametrize(
    ("shown", "points", "got"),
    [
        ("7.5", 10, 7.5),
        ("7.5", 20, 15.0),
        ("10.0", 0, 0.0),
        ("1000000.0", 10, 10.0),
        ("-3", 10, 0.0),
        ("nan", 10, 0.0),
        ("<Tensor>", 10, 0.0),
    ],
)
def test_the_number_of_a_cell_fits_its_points(shown: str, points: float, got: float) -> None:
    """nbgrader would give full marks for what is no number, and fail on too many points."""
    marks = {"grade": True, "solution": False, "grade_id": "check_tv_loss", "points": points}
    output = {"output_type": "execute_result", "data": {"text/plain": shown}, "metadata": {}}
    cell = nbformat.from_dict(
        {"cell_type": "code", "metadata": {"nbgrader": marks}, "outputs": [output], "source": ""}
    )
    fitted, _ = FitPoints().preprocess_cell(cell, {}, 0)
    assert determine_grade(fitted) == (got, points)
