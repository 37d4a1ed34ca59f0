"""Mistakes made in the loss of feature inversion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import NO_GRADIENT, NOT_SQUARED


def inversion(
    power: Step = torch.square,
    reduce: Step = torch.sum,
    size: Step = lambda feats, target: target.square().sum(),
    relative: Step = lambda error, size: error / size,
    factor: float = 1.0,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of inversion_loss."""

    def inversion_loss(feats: torch.Tensor, target: torch.Tensor) -> Any:
        return result(factor * relative(reduce(power(feats - target)), size(feats, target)))

    return inversion_loss


INVERSION = Recipe(
    "inversion_loss",
    inversion,
    (
        *variants(
            "inversion-not-squared",
            "Absolute differences instead of squared ones",
            NOT_SQUARED,
            {"power": torch.abs},
            {"power": torch.abs, "size": lambda f, t: t.abs().sum()},
        ),
        *variants(
            "inversion-mean",
            "A mean in the place of a sum",
            "One of your two sums is a mean, so the loss depends on how many features there are. Use a sum in the "
            "numerator and a sum in the denominator.",
            {"reduce": torch.mean},
            {"size": lambda f, t: t.square().mean()},
        ),
        *variants(
            "inversion-divided-by-feats",
            "Divided by the size of the picture's own features",
            "You divided by the size of feats, which changes while the picture is optimised. The target does not "
            "change.",
            {"size": lambda f, t: f.square().sum()},
            {"size": lambda f, t: f.square().sum() + t.square().sum()},
        ),
        Mistake(
            "inversion-root",
            "The square root of the expected loss",
            "You divided norms, the square roots of the sums of squares. Expected: the ratio of the sums themselves.",
            {"relative": lambda error, size: (error / size).sqrt()},
        ),
        *variants(
            "inversion-not-relative",
            "Not divided by the target's size",
            "Your loss is the squared error itself, or its mean, which is large where a layer is strong. Expected: "
            "the error relative to the target.",
            {"relative": lambda error, size: error},
            {"relative": lambda error, size: error, "reduce": torch.mean},
        ),
        *variants(
            "inversion-divided-by-length",
            "Divided by another size of the target",
            "You divided by the target's length, its sum or its largest value. Divide a sum of squares by a sum of "
            "squares.",
            {"size": lambda f, t: t.norm()},
            {"size": lambda f, t: t.abs().sum()},
            {"size": lambda f, t: t.sum()},
            {"size": lambda f, t: t.max()},
            {"size": lambda f, t: t.var() * t.numel()},
        ),
        *variants(
            "inversion-each-element",
            "Each difference is divided by its own target",
            "You divided element by element, which fails where the target is zero. Compute both sums first.",
            {
                "reduce": identity,
                "size": lambda f, t: t.square(),
                "relative": lambda error, size: (error / size).sum(),
            },
        ),
        Mistake(
            "inversion-square-of-sum",
            "The sum is squared instead of the differences",
            "You added the differences and squared their sum, so positive and negative differences cancel. "
            "Expected: the sum of their squares.",
            {"power": identity, "reduce": lambda d: d.sum() ** 2},
        ),
        Mistake(
            "inversion-half",
            "A factor 1/2 too many",
            "Your loss has a factor 1/2. Expected: no factor.",
            {"factor": 0.5},
        ),
        Mistake(
            "inversion-upside-down",
            "The quotient is upside down",
            "You divided the target's size by the error, so the loss decreases when the pictures differ more.",
            {"relative": lambda error, size: size / error},
        ),
        Mistake("inversion-detached", "Cut off from the graph", NO_GRADIENT, {"result": torch.Tensor.detach}),
    ),
)
