"""Compares what a student's function did with what a wrong solution does on the same inputs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cs231n.self_check.evidence import relative_error
from cs231n.self_check.judges import given
from cs231n.self_check.perform import Observation, perform
from cs231n.self_check.trial import Trial, trial_key
from grading.reference import reference_functions

# Relative error up to which two functions count as having done the same.
ALIKE = 1e-2
# Coordinates along an axis in which nothing varies are rounding: so much, relative to the features.
ROUNDING = 1e-5
# What PyTorch, NumPy and Python raise where shapes do not fit: which of them depends on how it is written.
MISFIT = ("RuntimeError", "IndexError", "ValueError", "AssertionError")

Seen = Sequence[tuple[Trial, Observation]]

_lock = threading.Lock()
_performed: dict[tuple[int, str], Observation] = {}


def performed(function: str, wrong: Callable[..., Any], trial: Trial) -> Observation:
    """Return what a wrong solution, which lives as long as this process, does in a trial; tried once."""
    key = (id(wrong), trial_key(trial))
    with _lock:
        if key not in _performed:
            _performed[key] = perform(trial, {**reference_functions(), function: wrong})
        return _performed[key]


def alike(trial: Trial, first: Observation, second: Observation, exactly: bool) -> bool:
    """Whether two functions did the same in a trial, as far as can be told from outside.

    `exactly`: with the same kinds of exceptions, too.
    """
    one, other = _signature(trial, first, exactly), _signature(trial, second, exactly)
    if one.keys() != other.keys():
        return False
    for key, value in one.items():
        match value, other[key]:
            case np.ndarray() as a, np.ndarray() as b:
                if not same_array(a, b):
                    return False
            case a, b:
                if a != b:
                    return False
    return True


def same_array(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays are the same but for float noise: `other`, of a known mistake, says whether that can be.

    Whole numbers must be equal; NaN and infinity must stand in the same places.
    """
    if one.shape != other.shape:
        return False
    if other.dtype.kind in "iub":
        return np.array_equal(one, other)
    finite = np.isfinite(other)
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        return False
    return relative_error(one[finite], other[finite]) <= ALIKE


def _signature(trial: Trial, seen: Observation, exactly: bool) -> dict[str, Any]:
    """Return what is compared: results and gradients, changes of images rather than images, kinds of exceptions.

    A step of length one on an image of norm 100 would be lost in a relative error of the image itself.
    """
    signature: dict[str, Any] = {}
    for number, facts in enumerate(seen.calls):
        raised = (facts["raised"] or {}).get("type")
        signature[f"{number}/raised"] = "misfit" if raised in MISFIT and not exactly else raised
        if "gradient" in trial.watch:
            signature[f"{number}/graph"] = facts["graph"]
    in_place = trial.function == "class_visualization_update_step"
    for key, array in seen.arrays.items():
        call, kind = key.split("/")[:2]
        if (kind == "after" and in_place and key.endswith("/0")) or (kind == "output" and trial.network):
            signature[key] = _change(trial, int(call), array)
        elif kind == "gradient" or (kind == "output" and not in_place):
            signature[key] = array.reshape(()) if array.size == 1 and array.ndim < 2 else array
        if kind == "output" and trial.function == "pca":
            signature[key] = _signs_aside(trial, int(call), array)
    return signature


def _signs_aside(trial: Trial, call: int, array: np.ndarray) -> np.ndarray:
    """Return the sizes of coordinates, whose axes may point either way; rounding alone counts as zero."""
    sizes: np.ndarray = np.abs(array)
    return np.where(sizes < ROUNDING * np.abs(given(trial, call)).max(), 0, sizes)


def _change(trial: Trial, call: int, array: np.ndarray) -> np.ndarray:
    before = given(trial, call)
    return array.astype(np.float64) - before if array.shape == before.shape else array
