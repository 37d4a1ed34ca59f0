"""The rule for points of conduct: they count only where something was computed.

Some checks let a wrong result pass: they ask whether it has the right shape, is above zero, leaves the input alone.
Who returns zeros, another constant, noise, or what was passed in does all that, too. So the function is called again:
the same once more, then with one argument changed at a time. Its result must stay, must change, and must be no part of
what was passed in. What a fooling loop showed to the network counts as its result, too, and what a step changed.

Only a function that is not right is tried so: all checks together let nothing pass that computes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.trials.evidence import relative_error
from cs231n.trials.observe import Observation
from cs231n.trials.trial import Network, OnTheWay, Tensor, Trial

# What the trial is called among those of its function.
PROBE = "something is computed"
# Relative error up to which two results are one: ten times what rounding makes of a step.
ALIKE = 2e-5


@dataclass(frozen=True)
class Probe:
    """How to see that a function computes: the check whose inputs are changed, and which arguments must matter.

    `arguments`: their places, with the word for each. `result`: the array of the observation in which it shows.
    """

    check: str
    arguments: Mapping[int, str]
    result: str = "output"


PROBES = {
    "compute_saliency_maps": Probe("one_map_for_each_image", {0: "picture", 2: "network"}),
    "make_fooling_image": Probe("climbs_target_score", {2: "network"}, "shown"),
    "class_visualization_update_step": Probe("length", {0: "picture", 1: "network"}, "after/0"),
    "tv_loss": Probe("non_square_images", {0: "picture"}),
    "filters_to_images": Probe("filters_of_other_shapes", {0: "weights"}),
    "nearest_neighbours": Probe("other_tables", {0: "features"}),
    "pca": Probe("more_rows_than_columns", {0: "features"}),
    "receptive_field_box": Probe("neurons_inside", {2: "layers"}),
    "occlusion_map": Probe("other_squares", {0: "picture", 2: "network"}),
    "grabcut_seeds": Probe("other_maps", {0: "saliency map"}),
    "guided_relu_backward": Probe("any_shape", {0: "gradient"}),
    "target_margin": Probe("batches_of_scores", {0: "scores"}),
    "dream_gradient": Probe("other_layers", {0: "picture", 1: "network"}),
}


def probing(function: str, trial: Trial) -> Trial:
    """Return calls that tell whether a function computes: for each call of `trial` that one twice, then its changes."""
    changed = PROBES[function].arguments
    calls = [
        call
        for arguments in _independent(trial)
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


def nothing_computed(function: str, trial: Trial, seen: Observation) -> str | None:
    """Return in words why a function computes nothing; "" if it does, None if that could not be tried.

    Only the first of the calls that belong together may raise, as it does in the check that it comes from: one that
    raises when it is called again, or with something else of the kind, would only hide what it returns then.

    Parameters
    ----------
    trial, seen
        What `probing` returned, and what was seen in it.
    """
    probe = PROBES[function]
    size = 2 + len(probe.arguments)
    reasons = []
    for first in range(0, len(trial.calls), size):
        facts = seen.calls[first : first + size]
        if not facts or facts[0]["raised"]:
            continue
        if len(facts) < size or any(call["raised"] for call in facts):
            reasons.append(
                "the same call raises an error when it is made again, or with other inputs of the kind"
            )
            continue
        results = [_result(probe, trial, seen, number) for number in range(first, first + size)]
        reason = _no_result_of(probe, trial.calls[first], results)
        if not reason:
            return ""
        reasons.append(reason)
    return reasons[0] if reasons else None


def _no_result_of(probe: Probe, arguments: tuple[Any, ...], results: Sequence[np.ndarray | None]) -> str:
    """Return why these are no results of the arguments; "" if they are.

    `results`: of the arguments, of the same again, then with one after the other of them changed.
    """
    first, again, *others = results
    if first is not None and any(
        _is_part(first, value.data) for value in arguments if isinstance(value, Tensor)
    ):
        return "the result is what was passed in"
    if not _alike(first, again):
        return "the result is another one each time for the same input"
    unheeded = [
        word for word, other in zip(probe.arguments.values(), others, strict=True) if _alike(first, other)
    ]
    return f"the result is the same whatever the {' and the '.join(unheeded)}" if unheeded else ""


def _result(probe: Probe, trial: Trial, seen: Observation, call: int) -> np.ndarray | None:
    array = seen.arrays.get(f"{call}/{probe.result}")
    if array is None or probe.result == "output":
        return array
    before: np.ndarray = trial.calls[call][0].data
    if probe.result == "shown":
        return _way(before, array, seen.arrays.get(f"{call}/output"))
    return array - before if array.shape == before.shape else array


def _way(start: np.ndarray, shown: np.ndarray, output: np.ndarray | None) -> np.ndarray:
    """Return the images that a loop came to: those it showed, and its result, which a single step shows to nobody."""
    last = [*output] if output is not None and output.shape[1:] == shown.shape[1:] else []
    images = [image for image in (*shown, *last) if not np.array_equal(image, start[0])]
    return np.stack(images) if images else start


def _alike(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    if one.shape != other.shape:
        return False
    if one.dtype.kind in "iub" or other.dtype.kind in "iub" or not np.isfinite(other).all():
        return np.array_equal(one, other, equal_nan=True)
    return relative_error(one, other) <= ALIKE


def _is_part(result: np.ndarray, given: np.ndarray) -> bool:
    """Whether a result is an argument, or the first entries of it along an axis, or one entry."""
    if result.ndim == given.ndim:
        corner = given[tuple(slice(side) for side in result.shape)]
        return np.array_equal(result, corner)
    if result.ndim == given.ndim - 1:
        return any(np.array_equal(result, np.take(given, 0, axis)) for axis in range(given.ndim))
    return False
