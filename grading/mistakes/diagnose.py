"""Names the mistake: finds the wrong solution, or the pair of them, that does what the student's function did."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cs231n.self_check.evidence import relative_error
from cs231n.self_check.judges import given
from cs231n.self_check.perform import Observation, perform
from cs231n.self_check.trial import Trial, trial_key
from grading.mistakes import network_visualization, style_transfer
from grading.mistakes.declare import Mistake, Named, made
from grading.reference import reference_observation

ALIKE = 1e-2
# What PyTorch, NumPy and Python raise where shapes do not fit: which of them depends on how it is written.
MISFIT = ("RuntimeError", "IndexError", "ValueError", "AssertionError")
Seen = Sequence[tuple[Trial, Observation]]

RETURNS_NOTHING = Mistake(
    "returns-nothing",
    "Returns nothing",
    "Your function computes, but returns None: end it with a return of the result, or give the result the name that "
    "the last line returns.",
    {},
)
RETURNS_PAIR = Mistake(
    "returns-values-and-places",
    "Returns the values of the maximum together with their places",
    "max over an axis answers with two tensors, the values and their places, and you returned the pair. Asked are the "
    "values alone.",
    {},
)
GIVES_UP = Mistake(
    "fooling-gives-up",
    "Gives up before the network is fooled",
    "Your steps are right, but there are too few of them: let the loop run until the network is fooled, or for a "
    "hundred steps.",
    {},
)

LOOPS = Mistake(
    "tv-python-loop",
    "A Python loop over pixels",
    "Your loss is right, but it visits rows, columns or pixels one by one, which takes seconds where two slices of the "
    "whole picture take a millisecond.",
    {},
)


def named() -> dict[str, Named]:
    """Return recipe and mistakes of every function that is asked."""
    return {**network_visualization.NAMED, **style_transfer.NAMED}


def diagnose(function: str, seen: Seen) -> dict[str, Any] | None:
    """Return the diagnosis of a function that is not right, as the result file shows it.

    Parameters
    ----------
    function : str
        Its canonical name.
    seen : sequence of (Trial, Observation)
        All that was tried on it, and what was seen.

    Returns
    -------
    dict or None
        None unless one mistake, or one pair of them, explains every observation.
    """
    for recognised, mistake in RECOGNISED:
        if recognised(function, seen):
            return _entry((mistake,))
    for exactly in (True, False):
        for together, wrong in _candidates(function):
            if all(_explains(function, wrong, trial, observation, exactly) for trial, observation in seen):
                return _entry(together)
    return None


def _entry(together: Sequence[Mistake]) -> dict[str, Any]:
    parts = [mistake.id for mistake in together]
    return {
        "id": "+".join(parts),
        "parts": parts,
        "title": "; ".join(mistake.title for mistake in together),
        "hint": "\n".join(mistake.hint for mistake in together),
    }


@functools.cache
def _candidates(function: str) -> tuple[tuple[tuple[Mistake, ...], Callable[..., Any]], ...]:
    return tuple(made(named()[function]))


_lock = threading.Lock()
_performed: dict[tuple[int, str], Observation] = {}


def _explains(
    function: str, wrong: Callable[..., Any], trial: Trial, observation: Observation, exactly: bool
) -> bool:
    key = (id(wrong), trial_key(trial))
    with _lock:
        if key not in _performed:
            from grading.reference import reference_functions

            _performed[key] = perform(trial, {**reference_functions(), function: wrong})
        expected = _performed[key]
    return alike(trial, observation, expected, exactly)


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
                if a.shape != b.shape:
                    return False
                if relative_error(a, b) > ALIKE and not np.array_equal(a, b, equal_nan=True):
                    return False
            case a, b:
                if a != b:
                    return False
    return True


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
    return signature


def _change(trial: Trial, call: int, array: np.ndarray) -> np.ndarray:
    before = given(trial, call)
    return array.astype(np.float64) - before if array.shape == before.shape else array


def _returned_nothing(function: str, seen: Seen) -> bool:
    if function == "class_visualization_update_step":
        return False
    return all(facts["type"] == "NoneType" for _, observation in seen for facts in observation.calls)


def _returned_pair(function: str, seen: Seen) -> bool:
    """`torch.return_types.max` is called "max"."""
    return all(facts["type"] == "max" for _, observation in seen for facts in observation.calls)


def _gave_up(function: str, seen: Seen) -> bool:
    """Every result lies on the reference solution's way, at least one before its end, and some step was taken."""
    if function != "make_fooling_image":
        return False
    early = steps = 0
    for trial, observation in seen:
        output, way = observation.arrays.get("0/output"), reference_observation(trial).arrays["0/shown"]
        if len(way) == 1:
            continue  # fooled from the start: this tells nothing of giving up
        if output is None or output.shape != (1, *way.shape[1:]):
            return False
        start = way[0].astype(np.float64)
        where = [
            n for n, image in enumerate(way) if relative_error(output[0] - start, image - start) <= ALIKE
        ]
        if not where:
            return False
        early += where[0] < len(way) - 1
        steps += where[0]
    return early > 0 and steps > 0


# What is seen without a wrong solution to compare with.
def _looped(function: str, seen: Seen) -> bool:
    """Every result is the reference solution's, and the tensor operations grow with the picture."""
    if function != "tv_loss" or not all(alike(t, o, reference_observation(t), exactly=True) for t, o in seen):
        return False
    counts = [[facts["operations"] for facts in o.calls] for t, o in seen if "operations" in t.watch]
    return any(count[-1] > count[0] + 4 for count in counts)


RECOGNISED: tuple[tuple[Callable[[str, Seen], bool], Mistake], ...] = (
    (_returned_nothing, RETURNS_NOTHING),
    (_returned_pair, RETURNS_PAIR),
    (_gave_up, GIVES_UP),
    (_looped, LOOPS),
)
