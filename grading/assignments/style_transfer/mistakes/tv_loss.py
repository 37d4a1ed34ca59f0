"""Mistakes seen in the total-variation loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.detector import detector
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.seen import Seen
from grading.assignments.vocabulary.sentences import DETACHED, MEAN, NO_WEIGHT, NOT_SQUARED, WEIGHT_SQUARED


def tv(
    vertical: Step = lambda x: x[:, :, 1:] - x[:, :, :-1],
    horizontal: Step = lambda x: x[:, :, :, 1:] - x[:, :, :, :-1],
    power: Step = torch.square,
    reduce: Step = torch.sum,
    outer: Step = identity,
    inner: Step = lambda w: (1.0, 1.0),
    root: Step = identity,
    factor: float = 1.0,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of tv_loss. `outer` is what the sum is multiplied by, `inner` what each of its two parts is."""

    def tv_loss(img: torch.Tensor, tv_weight: float) -> Any:
        down, across = reduce(power(vertical(img))), reduce(power(horizontal(img)))
        of_down, of_across = inner(tv_weight)
        return result(factor * outer(tv_weight) * root(of_down * down + of_across * across))

    return tv_loss


def _padded(x: torch.Tensor, before: int, behind: int, axis: int) -> torch.Tensor:
    zeros = torch.zeros_like(x.narrow(axis, 0, 1))
    return torch.cat([*[zeros] * before, x, *[zeros] * behind], axis).diff(dim=axis)


BORDER = (
    "Some pairs of neighbours at the border are left out. Every pixel but the last has a neighbour to the right, "
    "every pixel but the lowest one below: count the rows and columns of your two differences."
)


TV = Recipe(
    "tv_loss",
    tv,
    (
        *variants(
            "tv-border-dropped",
            "A border row or column is left out",
            BORDER,
            {
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[..., :-1],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[:, :, :-1],
            },
            {
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[..., 1:],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[:, :, 1:],
            },
            {
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[:, :, :-1],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[..., :-1],
            },
            {
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[:, :, 1:],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[..., 1:],
            },
            {  # a window of 3 x 3 pixels has no place at the border
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[:, :, 1:, 1:-1],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[:, :, 1:-1, 1:],
            },
            {
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[:, :, :-1, 1:-1],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[:, :, 1:-1, :-1],
            },
            {"vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[:, :, :-1]},
            {"horizontal": lambda x: (x[..., 1:] - x[..., :-1])[..., :-1]},
        ),
        *variants(
            "tv-wraps-around",
            "The picture's edges are compared with the opposite ones",
            "Your shift wraps around: the first row is compared with the last row, and the first column with the "
            "last column. Only real neighbours count.",
            {
                "vertical": lambda x: x - torch.roll(x, 1, 2),
                "horizontal": lambda x: x - torch.roll(x, 1, 3),
            },
        ),
        Mistake(
            "tv-one-direction",
            "Only vertical neighbours",
            "Only neighbours above each other count in your loss. Add the squared differences of those side by side.",
            {"horizontal": lambda x: torch.zeros_like(x[..., :1])},
        ),
        *variants(
            "tv-wrong-axis",
            "One of the differences runs along the wrong axis",
            "One of your two differences is not between neighbours in the picture. The axes of img are image, "
            "colour, row, column: one difference runs along the rows' axis, the other along the columns'.",
            {"vertical": lambda x: x[:, 1:] - x[:, :-1]},
            {"horizontal": lambda x: x[:, 1:] - x[:, :-1]},
            {"vertical": lambda x: x[:, 1:] - x[:, :-1], "horizontal": lambda x: x[:, :, 1:] - x[:, :, :-1]},
            {"horizontal": lambda x: x[:, :, 1:] - x[:, :, :-1]},
            {"vertical": lambda x: x[..., 1:] - x[..., :-1]},
        ),
        Mistake(
            "tv-one-direction",
            "Only horizontal neighbours",
            "Only neighbours side by side count in your loss. Add the squared differences of those above each other.",
            {"vertical": lambda x: torch.zeros_like(x[:, :, :1])},
        ),
        Mistake("tv-mean", "Mean instead of sum", MEAN, {"reduce": torch.mean}),
        Mistake(
            "tv-not-squared",
            "Absolute differences instead of squared ones",
            NOT_SQUARED,
            {"power": torch.abs},
        ),
        Mistake(
            "tv-square-of-sum",
            "The sum is squared instead of the differences",
            "You added the differences and squared their sum, so positive and negative differences cancel. "
            "Expected: the sum of their squares.",
            {"power": identity, "reduce": lambda d: d.sum() ** 2},
        ),
        Mistake(
            "tv-no-weight",
            "The weight is missing",
            NO_WEIGHT,
            {"outer": lambda w: 1.0},
        ),
        Mistake(
            "tv-weight-squared",
            "The weight is squared as well",
            WEIGHT_SQUARED,
            {"outer": lambda w: w**2},
        ),
        *variants(
            "tv-weight-on-one-sum",
            "Only one of the two sums is weighted",
            "You multiplied only one of the two sums by the weight. Put both in brackets before you multiply.",
            {"outer": lambda w: 1.0, "inner": lambda w: (w, 1.0)},
            {"outer": lambda w: 1.0, "inner": lambda w: (1.0, w)},
        ),
        Mistake(
            "tv-twice",
            "Every pair of neighbours counts twice",
            "Each pair of neighbours counts twice in your loss. Expected: once. Down and right are enough, because "
            "up and left are the same pairs again.",
            {"factor": 2.0},
        ),
        Mistake(
            "tv-isotropic",
            "Lengths of gradients instead of squared differences",
            "You added the length of the gradient at each pixel, as total variation is defined elsewhere. Here it is "
            "the plain sum of the squared differences in both directions.",
            {
                "vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[..., :-1],
                "horizontal": lambda x: (x[..., 1:] - x[..., :-1])[:, :, :-1],
                "reduce": identity,
                "root": lambda total: total.sqrt().sum(),
            },
        ),
        *variants(
            "tv-padded",
            "The border is compared with the padding",
            "Your picture is padded, so its border is compared with zeros that are not in the picture. Only real "
            "neighbours count.",
            {"vertical": lambda x: _padded(x, 0, 1, 2), "horizontal": lambda x: _padded(x, 0, 1, 3)},
            {"vertical": lambda x: _padded(x, 1, 0, 2), "horizontal": lambda x: _padded(x, 1, 0, 3)},
            {"vertical": lambda x: _padded(x, 1, 1, 2), "horizontal": lambda x: _padded(x, 1, 1, 3)},
        ),
        Mistake(
            "tv-half",
            "A factor 1/2 too many",
            "Your loss has a factor 1/2. Expected: the plain sum of squared differences, times the weight.",
            {"factor": 0.5},
        ),
        Mistake(
            "tv-square-root",
            "The root of the sum of squares",
            "You took the square root of the sum. Expected: the plain sum of squared differences.",
            {"root": torch.sqrt},
        ),
        Mistake("tv-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)


# So many operations more on a larger picture are a loop.
GROWTH = 4


@detector(
    "tv_loss",
    "tv-python-loop",
    "A Python loop over pixels",
    "Your loss visits rows, columns or pixels one by one, which takes seconds where two slices of the whole picture "
    "take a millisecond.",
)
def loops(seen: Seen) -> bool:
    """The tensor operations grow with the picture."""
    watched = [observation.calls for trial, observation in seen if "operations" in trial.watch]
    counts = [[facts.get("operations", 0) for facts in calls] for calls in watched]
    return any(count[-1] > count[0] + GROWTH for count in counts)
