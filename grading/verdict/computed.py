"""The rule for points of behaviour checks: they count only where the function computes something.

Some checks let a wrong result pass: they ask whether it has the right shape, is above zero, leaves the input alone.
Who returns zeros, another constant, noise, or what was passed in does all that, too. So the function is called again:
the same once more, then with one argument changed at a time. Its result must stay, must change, and must be no part of
what was passed in. What a fooling loop showed to the network counts as its result, too, and what a step changed.

Only a function that is not right is tried so: all checks together let nothing pass that computes nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from cs231n.sentences import sentence
from cs231n.trials.evidence import relative_error
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.vocabulary.probe import Probe

# Relative error up to which two results are one: ten times what rounding makes of a step.
ALIKE = 2e-5


def nothing_computed(probe: Probe, trial: Trial, seen: Observation) -> str | None:
    """Return in words why a function computes nothing; "" if it does, None if that could not be tried.

    Only the first of the calls that belong together may raise, as it does in the check that it comes from: one that
    raises when it is called again, or with something else of the kind, would only hide what it returns then.

    Parameters
    ----------
    trial, seen
        What `probing` returned, and what was seen in it.
    """
    size = 2 + len(probe.arguments)
    reasons: list[str] = []
    for first in range(0, len(trial.calls), size):
        facts = seen.calls[first : first + size]
        if not facts or facts[0]["raised"]:
            continue
        if len(facts) < size or any(call["raised"] for call in facts):
            reasons.append(
                sentence(
                    "the function raises an error when it is called again, with the same or with similar inputs"
                )
            )
            continue
        results = [_result(probe, trial, seen, number) for number in range(first, first + size)]
        reason = _no_result_of(probe, trial.calls[first], results)
        if not reason:
            return ""
        reasons.append(reason)
    return reasons[0] if reasons else None


def _no_result_of(probe: Probe, arguments: tuple[Any, ...], results: Sequence[np.ndarray | None]) -> str:
    """Return why these are no results of the arguments; "" if they are.

    `results`: of the arguments, of the same again, then with one after the other of them changed.
    """
    first, again, *others = results
    if first is not None and any(
        _is_part(first, value.data) for value in arguments if isinstance(value, Tensor)
    ):
        return sentence("what comes back is one of the arguments, or a part of one, unchanged")
    if not _alike(first, again):
        return sentence("the result changes from call to call for the same arguments")
    unheeded = [
        sentence(word)
        for word, other in zip(probe.arguments.values(), others, strict=True)
        if _alike(first, other)
    ]
    if not unheeded:
        return ""
    either = functools.reduce(
        lambda one, other: sentence("{one} or the {other}", one=one, other=other), unheeded
    )
    return sentence("the result does not depend on the {argument}", argument=either)


def _result(probe: Probe, trial: Trial, seen: Observation, call: int) -> np.ndarray | None:
    array = seen.arrays.get(f"{call}/{probe.result}")
    if array is None or probe.result == "output":
        return array
    before: np.ndarray = trial.calls[call][0].data
    if probe.result == "shown":
        return _way(before, array, seen.arrays.get(f"{call}/output"))
    return array - before if array.shape == before.shape else array


def _way(start: np.ndarray, shown: np.ndarray, output: np.ndarray | None) -> np.ndarray:
    """Return the images that a loop came to: those it showed, and its result, which a single step shows to nobody."""
    last = [*output] if output is not None and output.shape[1:] == shown.shape[1:] else []
    images = [image for image in (*shown, *last) if not np.array_equal(image, start[0])]
    return np.stack(images) if images else start


def _alike(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.shape != other.shape:
        return False
    if one.dtype.kind in "iub" or other.dtype.kind in "iub" or not np.isfinite(other).all():
        return np.array_equal(one, other, equal_nan=True)
    return relative_error(one, other) <= ALIKE


def _is_part(result: np.ndarray, given: np.ndarray) -> bool:
    """Whether a result is an argument, or the first entries of it along an axis, or one entry."""
    if result.ndim == given.ndim:
        corner = given[tuple(slice(side) for side in result.shape)]
        return np.array_equal(result, corner)
    if result.ndim == given.ndim - 1:
        return any(np.array_equal(result, np.take(given, 0, axis)) for axis in range(given.ndim))
    return False
