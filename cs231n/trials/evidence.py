"""Evidence of a trial, the verdict of a judge, and the comparison of two arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cs231n.sentences import Sentence, sentence
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial


class CallRaisedError(Exception):
    """A judge needs what a call did that raised, or that was not made because one before it did."""

    def __init__(self, raised: dict[str, str]) -> None:
        super().__init__(f"{raised['type']}: {raised['message']}")
        self.raised = raised


@dataclass(frozen=True)
class Evidence:
    """One trial seen twice: on the function under test (`seen`) and on the reference solution (`expected`).

    A judge asks it for the calls that it needs, so that one that raised costs only the checks that need it.
    `tolerance` is the largest relative error (`relative_error`) that still counts as equal.
    """

    trial: Trial
    seen: Observation
    expected: Observation
    tolerance: float

    def facts(self, call: int = 0) -> dict[str, Any]:
        """Return what was written down of a call.

        Raises
        ------
        CallRaisedError
            If the call raised, or was not made because one before it did.
        """
        made = self.seen.calls
        if raised := made[min(call, len(made) - 1)]["raised"]:
            raise CallRaisedError(raised)
        return made[call]

    def array(self, name: str, call: int = 0) -> np.ndarray | None:
        """Return an array of a call, such as its "output" or "after/0"; None if there is none.

        Raises
        ------
        CallRaisedError
            As `facts`.
        """
        self.facts(call)
        return self.seen.arrays.get(f"{call}/{name}")

    def asked(self, name: str = "output", call: int = 0) -> np.ndarray:
        """Return the reference solution's array of a call."""
        return self.expected.arrays[f"{call}/{name}"]

    def calls(self) -> range:
        """Return the numbers of all calls."""
        return range(len(self.trial.calls))

    def returned(self) -> list[int]:
        """Return the numbers of the calls that came back.

        Raises
        ------
        CallRaisedError
            If none did.
        """
        numbers = [number for number, facts in enumerate(self.seen.calls) if not facts["raised"]]
        if not numbers:
            self.facts()
        return numbers

    def only(self, calls: Sequence[int]) -> Evidence:
        """Return what was seen of some calls, as if no others had been made."""
        return replace(
            self,
            trial=self.trial.only(calls),
            seen=self.seen.only(calls),
            expected=self.expected.only(calls),
        )


@dataclass(frozen=True)
class Verdict:
    """Whether a check is passed, and the sentence that says what was found.

    `error` is what was measured against the check's tolerance; None where nothing was or could be measured, as by a
    judge that counts or asks for a shape.
    """

    passed: bool
    message: str = ""
    error: float | None = field(default=None, compare=False)


# What most judges call the thing that they compare.
RESULT = sentence("the result")
# Relative error up to which an array counts as another one times a number.
PROPORTIONAL = 1e-3
# What rounding to float32 moves a picture by, relative to its norm.
ROUNDING = 5e-8
# A direction is measured where rounding turns it by no more than this part of the tolerance.
MEASURABLE = 1 / 5

Judge = Callable[[Evidence], Verdict]


def relative_error(seen: np.ndarray, expected: np.ndarray) -> float:
    """Return norm(seen - expected) / norm(expected), in the Euclidean norm over all elements.

    Not elementwise: with another number of threads the order of summation changes, and single pixels of a right
    saliency map differ by more than 0.1 % although the map as a whole does not.

    Parameters
    ----------
    seen, expected : numpy.ndarray
        Arrays of the same shape.

    Returns
    -------
    float
        Infinite where `seen` holds NaN or infinity. Where `expected` is all zero, the norm of `seen`.
    """
    seen, expected = seen.astype(np.float64), expected.astype(np.float64)
    if not np.isfinite(seen).all():
        return float("inf")
    size = float(np.linalg.norm(expected))
    return float(np.linalg.norm(seen - expected)) / (size or 1.0)


def lost_in_rounding(step: np.ndarray, start: np.ndarray, tolerance: float) -> bool:
    """Say whether a step is so short that rounding decides where it goes.

    Parameters
    ----------
    step, start : numpy.ndarray
        By what a picture in float32 was moved, and what it was before.
    tolerance : float
        Up to which error, as a distance of unit vectors, two directions count as one.
    """
    turned_by = ROUNDING * float(np.linalg.norm(start))
    return turned_by > MEASURABLE * tolerance * float(np.linalg.norm(step))


def compare(seen: np.ndarray | None, expected: np.ndarray, tolerance: float, what: str = RESULT) -> Verdict:
    """Say whether `seen` equals `expected` in shape and, within the tolerance, in value.

    Parameters
    ----------
    what : str
        The name of the thing in a sentence, such as "the saliency map".
    """
    if seen is None:
        return Verdict(False, sentence("{what} is missing", what=what))
    if expected.size == 1 and seen.size == 1:
        seen = seen.reshape(expected.shape)
    if seen.shape != expected.shape:
        shapes = unlike_shape(seen, expected)
        return Verdict(
            False, shapes if what == RESULT else sentence("{what}: {found}", what=what, found=shapes)
        )
    if not np.isfinite(seen).all():
        return Verdict(False, sentence("{what} holds NaN or infinite values", what=what))
    error = relative_error(seen, expected)
    found = sentence(
        "relative error of {what}: {error:.2g} (at most {tolerance:.2g})",
        what=what,
        error=error,
        tolerance=tolerance,
    )
    if error <= tolerance:
        return Verdict(True, found, error)
    return Verdict(False, _with_proportion(found, seen, expected), error)


def unlike_shape(seen: np.ndarray | None, expected: np.ndarray) -> Sentence:
    """Return the sentence that names two shapes that differ: "expected shape (1, 3, 4), got (3, 4)"."""
    if seen is None:
        return sentence("expected shape {expected}, got no tensor", expected=expected.shape)
    if expected.ndim == 0:
        return sentence("expected one number, got shape {seen}: add all elements up", seen=seen.shape)
    return sentence("expected shape {expected}, got {seen}", expected=expected.shape, seen=seen.shape)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that is furthest from right; where nothing could be measured, nothing is further."""
    return max(verdicts, key=lambda v: (not v.passed, float("inf") if v.error is None else v.error))


def factor_between(seen: np.ndarray, expected: np.ndarray, tolerance: float) -> float | None:
    """Return the number that `expected` times is `seen`, within the tolerance; None if there is none but 0."""
    one, other = seen.astype(np.float64).ravel(), expected.astype(np.float64).ravel()
    size = float(other @ other)
    factor = float(one @ other) / size if size else 0.0
    return factor if factor and relative_error(one, factor * other) <= tolerance else None


def _with_proportion(found: Sentence, seen: np.ndarray, expected: np.ndarray) -> Sentence:
    """Say so where one array is the other times a number: a factor, a sign or a mean is wrong, nothing else."""
    factor = factor_between(seen, expected, PROPORTIONAL)
    if factor is None:
        return found
    if abs(factor + 1) < PROPORTIONAL:
        return sentence("{found}; it has the opposite sign", found=found)
    # "1 times the expected value" would say that it is right
    times = next((text for digits in (2, 3, 4) if float(text := f"{factor:.{digits}g}") != 1), "")
    if not times:
        return found
    return sentence("{found}; it is {times} times the expected value", found=found, times=times)
