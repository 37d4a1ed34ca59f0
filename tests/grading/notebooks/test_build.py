"""The student notebooks are exactly what the source generates, and nothing of the solutions is in them."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat import NotebookNode

from grading.assignments.registry import all_functions, notebook_named, notebooks, rubric
from grading.errors import KitError
from grading.notebooks.clear_solutions import TEXT_STUB
from grading.notebooks import build
from grading.notebooks.build import build_notebooks, read_notebook, solved_notebook

COMMITTED = Path(__file__).parents[3] / "notebooks"
CORE = ("NetworkVisualization", "StyleTransfer")
NAMES = (*CORE, "VisualizingAndUnderstanding")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    paths = build_notebooks(tmp_path_factory.mktemp("built"), notebooks())
    return {path.stem: read_notebook(path) for path in paths}


def graded(notebook: NotebookNode) -> dict[str, NotebookNode]:
    cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def test_the_committed_notebooks_are_what_the_source_generates(tmp_path: Path) -> None:
    for path in build_notebooks(tmp_path, notebooks()):
        assert path.read_bytes() == (COMMITTED / path.name).read_bytes(), (
            "run `make build` and commit notebooks/"
        )
    assert sorted(path.name for path in COMMITTED.glob("*.ipynb")) == sorted(
        p.name for p in tmp_path.iterdir()
    )


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = build_notebooks(tmp_path / "one", notebooks()), build_notebooks(tmp_path / "two", notebooks())
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


@pytest.mark.parametrize("name", NAMES)
def test_there_are_no_outputs_and_no_traces_of_a_machine(built: dict[str, NotebookNode], name: str) -> None:
    notebook = built[name]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert {key for cell in notebook.cells for key in cell.metadata} <= {
        "nbgrader",
        "tags",
        "deletable",
        "editable",
    }


@pytest.mark.parametrize("name", NAMES)
def test_cell_ids_are_unique_and_those_of_the_solved_notebook(
    built: dict[str, NotebookNode], name: str
) -> None:
    solved = solved_notebook(notebook_named(name).source)
    ids = [cell.id for cell in built[name].cells]
    assert len(set(ids)) == len(ids)
    assert ids == [cell.id for cell in solved.cells]
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell_id) for cell_id in ids)


@pytest.mark.parametrize("name", NAMES)
def test_every_solution_gave_way_to_the_courses_stub(built: dict[str, NotebookNode], name: str) -> None:
    asked = {function.name for function in all_functions() if function.notebook == name}
    cells = graded(built[name])
    assert asked <= cells.keys()
    for function in asked:
        source = cells[function].source
        assert re.search(
            r"^    # \*{5}START OF YOUR CODE \(DO NOT DELETE/MODIFY THIS LINE\)\*{5}\n\s*\n    pass\n\s*\n"
            r"    # \*{5}END OF YOUR CODE \(DO NOT DELETE/MODIFY THIS LINE\)\*{5}$",
            source,
            flags=re.MULTILINE,
        )
        (definition,) = ast.parse(source).body
        assert isinstance(definition, ast.FunctionDef)
        assert definition.name == function
        assert ast.get_docstring(definition)
        assert cells[function].metadata.deletable is False
    everything = "\n".join(cell.source for cell in built[name].cells)
    assert "SOLUTION" not in everything


def test_the_self_checks_carry_the_points_of_the_rubric(built: dict[str, NotebookNode]) -> None:
    for asked in all_functions():
        cell = graded(built[asked.notebook])[f"check_{asked.name}"]
        assert cell.metadata.nbgrader.points == asked.points
        assert cell.metadata.nbgrader.grade
        assert cell.metadata.nbgrader.locked
        assert cell.metadata.editable is False
        assert cell.source == f"check({asked.name})"
    assert sum(asked.points for asked in rubric()) == 100


@pytest.mark.parametrize("name", NAMES)
def test_a_self_check_follows_the_function_it_checks(built: dict[str, NotebookNode], name: str) -> None:
    ids = list(graded(built[name]))
    for asked in all_functions():
        if asked.notebook == name:
            assert ids.index(f"check_{asked.name}") == ids.index(asked.name) + 1


@pytest.mark.parametrize("name", CORE)
def test_inline_questions_are_graded_by_hand_and_empty(built: dict[str, NotebookNode], name: str) -> None:
    questions = [cell for grade_id, cell in graded(built[name]).items() if grade_id.startswith("question_")]
    assert len(questions) == 3
    for cell in questions:
        assert cell.cell_type == "markdown"
        assert cell.metadata.nbgrader.grade
        assert cell.metadata.nbgrader.solution
        assert cell.source == f"**Your answer:**\n\n{TEXT_STUB}"


def test_cells_that_say_the_same_get_different_ids(tmp_path: Path) -> None:
    source = tmp_path / "Twice.py"
    source.write_text("# %%\nx = 1\n\n# %%\nx = 1\n", encoding="utf-8")
    first, second = solved_notebook(source).cells
    assert second.id == f"{first.id}-2"


def test_a_source_that_nbgrader_refuses_is_an_error_that_names_it(tmp_path: Path) -> None:
    source = tmp_path / "Broken.py"
    source.write_text("# %%\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", encoding="utf-8")
    broken: Any = SimpleNamespace(name="Broken", source=source)
    with pytest.raises(KitError, match="nbgrader"):
        build_notebooks(tmp_path / "out", [broken])


def test_a_folder_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KitError, match="file"):
        build_notebooks(tmp_path / "file" / "notebooks", notebooks())


def test_the_sources_are_the_three_notebooks() -> None:
    assert [notebook.name for notebook in notebooks()] == list(NAMES)
