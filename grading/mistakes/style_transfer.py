"""Mistakes seen in the content, Gram, style and total-variation losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.mistakes.declare import Mistake, Named, variants

Step = Callable[..., Any]


def _same(value: Any) -> Any:
    return value


DETACHED = (
    "Your result carries no gradient, so style transfer cannot move the image. Keep to tensor operations on the "
    "features: no .data, .detach(), .item(), numpy or new tensors made from their values."
)
NO_WEIGHT = "You left out the weight: multiply the sum by it."
MEAN = "You averaged. Asked is the sum over all elements: the mean depends on the size of the features."


def content(
    difference: Step = lambda a, b: (a - b) ** 2,
    reduce: Step = torch.sum,
    weigh: Step = lambda w, loss: w * loss,
    result: Step = _same,
) -> Callable[..., Any]:
    """Recipe of content_loss."""

    def content_loss(content_weight: float, current: torch.Tensor, original: torch.Tensor) -> Any:
        return result(weigh(content_weight, reduce(difference(current, original))))

    return content_loss


CONTENT = Named(
    content,
    (
        Mistake("content-mean", "Mean instead of sum", MEAN, {"reduce": torch.mean}),
        Mistake("content-no-weight", "The weight is missing", NO_WEIGHT, {"weigh": lambda w, loss: loss}),
        Mistake(
            "content-half",
            "A factor 1/2 too many",
            "Your loss is half of what is asked. Gatys et al. write a factor 1/2; this assignment does not.",
            {"weigh": lambda w, loss: w * loss / 2},
        ),
        Mistake(
            "content-not-squared",
            "Absolute differences instead of squared ones",
            "You added absolute differences. Asked are their squares.",
            {"difference": lambda a, b: (a - b).abs()},
        ),
        Mistake(
            "content-square-root",
            "The root of the sum of squares",
            "You took the norm. Asked is its square: the plain sum of squared differences.",
            {"reduce": lambda d: d.sum().sqrt()},
        ),
        Mistake("content-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)


def _each(features: torch.Tensor) -> torch.Tensor:
    return torch.einsum("nchw,ndhw->ncd", features, features)


def gram(
    products: Step = _each,
    divisor: Step = lambda n, c, h, w: c * h * w,
    when: Step = _same,
    result: Step = _same,
) -> Callable[..., Any]:
    """Recipe of gram_matrix."""

    def gram_matrix(features: torch.Tensor, normalize: bool = True) -> Any:
        matrix = products(features)
        return result(matrix / divisor(*features.shape) if when(normalize) else matrix)

    return gram_matrix


def _mixed(features: torch.Tensor) -> torch.Tensor:
    rows = features.reshape(features.shape[1], -1)
    return rows @ rows.T


def _stacked(features: torch.Tensor) -> torch.Tensor:
    rows = features.reshape(-1, features.shape[2] * features.shape[3])
    return rows @ rows.T


def _first_only(features: torch.Tensor) -> torch.Tensor:
    rows = features[0].reshape(features.shape[1], -1)
    return rows @ rows.T


def _one_only(features: torch.Tensor) -> torch.Tensor:
    return features.squeeze(0).reshape(features.shape[1], features.shape[2] * features.shape[3])


def _squeezed(features: torch.Tensor) -> torch.Tensor:
    rows = _one_only(features)
    return rows @ rows.T


ONE_IMAGE_ONLY = (
    "With several images your matrices mix them or fail. Each image has a Gram matrix of its own: keep the batch "
    "axis and multiply image by image."
)

GRAM = Named(
    gram,
    (
        *variants(
            "gram-no-batch-axis",
            "Returns (C, C) instead of (N, C, C)",
            "Your matrix has lost the batch axis: asked is one matrix per image, (N, C, C). Comparisons hide it, as "
            "(C, C) broadcasts against (1, C, C).",
            {"products": _mixed},
            {"products": _stacked},
            {"products": _first_only},
            {"products": _squeezed},
            {"products": lambda f: _each(f).squeeze()},
            {"products": lambda f: _each(f).sum(0)},
        ),
        *variants(
            "gram-one-image-only",
            "Right for one image only",
            ONE_IMAGE_ONLY,
            {"products": lambda f: _mixed(f)[None]},
            {"products": lambda f: _stacked(f)[None]},
            {"products": lambda f: _first_only(f)[None]},
            {"products": lambda f: _squeezed(f)[None]},
            {"products": lambda f: _each(f).sum(0)[None]},
            {"products": lambda f: (_mixed(f)).reshape(len(f), f.shape[1], f.shape[1])},
            {"products": lambda f: (_stacked(f)).reshape(len(f), f.shape[1], f.shape[1])},
            {"products": lambda f: torch.stack([_mixed(f)] * len(f))},
        ),
        Mistake(
            "gram-never-normalised",
            "normalize is ignored: never divided",
            "Your matrix is the same whether normalize is set or not. Divide by the number of values when it is.",
            {"when": lambda normalize: False},
        ),
        Mistake(
            "gram-always-normalised",
            "normalize is ignored: always divided",
            "Your matrix is divided whether normalize is set or not. Leave it as it is when normalize is False.",
            {"when": lambda normalize: True},
        ),
        *variants(
            "gram-wrong-divisor",
            "Divided by the wrong number",
            "Your matrix is the right one times a constant. Asked is division by the number of values of one "
            "image's features: channels times height times width.",
            {"divisor": lambda n, c, h, w: h * w},
            {"divisor": lambda n, c, h, w: n * c * h * w},
            {"divisor": lambda n, c, h, w: n * h * w},
            {"divisor": lambda n, c, h, w: c},
            {"divisor": lambda n, c, h, w: 2 * c * h * w},
            {"divisor": lambda n, c, h, w: c * c},
            {"divisor": lambda n, c, h, w: (c * h * w) ** 2},
        ),
        Mistake("gram-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)


def style(
    feature: Step = lambda feats, layers, i: feats[layers[i]],
    target: Step = lambda targets, layers, i: targets[i],
    weight: Step = lambda weights, layers, i: weights[i],
    difference: Step = lambda a, b: ((a - b) ** 2).sum(),
    normalize: bool = True,
    counted: Step = _same,
    result: Step = _same,
) -> Callable[..., Any]:
    """Recipe of style_loss."""

    def style_loss(feats: Any, style_layers: Any, style_targets: Any, style_weights: Any) -> Any:
        matrix = gram()
        total = torch.zeros(())
        for i in counted(range(len(style_layers))):
            current = matrix(feature(feats, style_layers, i), normalize)
            wanted = target(style_targets, style_layers, i)
            total = total + weight(style_weights, style_layers, i) * difference(current, wanted)
        return result(total)

    return style_loss


STYLE = Named(
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
            "Your loss is right only if style_layers is sorted: targets and weights belong to the layers in the "
            "order in which they are given.",
            {"feature": lambda feats, layers, i: feats[sorted(layers)[i]]},
        ),
        *variants(
            "style-by-layer",
            "Targets or weights are looked up by layer",
            "You used a layer's index to look up its target or its weight. These lists go by position: the i-th target "
            "and the i-th weight belong to style_layers[i].",
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
            "style-mean",
            "Mean instead of sum",
            "You averaged the squared differences of the Gram matrices. Asked is their sum.",
            {"difference": lambda a, b: ((a - b) ** 2).mean()},
        ),
        Mistake(
            "style-not-squared",
            "Absolute differences instead of squared ones",
            "You added absolute differences of the Gram matrices. Asked are their squares.",
            {"difference": lambda a, b: (a - b).abs().sum()},
        ),
        Mistake(
            "style-square-root",
            "The norm of the difference instead of its square",
            "You took the norm of the difference of the Gram matrices. Asked is the sum of the squared differences.",
            {"difference": lambda a, b: (a - b).norm()},
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


def tv(
    vertical: Step = lambda x: x[:, :, 1:] - x[:, :, :-1],
    horizontal: Step = lambda x: x[:, :, :, 1:] - x[:, :, :, :-1],
    power: Step = torch.square,
    reduce: Step = torch.sum,
    weigh: Step = lambda w, down, across: w * (down + across),
    result: Step = _same,
) -> Callable[..., Any]:
    """Recipe of tv_loss."""

    def tv_loss(img: torch.Tensor, tv_weight: float) -> Any:
        return result(weigh(tv_weight, reduce(power(vertical(img))), reduce(power(horizontal(img)))))

    return tv_loss


BORDER = (
    "Some pairs of neighbours at the border are left out. Every pixel but the last has a neighbour to the right, "
    "every pixel but the lowest one below: count the rows and columns of your two differences."
)


TV = Named(
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
            {"vertical": lambda x: (x[:, :, 1:] - x[:, :, :-1])[:, :, :-1]},
            {"horizontal": lambda x: (x[..., 1:] - x[..., :-1])[..., :-1]},
        ),
        *variants(
            "tv-wraps-around",
            "The picture's edges are compared with the opposite ones",
            "Your shift rolls around: the first row is compared with the last, the first column with the last. "
            "Only true neighbours count.",
            {
                "vertical": lambda x: x - torch.roll(x, 1, 2),
                "horizontal": lambda x: x - torch.roll(x, 1, 3),
            },
        ),
        Mistake(
            "tv-one-direction",
            "Only vertical neighbours",
            "Only neighbours above each other count in your loss; those side by side are missing.",
            {"horizontal": lambda x: torch.zeros_like(x[..., :1])},
        ),
        *variants(
            "tv-wrong-axis",
            "One of the differences runs along the wrong axis",
            "One of your two differences is not between neighbours in the picture. The axes of img are image, colour, "
            "row, column: one difference runs along the rows' axis, the other along the columns'.",
            {"vertical": lambda x: x[:, 1:] - x[:, :-1]},
            {"horizontal": lambda x: x[:, 1:] - x[:, :-1]},
            {"vertical": lambda x: x[:, 1:] - x[:, :-1], "horizontal": lambda x: x[:, :, 1:] - x[:, :, :-1]},
            {"horizontal": lambda x: x[:, :, 1:] - x[:, :, :-1]},
            {"vertical": lambda x: x[..., 1:] - x[..., :-1]},
        ),
        Mistake(
            "tv-one-direction",
            "Only horizontal neighbours",
            "Only neighbours side by side count in your loss; those above each other are missing.",
            {"vertical": lambda x: torch.zeros_like(x[:, :, :1])},
        ),
        Mistake("tv-mean", "Mean instead of sum", MEAN, {"reduce": torch.mean}),
        Mistake(
            "tv-not-squared",
            "Absolute differences instead of squared ones",
            "You added absolute differences. Asked are their squares.",
            {"power": torch.abs},
        ),
        *variants(
            "tv-no-weight",
            "The weight is missing",
            NO_WEIGHT,
            {"weigh": lambda w, down, across: down + across},
        ),
        *variants(
            "tv-weight-on-one-sum",
            "Only one of the two sums is weighted",
            "The weight stands at one of the two sums only. Put both in brackets before you multiply.",
            {"weigh": lambda w, down, across: w * down + across},
            {"weigh": lambda w, down, across: down + w * across},
        ),
        Mistake(
            "tv-half",
            "A factor 1/2 too many",
            "Your loss is half of what is asked: the plain sum of squared differences, times the weight.",
            {"weigh": lambda w, down, across: w * (down + across) / 2},
        ),
        Mistake(
            "tv-square-root",
            "The root of the sum of squares",
            "You took the square root of the sum. Asked is the plain sum of squared differences.",
            {"weigh": lambda w, down, across: w * (down + across).sqrt()},
        ),
        Mistake("tv-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)

NAMED = {"content_loss": CONTENT, "gram_matrix": GRAM, "style_loss": STYLE, "tv_loss": TV}
