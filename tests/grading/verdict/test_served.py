"""What student code is given of a function that it needs: results and gradients, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch

from grading.sandbox import Sandbox
from grading.sandbox.inside import remote
from grading.verdict.served import NUMBERS_LIMIT, Serve, served, serving

from ..conftest import HandIn
from .test_grade import by_name, graded


def gram(features: torch.Tensor, normalize: bool = True) -> torch.Tensor:
    """Of one image: explicit loops, another formula than the one under test."""
    count, channels, height, width = features.shape
    rows = [[(features[0, i] * features[0, j]).sum() for j in range(channels)] for i in range(channels)]
    assert count == 1
    return torch.stack([torch.stack(row) for row in rows])[None] / (
        channels * height * width if normalize else 1
    )


@pytest.fixture
def serve() -> Serve:
    answers = serving("gram_matrix")
    assert answers
    return answers


def ask(answers: Serve) -> remote.Ask:
    """Answer as the grader does, without a sandbox between."""

    def asked(header: Any, arrays: Mapping[str, np.ndarray]) -> tuple[Any, Mapping[str, np.ndarray]]:
        return answers(header, {key: np.array(array) for key, array in arrays.items()})

    return asked


@pytest.mark.parametrize("normalize", [True, False])
def test_result_and_gradient_are_those_of_the_formula(serve: Serve, normalize: bool) -> None:
    features = torch.rand(1, 3, 4, 5, dtype=torch.float64).requires_grad_()
    right = gram(features, normalize)
    weights = torch.rand_like(right)
    expected = torch.autograd.grad((right * weights).sum(), features)[0]
    result = remote.function("gram_matrix", ask(serve))(features, normalize=normalize)
    torch.testing.assert_close(result, right)
    torch.testing.assert_close(torch.autograd.grad((result * weights).sum(), features)[0], expected)


def test_what_the_right_function_raises_is_raised_where_it_is_called(serve: Serve) -> None:
    with pytest.raises(ValueError, match="unpack"):
        remote.function("gram_matrix", ask(serve))(torch.rand(3, 4))
    with pytest.raises(TypeError, match="expected tensors and numbers, got list"):
        remote.function("gram_matrix", ask(serve))([torch.rand(3, 4)])


@pytest.mark.parametrize(
    "features",
    [torch.zeros(1, 1, 1, NUMBERS_LIMIT + 1), torch.zeros(1, 1 << 12, 1, 1)],
    ids=["arguments", "result"],
)
def test_what_no_solution_sends_is_not_computed(features: torch.Tensor) -> None:
    made: list[torch.Tensor] = []

    def never(tensor: torch.Tensor) -> torch.Tensor:
        columns = tensor.reshape(-1, 1)
        made.append(columns)
        made.append(columns @ columns.T)
        return made[-1]

    with pytest.raises(ValueError, match=r"expected (a result of )?at most"):
        remote.function("never", ask(served({"never": never})))(features)
    assert all(tensor.numel() <= NUMBERS_LIMIT for tensor in made)


@pytest.mark.parametrize(
    "grow",
    [
        lambda x: x.expand(1 << 12, 1 << 12),
        lambda x: x + x.T,
        lambda x: x.new_zeros(1 << 23),
        lambda x: torch.einsum("ia,ja->ij", x, x),
    ],
    ids=["a told shape", "two vectors", "a new one", "a sum of products"],
)
def test_no_step_of_a_right_function_makes_what_is_too_large(grow: Callable[..., torch.Tensor]) -> None:
    with pytest.raises(ValueError, match="expected a result of at most"):
        remote.function("grow", ask(served({"grow": grow})))(torch.zeros(1 << 12, 1))


@pytest.mark.parametrize(
    "header",
    [
        {"call": "other", "args": [], "kwargs": {}},
        {"call": "gram_matrix"},
        {"call": "gram_matrix", "args": [{"tensor": 7}], "kwargs": {}},
        {"call": "gram_matrix", "args": [["nested"]], "kwargs": {}},
        {"call": "gram_matrix", "args": [], "kwargs": {}, "more": 1},
    ],
)
def test_a_forged_call_is_answered_with_an_error(serve: Serve, header: Any) -> None:
    reply, arrays = serve(header, {"0": np.zeros((1, 2, 3, 3), np.float32)})
    assert reply["raised"]["type"]
    assert arrays == {}


def test_the_right_function_has_no_text_in_the_process_of_the_student(
    hand_in: HandIn, sandbox: Sandbox
) -> None:
    tell = "import inspect\nraise RuntimeError(inspect.getsource(gram_matrix))"
    message = by_name(graded(hand_in("ada", style_loss=tell), sandbox))["style_loss"]["checks"][0]["message"]
    assert "was expected, got partial" in message
    assert "features" not in message
