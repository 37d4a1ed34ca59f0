"""The assignment does what it promises: `python -m pytest` with the path of this file, in the folder of the kit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grading.assignments.registry import assignment
from grading.classroom.worker import grade_submission, use_one_thread
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.notebooks.build import build_notebooks
from grading.results.definition import FunctionResult
from grading.sandbox import Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.stored_answers import stale_answers

HERE = Path(__file__).resolve().parent
REFERENCE = str(HERE)
HANGS = "def {name}(*_):\n    while True:\n        pass\n"


def examples(kind: str) -> list[Any]:
    """A case for each cell of the examples: the function, the cell's title, its text."""
    cases = []
    for path in sorted((HERE / "examples" / kind).glob("*.py")):
        for cell in re.split(r"^# %% ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, text = cell.partition("\n")
            cases.append(pytest.param(path.stem, title, f"import torch\n{text}", id=f"{path.stem}: {title}"))
    return cases


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    use_one_thread()
    with Sandbox(hidden=HIDDEN_FROM_CHILDREN) as warm:
        yield warm


def verdict(folder: Path, name: str, text: str, sandbox: Sandbox) -> FunctionResult:
    """Return the result of one function that is handed in as a .py file."""
    (folder / f"{assignment(REFERENCE).notebooks[0].name}.py").write_text(text, encoding="utf-8")
    result = grade_submission(Submission("ada", folder), "a seed of the tests", sandbox, REFERENCE).result
    return next(function for function in result.functions if function.name == name)


@pytest.mark.parametrize(("name", "_title", "text"), examples("right"))
def test_what_is_right_earns_all_points(
    name: str, _title: str, text: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    found = verdict(tmp_path, name, text, sandbox)
    assert found.status == "correct", found.checks
    assert found.score == found.max_score


@pytest.mark.parametrize(("name", "title", "text"), examples("wrong"))
def test_what_is_wrong_gets_the_name_of_its_mistake(
    name: str, title: str, text: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    found = verdict(tmp_path, name, text, sandbox)
    assert found.status in ("partial", "wrong"), found.checks
    assert found.diagnosis
    assert found.diagnosis.id == title


@pytest.mark.parametrize("name", [function.name for function in assignment(REFERENCE).functions])
def test_a_loop_that_never_ends_costs_its_function_only(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    assert verdict(tmp_path, name, HANGS.format(name=name), sandbox).status == "timeout"


def test_what_students_receive_is_a_stub(sandbox: Sandbox, tmp_path: Path) -> None:
    build_notebooks(tmp_path, assignment(REFERENCE).notebooks)
    result = grade_submission(Submission("ada", tmp_path), "a seed of the tests", sandbox, REFERENCE).result
    assert {function.status for function in result.functions} == {"stub"}
    assert result.score == 0
    assert result.max_score == assignment(REFERENCE).points


def test_the_stored_answers_hold() -> None:
    assert stale_answers(assignment(REFERENCE).notebooks) == []


def test_the_points_of_the_cells_are_those_of_the_checks() -> None:
    for notebook in assignment(REFERENCE).notebooks:
        text = notebook.source.read_text(encoding="utf-8")
        cells = dict(re.findall(r'"grade_id": "check_(\w+)".*?"points": ([\d.]+)', text))
        assert {name: float(points) for name, points in cells.items()} == {
            f.name: f.points for f in notebook.functions
        }
