"""Judges of behaviour: the steps a function takes, when it stops, what it leaves behind, whether it loops."""

from __future__ import annotations

import numpy as np
import torch

from cs231n.sentences import Sentence, sentence
from cs231n.trials import networks
from cs231n.trials.evidence import Evidence, Verdict, lost_in_rounding, relative_error, unlike_shape
from cs231n.trials.judges import given, too_short
from cs231n.trials.observe import is_cut, onward


def one_map_per_image(evidence: Evidence) -> Verdict:
    """Each call returns one map per image, with the height and width of the images."""
    for number, call in enumerate(evidence.trial.calls):
        seen = evidence.array("output", number)
        count, _, height, width = call[0].data.shape
        asked = (count, height, width)
        if seen is None or seen.shape != asked:
            found = sentence("no tensor") if seen is None else seen.shape
            images = sentence("one image") if count == 1 else sentence("{count} images", count=count)
            return Verdict(
                False,
                sentence(
                    "expected shape {asked} for {images}, got {found}",
                    asked=asked,
                    images=images,
                    found=found,
                ),
            )
    return Verdict(True, sentence("one map for each image"))


def nonnegative(evidence: Evidence) -> Verdict:
    """No element of any output is below zero, and not all are zero; a call that raised is not counted here."""
    below = 0.0
    for number in evidence.returned():
        seen = evidence.array("output", number)
        if seen is None or not np.isfinite(seen).all():
            return Verdict(False, sentence("the result holds NaN or infinite values, or is no tensor"))
        if not seen.any():
            return Verdict(False, sentence("the result is zero everywhere"))
        below = max(below, float((seen < 0).mean()))
    return Verdict(below == 0, sentence("{below:.2g} of the values are negative", below=below))


def no_graph(evidence: Evidence) -> Verdict:
    """No output is attached to a graph, which would keep the network's activations in memory."""
    for number in evidence.returned():
        if evidence.array("output", number) is None:
            return Verdict(False, sentence("the function returns no tensor"))
        if evidence.facts(number)["graph"]:
            return Verdict(False, sentence("the result is still attached to the graph"))
    return Verdict(True, sentence("the result is plain numbers"))


def independent_of_batch(evidence: Evidence) -> Verdict:
    """An image gets the same map, up to its scale, whichever images share the batch."""
    maps = [evidence.array("output", number) for number in (0, 1)]
    if any(m is None or m.ndim != 3 or not np.isfinite(m).all() for m in maps):
        return Verdict(False, sentence("the maps cannot be compared"))
    first, second = maps
    assert first is not None
    assert second is not None
    if first.shape[1:] != second.shape[1:] or not first[0].any() or not second[0].any():
        return Verdict(False, sentence("the maps cannot be compared"))
    error = relative_error(first[0] / np.linalg.norm(first[0]), second[0] / np.linalg.norm(second[0]))
    return Verdict(
        error <= evidence.tolerance,
        sentence(
            "the first image's map differs by {error:.2g} when the other images of the batch change",
            error=error,
        ),
        error,
    )


def never_itself(evidence: Evidence) -> Verdict:
    """No row holds its own number, and each holds as many different ones as were asked for."""
    seen, expected = evidence.array("output"), evidence.asked()
    if seen is None or seen.shape != expected.shape:
        return Verdict(False, unlike_shape(seen, expected))
    for number, row in enumerate(seen):
        if number in row:
            return Verdict(False, sentence("row {number} is among its own neighbours", number=number))
        if len(set(row.tolist())) < len(row) or not set(row.tolist()) < set(range(len(seen))):
            return Verdict(
                False, sentence("row {number} names a row twice, or a row that does not exist", number=number)
            )
    return Verdict(True, sentence("the neighbours of each row are other rows"))


def zero_mean(evidence: Evidence) -> Verdict:
    """The mean of each column is zero, compared with how much the columns vary."""
    seen = evidence.array("output")
    if seen is None or seen.shape != evidence.asked().shape or not np.isfinite(seen).all():
        return Verdict(False, sentence("the mean of the columns cannot be measured"))
    if not (spread := float(np.linalg.norm(seen.std(axis=0)))):
        return Verdict(False, sentence("the result is the same for all rows"))
    error = float(np.linalg.norm(seen.mean(axis=0))) / spread
    return Verdict(
        error <= evidence.tolerance,
        sentence(
            "mean of the columns, relative to their spread: {error:.2g} (at most {tolerance:.2g})",
            error=error,
            tolerance=evidence.tolerance,
        ),
        error,
    )


def widest_first(evidence: Evidence) -> Verdict:
    """Each column varies more than the next one."""
    seen = evidence.array("output")
    if seen is None or seen.shape != evidence.asked().shape or not np.isfinite(seen).all():
        return Verdict(False, sentence("the variances of the columns cannot be measured"))
    variances = seen.astype(np.float64).var(axis=0)
    # equal ones, after whitening, are in no order
    passed = bool((variances[:-1] > 1.05 * variances[1:]).all())
    template = (
        "variances of the columns: {variances}"
        if passed
        else "variances of the columns: {variances}: expected the largest first"
    )
    return Verdict(passed, sentence(template, variances=", ".join(f"{v:.2g}" for v in variances)))


def probabilities(evidence: Evidence) -> Verdict:
    """The result has the shape that was asked for, and its values lie between 0 and 1 and differ."""
    seen, expected = evidence.array("output"), evidence.asked()
    if seen is None or seen.shape != expected.shape:
        return Verdict(False, unlike_shape(seen, expected))
    if not (seen >= 0).all() or not (seen <= 1).all():
        return Verdict(
            False,
            sentence(
                "expected values between 0 and 1, got {least:.2g} to {most:.2g}",
                least=seen.min(),
                most=seen.max(),
            ),
        )
    if not (seen != seen.flat[0]).any():
        return Verdict(False, sentence("all values are the same"))
    return Verdict(True, sentence("all values lie between 0 and 1"))


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
