"""Judges of the public checks: each maps the evidence of one trial to a verdict."""

from __future__ import annotations

import numpy as np
import torch

from cs231n.sentences import Sentence, sentence
from cs231n.trials import networks
from cs231n.trials.evidence import (
    Evidence,
    Judge,
    Verdict,
    compare,
    lost_in_rounding,
    relative_error,
    unlike_shape,
    worst,
)
from cs231n.trials.trial import Picture, Pictures, Tensor, Trial


def too_short(length: float) -> Verdict:
    """A step whose direction is lost in rounding."""
    return Verdict(
        False,
        sentence(
            "the step has length {length:.2g}, too short to measure its direction. What is it divided by?",
            length=length,
        ),
    )


def given(trial: Trial, call: int = 0) -> np.ndarray:
    """Return the first argument of a call as it is before the call: an image (N, 3, H, W)."""
    value = trial.calls[call][0]
    match value:
        case Tensor():
            return value.data
        case Picture():
            return networks.picture(value).numpy()
        case Pictures():
            return networks.pictures(value).numpy()
    raise TypeError(f"a {type(value).__name__} is no image")


def same_output(evidence: Evidence) -> Verdict:
    """Each call returns what the reference solution returns."""
    verdicts = []
    for number in evidence.calls():
        seen = evidence.array("output", number)
        if seen is None:
            return _nothing(evidence, number)
        verdicts.append(compare(seen, evidence.asked(call=number), evidence.tolerance))
    return worst(verdicts)


def _nothing(evidence: Evidence, call: int = 0) -> Verdict:
    """A call that returned no array fails every check: an empty result cannot pass."""
    facts = evidence.facts(call)
    return Verdict(False, _no_array(facts["type"], facts.get("unreadable")))


def _no_array(kind: str | None, dtype: str | None) -> Sentence:
    if kind == "NoneType":
        return sentence("expected a tensor, got None: assign your result to the variable in the return line")
    if kind in ("max", "min", "median", "sort", "topk"):
        return sentence(
            "expected a tensor, got the pair (values, indices) of torch.{kind}: take the values", kind=kind
        )
    if kind in ("coroutine", "generator", "async_generator"):
        return sentence(
            "expected a tensor, got a {kind}, which has computed nothing yet: end the function with `return`, without "
            "`yield` in it and without `async` before its `def`",
            kind=kind,
        )
    if dtype:
        return sentence("expected a tensor of real numbers, got {kind} of {dtype}", kind=kind, dtype=dtype)
    return sentence("expected a tensor of real numbers, got {kind}", kind=kind)


def same_values(evidence: Evidence) -> Verdict:
    """The values are the reference solution's; a missing batch axis of size one is left to the checks of shape."""
    seen, expected = evidence.array("output"), evidence.asked()
    if seen is not None and expected.shape[:1] == (1,) and seen.shape == expected.shape[1:]:
        return compare(seen[None], expected, evidence.tolerance)
    return same_output(evidence)


def same_gradient(evidence: Evidence) -> Verdict:
    """The gradient of the output reaches the arguments, and is the reference solution's."""
    if evidence.facts()["type"] == "NoneType":
        return _nothing(evidence)
    if not evidence.facts()["graph"]:
        return Verdict(
            False,
            sentence(
                "no gradient reaches the image, because the result is cut off from the graph: use tensor operations "
                "only, and no .data, .detach(), .item() or .numpy()"
            ),
        )
    return worst(
        compare(evidence.seen.arrays.get(key), expected, evidence.tolerance, sentence("the gradient"))
        for key, expected in evidence.expected.arrays.items()
        if "/gradient/" in key
    )


def input_untouched(evidence: Evidence) -> Verdict:
    """The first argument holds the same values after the call as before."""
    if evidence.array("output") is None:
        return _nothing(evidence)
    before = given(evidence.trial)
    after = evidence.array("after/0")
    if after is not None and after.shape == before.shape and np.array_equal(after, before):
        return Verdict(True, sentence("the input is unchanged"))
    return Verdict(False, sentence("the input was changed: work on a copy of it"))


