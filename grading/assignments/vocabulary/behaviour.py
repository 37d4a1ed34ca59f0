"""Judges of behaviour: the form and the range of results, and what they depend on. Loops: `loop_behaviour`."""

from __future__ import annotations

import numpy as np

from cs231n.sentences import sentence
from cs231n.trials.evidence import Evidence, Verdict, relative_error, unlike_shape


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
