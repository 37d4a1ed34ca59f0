"""Mistakes made in guided backprop's rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants


def guided(
    helps: Step = lambda g: g > 0,
    active: Step = lambda x: x > 0,
    both: Step = torch.logical_and,
    value: Step = lambda g, x: g,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of guided_relu_backward."""

    def guided_relu_backward(gradient: torch.Tensor, relu_input: torch.Tensor) -> Any:
        return result(value(gradient, relu_input) * both(helps(gradient), active(relu_input)))

    return guided_relu_backward


def _always(x: torch.Tensor) -> torch.Tensor:
    return torch.ones_like(x, dtype=torch.bool)


GUIDED = Recipe(
    "guided_relu_backward",
    guided,
    (
        Mistake(
            "guided-plain",
            "The plain gradient of a ReLU",
            "You let negative gradients through, as a ReLU does. Guided backprop stops them, too.",
            {"helps": _always},
        ),
        Mistake(
            "guided-deconvnet",
            "Only the gradient decides, as in a deconvnet",
            "You look at the gradient alone. The gradient passes only where the ReLU let its own input through, too.",
            {"active": _always},
        ),
        Mistake(
            "guided-unchanged",
            "The gradient is passed on as it is",
            "All of the gradient passes. Two conditions decide what may.",
            {"helps": _always, "active": _always},
        ),
        *variants(
            "guided-magnitude",
            "Absolute values",
            "You took the size of the gradient, so pixels that lower the neuron look as if they raise it. Negative "
            "gradients become zero.",
            {"helps": _always, "value": lambda g, x: g.abs()},
            {"helps": _always, "active": _always, "value": lambda g, x: g.abs()},
        ),
        *variants(
            "guided-returns-input",
            "The ReLU's input instead of the gradient",
            "You returned the ReLU's input. Its sign decides where the gradient passes, but the value to return is "
            "the gradient.",
            {"value": lambda g, x: x},
            {"value": lambda g, x: x, "helps": _always},
        ),
        Mistake(
            "guided-zero-passes",
            "The gradient passes where the input is zero",
            "Your gate is open where the ReLU's input is exactly zero. Such a neuron was inactive. Expected: "
            "greater than zero.",
            {"active": lambda x: x >= 0},
        ),
        Mistake(
            "guided-mask",
            "Ones and zeros instead of the gradient",
            "You returned where the gradient passes. Expected: the gradient itself at these places.",
            {"value": lambda g, x: torch.ones_like(g)},
        ),
        Mistake(
            "guided-either",
            "One of the two conditions is enough",
            "Your gradient passes where one condition or the other holds. Expected: both at once.",
            {"both": torch.logical_or},
        ),
        Mistake(
            "guided-negative-gradients",
            "The negative gradients pass",
            "You kept the negative part of the gradient. Expected: the positive part.",
            {"helps": lambda g: g < 0},
        ),
        *variants(
            "guided-silent-neurons",
            "The gradient passes where the ReLU was inactive",
            "Your gate is open where the ReLU's input was negative. Expected: open where it was positive.",
            {"active": lambda x: x < 0},
            {"active": lambda x: x <= 0},
        ),
        *variants(
            "guided-product",
            "The gradient is multiplied by the input",
            "You multiplied the gradient by the ReLU's input. The input only decides whether the gradient passes, not "
            "how much of it.",
            {"value": lambda g, x: g * x},
            {"value": lambda g, x: g * x, "helps": _always},
        ),
    ),
)
