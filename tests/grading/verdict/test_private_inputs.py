"""Nothing that a student reads tells the inputs of private checks; what a library says of shapes stays."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
import torch

from cs231n.trials.exceptions import SHORTENED, STUDENT, WITHHELD, describe
from cs231n.trials.exceptions import told as told_of
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.registry import all_functions, function_named
from grading.results.files import result_bytes
from grading.submission.handed_in import Submission
from grading.submission.selection import Piece
from grading.verdict import private_inputs
from grading.verdict.grade import grade
from grading.verdict.private_inputs import StudentText, message_without_inputs, without_inputs
from grading.verdict.questions import read_here

from ..conftest import HandIn

SIZES = frozenset((0, 1, 2, 3, 4, 9, 11, 64, 224))
WRITTEN = frozenset(("helper", "weight_7"))
CELL = "A.ipynb, cell 3"
TEXT = StudentText([Piece("def tv_loss(img, tv_weight):\n    return img.view(7)", CELL, "definition", 2)])
TRIAL = Trial("tv_loss", ((Tensor(np.zeros((1, 3, 9, 11), np.float32)), 0.5),))


def told(message: str) -> str:
    return message_without_inputs(message, SIZES, WRITTEN)


def raised_by(body: str) -> dict[str, str]:
    names: dict[str, Any] = {"torch": torch, "np": np, "X": torch.arange(12.0).reshape(3, 4) / 7}
    try:
        exec(compile(body, CELL, "exec"), names)
    except BaseException as error:
        return describe(error)
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    "message",
    [
        "The size of tensor a (9) must match the size of tensor b (11) at non-singleton dimension 3",
        "shape '[3, -1]' is invalid for input of size 224",
        "mat1 and mat2 shapes cannot be multiplied (9x11 and 64x3)",
        "Given groups=1, weight of size [64, 3, 3, 3], expected input[1, 1, 9, 11] to have 3 channels, but got 1 "
        "channels instead",
        "operands could not be broadcast together with shapes (1,3,9,11) (1,3,11,9)",
        "'NoneType' object has no attribute 'zero_'",
        "unsupported operand type(s) for -: 'torch.return_types.max' and 'torch.return_types.min'",
        "name 'weight_7' is not defined",
        "iteration over a 0-d tensor",
        "gather(): Expected dtype int32/int64 for index",
        "grad can be implicitly created only for scalar outputs",
        "'SmallSqueezeNet' object has no attribute 'conv2d'",
        "linalg.matrix_norm: dim must be a 2-tuple. Got 1 2 3",
        "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a "
        "0-dim tensor to a number",
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
    ],
)
def test_what_a_library_says_of_shapes_and_types_stays(message: str) -> None:
    assert told(message) == message


@pytest.mark.parametrize(
    "message",
    [
        "shape '[0.862, 0.879]' is invalid for input of size 862",
        "shape '[862, 879, 896, 913, 930]' is invalid for input of size 99862",
        "name 'x_862879' is not defined",
        "'Tensor' object has no attribute 'v862879'",
        "could not convert string to float: '0.862 0.879'",
        "0.862 is not in list",
        "8.62e-1 and -8.79E+01 and 0x862879",
        "index 862879 is out of bounds for dimension 862",
        "the value is ٨٦٢ ８７９ eight862nine",
        "No module named 'm862.m879'",
        "invalid value 862L and 1_862 and 862.879.913",
    ],
)
def test_no_number_of_an_input_is_in_what_is_told(message: str) -> None:
    assert not re.search(r"862|879|896|913|[٨８]", told(message))


def test_where_a_library_lies_is_left_out_as_one() -> None:
    message = (
        "cannot import name 'view' from 'torch.nn.functional' (/opt/k-it/lib/python3.11/torch/functional.py)"
    )
    assert told(message) == "cannot import name 'view' from 'torch.nn.functional' (…)"


def test_of_a_message_with_parts_left_out_it_is_said_what_the_dots_are() -> None:
    """Once in a function; a message that is whole says nothing of it."""
    explained: set[str] = set()
    cut = {"type": "IndexError", "message": "Target … is out of bounds.", "place": "", SHORTENED: "yes"}
    once, again = (told_of(cut, {}, explained) for _ in range(2))
    assert once.endswith("… stands for parts that could tell the inputs of this private check.")
    assert "private check" not in again
    assert SHORTENED in forged(type="IndexError", message="Target 862 is out of bounds.")
    assert SHORTENED not in forged(message="mat1 and mat2 shapes cannot be multiplied (9x11 and 64x3)")


def test_an_error_of_pythons_own_modules_keeps_its_name() -> None:
    raised = forged(type="URLError", message="<urlopen error 862>", by=STUDENT)
    assert (raised["type"], raised["message"]) == ("URLError", "")


def test_numbers_written_figure_by_figure_soon_end() -> None:
    shape = ", ".join("9" * 1) + ", 1, 2, 3, 4, 9, 1, 2"
    assert not re.search(r"1, 2, 3, 4, 9", told(f"shape '[{shape}]' is invalid"))
    many = told("size" + " of 9" * 200)
    assert sum(map(str.isdigit, many)) == private_inputs.FIGURES


@pytest.mark.parametrize(
    "text", ["zero one two of to", "0 1 2 3 4 9 0 1 2 3 4 9", "a b a b b a", "[](){}[]()"]
)
def test_a_quotation_is_one_name_or_one_shape(text: str) -> None:
    assert text not in told(f"'Tensor' object has no attribute '{text}'")


@pytest.mark.parametrize(
    "body",
    [
        "raise RuntimeError(f'{X[0, 1]}')",
        "raise ValueError('shape [3, 4] is invalid')",
        "assert False, X.tolist()",
        "class E(RuntimeError):\n    def __str__(self): return str(X.tolist())\n(_ for _ in ()).throw(E())",
        "(_ for _ in ()).throw(RuntimeError(str(X.tolist())))",
        "torch._assert(False, str(X.tolist()))",
        "torch._check(False, lambda: str(X.tolist()))",
        "exec('raise RuntimeError(str(X.tolist()))')",
        "np.testing.assert_allclose(X.numpy(), 0)",
        "import concurrent.futures as c\nf = c.Future()\nf.set_exception(RuntimeError(str(X.tolist())))\nf.result()",
        "{}[float(X[0, 1])]",
        "import sys\nsys.exit(str(X.tolist()))",
        "next(iter([]), *X.tolist())",
        "[].index(float(X[0, 1]))",
        "int(str(float(X[0, 1])))",
        "getattr(X, str(X.tolist()))",
        "X.view([int(1e5 * v) for v in X.flatten()])",
        "torch.zeros(int(1e15 * X[0, 1]))",
        "raise type(f'E{int(1e6 * X[0, 1])}', (Exception,), {})",
        "open(str(float(X[0, 1])))",
        "__import__(f'm{int(1e6 * X[0, 1])}')",
        "exec(f'x{int(1e6 * X[0, 1])}')",
        "exec(compile('1/0', f'cell {int(1e6 * X[0, 1])}', 'exec'))",
    ],
)
def test_an_exception_carries_no_input_however_it_is_raised(body: str) -> None:
    """1 / 7 is 0.142857..."""
    raised = raised_by(body)
    calls = [{"raised": raised, "type": None, "graph": False}]
    text = StudentText([Piece(body, CELL, "definition", 1)])
    (call,) = without_inputs(Observation(calls, {}), TRIAL, text).calls
    assert not re.search("142|857|428", json.dumps(call["raised"]))


@pytest.mark.parametrize(
    "body",
    ["X + X.T", "X.view(7)", "X @ X", "X[9]", "X.sum().backward()", "X.foo", "if X: pass", "torch.bmm(X, X)"],
)
def test_what_pytorch_raises_is_not_taken_for_the_students_own(body: str) -> None:
    assert raised_by(body)["by"] == ""


@pytest.mark.parametrize(
    "body", ["raise ValueError('x')", "assert False, 'x'", "(_ for _ in ()).throw(ValueError())"]
)
def test_what_the_students_code_raises_is_known_as_its_own(body: str) -> None:
    assert raised_by(body)["by"] == STUDENT


def facts(**changed: Any) -> dict[str, Any]:
    call = {"raised": None, "type": "Tensor", "graph": False, **changed}
    (told,) = without_inputs(Observation([call], {}), TRIAL, TEXT).calls
    return told


def test_types_and_dtypes_are_those_that_somebody_knows() -> None:
    assert [facts(type=name)["type"] for name in ("Tensor", "max", "dict_values", "NoneType")] == [
        "Tensor", "max", "dict_values", "NoneType",
    ]  # fmt: skip
    assert facts(type="T862879")["type"] == "object"
    assert [facts(dtype=name)["dtype"] for name in ("float32", "int64", "862")] == [
        "float32",
        "int64",
        "object",
    ]
    assert facts(unreadable="complex64")["unreadable"] == "complex64"
    assert facts(unreadable="<U862")["unreadable"] == "object"


def forged(**changed: str) -> dict[str, str]:
    raised = {
        "type": "RuntimeError",
        "message": "",
        "place": f"{CELL}, line 3",
        "line": "",
        "by": "",
        **changed,
    }
    found: dict[str, str] = facts(raised=raised)["raised"]
    return found


def test_place_and_line_are_read_from_what_was_handed_in() -> None:
    assert forged(line="0.862")["line"] == "return img.view(7)"
    for place in ("cell 862", "A.ipynb, cell 3, line 862", f"{CELL}, line 1", ""):
        assert (forged(place=place, line="0.862")["place"], forged(place=place)["line"]) == ("", "")


def test_a_type_that_nobody_knows_has_neither_name_nor_message() -> None:
    raised = forged(type="E862", message="grad can be implicitly created only for scalar outputs")
    assert (raised["type"], raised["message"]) == ("Exception", "")
    assert WITHHELD in raised


def test_every_picture_of_the_report_is_of_public_inputs() -> None:
    shown = [asked for asked in all_functions() if asked.shown]
    assert len(shown) > 3
    assert all(asked.shown.check in asked.public_checks for asked in shown if asked.shown)


REMEMBERS = """
    global kept
    kept = globals().get("kept", []) + [float(img.flatten()[5])]
    raise RuntimeError(f"{kept}")
