"""Description of the steps of a fooling loop that no known mistake explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cs231n.sentences import sentence
from cs231n.trials.evidence import factor_between
from grading.assignments.network_visualization.mistakes.clamped import limits
from grading.assignments.network_visualization.mistakes.fooling_trajectory import Walk, explain, walks_of
from grading.assignments.network_visualization.mistakes.make_fooling_image import score
from grading.assignments.vocabulary.detector import Explanation
from grading.assignments.vocabulary.mistake import Mistake, described
from grading.assignments.vocabulary.seen import ALIKE, Seen

# Directions as unit vectors that are nearer than this are one; lengths that differ by less, too.
SAME_DIRECTION, SAME_LENGTH = 2e-2, 2e-2
# So large a part of the values must change by one amount.
NEARLY_ALL = 0.98


def describe(seen: Seen) -> Mistake | None:
    """Return what holds of every step of every loop, None if nothing does."""
    walks = [walk for walk in walks_of(seen) if walk.followed]
    if not walks:
        return None
    if numbers := limits((walk.pictures[0], walk.pictures[1]) for walk in walks):
        return described(
            "clamped",
            "The picture is clamped",
            sentence(
                "After your first step many values of the picture are the same ({limits}): it is kept within limits. "
                "Expected: the step alone. The values of a normalised picture lie between about -2.1 and 2.6.",
                limits=numbers,
            ),
        )
    if all(_is_even(walk.step(0)) for walk in walks):
        return described(
            "step-signs",
            "Every value changes by the same amount",
            "Your step changes every value by the same amount: only the signs of a gradient are left, as with sign() "
            "or in the first step of an optimizer such as Adam. Expected: the gradient itself, divided by its norm.",
        )
    along = [_along(walk) for walk in walks]
    lengths = [float(np.linalg.norm(walk.step(n))) for walk in walks for n in range(walk.followed)]
    if all(all(one) for one in along):
        if all(abs(length - 1) <= SAME_LENGTH for length in lengths):
            return None
        return described(
            "step-length",
            "The right direction, another length",
            sentence(
                "Each step goes along the gradient of the target's score, but the steps are {shortest:.2g} to "
                "{longest:.2g} long. Expected: length 1. What is the gradient divided and multiplied by?",
                shortest=min(lengths),
                longest=max(lengths),
            ),
        )
    if all(one[0] for one in along):
        return described(
            "first-step",
            "The first step is right, later ones are not",
            "The first step goes along the gradient of the target's score, and a later one does not. What is left "
            "over from one step to the next: the gradient, the picture that the network gets, the graph?",
        )
    if not any(any(one) for one in along) and all(abs(length - 1) <= SAME_LENGTH for length in lengths):
        return described(
            "step-direction",
            "The right length, another direction",
            "Each step has length 1, but not the direction of the gradient of the target's score. What do you "
            "call backward on, and what do you do with the gradient before you add it?",
        )
    if all(_by_colour(walk) for walk in walks):
        return described(
            "step-by-colour",
            "Each colour is divided by a number of its own",
            "In each colour your steps go along the gradient of the target's score, but the colours are divided by "
            "three numbers. Expected: one norm for the whole picture, over all colours and pixels.",
        )
    return None


def _by_colour(walk: Walk) -> bool:
    """Say whether each step is the gradient of the target's score, with a factor for each colour."""
    return all(
        factor_between(step, slope, ALIKE) is not None
        for number in range(walk.followed)
        for step, slope in zip(walk.step(number), walk.slope(score, number)[0].double().numpy(), strict=True)
    )


def _is_even(step: np.ndarray) -> bool:
    """Say whether what changes changes by one amount; where no feature sees a pixel, its gradient is zero."""
    amounts = np.abs(step[step != 0])
    if 2 * amounts.size < step.size:
        return False
    amount = np.median(amounts)
    return bool(np.mean(np.abs(amounts - amount) <= SAME_LENGTH * amount) >= NEARLY_ALL)


def _along(walk: Walk) -> Sequence[bool]:
    """Say of each step whether it goes along the gradient of the target's score."""
    found = []
    for number in range(walk.followed):
        step, slope = walk.step(number), walk.slope(score, number)[0].double().numpy()
        step, slope = (vector / (np.linalg.norm(vector) or 1.0) for vector in (step, slope))
        found.append(bool(np.linalg.norm(step - slope) <= SAME_DIRECTION))
    return found


EXPLANATION = Explanation("make_fooling_image", explain, describe)