def steps_along_gradient(evidence: Evidence) -> Verdict:
    """The image moves along the gradient of the regularised score, whatever the length of the step."""
    seen, expected = _steps(evidence)
    if seen is None:
        return Verdict(
            False, sentence("the image that was passed in has another shape, or is no tensor, after the step")
        )
    if not np.isfinite(seen).all():
        return Verdict(False, sentence("the image holds NaN or infinite values after the step"))
    length = float(np.linalg.norm(seen))
    if length == 0:
        return Verdict(
            False, sentence("the image did not change: update the image that was passed in, in place")
        )
    if lost_in_rounding(seen, given(evidence.trial), evidence.tolerance):
        return too_short(length)
    return compare(
        seen / length,
        expected / np.linalg.norm(expected),
        evidence.tolerance,
        sentence("the step's direction"),
    )


def step_has_asked_length(evidence: Evidence) -> Verdict:
    """The image moves by the learning rate: the gradient is divided by its norm, once."""
    seen, expected = _steps(evidence)
    if seen is None or not np.isfinite(seen).all():
        return Verdict(False, sentence("the step's length cannot be measured"))
    length, asked = float(np.linalg.norm(seen)), float(np.linalg.norm(expected))
    error = abs(length / asked - 1)
    message = sentence("expected a step of length {asked:.2g}, got {length:.2g}", asked=asked, length=length)
    return Verdict(error <= evidence.tolerance, message, error)


def _steps(evidence: Evidence) -> tuple[np.ndarray | None, np.ndarray]:
    """Return how the first call moved the image: the student's step, if it can be seen, and the reference's."""
    before = given(evidence.trial).astype(np.float64)
    after = evidence.array("after/0")
    seen = None if after is None or after.shape != before.shape else after - before
    return seen, evidence.asked("after/0") - before


def fools_the_network(evidence: Evidence) -> Verdict:
    """The network takes the returned image for the target class."""
    start = given(evidence.trial)
    target: int = evidence.trial.calls[0][1]
    image = evidence.array("output")
    if image is None:
        return _nothing(evidence)
    if image.shape != start.shape:
        return Verdict(False, unlike_shape(image, start))
    if not np.isfinite(image).all():
        return Verdict(False, sentence("the image holds NaN or infinite values"))
    scores = networks.scores(evidence.trial.network, torch.from_numpy(image.astype(np.float32)))[0]
    predicted = int(scores.argmax())
    if predicted == target:
        return Verdict(True, sentence("the network predicts the target class"))
    if np.array_equal(image, start):
        return Verdict(False, sentence("the returned image is the original: no step was made"))
    return Verdict(
        False,
        sentence(
            "expected the network to predict class {target}, got class {predicted}",
            target=target,
            predicted=predicted,
        ),
    )


def stays_close(evidence: Evidence) -> Verdict:
    """The returned image is not much further from the start than the reference solution's."""
    start = given(evidence.trial)
    image = evidence.array("output")
    if image is None or image.shape != start.shape or not np.isfinite(image).all():
        return Verdict(False, sentence("the distance to the start cannot be measured"))
    distance = float(np.linalg.norm(image.astype(np.float64) - start))
    asked = float(np.linalg.norm(evidence.asked().astype(np.float64) - start))
    limit = (1 + evidence.tolerance) * asked
    message = sentence(
        "the image moved by {distance:.2g} (at most {limit:.2g})", distance=distance, limit=limit
    )
    return Verdict(distance <= limit, message, max(0.0, distance / asked - 1))


def same_change(evidence: Evidence) -> Verdict:
    """The returned image differs from the start by what the reference solution's does."""
    start, image = given(evidence.trial), evidence.array("output")
    if image is None:
        return _nothing(evidence)
    if image.shape != start.shape:
        return Verdict(False, unlike_shape(image, start))
    expected = evidence.asked().astype(np.float64) - start
    return compare(
        image.astype(np.float64) - start, expected, evidence.tolerance, sentence("the change of the image")
    )


def fresh_gradient_each_call(evidence: Evidence) -> Verdict:
    """The second call's step is that of a call on the same picture which follows none: nothing was accumulated."""
    steps = []
    for number in (1, 2):
        after = evidence.array("after/0", number)
        before = given(evidence.trial, number)
        if after is None or after.shape != before.shape or not np.isfinite(after).all():
            return Verdict(False, sentence("the step cannot be measured"))
        steps.append(after.astype(np.float64) - before)
    if not steps[0].any():
        return Verdict(False, sentence("the image did not change"))
    error = relative_error(steps[1], steps[0])
    passed = error <= evidence.tolerance
    template = (
        "two steps from the same picture differ by {error:.2g}"
        if passed
        else "two steps from the same picture differ by {error:.2g}: are gradients of earlier calls still in img.grad?"
    )
    return Verdict(passed, sentence(template, error=error), error)


