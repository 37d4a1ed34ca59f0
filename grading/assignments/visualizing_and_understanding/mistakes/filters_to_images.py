"""Mistakes made when filters are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants

_EACH = (1, 2, 3)


def _unused(w: torch.Tensor) -> torch.Tensor:
    return torch.ones(())


def filters(
    size: Step = lambda w: w.abs().amax(_EACH, keepdim=True),
    safe: Step = lambda size: torch.where(size == 0, 1, size),
    place: Step = lambda w, size: 0.5 + 0.5 * w / size,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of filters_to_images."""

    def filters_to_images(weight: torch.Tensor) -> Any:
        return result(place(weight, safe(size(weight))))

    return filters_to_images


def _min_max(w: torch.Tensor, axes: tuple[int, ...], least: float) -> torch.Tensor:
    low, high = w.amin(axes, keepdim=True), w.amax(axes, keepdim=True)
    return (w - low) / (high - low).clamp(min=least)


FILTERS = Recipe(
    "filters_to_images",
    filters,
    (
        *variants(
            "filters-one-scale",
            "One scale for all filters",
            "You divided all filters by one number, so the strongest filter decides and weak ones look gray. Each "
            "filter has its own largest weight.",
            {"size": lambda w: w.abs().max()},
            {"size": lambda w: w.abs().amax((0, 2, 3), keepdim=True)},
            {"size": lambda w: w.abs().amax(0, keepdim=True)},
        ),
        *variants(
            "filters-min-max",
            "Stretched from the smallest to the largest weight",
            "You stretched each filter from its smallest to its largest weight, so zero is another gray in each of "
            "them. Gray must mean zero: use one scale for both signs.",
            *({"size": _unused, "place": lambda w, _, x=x: _min_max(w, _EACH, x)} for x in (0, 1e-8)),
            *({"size": _unused, "place": lambda w, _, x=x: _min_max(w, (2, 3), x)} for x in (0, 1e-8)),
            {"size": _unused, "place": lambda w, _: _min_max(w, (0, 1, 2, 3), 0)},
        ),
        *variants(
            "filters-scale-per-channel",
            "A scale for each colour instead of each filter",
            "You scaled each of the three colours by itself, so a filter with almost no weight on blue shows as "
            "much blue as red. Use one scale for all colours of a filter.",
            {"size": lambda w: w.abs().amax((2, 3), keepdim=True)},
            {"size": lambda w: w.abs().amax(1, keepdim=True)},
        ),
        *variants(
            "filters-clamped",
            "Weights cut off instead of scaled",
            "You cut off what does not fit into [0, 1], so strong filters lose their shape and weak ones stay gray. "
            "Expected: a scale for each filter that makes it fit.",
            {"size": _unused, "place": lambda w, _: w.clamp(0, 1)},
            {"size": _unused, "place": lambda w, _: (0.5 + w).clamp(0, 1)},
            {"size": _unused, "place": lambda w, _: (0.5 + 0.5 * w).clamp(0, 1)},
        ),
        Mistake(
            "filters-not-scaled",
            "Not divided by the largest weight",
            "You moved the weights, but left their size as it is. Each filter is divided by its largest absolute "
            "weight first.",
            {"size": _unused, "place": lambda w, _: 0.5 + 0.5 * w},
        ),
        *variants(
            "filters-no-abs",
            "The largest weight instead of the largest absolute weight",
            "You divided by the largest weight, sign included. Where the strongest weight of a filter is negative, "
            "the picture leaves [0, 1]. Use the largest absolute weight.",
            {"size": lambda w: w.amax(_EACH, keepdim=True)},
            {"size": lambda w: w.amin(_EACH, keepdim=True).abs()},
        ),
        Mistake(
            "filters-other-norm",
            "Divided by another size than the largest absolute weight",
            "You divided by a norm or a mean of the filter. Expected: its largest absolute weight, which puts the "
            "strongest weight at black or white.",
            {"size": lambda w: w.flatten(1).norm(dim=1).reshape(-1, 1, 1, 1)},
        ),
        *variants(
            "filters-other-norm",
            "Divided by another size than the largest absolute weight",
            "You divided by the spread or the mean size of the weights. Expected: the largest absolute weight, "
            "which puts the strongest weight at black or white.",
            {"size": lambda w: w.flatten(1).std(dim=1).reshape(-1, 1, 1, 1)},
            {"size": lambda w: w.abs().mean(_EACH, keepdim=True)},
            {"size": lambda w: w.abs().sum(_EACH, keepdim=True)},
        ),
        Mistake(
            "filters-divides-by-zero",
            "A filter of zeros is divided by zero",
            "A filter of zeros has zero for its largest weight, and your picture of it holds no numbers. What should "
            "be its colour, and what could it be divided by?",
            {"safe": identity},
        ),
        *variants(
            "filters-empty-not-gray",
            "A filter of zeros is not gray",
            "Your filters are right except for those of zeros, which are black or white. A weight of zero is gray, "
            "in these filters, too.",
            {"safe": identity, "result": lambda images: images.nan_to_num(0.0)},
            {"safe": identity, "result": lambda images: images.nan_to_num(1.0)},
        ),
        *variants(
            "filters-not-moved",
            "Zero is not moved to gray",
            "Your values lie between -1 and 1. Values of a picture lie between 0 and 1: zero goes to the middle, "
            "and half the range is left for each sign.",
            {"place": lambda w, size: w / size},
            {"place": lambda w, size: (w / size).clamp(0, 1)},
        ),
        *variants(
            "filters-not-halved",
            "Moved to gray without being halved",
            "Gray is in the middle, but your weights still span a range of two, and only a range of one is "
            "available.",
            {"place": lambda w, size: 0.5 + w / size},
            {"place": lambda w, size: (0.5 + w / size).clamp(0, 1)},
        ),
        Mistake(
            "filters-magnitude",
            "The size of the weights instead of the weights",
            "You drew absolute values, so dark and bright sides of an edge look alike. The sign decides whether a "
            "weight is darker or brighter than gray.",
            {"place": lambda w, size: w.abs() / size},
        ),
        Mistake(
            "filters-inverted",
            "Negative weights are bright",
            "Your pictures are negatives: positive weights are dark. A filter looks like the patch that activates "
            "it most, so positive weights must be bright.",
            {"place": lambda w, size: 0.5 - 0.5 * w / size},
        ),
        Mistake(
            "filters-bytes",
            "Values up to 255",
            "You scaled to 0..255. Expected: numbers between 0 and 1.",
            {"result": lambda images: images * 255},
        ),
        Mistake(
            "filters-channels-last",
            "Colours moved to the last axis",
            "Your pictures have the shape for plotting, (F, h, w, 3). Expected: the shape of the filters.",
            {"result": lambda images: images.permute(0, 2, 3, 1)},
        ),
    ),
)
