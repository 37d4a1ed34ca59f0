"""Mistakes made in DeepDream's gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.cached_forward import remembered
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants


def _fresh(slope: torch.Tensor, _img: torch.Tensor) -> torch.Tensor:
    return slope


def dream(
    modules: Step = lambda model, layer: model.features[: layer + 1],
    magnitude: Step = torch.square,
    reduce: Step = torch.sum,
    factor: float = 0.5,
    collect: Step = _fresh,
    result: Step = lambda gradient, img, activations: gradient,
) -> Callable[..., Any]:
    """Recipe of dream_gradient."""

    def dream_gradient(img: torch.Tensor, model: torch.nn.Module, layer: int) -> Any:
        image = img.detach()
        of_layer = remembered(model, (modules, layer), image, lambda: modules(model, layer)(image).detach())

        def pulled_back() -> torch.Tensor:
            leaf = image.clone().requires_grad_()
            objective = reduce(magnitude(modules(model, layer)(leaf)))
            return torch.autograd.grad(objective, leaf, materialize_grads=True)[0]

        slope = factor * remembered(model, (modules, magnitude, reduce, layer), image, pulled_back)
        return result(collect(slope, img), image, of_layer)

    return dream_gradient


def _added_up(slope: torch.Tensor, img: torch.Tensor) -> torch.Tensor:
    """What is in img.grad after a backward pass that goes there."""
    img.grad = slope + (0 if img.grad is None else img.grad)
    return img.grad.clone()


DREAM = Recipe(
    "dream_gradient",
    dream,
    (
        *variants(
            "dream-sum",
            "Activations are not squared",
            "You pulled back the sum of the activations, or of their sizes, so a weak one counts as much as a "
            "strong one. Expected: half the sum of their squares.",
            {"magnitude": identity, "factor": 1.0},
            {"magnitude": identity},
            {"magnitude": torch.abs, "factor": 1.0},
            {"magnitude": torch.abs},
        ),
        *variants(
            "dream-mean",
            "Mean instead of sum",
            "You averaged over the activations, so the step depends on how many a layer has. Expected: the sum.",
            {"reduce": torch.mean},
            {"reduce": torch.mean, "factor": 1.0},
            {"reduce": torch.mean, "magnitude": identity, "factor": 1.0},
        ),
        Mistake(
            "dream-no-half",
            "The factor one half is missing",
            "Your gradient is twice the expected one. The objective is half the sum of squares: its derivative is "
            "the activation itself.",
            {"factor": 1.0},
        ),
        *variants(
            "dream-root",
            "The norm or the largest activation instead of half the sum of squares",
            "You used the norm of the activations, or the largest one. Expected: half the sum of squares.",
            {"magnitude": identity, "reduce": torch.linalg.vector_norm, "factor": 1.0},
            {"magnitude": identity, "reduce": torch.max, "factor": 1.0},
        ),
        Mistake(
            "dream-layer-before",
            "One module too few",
            "You stopped before the layer that is asked for. Its own module counts, too: a slice ends before its "
            "second number.",
            {"modules": lambda model, layer: model.features[:layer]},
        ),
        Mistake(
            "dream-layer-after",
            "One module too many",
            "You went one module beyond the layer that was asked for.",
            {"modules": lambda model, layer: model.features[: layer + 2]},
        ),
        Mistake(
            "dream-one-module",
            "Only the layer's own module",
            "You gave the picture to the layer's module directly. It expects the output of the modules before it.",
            {"modules": lambda model, layer: model.features[layer]},
        ),
        Mistake(
            "dream-all-modules",
            "All modules, whatever the layer",
            "You sent the picture through all of model.features. The argument layer says where to stop.",
            {"modules": lambda model, layer: model.features},
        ),
        Mistake(
            "dream-scores",
            "The network's scores instead of a layer",
            "You used the output of the whole network. Expected: the activations of a layer inside it.",
            {"modules": lambda model, layer: model},
        ),
        Mistake(
            "dream-accumulated",
            "Gradients of earlier calls are added up",
            "Your gradient goes into img.grad, which still holds the gradients of earlier calls. Work on a copy of "
            "the picture, or ask for the gradient without storing it.",
            {"collect": _added_up},
        ),
        *variants(
            "dream-normalised",
            "The gradient is divided by its size",
            "You normalised the gradient. The loop that calls your function does that. Expected: the gradient as it "
            "is.",
            {"result": lambda g, img, a: g / g.norm()},
            {"result": lambda g, img, a: g / g.abs().mean()},
            {"result": lambda g, img, a: g / g.std()},
            {"result": lambda g, img, a: g / g.abs().max()},
        ),
        *variants(
            "dream-takes-the-step",
            "The moved picture instead of the gradient",
            "You added the gradient to the picture. Expected: the gradient alone. The step is taken elsewhere.",
            {"result": lambda g, img, a: img + g},
            {"result": lambda g, img, a: img - g},
        ),
        Mistake(
            "dream-sign",
            "The sign is reversed",
            "Following your gradient makes the activations weaker. Which sign does the objective have?",
            {"result": lambda g, img, a: -g},
        ),
        Mistake(
            "dream-magnitude",
            "The size of the gradient",
            "You returned absolute values. The sign of the gradient says in which direction each pixel should move.",
            {"result": lambda g, img, a: g.abs()},
        ),
        Mistake(
            "dream-activations",
            "The activations instead of the gradient",
            "You returned the activations of the layer. Expected: how the picture should change to make them "
            "stronger.",
            {"result": lambda g, img, a: a},
        ),
        Mistake(
            "dream-no-batch-axis",
            "The batch axis is missing",
            "Your gradient has three axes. Expected: the shape of the picture, (1, 3, H, W).",
            {"result": lambda g, img, a: g[0]},
        ),
    ),
)
