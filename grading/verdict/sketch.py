"""Sketch of an array: a few numbers from which one sees later whether two functions did the same.

Two arrays of one shape are alike within a relative error where the numbers of their sketches are; arrays that differ by
more have sketches that differ, but for a chance that falls with each array that is compared. The first number is the
logarithm of the norm, the others are sums of the array's elements under fixed random weights, for an array of norm one.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt

from cs231n.trials.evidence import factor_between
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial
from grading.assignments.vocabulary.function import Function
from grading.verdict.diagnosis.compare import NOTHING, array_mismatch, signature, tolerance
from grading.verdict.judge import UNEXPECTED
from grading.verdict.reference import reference_observation

# So many sums of an array, and digits of each: a class's evidence stays small.
SUMS, DIGITS = 4, 5
# Elements that are looked at: no expected array has more, and one that a student makes larger has another shape.
LARGEST = 1 << 20
# What stands for the array that is zero everywhere, whose norm has no logarithm.
ZERO = (0.0,)

Sketch = tuple[float, ...]
# A sketch, and how many times the expected array it is.
Compared = tuple[Sketch, float | None]


def sketches(function: Function, trial: Trial, seen: Observation) -> dict[str, Compared]:
    """Return of each array that is compared ("0/output") its sketch, and how many times the expected one it is.

    That is 1 where it is right within the trial's tolerance, None where no number makes it so.
    """
    try:
        found = signature(function, trial, seen, exactly=False)
        asked = signature(function, trial, reference_observation(trial), exactly=False)
        arrays = {key: value for key, value in found.items() if isinstance(value, np.ndarray)}
        with np.errstate(
            over="ignore", invalid="ignore"
        ):  # a student's numbers may be infinite, or nearly so
            return {
                key: (sketch(value), _times(value, asked.get(key), trial)) for key, value in arrays.items()
            }
    except UNEXPECTED:  # a result that no comparison expects
        return {key: (sketch(value), None) for key, value in seen.arrays.items()}


def sketch(array: npt.NDArray[np.generic]) -> Sketch:
    """Return the sketch of an array; NaN and infinity count as numbers larger than the others.

    Examples
    --------
    >>> sketch(np.zeros(3))
    (0.0,)
    >>> sketch(np.full(3, np.e))[0] - sketch(np.ones(3))[0]
    1.0
    """
    flat = array.ravel()[:LARGEST].astype(np.float64)
    largest = float(np.abs(flat[np.isfinite(flat)]).max(initial=0)) or 1.0
    flat = np.nan_to_num(flat / largest, nan=2, posinf=3, neginf=-3)
    size = float(np.linalg.norm(flat))
    if size * largest <= NOTHING:
        return ZERO
    weighed = np.zeros(-(-flat.size // SUMS) * SUMS)
    weighed[: flat.size] = flat * _weights(flat.size)
    sums = weighed.reshape(-1, SUMS).sum(0) * math.sqrt(SUMS) / size
    return tuple(round(float(number), DIGITS) for number in (math.log(size) + math.log(largest), *sums))


def _weights(count: int) -> npt.NDArray[np.float64]:
    """Numbers of mean 0 and variance 1, always the same."""
    return _many(1 << max(count - 1, 1).bit_length())[:count]


@functools.lru_cache(maxsize=4)
def _many(count: int) -> npt.NDArray[np.float64]:
    # The raw stream of a bit generator is the same in every NumPy; its distributions need not be.
    return (np.random.PCG64(0).random_raw(count) / 2.0**63 - 1) * math.sqrt(3)


def _times(seen: npt.NDArray[np.generic], expected: object, trial: Trial) -> float | None:
    if not isinstance(expected, np.ndarray) or seen.shape != expected.shape:
        return None
    if array_mismatch(seen, expected) <= tolerance(trial):
        return 1.0
    factor = factor_between(seen, expected, tolerance(trial))
    return None if factor is None else float(f"{factor:.4g}")
