"""Detectors: mistakes that show in the observations, without a wrong solution to compare with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cs231n.trials.judges import given
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.vocabulary.mistake import Mistake
from grading.verdict.diagnosis.compare import IN_PLACE, Seen

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
RETURNS_ORIGINAL = Mistake(
    "fooling-returns-original",
    "Returns the original picture",
    "Your loop takes steps, but what comes back is the picture that was passed in. Look at the name in your return, "
    "and at which tensor your steps change.",
    {},
)
KEEPS_GRAPH = Mistake(
    "saliency-keeps-graph",
    "The maps are still attached to the graph",
    "Your maps can still be differentiated, so they keep every activation of the network in memory. Expected: plain "
    "numbers. Where does the graph of the gradient come from, and how do you detach a tensor from it?",
    {},
)
CHANGES_ORIGINAL = Mistake(
    "fooling-changes-the-original",
    "The original picture is changed as well",
    "The picture that was passed in is another one after your function. The fooling image starts as a copy: "
    "assigning a tensor to another name makes none.",
    {},
)
LOOPS = Mistake(
    "tv-python-loop",
    "A Python loop over pixels",
    "Your loss visits rows, columns or pixels one by one, which takes seconds where two slices of the whole picture "
    "take a millisecond.",
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
ONE_AT_A_TIME = Mistake(
    "occlusion-one-at-a-time",
    "One covered copy at a time goes through the network",
    "Your heatmap takes one call of the network for each of its entries. A network takes a batch: several covered "
    "copies can go through it together.",
    {},
)
OTHER_TYPE = Mistake(
    "numbers-of-another-type",
    "The numbers are of another type",
    "Your numbers are of another type than was asked for: what uses them next picks entries by them, or accepts "
    "nothing else. The docstring names the type.",
    {},
)

# So many operations more on a larger picture are a loop.
_GROWTH = 4


def _returned_nothing(function: str, seen: Seen) -> bool:
    if function == IN_PLACE:
        return False
    return all(facts["type"] == "NoneType" for _, observation in seen for facts in observation.calls)


def _returned_pair(function: str, seen: Seen) -> bool:
    """`torch.return_types.max` is called "max"."""
    return all(facts["type"] == "max" for _, observation in seen for facts in observation.calls)


def _returned_several(function: str, seen: Seen) -> bool:
    if function == IN_PLACE:
        return False
    kinds = {facts["type"] for _, o in seen for facts in o.calls if not facts["raised"]}
    return bool(kinds) and kinds <= {"list", "tuple"}


def _returned_original(function: str, seen: Seen) -> bool:
    """Other pictures were shown to the network, and none of them came back."""
    if function != "make_fooling_image":
        return False
    stepped = 0
    for trial, observation in seen:
        output, shown = observation.arrays.get("0/output"), observation.arrays.get("0/shown")
        if output is None or shown is None or not np.array_equal(output, given(trial)):
            return False
        stepped += bool((shown != shown[:1]).any())
    return stepped > 0


def _kept_graph(function: str, seen: Seen) -> bool:
    return function == "compute_saliency_maps" and any(facts["graph"] for _, o in seen for facts in o.calls)


def _changed_original(function: str, seen: Seen) -> bool:
    if function != "make_fooling_image":
        return False
    after = [(given(trial), observation.arrays.get("0/after/0")) for trial, observation in seen]
    return any(array is not None and not np.array_equal(array, before) for before, array in after)


def _looped(function: str, seen: Seen) -> bool:
    """The tensor operations grow with the picture."""
    watched = [o.calls for trial, o in seen if function == "tv_loss" and "operations" in trial.watch]
    counts = [[facts.get("operations", 0) for facts in calls] for calls in watched]
    return any(count[-1] > count[0] + _GROWTH for count in counts)


_WHOLE_NUMBERS = {"nearest_neighbours": "int64", "receptive_field_box": "int64", "grabcut_seeds": "uint8"}


def _changed_argument(function: str, seen: Seen) -> bool:
    """A tensor is not what it was before its call, or its .grad is not."""
    if function in ("make_fooling_image", IN_PLACE):
        return False  # there it is named otherwise, or asked for
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


def _left_traces(function: str, seen: Seen) -> bool:
    return any(facts.get("changed") for _, observation in seen for facts in observation.calls)


def _one_at_a_time(function: str, seen: Seen) -> bool:
    """The network was called for each entry of every result."""
    counts = [
        (facts["shown"], observation.arrays[f"{number}/output"].size)
        for _, observation in seen
        for number, facts in enumerate(observation.calls)
        if function == "occlusion_map" and f"{number}/output" in observation.arrays and "shown" in facts
    ]
    return bool(counts) and all(calls >= entries for calls, entries in counts)


def _other_type(function: str, seen: Seen) -> bool:
    """The results are whole numbers, but not of the type that was asked for."""
    asked = _WHOLE_NUMBERS.get(function)
    results = [array for _, o in seen for key, array in o.arrays.items() if key.endswith("/output")]
    if asked is None or not results or any(array.dtype == asked for array in results):
        return False
    return all(np.array_equal(array, np.round(array)) for array in results)


# What can be said of no function whose results are not understood: it is about these.
ABOUT_RESULTS = (ONE_AT_A_TIME, OTHER_TYPE)

Recognise = Callable[[str, Seen], bool]
# They explain all by themselves.
ALONE: tuple[tuple[Recognise, Mistake], ...] = (
    (_returned_nothing, RETURNS_NOTHING),
    (_returned_pair, RETURNS_PAIR),
    (_returned_several, RETURNS_SEVERAL),
    (_returned_original, RETURNS_ORIGINAL),
)
# They leave no trace in the results, which may be right or wrong beside.
BESIDE: tuple[tuple[Recognise, Mistake], ...] = (
    (_kept_graph, KEEPS_GRAPH),
    (_changed_original, CHANGES_ORIGINAL),
    (_looped, LOOPS),
    (_changed_argument, CHANGES_ARGUMENT),
    (_left_traces, LEAVES_TRACES),
    (_one_at_a_time, ONE_AT_A_TIME),
    (_other_type, OTHER_TYPE),
)
