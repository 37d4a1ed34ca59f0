"""Mistakes seen in the softmax loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step


def recipe(
    probabilities: Step = lambda scores: scores.log_softmax(dim=1),
    reduce: Step = torch.mean,
) -> Callable[..., Any]:
    """Recipe of softmax_loss: its keyword arguments are the steps of the computation; the defaults are right."""

    def softmax_loss(scores: torch.Tensor, labels: torch.Tensor) -> Any:
        return -reduce(probabilities(scores)[torch.arange(len(labels)), labels])

    return softmax_loss


# A recipe registers itself by being a value of this module. Pairs of mistakes that replace different steps are found
# without being listed. A hint says what was computed, what was expected and where to look; never the solution.
SOFTMAX = Recipe(
    "softmax_loss",
    recipe,
    (
        Mistake(
            "softmax-sum",
            "Sum instead of mean",
            "Your loss is the sum over the rows. Expected: their mean, so that it does not grow with the batch.",
            {"reduce": torch.sum},
        ),
        Mistake(
            "softmax-wrong-axis",
            "The softmax runs along the wrong axis",
            "Your probabilities sum to one in each column. Expected: in each row, over the classes.",
            {"probabilities": lambda scores: scores.log_softmax(dim=0)},
        ),
    ),
)