def no_python_loop(evidence: Evidence) -> Verdict:
    """The number of tensor operations does not grow with the picture."""
    for number in evidence.calls():
        if evidence.array("output", number) is None:
            return _nothing(evidence, number)
    small, large = (evidence.facts(number)["operations"] for number in evidence.calls())
    passed = large <= small + 4
    template = (
        "{small} tensor operations for a small picture, {large} for a larger one"
        if passed
        else "{small} tensor operations for a small picture, {large} for a larger one: use slices of the whole picture "
        "instead of a loop"
    )
    return Verdict(passed, sentence(template, small=small, large=large))


def exactly_the_same(evidence: Evidence) -> Verdict:
    """Each call returns exactly the whole numbers of the reference solution."""
    for number in evidence.calls():
        seen, expected = evidence.array("output", number), evidence.asked(call=number)
        if seen is None:
            return _nothing(evidence, number)
        if seen.shape != expected.shape:
            return compare(seen, expected, 0)
        if wrong := int((seen != expected).sum()):
            return Verdict(
                False,
                sentence(
                    "{wrong} of {count} numbers differ from the expected numbers",
                    wrong=wrong,
                    count=expected.size,
                ),
            )
    return Verdict(True, sentence("all numbers are as expected"))


def right_type(evidence: Evidence) -> Verdict:
    """The result has the expected dtype."""
    for number, expected in enumerate(evidence.expected.calls):
        seen = evidence.array("output", number)
        if seen is None:
            return _nothing(evidence, number)
        if str(seen.dtype) != expected["dtype"]:
            return Verdict(
                False,
                sentence(
                    "expected dtype {expected}, got {seen}", expected=expected["dtype"], seen=str(seen.dtype)
                ),
            )
    return Verdict(True, sentence("the dtype is as expected"))


def same_up_to_sign(evidence: Evidence) -> Verdict:
    """Each column of each result is the reference solution's, or its opposite."""
    verdicts = []
    for number in evidence.calls():
        seen, expected = evidence.array("output", number), evidence.asked(call=number)
        if seen is None:
            return _nothing(evidence, number)
        if seen.shape == expected.shape:
            seen = seen * np.where((seen * expected).sum(axis=0) < 0, -1, 1)
        verdicts.append(compare(seen, expected, evidence.tolerance, sentence("the result up to signs")))
    return worst(verdicts)


def runs_together(evidence: Evidence) -> Verdict:
    """The network is called fewer times than the result has entries."""
    for number in evidence.calls():
        if evidence.array("output", number) is None:
            return _nothing(evidence, number)
        asked, entries = evidence.facts(number)["shown"], evidence.asked(call=number).size
        if asked >= entries:
            return Verdict(
                False,
                sentence(
                    "{asked} calls of the network for {entries} entries: give it several pictures at once",
                    asked=asked,
                    entries=entries,
                ),
            )
    return Verdict(
        True, sentence("{asked} calls of the network for {entries} entries", asked=asked, entries=entries)
    )


def leaves_no_trace(evidence: Evidence) -> Verdict:
    """The calls change neither the arguments, nor their gradients, nor the network."""
    for number in evidence.calls():
        if evidence.array("output", number) is None:
            return _nothing(evidence, number)
        if "network" in evidence.trial.watch and (changed := evidence.facts(number)["changed"]):
            return Verdict(False, sentence("the network was changed: {changed}", changed=changed))
    for key in evidence.seen.arrays.keys() | evidence.expected.arrays.keys():
        if "/after/" in key or "/grad/" in key:
            seen, expected = evidence.seen.arrays.get(key), evidence.expected.arrays.get(key)
            if seen is None or expected is None or not np.array_equal(seen, expected):
                if "/grad/" in key:
                    return Verdict(False, sentence("an argument's .grad was changed: work on a copy"))
                return Verdict(False, sentence("an argument was changed: work on a copy"))
    return Verdict(True, sentence("nothing was changed"))


JUDGES: dict[str, Judge] = {
    judge.__name__: judge
    for judge in (
        same_output,
        same_values,
        same_gradient,
        input_untouched,
        steps_along_gradient,
        step_has_asked_length,
        fools_the_network,
        stays_close,
        same_change,
        fresh_gradient_each_call,
        no_python_loop,
        exactly_the_same,
        right_type,
        same_up_to_sign,
        runs_together,
        leaves_no_trace,
    )
}
