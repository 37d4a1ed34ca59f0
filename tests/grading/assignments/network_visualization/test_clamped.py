"""Claims about clamped images: they are told so, and what is not clamped is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from cs231n.trials.observe import observe
from cs231n.trials.trial import needs_trained_network, trial_key
from grading.assignments.network_visualization.mistakes.clamped import limits
from grading.assignments.registry import function_named
from grading.results.definition import Diagnosis
from grading.verdict.diagnosis.diagnose import diagnose

BEFORE = np.random.default_rng(0).normal(size=(3, 20, 20)).astype(np.float32)
AFTER = BEFORE + np.float32(0.1)


def told(name: str, function: Any) -> Diagnosis:
    trials = {trial_key(trial): trial for trial in function_named(name).trials("tests").values()}
    cheap = [trial for trial in trials.values() if not needs_trained_network(trial)]
    found = diagnose(function_named(name), [(trial, observe(trial, {name: function})) for trial in cheap])
    assert found is not None
    return found


def test_both_limits_or_one_of_them_are_said() -> None:
    assert limits([(BEFORE, AFTER.clip(-1, 1.5))]) == "-1, 1.5"
    assert limits([(BEFORE, AFTER.clip(None, 1.25))]) == "1.2"


def test_an_image_within_the_limits_of_others_says_nothing_against_them() -> None:
    small = BEFORE / 10
    assert limits([(small, small + 0.01), (BEFORE, AFTER.clip(-1, 1))]) == "-1, 1"
    assert limits([(2 * BEFORE, 2 * AFTER), (BEFORE, AFTER.clip(-1, 1))]) == ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, AFTER),
        (BEFORE.clip(-1, 1), AFTER.clip(-1, 1)),  # it came with these limits
        (BEFORE, np.sign(BEFORE)),
        (BEFORE, np.zeros_like(BEFORE)),
    ],
)
def test_what_is_not_clamped_has_no_limits(before: np.ndarray, after: np.ndarray) -> None:
    assert limits([(before, after)]) == ""


@pytest.mark.parametrize("limit", [1.0, 1.5])
def test_a_fooling_loop_that_clamps_is_told_so(limit: float) -> None:
    def make_fooling_image(X, target_y, model):
        image = X.clone()
        for _ in range(100):
            image = image.detach().requires_grad_()
            scores = model(image)
            if scores.argmax() == target_y:
                break
            (g,) = torch.autograd.grad(scores[0, target_y], image)
            image = (image + g / g.norm()).clamp(-limit, limit)
        return image.detach()

    found = told("make_fooling_image", make_fooling_image)
    assert found.parts == ("observed-clamped",)
    assert f"(-{limit:.2g}, {limit:.2g})" in found.hint


def test_a_step_that_clamps_is_told_so_though_one_image_stays_within_the_limits() -> None:
    def class_visualization_update_step(img, model, target_y, l2_reg, learning_rate):
        (model(img)[0, target_y] - l2_reg * (img**2).sum()).backward()
        with torch.no_grad():
            img += learning_rate * img.grad / img.grad.norm()
            img.clamp_(-2, 2)
            img.grad.zero_()

    found = told("class_visualization_update_step", class_visualization_update_step)
    assert found.parts == ("observed-step-clamped",)
    assert "(-2, 2)" in found.hint
