"""Mistakes seen in the style loss."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import torch

from grading.assignments.style_transfer.mistakes.gram_matrix import gram
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import DETACHED, WEIGHT_SQUARED


def style(
    feature: Step = lambda feats, layers, i: feats[layers[i]],
    target: Step = lambda targets, layers, i: targets[i],
    weight: Step = lambda weights, layers, i: weights[i],
    power: Step = torch.square,
    reduce: Step = torch.sum,
    normalize: bool = True,
    listed: Step = identity,
    counted: Step = identity,
    divisor: Step = lambda c, h, w: 1,
    factor: float = 1.0,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of style_loss. `listed` are the weights that are gone through, `counted` their positions."""

    def style_loss(feats: Any, style_layers: Any, style_targets: Any, style_weights: Any) -> Any:
        matrix, weights = gram(), listed(style_weights)
        total = torch.zeros(())
        for i in counted(range(len(weights))):
            layer = feature(feats, style_layers, i)
            off = reduce(power(matrix(layer, normalize) - target(style_targets, style_layers, i)))
            total = total + weight(weights, style_layers, i) * off / divisor(*layer.shape[1:])
        return result(factor * total)

    return style_loss


STYLE = Recipe(
    "style_loss",
    style,
    (
        Mistake(
            "style-layers-in-order",
            "Takes the first layers instead of those asked for",
            "You used the features by their position in the list of layers. style_layers holds the indices into "
            "feats; targets and weights go by position.",
            {"feature": lambda feats, layers, i: feats[i]},
        ),
        Mistake(
            "style-sorted-layers",
            "Assumes that the layers are sorted",
            "You took the layers from the first to the last. Targets and weights belong to the layers in the order "
            "of style_layers, which may be unsorted.",
            {"feature": lambda feats, layers, i: feats[sorted(layers)[i]]},
        ),
        *variants(
            "style-by-layer",
            "Targets or weights are looked up by layer",
            "You used a layer's index to look up its target or its weight. These lists go by position: the i-th "
            "target and the i-th weight belong to style_layers[i].",
            {"target": lambda targets, layers, i: targets[layers[i]]},
            {"weight": lambda weights, layers, i: weights[layers[i]]},
            {
                "target": lambda targets, layers, i: targets[layers[i]],
                "weight": lambda weights, layers, i: weights[layers[i]],
            },
        ),
        Mistake(
            "style-one-layer",
            "Only the first layer counts",
            "Your loss is that of the first layer alone. Does the function return inside the loop?",
            {"counted": lambda order: order[:1]},
        ),
        Mistake(
            "style-one-layer",
            "Only the last layer counts",
            "Your loss is that of the last layer alone. Is it added up, or replaced in each turn of the loop?",
            {"counted": lambda order: order[-1:]},
        ),
        Mistake(
            "style-no-weight",
            "The weights are missing",
            "You added the layers with equal weight. Multiply each by its entry of style_weights.",
            {"weight": lambda weights, layers, i: 1.0},
        ),
        *variants(
            "style-drops-zero-weights",
            "A weight of zero drops the layers behind it, or moves their weights",
            "Your loss is wrong where a weight is zero: the layers after it are left out, or get the weight of "
            "another layer. A zero needs no special case: it makes its term zero.",
            {"listed": lambda weights: [weight for weight in weights if weight]},
            {"listed": lambda weights: list(takewhile(bool, weights))},
        ),
        *variants(
            "style-mean",
            "Mean instead of sum",
            "You averaged the squared differences of the Gram matrices. Expected: their sum.",
            {"reduce": torch.mean},
        ),
        Mistake(
            "style-not-squared",
            "Absolute differences instead of squared ones",
            "You added absolute differences of the Gram matrices. Expected: their squares.",
            {"power": torch.abs},
        ),
        Mistake(
            "style-square-root",
            "The norm of the difference instead of its square",
            "You took the norm of the difference of the Gram matrices. Expected: the sum of the squared differences.",
            {"reduce": lambda squares: squares.sum().sqrt()},
        ),
        *variants(
            "style-divided",
            "Divided by sizes, as in the paper",
            "You divided each layer's sum by the size of its features, as Gatys et al. do. Here the Gram matrices "
            "are normalised already. Expected: the plain sum of squared differences, times the weight.",
            {"divisor": lambda c, h, w: (2 * c * h * w) ** 2},
            {"divisor": lambda c, h, w: 4 * c**2},
            {"divisor": lambda c, h, w: c * h * w},
            {"divisor": lambda c, h, w: (c * h * w) ** 2},
            {"divisor": lambda c, h, w: h * w},
            {"divisor": lambda c, h, w: c},
        ),
        Mistake(
            "style-square-of-sum",
            "The sum is squared instead of the differences",
            "You added the differences of the Gram matrices and squared their sum, so positive and negative "
            "differences cancel. Expected: the sum of their squares. Check the brackets.",
            {"power": identity, "reduce": lambda d: d.sum() ** 2},
        ),
        Mistake(
            "style-weight-squared",
            "The weights are squared as well",
            WEIGHT_SQUARED,
            {"weight": lambda weights, layers, i: weights[i] ** 2},
        ),
        Mistake(
            "style-half",
            "A factor 1/2 too many",
            "Your loss has a factor 1/2. Expected: the plain sum of squared differences, times the weight.",
            {"factor": 0.5},
        ),
        Mistake(
            "style-not-normalised",
            "Gram matrices are not normalised",
            "You computed the Gram matrices without dividing by the number of values; the targets are normalised.",
            {"normalize": False},
        ),
        Mistake("style-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)
