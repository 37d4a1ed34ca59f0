"""Judges of a fooling loop: the steps it takes, and when it stops.

The images on its way are told by the process that the function runs in. So where they keep all rules, one thing is
asked of the result, which nobody can only claim: the rules leave one way, so it must be the reference solution's.
"""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import torch

from cs231n.sentences import Sentence, sentence
from cs231n.trials import networks
from cs231n.trials.evidence import Evidence, Judge, Verdict, lost_in_rounding, relative_error
from cs231n.trials.judges import given, same_change, too_short
from cs231n.trials.observation import is_cut, onward

# The loosest that a rule is judged with, and how far a result may then be from the one that all rules lead to.
RULE, RESULT = 1e-2, 5e-2
# What judges by each rule, and the rule alone.
RULES: dict[Judge, Judge] = {}


def _rule(judge: Judge) -> Judge:
    """Declare a rule for the way: who seems to keep them all, but has another result, kept none."""

    @functools.wraps(judge)
    def judged(evidence: Evidence) -> Verdict:
        verdict = judge(evidence)
        if verdict.passed and _is_made_up(evidence):
            return Verdict(
                False,
                sentence("the images that the network was shown do not lead to the result that was returned"),
            )
        return verdict

    RULES[judged] = judge
    return judged


def _is_made_up(evidence: Evidence) -> bool:
    if same_change(replace(evidence, tolerance=RESULT)).passed:
        return False
    loosely = replace(evidence, tolerance=max(evidence.tolerance, RULE))
    return all(judge(loosely).passed for judge in RULES.values())


# Images nearer to each other than this count as one: a step is a thousand times as long, rounding to float32 a
# hundredth of it.
SAME_IMAGE = 1e-3


def _iterates(evidence: Evidence) -> np.ndarray | None:
    """Return the images the network was shown, each once, then the result, if it follows on them: (K, 3, H, W)."""
    shown, output = evidence.array("shown"), evidence.array("output")
    start = given(evidence.trial)
    if shown is None or output is None or shown.shape[1:] != start.shape[1:] or output.shape != start.shape:
        return None
    path = [start[0]]
    for image in shown if is_cut(shown) else [*shown, output[0]]:
        # not >=: NaN is no image seen before
        if not np.linalg.norm(image.astype(np.float64) - path[-1]) < SAME_IMAGE:
            path.append(image)
    return np.stack(path).astype(np.float64)


NOT_SEEN = Verdict(
    False, sentence("no step can be measured: the network got no images of the expected shape")
)


@_rule
def steps_have_length_one(evidence: Evidence) -> Verdict:
    """Each step of the fooling loop has length `learning_rate = 1`."""
    path = _iterates(evidence)
    if path is None or len(path) < 2:
        return NOT_SEEN
    lengths = np.linalg.norm(np.diff(path, axis=0).reshape(len(path) - 1, -1), axis=1)
    off = float(np.abs(lengths - 1).max()) if np.isfinite(lengths).all() else float("inf")
    return Verdict(
        off <= evidence.tolerance,
        _span(lengths),
        off,
    )


def _span(lengths: np.ndarray) -> Sentence:
    shortest, longest = float(lengths.min()), float(lengths.max())
    template = (
        "expected steps of length 1, got {shortest:.2g}"
        if f"{shortest:.2g}" == f"{longest:.2g}"
        else "expected steps of length 1, got {shortest:.2g} to {longest:.2g}"
    )
    return sentence(template, shortest=shortest, longest=longest)


@_rule
def climbs_the_score(evidence: Evidence) -> Verdict:
    """The first step goes along the gradient of the target's raw score."""
    path = _iterates(evidence)
    if path is None or len(path) < 2:
        return NOT_SEEN
    step = path[1] - path[0]
    if lost_in_rounding(step, path[0], evidence.tolerance):
        return too_short(float(np.linalg.norm(step)))
    image = torch.from_numpy(path[:1].astype(np.float32)).requires_grad_()
    score = networks.network(evidence.trial.network)(image)[0, evidence.trial.calls[0][1]]
    (slope,) = torch.autograd.grad(score, image)
    error = float(np.linalg.norm(_unit(step) - _unit(slope[0].double().numpy())))
    return Verdict(
        error <= evidence.tolerance,
        sentence(
            "the first step differs in direction from the gradient of the target's score by {error:.2g}",
            error=error,
        ),
        error,
    )


@_rule
def forgets_old_gradients(evidence: Evidence) -> Verdict:
    """A first step from an image on the way equals the step that was taken there: no earlier gradient is in it."""
    shown, again = evidence.array("shown"), evidence.array("shown", 1)
    if shown is None or again is None or shown.shape[1:] != again.shape[1:]:
        return NOT_SEEN
    if evidence.array("output") is None:
        return Verdict(False, sentence("the function returns no tensor"))
    if len(shown) < 2:  # a single step has no other before it
        path = _iterates(evidence)
        return NOT_SEEN if path is None or len(path) < 2 else Verdict(True, sentence("there is one step"))
    if len(again) < 2:
        return NOT_SEEN
    number = onward(shown)
    steps = [way[1].astype(np.float64) - way[0] for way in (shown[number:], again)]
    error = relative_error(_unit(steps[0]), _unit(steps[1]))
    passed = error <= evidence.tolerance
    template = (
        "step {number} and a first step from the same picture are equal"
        if passed
        else "step {number} and a first step from the same picture differ in direction by {error:.2g}: are gradients "
        "of earlier steps still in .grad?"
    )
    return Verdict(passed, sentence(template, number=number + 1, error=error), error)


@_rule
def stops_when_fooled(evidence: Evidence) -> Verdict:
    """The result is the first image on the way that the network takes for the target; it may be the start itself."""
    path = _iterates(evidence)
    if path is None:
        return NOT_SEEN
    target = evidence.trial.calls[0][1]
    classes = networks.scores(evidence.trial.network, torch.from_numpy(path.astype(np.float32))).argmax(1)
    fooled = np.flatnonzero(classes.numpy() == target)
    if len(fooled) == 0:
        return Verdict(False, sentence("the network never predicts the target class"))
    further = len(path) - 1 - int(fooled[0])
    if further:
        shown = evidence.array("shown")
        template = (
            "expected no step after the network was fooled, got at least {further}"
            if shown is not None and is_cut(shown)
            else "expected no step after the network was fooled, got {further}"
        )
        return Verdict(False, sentence(template, further=further))
    return _untouched_target(evidence)


def _untouched_target(evidence: Evidence) -> Verdict:
    """A picture that is the target already, in the last call, comes back as it was."""
    last = evidence.calls()[-1]
    start, output = given(evidence.trial, last), evidence.array("output", last)
    if output is None or output.shape != start.shape:
        return NOT_SEEN
    if not np.linalg.norm(output.astype(np.float64) - start) < SAME_IMAGE:
        return Verdict(
            False,
            sentence("an image of the target class was changed: test the prediction before the first step"),
        )
    return Verdict(True, sentence("no step after the network was fooled"))


def _unit(vector: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vector)
    unit: np.ndarray = vector / length if length > 0 else vector
    return unit
