"""Comparison of what a student's function did with what a wrong solution does on the same inputs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cs231n.trials.evidence import relative_error
from cs231n.trials.judges import given
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Called, Features, Network, Picture, Pictures, Tensor, Trial
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.seen import ALIKE, start_of

# As ALIKE, where no network is asked: plain sums and products do not jump.
ALIKE_WITHOUT_NETWORK = 1e-3
# Coordinates along an axis in which nothing varies are rounding: so much, relative to the features.
ROUNDING = 1e-5
# The norm up to which an array counts as zero everywhere.
NOTHING = 1e-5
# What PyTorch, NumPy and Python raise where shapes do not fit: which of them depends on how it is written.
MISFIT = ("RuntimeError", "IndexError", "ValueError", "AssertionError")

Signature = dict[str, Any]


def uses_network(trial: Trial) -> bool:
    """Say whether what a trial asks for comes from a network, or from features of one."""
    return bool(trial.network) or any(
        isinstance(value, (Network, Features, Called)) for call in trial.calls for value in call
    )


def tolerance(trial: Trial) -> float:
    """Return the relative error up to which two functions count as having done the same in a trial."""
    return ALIKE if uses_network(trial) else ALIKE_WITHOUT_NETWORK


def mismatch(
    function: Function, trial: Trial, first: Observation, second: Observation, exactly: bool
) -> float:
    """Return the largest relative error between what two functions did; infinite where they did different things.

    `exactly`: with the same kinds of exceptions, too. The second is a known mistake's.
    """
    one, other = (signature(function, trial, seen, exactly) for seen in (first, second))
    if one.keys() != other.keys():
        return math.inf
    worst = 0.0
    for key, value in one.items():
        match value, other[key]:
            case np.ndarray() as a, np.ndarray() as b:
                error = array_mismatch(a, b)
                if error > tolerance(trial):
                    return math.inf
                worst = max(worst, error)
            case a, b:
                if a != b:
                    return math.inf
    return worst


def array_mismatch(one: np.ndarray, other: np.ndarray) -> float:
    """Return the relative error between two arrays: `other`, of a known mistake, says whether there can be any.

    Whole numbers must be equal; NaN and infinity must stand in the same places.
    """
    if one.shape != other.shape:
        return math.inf
    if other.dtype.kind in "iub":
        return 0.0 if np.array_equal(one, other) else math.inf
    if not other.any():
        size = float(np.linalg.norm(one))
        return size if size <= NOTHING else math.inf
    finite = np.isfinite(other)
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        return math.inf
    return relative_error(one[finite], other[finite])


def signature(function: Function, trial: Trial, seen: Observation, exactly: bool) -> Signature:
    """Return what is compared: results and gradients, changes of images rather than images, kinds of exceptions.

    A step of length one on an image of norm 100 would be lost in a relative error of the image itself.
    """
    found: Signature = {}
    for number, facts in enumerate(seen.calls):
        raised = (facts["raised"] or {}).get("type")
        found[f"{number}/raised"] = "misfit" if raised in MISFIT and not exactly else raised
        if "gradient" in trial.watch:
            found[f"{number}/graph"] = facts["graph"]
    for key, array in seen.arrays.items():
        call, kind = key.split("/")[:2]
        if (kind == "after" and function.in_place and key.endswith("/0")) or (
            kind == "output" and trial.network
        ):
            found[key] = change(trial, int(call), array, seen)
        elif kind == "gradient" or (kind == "output" and not function.in_place):
            found[key] = array.reshape(()) if array.size == 1 and array.ndim < 2 else array
        if kind == "output" and function.signs_aside:
            found[key] = _signs_aside(trial, int(call), array)
    return found


def _signs_aside(trial: Trial, call: int, array: np.ndarray) -> np.ndarray:
    """Return the sizes of coordinates, whose axes may point either way; rounding alone counts as zero."""
    sizes: np.ndarray = np.abs(array)
    return np.where(sizes < ROUNDING * np.abs(given(trial, call)).max(), 0, sizes)


def change(trial: Trial, call: int, array: np.ndarray, seen: Observation) -> np.ndarray:
    """Return what a call added to the image that it was given."""
    before = start_of(trial, call, seen)
    return array if before is None or array.shape != before.shape else array.astype(np.float64) - before


def first_array(function: Function) -> int | None:
    """Return the place of the first argument that is an array, as `SeenCall.input` is of a call; None if none is."""
    call = function.checks[0].trial("any").calls[0]
    return next((place for place, value in enumerate(call) if is_array(value)), None)


def is_array(value: Any) -> bool:
    """Whether a word of a trial stands for one array, not for a list of them."""
    return isinstance(value, (Tensor, Picture, Pictures)) or (
        isinstance(value, Features) and value.layer is not None
    )
