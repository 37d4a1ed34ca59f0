"""Mistakes seen in saliency maps, fooling images and class visualisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional as F

from grading.mistakes.declare import Mistake, Named, variants

Step = Callable[..., Any]

# Saliency maps


def _score(scores: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return scores[torch.arange(len(y)), y].sum()


def _squeezed(scores: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    picked = scores.gather(1, y.view(-1, 1)).squeeze()
    if picked.dim() == 0:
        raise RuntimeError("a vector of one gradient does not fit a scalar")
    return picked.sum()


def _five_only(scores: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    if len(y) != 5:
        raise RuntimeError("five gradients do not fit")
    return _score(scores, y)


def saliency(
    objective: Step = _score,
    magnitude: Step = torch.abs,
    over_channels: Step = lambda g: g.amax(1),
    afterwards: Step = lambda maps: maps,
    model_output: Step = lambda scores: scores,
    result: Step = lambda maps: maps,
) -> Callable[..., Any]:
    """Recipe of compute_saliency_maps."""

    def compute_saliency_maps(X: torch.Tensor, y: torch.Tensor, model: torch.nn.Module) -> Any:
        image = X.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(objective(model_output(model(image)), y), image)
        return result(afterwards(over_channels(magnitude(slope))))

    return compute_saliency_maps


def _same(value: Any) -> Any:
    return value


SALIENCY = Named(
    saliency,
    (
        *variants(
            "saliency-cross-entropy",
            "Gradient of the cross-entropy loss instead of the score",
            "You pulled back the cross-entropy loss, or a log-probability, which is the same but for the sign. It "
            "mixes in the scores of all other classes (and, as a mean, the batch size). Asked is the gradient of the "
            "raw score of the right class alone: look at what you call backward on.",
            {"objective": F.cross_entropy},
            {"objective": lambda s, y: F.cross_entropy(s, y, reduction="sum")},
        ),
        Mistake(
            "saliency-softmax",
            "Gradient of the probability instead of the score",
            "You pulled back a probability, which depends on the scores of all classes. Asked is the raw score, "
            "before any softmax.",
            {"objective": lambda s, y: _score(F.softmax(s, 1), y)},
        ),
        Mistake(
            "saliency-largest-score",
            "The largest score instead of the right class's",
            "You pulled back the largest score of each image, whatever its class. Asked is the score of the "
            "class given in y.",
            {"objective": lambda s, y: s.amax(1).sum()},
        ),
        *variants(
            "saliency-wrong-scores",
            "Scores of all labels picked for every image",
            "You picked the scores of all labels for each image (scores[:, y]). Each image has one label of its "
            "own: pair them up, as the gather example does.",
            {"objective": lambda s, y: s[:, y].sum()},
            {"objective": lambda s, y: s.sum()},
            {"objective": lambda s, y: s[:, y].mean()},
        ),
        Mistake(
            "saliency-squeeze-one",
            "squeeze() breaks a batch of one",
            "With one image, squeeze() also removes the batch axis, and what follows no longer fits. Name the axis "
            "that should go, or sum the scores before you call backward.",
            {"objective": _squeezed},
        ),
        Mistake(
            "saliency-squeeze-one",
            "squeeze() breaks a batch of one",
            "With one image, squeeze() also removes the batch axis from your maps: asked is (1, H, W). Name the axis "
            "that should go.",
            {"result": torch.squeeze},
        ),
        Mistake(
            "saliency-five-only",
            "Works for a batch of five only",
            "The gradient that you hand to backward has five entries, so any other number of images fails. Make its "
            "length follow the batch, or sum the scores first.",
            {"objective": _five_only},
        ),
        Mistake(
            "saliency-no-abs",
            "No absolute value",
            "Your maps are the largest gradient over the channels, sign included. A strong negative gradient "
            "matters just as much: asked is the magnitude.",
            {"magnitude": _same},
        ),
        Mistake(
            "saliency-abs-after-max",
            "Absolute value after the maximum",
            "You took the maximum over the channels first and its absolute value then, which loses channels with a "
            "strong negative gradient. Swap the two.",
            {"magnitude": _same, "afterwards": torch.abs},
        ),
        Mistake(
            "saliency-sum-over-channels",
            "Sum over the channels instead of the maximum",
            "You added the magnitudes of the three channels. Asked is the largest of them.",
            {"over_channels": lambda g: g.sum(1)},
        ),
        Mistake(
            "saliency-mean-over-channels",
            "Mean over the channels instead of the maximum",
            "You averaged the magnitudes of the three channels. Asked is the largest of them.",
            {"over_channels": lambda g: g.mean(1)},
        ),
        Mistake(
            "saliency-norm-over-channels",
            "Norm over the channels instead of the maximum",
            "You took the Euclidean norm over the three channels. Asked is the largest magnitude.",
            {"over_channels": lambda g: g.norm(dim=1)},
        ),
        Mistake(
            "saliency-averaged-over-batch",
            "Scores averaged over the batch",
            "You pulled back the mean of the scores, so every map is divided by the number of images. An image's "
            "map must not depend on how many others are in the batch.",
            {"objective": lambda s, y: _score(s, y) / len(y)},
        ),
    ),
)

# Fooling images


def _fooled(scores: torch.Tensor, target: int) -> bool:
    return bool(scores.argmax(1) == target)


def fooling(
    objective: Step = lambda scores, target: scores[0, target],
    divide_by: Step = torch.norm,
    keep: float = 0.0,
    stop: Step = _fooled,
    late: bool = False,
) -> Callable[..., Any]:
    """Recipe of make_fooling_image. `keep` is how much of the gradient of earlier steps stays."""

    def make_fooling_image(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        image, slope = X.detach().clone(), torch.zeros_like(X)
        for _ in range(100):
            image.requires_grad_()
            scores = model(image)
            stopping = stop(scores, target_y)
            if stopping and not late:
                break
            (fresh,) = torch.autograd.grad(objective(scores, target_y), image)
            slope = keep * slope + fresh
            image = (image + slope / divide_by(slope)).detach()
            if stopping:
                break
        return image.detach()

    return make_fooling_image


def _loss(scores: torch.Tensor, target: int) -> torch.Tensor:
    return -F.cross_entropy(scores, torch.tensor([target]))


NOT_NORMALISED = (
    "You added the gradient as it is. Asked is a step of fixed length: the gradient divided by its norm."
)
SQUARED_NORM = (
    "You divided the gradient by the square of its norm, so steep places get short steps. Asked is the gradient "
    "divided by its norm."
)

FOOLING = Named(
    fooling,
    (
        Mistake(
            "fooling-loss-gradient",
            "Gradient of a loss instead of the target's score",
            "You followed the gradient of the cross-entropy. It also pushes all other scores down. Asked is ascent "
            "on the raw score of the target class.",
            {"objective": _loss},
        ),
        Mistake(
            "fooling-gradient-not-zeroed",
            "The gradient of earlier steps is never zeroed",
            "Each backward adds to the gradient that is already there, so you followed the sum of all gradients so "
            "far. Clear it in each step.",
            {"keep": 1.0},
        ),
        Mistake(
            "fooling-not-normalised",
            "The step is not normalised",
            NOT_NORMALISED,
            {"divide_by": lambda g: 1.0},
        ),
        Mistake(
            "fooling-squared-norm",
            "Divided by the squared norm",
            SQUARED_NORM,
            {"divide_by": lambda g: (g * g).sum()},
        ),
        Mistake(
            "fooling-does-not-stop",
            "Does not stop when the network is fooled",
            "Your loop goes on after the network has been fooled, so the picture changes more than it must. Test "
            "the prediction in each step, and leave the loop.",
            {"stop": lambda scores, target: False},
        ),
        Mistake(
            "fooling-stops-late",
            "Stops one step too late",
            "You take a step before you look whether the scores already say the target: the picture that fooled the "
            "network is left behind. Test first, then step.",
            {"late": True},
        ),
    ),
)

# Class visualisation


def step(
    score: Step = lambda scores, y: scores[0, y],
    penalty: Step = lambda img: 2 * img,
    divide_by: Step = torch.norm,
    keep: float = 0.0,
    afterwards: Step = lambda img, l2_reg, lr: 0.0,
    in_place: bool = True,
) -> Callable[..., Any]:
    """Recipe of class_visualization_update_step: `penalty` is the gradient of the L2 term for l2_reg = 1."""

    def class_visualization_update_step(
        img: torch.Tensor, model: torch.nn.Module, target_y: int, l2_reg: float, learning_rate: float
    ) -> None:
        image = img.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(score(model(image), target_y), image)
        slope = slope - l2_reg * penalty(image.detach())
        if keep and img.grad is not None:
            slope = slope + keep * img.grad
        img.grad = slope.clone()
        moved = learning_rate * slope / divide_by(slope) + afterwards(image.detach(), l2_reg, learning_rate)
        if in_place:
            img.data += moved

    return class_visualization_update_step


STEP = Named(
    step,
    (
        Mistake(
            "step-not-normalised", "The step is not normalised", NOT_NORMALISED, {"divide_by": lambda g: 1.0}
        ),
        Mistake(
            "step-squared-norm",
            "Divided by the squared norm",
            SQUARED_NORM,
            {"divide_by": lambda g: (g * g).sum()},
        ),
        Mistake(
            "step-descends",
            "Goes down instead of up",
            "Your steps lower the score of the target class. Asked is ascent: look at the sign of what you add to img.",
            {"divide_by": lambda g: -g.norm()},
        ),
        Mistake(
            "step-l2-norm-not-squared",
            "The norm in the L2 term is not squared",
            "You subtracted l2_reg times the norm of the image. Asked is the squared norm, whose pull grows with "
            "the image.",
            {"penalty": lambda img: img / img.norm()},
        ),
        Mistake(
            "step-l2-missing",
            "The L2 term is missing, or too small to count",
            "Your step follows the score alone. Asked is the score minus l2_reg times the squared norm of the image. "
            "If you wrote that term: it is a sum over all values, not their mean, and it belongs to what you call "
            "backward on.",
            {"penalty": torch.zeros_like},
        ),
        Mistake(
            "step-l2-wrong-sign",
            "The L2 term has the wrong sign",
            "Your L2 term makes the image larger. It is a penalty: the score grows, the norm shrinks.",
            {"penalty": lambda img: -2 * img},
        ),
        Mistake(
            "step-l2-no-factor-two",
            "A factor 2 is missing in the gradient of the L2 term",
            "You wrote the gradient of the L2 term by hand and lost a factor: differentiate the squared norm again.",
            {"penalty": lambda img: img},
        ),
        *variants(
            "step-l2-after-normalising",
            "The L2 term is added after normalising",
            "You normalised the gradient of the score alone and applied the L2 term afterwards. Asked is the step "
            "along the gradient of both together, normalised as one.",
            {"penalty": torch.zeros_like, "afterwards": lambda img, reg, lr: -lr * reg * 2 * img},
            {"penalty": torch.zeros_like, "afterwards": lambda img, reg, lr: -reg * 2 * img},
            {"penalty": torch.zeros_like, "afterwards": lambda img, reg, lr: -lr * reg * img},
            {"penalty": torch.zeros_like, "afterwards": lambda img, reg, lr: lr * reg * 2 * img},
        ),
        Mistake(
            "step-gradient-not-zeroed",
            "The gradient of earlier steps is never zeroed",
            "Each backward adds to img.grad, so from the second call on you followed the sum of all gradients so "
            "far. Clear it at the end of each call.",
            {"keep": 1.0},
        ),
        Mistake(
            "step-not-in-place",
            "The image that was passed in is not updated",
            "You made a new image and left the one passed in as it was; the loop around your function never sees "
            "it. Change the values of img itself.",
            {"in_place": False},
        ),
        Mistake(
            "step-loss-gradient",
            "Gradient of a loss instead of the target's score",
            "You followed the gradient of the cross-entropy. Asked is ascent on the raw score of the target class.",
            {"score": _loss},
        ),
    ),
)

NAMED = {
    "compute_saliency_maps": SALIENCY,
    "make_fooling_image": FOOLING,
    "class_visualization_update_step": STEP,
}
