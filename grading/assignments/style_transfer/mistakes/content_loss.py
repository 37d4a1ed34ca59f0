"""Mistakes seen in the content loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import DETACHED, MEAN, NO_WEIGHT, NOT_SQUARED, WEIGHT_SQUARED


def content(
    difference: Step = lambda a, b: (a - b) ** 2,
    reduce: Step = torch.sum,
    weigh: Step = lambda w, loss: w * loss,
    factor: float = 1.0,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of content_loss."""

    def content_loss(content_weight: float, current: torch.Tensor, original: torch.Tensor) -> Any:
        return result(factor * weigh(content_weight, reduce(difference(current, original))))

    return content_loss


CONTENT = Recipe(
    "content_loss",
    content,
    (
        Mistake("content-mean", "Mean instead of sum", MEAN, {"reduce": torch.mean}),
        Mistake("content-no-weight", "The weight is missing", NO_WEIGHT, {"weigh": lambda w, loss: loss}),
        Mistake(
            "content-half",
            "A factor 1/2 too many",
            "Your loss has a factor 1/2. Gatys et al. write one; this assignment does not.",
            {"factor": 0.5},
        ),
        Mistake(
            "content-not-squared",
            "Absolute differences instead of squared ones",
            NOT_SQUARED,
            {"difference": lambda a, b: (a - b).abs()},
        ),
        Mistake(
            "content-square-root",
            "The root of the sum of squares",
            "You took the norm. Expected: its square, the plain sum of squared differences.",
            {"reduce": lambda d: d.sum().sqrt()},
        ),
        Mistake(
            "content-square-of-sum",
            "The sum is squared instead of the differences",
            "You added the differences and squared their sum, so positive and negative differences cancel. "
            "Expected: the sum of their squares.",
            {"difference": torch.sub, "reduce": lambda d: d.sum() ** 2},
        ),
        Mistake(
            "content-weight-squared",
            "The weight is squared as well",
            WEIGHT_SQUARED,
            {"weigh": lambda w, loss: w**2 * loss},
        ),
        *variants(
            "content-not-summed",
            "The squares are not added up to one number",
            "Your loss is not one number: it still has axes of the features. Expected: the sum over all of them.",
            {"reduce": identity},
            {"reduce": lambda d: d.sum((2, 3))},
            {"reduce": lambda d: d.sum(1)},
        ),
        Mistake("content-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)
