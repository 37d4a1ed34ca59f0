"""Mistakes seen in fooling images. How long a loop goes on is told by `fooling_trajectory`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from cs231n.trials.judges import given
from grading.assignments.network_visualization.mistakes.norms import OTHER_NORMS
from grading.assignments.vocabulary.detector import Kind, detector
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.seen import Seen
from grading.assignments.vocabulary.sentences import NOT_NORMALISED, OTHER_NORM, SQUARED_NORM

STEPS = 100


def fooled(scores: torch.Tensor, target: int) -> bool:
    """Whether the network takes its one picture for the target."""
    return bool(scores.argmax(1) == target)


def score(scores: torch.Tensor, target: int) -> torch.Tensor:
    """What a fooling image should climb."""
    return scores[0, target]


def _loss(scores: torch.Tensor, target: int) -> torch.Tensor:
    return -F.cross_entropy(scores, torch.tensor([target]))


def _logarithm(scores: torch.Tensor, target: int) -> torch.Tensor:
    """The same but for rounding, which is all that is left of the gradient where the network is sure."""
    return F.softmax(scores, 1)[0, target].log()


def _probability(scores: torch.Tensor, target: int) -> torch.Tensor:
    return F.softmax(scores, 1)[0, target]


def never(*_: Any) -> bool:
    """Never stop before all steps are taken."""
    return False


def next_step(
    slope: torch.Tensor,
    image: torch.Tensor,
    direction: Step = identity,
    divide_by: Step = torch.norm,
    divide_by_image: Step | None = None,
    rate: float = 1.0,
) -> torch.Tensor:
    """Return the step from a picture, given the gradient that is followed there."""
    size = divide_by_image(image) if divide_by_image else divide_by(slope)
    step: torch.Tensor = rate * direction(slope) / size
    return step


def fooling(
    objective: Step = score,
    keep: Step | None = None,
    stop: Step = fooled,
    late: bool = False,
    steps: int = STEPS,
    **step: Any,
) -> Callable[..., Any]:
    """Recipe of make_fooling_image.

    `keep` says what of a step's gradient is still there at the next one; `step` are the parts of `next_step`.
    """

    def make_fooling_image(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        image, kept = X.detach().clone(), torch.zeros_like(X)
        for _ in range(steps):
            image.requires_grad_()
            scores = model(image)
            stopping = stop(scores, target_y)
            if stopping and not late:
                break
            (slope,) = torch.autograd.grad(objective(scores, target_y), image)
            slope = slope + kept
            if keep:
                kept = keep(slope)
            image = (image + next_step(slope, image, **step)).detach()
            if stopping:
                break
        return image.detach()

    return make_fooling_image


FOOLING = Recipe(
    "make_fooling_image",
    fooling,
    (
        *variants(
            "fooling-loss-gradient",
            "Gradient of a loss or a probability instead of the target's score",
            "You followed the gradient of the cross-entropy, or of a probability, which has the same direction. It "
            "also lowers all other scores. Expected: ascent on the raw score of the target class.",
            {"objective": _loss},
            {"objective": _probability},
            {"objective": _logarithm},
        ),
        Mistake(
            "fooling-largest-score",
            "Climbs the largest score instead of the target's",
            "You raised the score that is the largest already, so the network becomes more certain of its first "
            "answer. Expected: ascent on the score of target_y.",
            {"objective": lambda s, target: s.max()},
        ),
        Mistake(
            "fooling-descends",
            "Goes down instead of up",
            "Your steps lower the score of the target class. Expected: ascent. Check the sign of what you add to "
            "the picture, and of what you call backward on.",
            {"direction": torch.neg},
        ),
        *variants(
            "fooling-gradient-not-zeroed",
            "The gradient of earlier steps is never zeroed",
            "Each backward adds to the gradient that is already there, so you followed the sum of all gradients so "
            "far. Clear it in each step.",
            {"keep": identity},
            {"keep": lambda slope: slope / slope.norm()},  # divided in place
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
        *variants(
            "fooling-other-norm",
            "Divided by another norm",
            OTHER_NORM,
            *OTHER_NORMS,
        ),
        Mistake(
            "fooling-learning-rate",
            "The steps do not have length one",
            "Your steps have the right direction, but all of them are too long or too short by one factor. The "
            "learning rate is 1. What else is the step multiplied or divided by?",
            {"rate": 10.0},
        ),
        Mistake(
            "fooling-gives-up",
            "Stops before the network is fooled",
            "You take too few steps. Let the loop run until the network is fooled, or for a hundred steps.",
            {"steps": 3},
        ),
        Mistake(
            "fooling-does-not-stop",
            "Does not stop when the network is fooled",
            "Your loop goes on after the network has been fooled, so the picture changes more than it must. Test "
            "the prediction in each step, and leave the loop.",
            {"stop": never},
            ("stops_as_soon_as_fooled",),
        ),
        Mistake(
            "fooling-fixed-steps",
            "Takes a fixed number of steps",
            "Your loop takes the same number of steps for every picture: too many where the network is fooled before, "
            "too few where it is not fooled yet. Test the prediction in each step, and leave the loop as soon as it is "
            "the target.",
            {"stop": never, "steps": 10},
            ("stops_as_soon_as_fooled",),
        ),
        Mistake(
            "fooling-stops-late",
            "Stops too late",
            "You go on after the network has been fooled: a step is taken before the scores are looked at, or the "
            "loop waits for more than the target's score being the largest. Test that first, then step.",
            {"late": True},
            ("stops_as_soon_as_fooled",),
        ),
    ),
)


@detector(
    "make_fooling_image",
    "fooling-returns-original",
    "Returns the original picture",
    "Your loop takes steps, but what comes back is the picture that was passed in. Look at the name in your return, "
    "and at which tensor your steps change.",
    kind=Kind.EXCLUSIVE,
)
def returns_original(seen: Seen) -> bool:
    """Other pictures were shown to the network, and none of them came back."""
    stepped = 0
    for trial, observation in seen:
        output, shown = observation.arrays.get("0/output"), observation.arrays.get("0/shown")
        if output is None or shown is None or not np.array_equal(output, given(trial)):
            return False
        stepped += bool((shown != shown[:1]).any())
    return stepped > 0


@detector(
    "make_fooling_image",
    "fooling-changes-the-original",
    "The original picture is changed as well",
    "The picture that was passed in is another one after your function. The fooling image starts as a copy: "
    "assigning a tensor to another name makes none.",
    instead_of="changes-its-argument",
)
def changes_original(seen: Seen) -> bool:
    """The picture that was passed in is another one after a call."""
    after = [(given(trial), observation.arrays.get("0/after/0")) for trial, observation in seen]
    return any(array is not None and not np.array_equal(array, before) for before, array in after)
