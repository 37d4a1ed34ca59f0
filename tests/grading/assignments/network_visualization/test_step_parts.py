"""A step with several mistakes at once is measured: what its parts are, and what is not as asked of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from cs231n.trials.observe import observe
from cs231n.trials.trial import needs_trained_network, trial_key
from grading.assignments.registry import function_named
from grading.results.definition import Diagnosis
from grading.verdict.diagnosis.diagnose import diagnose

STEP = "class_visualization_update_step"
Move = Callable[[torch.Tensor, torch.nn.Module, int, float, float], torch.Tensor]


def told(move: Move, zeroed: bool = True) -> Diagnosis:
    def step(img: Any, model: Any, target_y: int, l2_reg: float, learning_rate: float) -> None:
        added = move(img, model, target_y, l2_reg, learning_rate)
        img.data += added.detach()
        if zeroed:
            img.grad = None

    trials = {trial_key(trial): trial for trial in function_named(STEP).trials("tests").values()}
    cheap = [trial for trial in trials.values() if not needs_trained_network(trial)]
    found = diagnose(function_named(STEP), [(trial, observe(trial, {STEP: step})) for trial in cheap])
    assert found is not None
    return found


def backward(img: torch.Tensor, objective: torch.Tensor) -> torch.Tensor:
    objective.backward()
    assert img.grad is not None
    return img.grad


def test_a_raw_step_along_a_loss_with_the_wrong_sign_that_adds_up() -> None:
    def move(img, model, y, reg, lr):
        loss = -F.cross_entropy(model(img), torch.tensor([y])) + reg * (img**2).sum()
        return lr * backward(img, loss)

    found = told(move, zeroed=False)
    assert found.parts == ("observed-step-parts",)
    for said in (
        "the gradient of the cross-entropy, not that of the raw score",
        "makes the image larger",
        "is not divided by its norm",
        "an earlier gradient",
    ):
        assert said in found.hint
    assert "lowers the score" not in found.hint


def test_a_step_down_with_a_norm_that_is_not_squared_and_grows() -> None:
    found = told(lambda img, model, y, reg, lr: -lr * backward(img, model(img)[0, y] - reg * img.norm()))
    assert "step-descends" in found.parts
    found = told(lambda img, model, y, reg, lr: -lr * backward(img, model(img)[0, y] - 3 * reg * img.norm()))
    assert found.parts == ("observed-step-parts",)
    assert "It lowers the score" in found.hint
    assert "is 3 times l2_reg times the gradient of the norm of the image" in found.hint
    assert "an earlier gradient" not in found.hint


@pytest.mark.parametrize("weight", [1.0, 3.0])
def test_a_norm_for_each_colour_is_seen(weight: float) -> None:
    def move(img, model, y, reg, lr):
        g = backward(img, model(img)[0, y] - weight * reg * (img**2).sum())
        return lr * g / g.norm(dim=(2, 3), keepdim=True)

    found = told(move)
    assert found.parts == ("observed-step-parts",)
    assert "Each colour is divided by a number of its own" in found.hint
    assert ("3 times as large as asked" in found.hint) is (weight == 3)


def test_what_the_l2_term_is_made_of_is_said() -> None:
    def move(img, model, y, reg, lr):
        return lr * (backward(img, model(img)[0, y]) - 5 * reg * img**2)

    found = told(move)
    assert "made of the squares of the image" in found.hint
    assert "is not divided by its norm" in found.hint


def test_a_gradient_that_is_added_as_it_is_is_called_so() -> None:
    found = told(lambda img, model, y, reg, lr: backward(img, F.cross_entropy(model(img), torch.tensor([y]))))
    assert "added as it is" in found.hint
    assert "It lowers the score" in found.hint
    assert "No part of it comes from the L2 term" in found.hint


def test_nothing_is_said_of_a_step_made_of_something_else() -> None:
    trials = function_named(STEP).trials("tests").values()
    cheap = [trial for trial in trials if not needs_trained_network(trial)]

    def step(img, model, y, reg, lr):
        img.data += lr * torch.sin(300 * img.data)

    assert diagnose(function_named(STEP), [(trial, observe(trial, {STEP: step})) for trial in cheap]) is None