"""


def graded(folder: Any, sandbox: Any) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(
        result_bytes(grade(read_here(Submission(folder.name, folder)), "tests", sandbox).result)
    )
    return {function["name"]: function for function in result["functions"]}


def test_a_public_check_tells_nothing_that_a_private_one_has_left_behind(
    hand_in: HandIn, sandbox: Any
) -> None:
    function = graded(hand_in("ada", tv_loss=REMEMBERS), sandbox)["tv_loss"]
    asked = function_named("tv_loss")
    text = json.dumps(function)
    for id, trial in asked.trials("tests").items():
        number = (
            str(float(trial.calls[0][0].data.ravel()[5])) if isinstance(trial.calls[0][0], Tensor) else ""
        )
        if number and id not in asked.public_checks:
            assert number not in text
    told = {check["id"]: check["message"] for check in function["checks"]}
    for check in asked.checks:
        assert ("is shown for public checks only" in told[check.id]) is not check.public


def test_the_function_that_the_grader_computes_shows_no_source(hand_in: HandIn, sandbox: Any) -> None:
    body = "import inspect; raise RuntimeError(inspect.getsource(gram_matrix))"
    text = json.dumps(graded(hand_in("ada", style_loss=body), sandbox)["style_loss"])
    assert "expected, got partial" in text
    assert "_Remote" not in text
