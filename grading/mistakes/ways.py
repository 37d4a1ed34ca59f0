"""Explains a fooling loop: the way it takes is one mistake, where it ends on that way is another.

A loop may take three steps or fifty, wait for a probability of 0.9, or never stop: no list holds all of them. So the
pictures that the network was shown are compared with those of known loops, as far as both go.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from cs231n.self_check import networks
from cs231n.self_check.judges import given
from cs231n.self_check.perform import Observation
from cs231n.self_check.trial import Trial
from grading.mistakes.compare import Seen, performed, same_array
from grading.mistakes.declare import Mistake, made, merged
from grading.mistakes.make_fooling_image import FOOLING, STEPS, never

FUNCTION = "make_fooling_image"
# How far a loop is followed once the network is fooled: float noise grows from step to step.
AFTERWARDS = 5
# What of the recipe says where the way ends.
_ENDS = {"stop", "late", "steps"}
_GIVES_UP, _DOES_NOT_STOP, _STOPS_LATE = (
    next(m for m in FOOLING.mistakes if m.id == id)
    for id in ("fooling-gives-up", "fooling-does-not-stop", "fooling-stops-late")
)
Loop = Callable[..., Any]


@dataclass(frozen=True)
class _Known:
    """A loop with mistakes: its first steps, all until the network is fooled, and on for ever."""

    mistakes: tuple[Mistake, ...]
    begun: Loop
    stopping: Loop
    endless: Loop


def explained_by_its_way(seen: Seen) -> tuple[Mistake, ...] | None:
    """Return the mistakes of a fooling loop, () if it is right; None if its way is no known one."""
    taken = [_way(trial, observation) for trial, observation in seen]
    if all(way is None or len(way) == 1 for way in taken):
        return None  # standing still is the beginning of every way
    for known in _known():
        ends = []
        for (trial, _), way in zip(seen, taken, strict=True):
            end = None if way is None else _end(trial, way, known)
            if end is None:
                break
            ends.append(end)
        else:
            conduct = _named_end(ends)
            if conduct is not None:
                return (*known.mistakes, *conduct)
    return None


@functools.cache
def _known() -> tuple[_Known, ...]:
    changed: list[tuple[tuple[Mistake, ...], dict[str, Any]]] = [((), {})]
    changed += [(together, merged(together) or {}) for together, _ in made(FOOLING)]
    return tuple(
        _Known(
            together,
            FOOLING.recipe(**changes, steps=3),
            FOOLING.recipe(**changes),
            FOOLING.recipe(**changes, stop=never),
        )
        for together, changes in changed
        if not changes.keys() & _ENDS
    )


def _way(trial: Trial, observation: Observation) -> np.ndarray | None:
    """Return how far from the start each picture is that the network was shown, and the result: (K, 3, H, W)."""
    start = given(trial)
    shown, output = observation.arrays.get("0/shown"), observation.arrays.get("0/output")
    if shown is None or output is None or shown.shape[1:] != start.shape[1:] or output.shape != start.shape:
        return None
    way = [start[0]]
    for image in (*shown, output[0]):
        if not np.array_equal(image, way[-1], equal_nan=True):
            way.append(image)
    changes: np.ndarray = np.stack(way).astype(np.float64) - start
    return changes


def _end(trial: Trial, taken: np.ndarray, known: _Known) -> tuple[int, int | None] | None:
    """Return how many steps were taken, and how many are needed (None: it never fools); None if the way is another."""
    begun = _way(trial, performed(FUNCTION, known.begun, trial))
    if begun is None or not all(map(same_array, taken, begun)):
        return None  # a few steps tell most ways apart, and cost little
    way = _way(trial, performed(FUNCTION, known.stopping, trial))
    if way is None or not all(map(same_array, taken, way)):
        return None
    if len(taken) > len(way):
        further = _way(trial, performed(FUNCTION, known.endless, trial))
        upto = min(len(taken), len(way) + AFTERWARDS, STEPS)
        if further is None or len(further) < upto or not all(map(same_array, taken[:upto], further)):
            return None
    last = torch.from_numpy((way[-1:] + given(trial)).astype(np.float32))
    fooled = int(networks.scores(trial.network, last).argmax()) == trial.calls[0][1]
    return len(taken) - 1, len(way) - 1 if fooled else None


def _named_end(ends: Sequence[tuple[int, int | None]]) -> tuple[Mistake, ...] | None:
    """Return () if a loop ended where it should, the mistake if not, None if its trials tell different things.

    `ends` are the steps taken and the steps needed (None: it never fools) in each trial.
    """
    known = [(taken, needed) for taken, needed in ends if needed is not None]
    if all(taken == needed for taken, needed in known):
        return ()
    if all(taken <= needed for taken, needed in known):
        return (_GIVES_UP,) if any(taken for taken, _ in known) else None
    if any(taken < needed for taken, needed in known):
        return None
    lengths = {min(taken, STEPS) for taken, _ in known}
    return (_DOES_NOT_STOP,) if len(lengths) == 1 else (_STOPS_LATE,)
