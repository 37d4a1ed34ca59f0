"""Mistakes made when a saliency map becomes labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants


def _percentile(saliency: torch.Tensor, fraction: float) -> torch.Tensor:
    return torch.quantile(saliency, fraction)


def _labels(saliency: torch.Tensor, low: Any, high: Any, highest: Any) -> Any:
    """Return how many of the levels a pixel lies above: 0 to 3."""
    return (saliency >= low).int() + (saliency > high) + (saliency > highest)


def seeds(
    given: Step = identity,
    fractions: tuple[float, float, float] = (0.30, 0.75, 0.95),
    level: Step = _percentile,
    label: Step = _labels,
    codes: tuple[int, int, int, int] = (0, 2, 3, 1),
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of grabcut_seeds. `codes` are the labels of the four bands, from the darkest to the brightest."""

    def grabcut_seeds(saliency: torch.Tensor) -> Any:
        saliency = given(saliency)
        bands = label(saliency, *(level(saliency, fraction) for fraction in fractions))
        return result(torch.tensor(codes, dtype=torch.uint8)[bands.long()])

    return grabcut_seeds


def _of_maximum(saliency: torch.Tensor, fraction: float) -> torch.Tensor:
    return fraction * saliency.max()


def _of_range(saliency: torch.Tensor, fraction: float) -> torch.Tensor:
    low, high = saliency.min(), saliency.max()
    return low + fraction * (high - low)


def _of_rows(axis: int) -> Step:
    return lambda saliency, fraction: torch.quantile(saliency, fraction, dim=axis, keepdim=True)


def _fixed(saliency: torch.Tensor, fraction: float) -> float:
    return fraction


SEEDS = Recipe(
    "grabcut_seeds",
    seeds,
    (
        *variants(
            "seeds-codes-swapped",
            "The labels are exchanged",
            "You found the right pixels, but gave some of them each other's labels. OpenCV's codes are not ordered "
            "by certainty: look at the table again.",
            {"codes": (1, 2, 3, 0)},
            {"codes": (0, 3, 2, 1)},
            {"codes": (1, 3, 2, 0)},
            {"codes": (0, 1, 2, 3)},
            {"codes": (0, 2, 1, 3)},
            {"codes": (2, 0, 3, 1)},
            {"codes": (2, 0, 1, 3)},
        ),
        *variants(
            "seeds-of-the-maximum",
            "Fractions of the brightness instead of percentiles",
            "Your limits are fractions of the largest value, or of the range. A percentile counts pixels: a quarter of "
            "them lie above the 75th, however bright they are.",
            {"level": _of_maximum},
            {"level": _of_range},
            {"level": _fixed},
        ),
        *variants(
            "seeds-percent-for-fraction",
            "Percent and fractions are mixed up",
            "Your percentiles are a hundred times too small: one function counts from 0 to 100, another from 0 to 1.",
            {"fractions": (0.0030, 0.0075, 0.0095)},
        ),
        *variants(
            "seeds-other-percentiles",
            "Other percentiles than those asked for",
            "One of your percentiles is wrong, or is counted from the bright end. Expected: the 30th, the 75th and "
            "the 95th, counted from the darkest pixel.",
            {"fractions": (0.05, 0.25, 0.70)},
            {"fractions": (0.70, 0.75, 0.95)},
            {"fractions": (0.25, 0.75, 0.95)},
            {"fractions": (0.30, 0.70, 0.95)},
            {"fractions": (0.30, 0.75, 0.90)},
            {"fractions": (0.30, 0.75, 0.99)},
        ),
        *variants(
            "seeds-of-rows",
            "Percentiles of each row or column",
            "Your limits differ from row to row, or from column to column. Expected: the limits of the whole map.",
            {"level": _of_rows(1)},
            {"level": _of_rows(0)},
        ),
        Mistake(
            "seeds-overwritten",
            "The sure object is overwritten",
            "None of your pixels is sure foreground: those above the 95th percentile are above the 75th as well, "
            "and a later line gives them another label.",
            {"codes": (0, 2, 3, 3)},
        ),
        *variants(
            "seeds-background-overwritten",
            "The sure background is overwritten",
            "None of your pixels is sure background: a later line gives those below the 30th percentile another "
            "label.",
            {"codes": (2, 2, 3, 1)},
            {"codes": (3, 2, 3, 1)},
        ),
        *variants(
            "seeds-probable-missing",
            "A band has no label of its own",
            "One of the two probable labels is missing in your map, so GrabCut has less to decide. There are four "
            "bands and four labels.",
            {"codes": (0, 0, 3, 1)},
            {"codes": (0, 2, 2, 1)},
            {"codes": (0, 3, 3, 1)},
            {"codes": (0, 2, 1, 1)},
            {"codes": (0, 0, 1, 1)},
            {"codes": (0, 1, 3, 1)},
        ),
        Mistake(
            "seeds-inverted",
            "Dark pixels are taken for the object",
            "You labelled the least salient pixels as object. Saliency is large where the network looks.",
            {"given": torch.neg},
        ),
    ),
)
