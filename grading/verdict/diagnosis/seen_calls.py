"""One call of a student's function beside the reference solution's: what descriptions of behaviour are made of."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from cs231n.trials import networks
from cs231n.trials.evidence import relative_error
from cs231n.trials.judges import given
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Features, Picture, Pictures, Tensor, Trial
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.seen import Seen
from grading.verdict.diagnosis.compare import change, tolerance
from grading.verdict.reference import reference_observation


@dataclass(frozen=True, eq=False)
class SeenCall:
    """What a call gave (None: nothing that can be compared) and what was expected.

    `in_place`: it is the change of the first argument.
    """

    trial: Trial
    number: int
    raised: bool
    seen: np.ndarray | None
    expected: np.ndarray
    in_place: bool = False

    @property
    def right(self) -> bool:
        """Whether shape and values are the expected ones."""
        return self.seen is not None and self.near(self.seen, self.expected)

    def near(self, one: np.ndarray, other: np.ndarray) -> bool:
        """Say whether two arrays are the same but for float noise."""
        if one.shape != other.shape:
            return False
        if other.dtype.kind in "iub":
            return np.array_equal(one, other)
        return relative_error(one, other) <= tolerance(self.trial)

    @property
    def same_shape(self) -> bool:
        """Whether the result is finite numbers of the expected shape."""
        return (
            self.seen is not None
            and self.seen.shape == self.expected.shape
            and bool(np.isfinite(self.seen).all())
        )

    @functools.cached_property
    def input(self) -> np.ndarray | None:
        """The first array among the arguments."""
        return next(_arrays(self.trial.calls[self.number]), None)

    @property
    def images(self) -> int:
        """How many images, rows or feature maps the first argument holds; 0 if it is no batch."""
        return len(self.input) if self.input is not None and self.input.ndim in (2, 4) else 0


def seen_calls(function: Function, seen: Seen) -> list[SeenCall]:
    """Return all calls that were made, in the order of the trials."""
    found = []
    for trial, observation in seen:
        reference = reference_observation(trial)
        for number, facts in enumerate(observation.calls):
            expected = _result(function, trial, number, reference)
            if expected is not None:
                raised = bool(facts["raised"])
                result = None if raised else _result(function, trial, number, observation)
                if result is not None and result.size == expected.size == 1:
                    result = result.reshape(expected.shape)
                found.append(SeenCall(trial, number, raised, result, expected, function.in_place))
    return found


def _result(function: Function, trial: Trial, number: int, seen: Observation) -> np.ndarray | None:
    """Return what is compared: of an image that is made of another one, the change, as in `compare.signature`."""
    arrays = seen.arrays
    if not function.in_place:
        output = arrays.get(f"{number}/output")
        return change(trial, number, output, seen) if output is not None and trial.network else output
    after, before = arrays.get(f"{number}/after/0"), given(trial, number)
    return None if after is None or after.shape != before.shape else after.astype(np.float64) - before


def _arrays(value: Any) -> Iterator[np.ndarray]:
    match value:
        case Tensor():
            yield value.data
        case Picture():
            yield networks.picture(value).numpy()
        case Pictures():
            yield networks.pictures(value).numpy()
        case Features():
            features = networks.features(value)
            yield (features if isinstance(features, torch.Tensor) else features[0]).numpy()
        case list() | tuple():
            for item in value:
                yield from _arrays(item)
