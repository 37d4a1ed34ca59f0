"""Detectors: mistakes that show in the observations, without a wrong solution to compare with."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np

from cs231n.trials.trial import Tensor, Trial
from grading.assignments.vocabulary.detector import Detector, Kind
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import Mistake
from grading.assignments.vocabulary.seen import Seen

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
    "max over an axis returns two tensors, the values and their indices, and you returned the pair. Expected: the "
    "values alone.",
    {},
)
RETURNS_SEVERAL = Mistake(
    "returns-several",
    "Returns a list or a tuple instead of one tensor",
    "Your function returns several things at once. Expected: one tensor. Put what belongs together into one, and "
    "leave out the rest.",
    {},
)
CHANGES_ARGUMENT = Mistake(
    "changes-its-argument",
    "Changes what it was given",
    "A tensor that was passed in is another one after your function, or holds a gradient that was not there. Which of "
    "your lines writes into it? Work on a copy: assigning a tensor to another name makes none.",
    {},
)
LEAVES_TRACES = Mistake(
    "leaves-traces-in-the-network",
    "Gradients or hooks are left in the network",
    "After your function the network's parameters hold gradients, or hooks are left in it, which the next call will "
    "meet. Ask for the one gradient that you need, and take away what you hang into the network.",
    {},
)
OTHER_TYPE = Mistake(
    "numbers-of-another-type",
    "The numbers are of another type",
    "Your numbers are of another type than was asked for: what uses them next picks entries by them, or accepts "
    "nothing else. The docstring names the type.",
    {},
)


def _returned_nothing(function: Function, seen: Seen) -> bool:
    if function.in_place:
        return False
    return all(facts["type"] == "NoneType" for _, observation in seen for facts in observation.calls)


def _returned_pair(function: Function, seen: Seen) -> bool:
    """`torch.return_types.max` is called "max"."""
    return all(facts["type"] == "max" for _, observation in seen for facts in observation.calls)


def _returned_several(function: Function, seen: Seen) -> bool:
    if function.in_place:
        return False
    kinds = {facts["type"] for _, o in seen for facts in o.calls if not facts["raised"]}
    return bool(kinds) and kinds <= {"list", "tuple"}


def _changed_argument(function: Function, seen: Seen) -> bool:
    """A tensor is not what it was before its call, or its .grad is not."""
    if function.in_place:
        return False
    return any(
        not np.array_equal(array, before)
        for trial, observation in seen
        for key, array in observation.arrays.items()
        if (before := _before(trial, key)) is not None
    )


def _before(trial: Trial, key: str) -> np.ndarray | None:
    """Return what "K/after/PATH" or "K/grad/PATH" was before the call; None for other keys."""
    call, kind, *path = key.split("/")
    if kind not in ("after", "grad") or "." in path[0]:
        return None
    argument = trial.calls[int(call)][int(path[0])]
    if not isinstance(argument, Tensor):
        return None
    before = argument.data if kind == "after" else argument.grad
    return np.empty(0) if before is None else before


def _left_traces(function: Function, seen: Seen) -> bool:
    return any(facts.get("changed") for _, observation in seen for facts in observation.calls)


def _other_type(function: Function, seen: Seen) -> bool:
    """The results are whole numbers, but not of the type that was asked for."""
    results = [array for _, o in seen for key, array in o.arrays.items() if key.endswith("/output")]
    if not function.dtype or not results or any(array.dtype == function.dtype for array in results):
        return False
    return all(np.array_equal(array, np.round(array)) for array in results)


# What may be seen of any function, in the order in which it is looked for.
GENERAL: tuple[tuple[Mistake, Callable[[Function, Seen], bool], Kind], ...] = (
    (RETURNS_NOTHING, _returned_nothing, Kind.EXCLUSIVE),
    (RETURNS_PAIR, _returned_pair, Kind.EXCLUSIVE),
    (RETURNS_SEVERAL, _returned_several, Kind.EXCLUSIVE),
    (CHANGES_ARGUMENT, _changed_argument, Kind.ADDITIONAL),
    (LEAVES_TRACES, _left_traces, Kind.ADDITIONAL),
    (OTHER_TYPE, _other_type, Kind.ABOUT_RESULTS),
)


def detectors_of(function: Function, kind: Kind) -> list[Detector]:
    """Return the detectors of one kind for a function: its own, then those of any function that it does not replace."""
    replaced = {own.instead_of for own in function.detectors}
    general = [
        Detector(mistake, functools.partial(sees, function), of_kind)
        for mistake, sees, of_kind in GENERAL
        if mistake.id not in replaced
    ]
    return [detector for detector in (*function.detectors, *general) if detector.kind is kind]


def detected(function: Function, seen: Seen, kind: Kind) -> tuple[Mistake, ...]:
    """Return the mistakes of one kind that are seen of a function."""
    return tuple(one.mistake for one in detectors_of(function, kind) if one.sees(seen))
