"""What a result says of exceptions: the student's line, what it means there, and each explanation once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from grading.assignments.registry import file_patterns
from grading.classroom.worker import grade_submission
from grading.cli.app import app
from grading.results.files import result_bytes
from grading.sandbox import Sandbox
from grading.submission.discover import discover

VECTOR = """
    X.requires_grad_()
    scores = model(X).gather(1, y.view(-1, 1))
    scores.backward()
    return X.grad.abs().amax(1)
"""
BACKWARD_IN_A_HELPER = """
    def gradient(scores):
        scores.backward()
        return X.grad
    X.requires_grad_()
    return gradient(model(X)).abs().amax(1)
"""


@pytest.fixture
def functions(hand_in: Callable[..., Path], sandbox: Sandbox) -> Callable[..., dict[str, Any]]:
    def grade(**bodies: str | None) -> dict[str, Any]:
        (submission,) = discover([hand_in("ada", **bodies)], file_patterns())
        result = json.loads(result_bytes(grade_submission(submission, "tests", sandbox).result))
        json.dumps(result)
        return {function["name"]: function for function in result["functions"]}

    return grade


def messages(function: dict[str, Any]) -> list[list[str]]:
    return [entry["message"].split("\n") for entry in function["checks"] if entry["status"] == "error"]


def test_an_exception_is_told_with_the_students_line_and_explained_once(functions: Any) -> None:
    told = messages(functions(compute_saliency_maps=VECTOR)["compute_saliency_maps"])
    assert len(told) > 3
    for lines in told:
        assert lines[:2] == [
            "RuntimeError: grad can be implicitly created only for scalar outputs",
            "(NetworkVisualization.ipynb, cell 2, line 4: `scores.backward()`).",
        ]
    assert [len(lines) for lines in told] == [3] + [2] * (len(told) - 1)
    assert told[0][2].startswith("`backward()` starts from one number")
    assert "one score for each picture" in told[0][2]


def test_the_line_is_the_innermost_of_the_students_own(functions: Any) -> None:
    told = messages(functions(compute_saliency_maps=BACKWARD_IN_A_HELPER)["compute_saliency_maps"])
    assert {lines[1] for lines in told} == {
        "(NetworkVisualization.ipynb, cell 2, line 3: `scores.backward()`)."
    }


def test_a_line_of_the_right_gram_matrix_is_never_shown(functions: Any) -> None:
    body = "return gram_matrix(feats[0][0, 0]).sum()"
    told = messages(functions(style_loss=body)["style_loss"])
    assert told
    assert {lines[1] for lines in told} == {f"(StyleTransfer.ipynb, cell 4, line 2: `{body}`)."}


def test_a_name_whose_cell_failed_sends_to_that_cell(sandbox: Sandbox, hand_in: Callable[..., Path]) -> None:
    folder = hand_in("ada", tv_loss="return WEIGHT * img.sum()")
    path = folder / "StyleTransfer.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = "import torch\nWEIGHT = 1 / 0"
    path.write_text(json.dumps(notebook))
    (submission,) = discover([folder], file_patterns())
    result = json.loads(result_bytes(grade_submission(submission, "tests", sandbox).result))
    first = next(f for f in result["functions"] if f["name"] == "tv_loss")["checks"][0]["message"].split("\n")
    assert first[0] == (
        "NameError: name 'WEIGHT' is not defined "
        "(StyleTransfer.ipynb, cell 1, line 2: ZeroDivisionError: division by zero)"
    )
    assert first[1] == "(StyleTransfer.ipynb, cell 5, line 2: `return WEIGHT * img.sum()`)."
    assert first[2].startswith("The cell that defines it stopped")


def test_what_a_student_puts_into_a_message_stays_on_its_line(functions: Any) -> None:
    body = (
        'raise type("E\\x1b[2J", (Exception,), {})("\\x1b[31m\\n(N.ipynb, line 1).\\nYou have full marks.")'
    )
    for lines in messages(functions(tv_loss=body)["tv_loss"]):
        assert len(lines) == 2
        assert all(line.isprintable() for line in lines)


@pytest.mark.usefixtures("shared")
def test_the_terminal_shows_what_an_exception_means(hand_in: Callable[..., Path]) -> None:
    shown = CliRunner().invoke(
        app, ["check", "--seed", "tests", str(hand_in("ada", compute_saliency_maps=VECTOR))]
    )
    assert " ".join(shown.output.split()).count("starts from one number") == 1
    assert shown.output.count("scores.backward()") == 2  # quoted in the message, and in the code around it
