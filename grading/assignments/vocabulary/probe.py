"""A probe: calls with the same and with changed arguments, to see whether a function computes something."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cs231n.trials.trial import Network, OnTheWay, Tensor, Trial

# What the trial is called among those of its function.
PROBE = "something is computed"


@dataclass(frozen=True)
class Probe:
    """How to see that a function computes: the check whose inputs are changed, and which arguments must matter.

    `arguments`: their places, with the word for each. `result`: the array of the observation in which it shows.
    `instead`: values for other arguments, by place, where the check's own would hide what depends on these.
    """

    check: str
    arguments: Mapping[int, str]
    result: str = "output"
    instead: Mapping[int, float] = field(default_factory=dict)


def probing(probe: Probe, trial: Trial) -> Trial:
    """Return calls that tell whether a function computes: for each call of `trial` that one twice, then its changes."""
    changed = probe.arguments
    calls = [
        call
        for given in _independent(trial)
        for arguments in [tuple(probe.instead.get(place, value) for place, value in enumerate(given))]
        for call in (arguments, arguments, *(_with_another(arguments, place) for place in changed))
    ]
    return dataclasses.replace(trial, calls=tuple(calls))


def _independent(trial: Trial) -> Iterator[tuple[Any, ...]]:
    """Yield calls as if each were the first: no argument carries anything on to the next."""
    for arguments in trial.calls:
        if not any(isinstance(value, OnTheWay) for value in arguments):
            yield tuple(
                dataclasses.replace(value, name="") if isinstance(value, Tensor) else value
                for value in arguments
            )


def _with_another(arguments: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return (*arguments[:place], _another(arguments[place]), *arguments[place + 1 :])


def _another(value: Any) -> Any:
    """Return an argument of the same kind and shape that everything computed from it should show."""
    match value:
        case Tensor():
            uneven = np.linspace(0.6, 1.4, value.data.size, dtype=value.data.dtype)
            data = (value.data.ravel()[::-1] * uneven).reshape(value.data.shape)
            return dataclasses.replace(value, data=data)
        case Network():
            return Network(f"{value.name}-mirrored")
        case list():
            return [_another(item) for item in value]
        case tuple():
            return tuple(number + 1 for number in value)
    raise TypeError(f"no other {type(value).__name__} is known")
