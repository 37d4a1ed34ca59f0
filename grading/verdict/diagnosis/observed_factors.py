"""Description of results that differ from the right ones by one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cs231n.sentences import sentence
from cs231n.trials.evidence import factor_between
from grading.assignments.vocabulary.mistake import Mistake, described
from grading.assignments.vocabulary.seen import Seen
from grading.verdict.diagnosis.compare import tolerance
from grading.verdict.diagnosis.seen_calls import SeenCall
from grading.verdict.reference import reference_observation

# Two factors nearer than this are one.
SAME = 5e-3


def _size(*axes: int) -> Callable[[SeenCall], float]:
    def size(call: SeenCall) -> float:
        array = call.input
        return (
            float(np.prod([array.shape[axis] for axis in axes]))
            if array is not None and array.ndim == 4
            else 0.0
        )

    return size


# What a factor may be, and what it is called.
NAMED: tuple[tuple[str, Callable[[SeenCall], float], str], ...] = (
    ("2", lambda call: 2.0, "2"),
    ("images", lambda call: float(call.images), "the number of images"),
    ("channels", _size(1), "the number of channels, C"),
    ("pixels", _size(2, 3), "the number of pixels, H * W"),
    ("values", _size(1, 2, 3), "the number of values of one image, C * H * W"),
    ("all-values", _size(0, 1, 2, 3), "the number of all values, N * C * H * W"),
)


def factor(calls: Sequence[SeenCall]) -> Mistake | None:
    """Return what every result was multiplied or divided by, None if it is not one factor for each."""
    found = [_of(call) for call in calls]
    factors = [one for one in found if one is not None]
    if len(factors) < len(found) or len(calls) < 2:
        return None
    if all(abs(one - 1) <= SAME for one in factors):
        return None
    if all(abs(one + 1) <= SAME for one in factors):
        return described(
            "opposite",
            "Right but for the sign",
            "Every number is the opposite of the expected one. Is there a minus too many, or is one missing?",
        )
    for id, size, title in NAMED:
        sizes = [size(call) for call in calls]
        for inverse in (False, True):
            if all(s and _is(one, 1 / s if inverse else s) for one, s in zip(factors, sizes, strict=True)):
                return _by(f"{'divided' if inverse else 'times'}-{id}", title, inverse)
    if all(_is(one, factors[0]) for one in factors):
        return described(
            "factor",
            "Right but for a constant factor",
            sentence(
                "Your results are {factor:.2g} times the expected ones, whatever the input. Which number in your "
                "lines should not be there, or is missing?",
                factor=factors[0],
            ),
        )
    return _varying(calls, factors)


def other_gradient(seen: Seen) -> Mistake | None:
    """Return how the gradients of right results differ from the expected ones, None if they do not."""
    found = [
        (observation.arrays[key], expected, tolerance(trial))
        for trial, observation in seen
        for key, expected in reference_observation(trial).arrays.items()
        if "/gradient/" in key and key in observation.arrays
    ]
    factors = [factor_between(*one) if one[0].shape == one[1].shape else None for one in found]
    if all(one is not None and _is(one, 1.0) for one in factors):
        return None
    first = factors[0]
    if first is not None and all(one is not None and _is(one, first) for one in factors):
        return described(
            "gradient-factor",
            "The right numbers with a gradient that has a factor",
            sentence(
                "Your results are right, but their gradient is {factor:.2g} times the expected one. Which part of your "
                "lines leaves the graph (.data, .detach(), .item()), or is counted twice?",
                factor=first,
            ),
        )
    return described(
        "other-gradient",
        "The right numbers with another gradient",
        "Your results are right, but the gradient from them to what was passed in is not. Which part of your lines "
        "leaves the graph: .data, .detach(), .item(), numpy, or a new tensor made from values?",
    )


def _varying(calls: Sequence[SeenCall], factors: Sequence[float]) -> Mistake | None:
    """Return what is said where each result has a factor of its own."""
    if calls[0].in_place and all(one > 0 for one in factors):
        return described(
            "step-length",
            "The right direction, another length",
            "Each step goes where it should, but is not as long as the learning rate. What is the gradient divided and "
            "multiplied by?",
        )
    if all(call.expected.size > 1 for call in calls):
        return described(
            "factor-varies",
            "Right but for a factor that changes with the input",
            "Each result is the expected one times a number, and the number changes from input to input. What do you "
            "divide or multiply by that depends on the input?",
        )
    return None


def _by(id: str, size: str, inverse: bool) -> Mistake:
    done = sentence("divided by") if inverse else sentence("multiplied by")
    return described(
        id,
        sentence("Right but {done} {size}", done=done, size=sentence(size)),
        sentence(
            "Every result is the expected one {done} {size}. Which of your lines does that: a mean where a sum is "
            "asked, or the other way round, a division twice or left out?",
            done=done,
            size=sentence(size),
        ),
    )


def _of(call: SeenCall) -> float | None:
    """Return the number that the expected result must be multiplied by to be the one seen."""
    if not call.same_shape or call.seen is None:
        return None
    return factor_between(call.seen, call.expected, tolerance(call.trial))


def _is(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * abs(other)
