"""Description of wrong results: their shape, how many numbers are right, whether they rise and fall as expected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cs231n.sentences import sentence
from grading.assignments.vocabulary.mistake import Mistake, described
from grading.verdict.diagnosis.seen_calls import SeenCall

# Shares of right numbers, and correlations, from which on something is said of them.
MOST, ALIKE = 0.5, 0.9
# Fewer numbers than these have any correlation by chance.
ENOUGH = 10


def values(calls: Sequence[SeenCall]) -> Mistake | None:
    """Return what holds of the results of all calls that gave one, None if nothing does."""
    wrong = [call for call in calls if not call.raised and not call.right]
    if not wrong or any(call.seen is None or not np.isfinite(call.seen).all() for call in wrong):
        return None
    return _other_axes(wrong) or _other_shape(wrong) or _mostly_right(wrong) or _alike(wrong)


def _shapes(calls: Sequence[SeenCall]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(call.seen.shape, call.expected.shape) for call in calls if call.seen is not None]


def _other_axes(calls: Sequence[SeenCall]) -> Mistake | None:
    shapes = _shapes(calls)
    counts = {len(one) - len(other) for one, other in shapes}
    if len(counts) != 1 or 0 in counts:
        return None
    one, other = shapes[0]
    return described(
        "too-many-axes" if len(one) > len(other) else "too-few-axes",
        "The result has too many axes" if len(one) > len(other) else "The result has too few axes",
        sentence(
            "Your result has the shape {one} where {other} was expected, and its numbers differ as well. Which axis "
            "should your sums, maxima or products run over, and which should be left?",
            one=one,
            other=other,
        ),
    )


def _other_shape(calls: Sequence[SeenCall]) -> Mistake | None:
    shapes = _shapes(calls)
    if any(one == other for one, other in shapes):
        return None
    one, other = shapes[0]
    return described(
        "shape-and-numbers",
        "The result has another shape",
        sentence(
            "Your result has the shape {one} where {other} was expected, and its numbers differ as well. Begin with "
            "the shape: print it after each of your lines.",
            one=one,
            other=other,
        ),
    )


def _mostly_right(calls: Sequence[SeenCall]) -> Mistake | None:
    """Of whole numbers and maps: more than half of the numbers are right in every result."""
    if calls[0].in_place or any(not call.same_shape or call.expected.size < ENOUGH for call in calls):
        return None
    shares = [
        float(
            np.isclose(
                call.seen, call.expected, rtol=1e-3, atol=1e-3 * float(np.abs(call.expected).max())
            ).mean()
        )
        for call in calls
        if call.seen is not None
    ]
    if min(shares) < MOST:
        return None
    return described(
        "mostly-right",
        "More than half of the numbers are right",
        sentence(
            "At least {percent} % of the numbers of each result are the expected ones. Print where the others stand: "
            "what do these places have in common?",
            percent=int(100 * min(shares)),
        ),
    )


def _alike(calls: Sequence[SeenCall]) -> Mistake | None:
    if any(not call.same_shape or call.expected.size < ENOUGH for call in calls):
        return None
    found = [_correlation(call.seen, call.expected) for call in calls if call.seen is not None]
    if min(found) < ALIKE and max(found) > -ALIKE:
        return None
    if min(found) >= ALIKE:
        return described(
            "alike",
            "Nearly the expected numbers",
            "Your numbers rise and fall with the expected ones, but are not the same. Which small part of the "
            "computation is missing, or done twice?",
        )
    return described(
        "reversed",
        "Nearly the expected numbers, upside down",
        "Your numbers fall where the expected ones rise. Where is a minus, or a difference, the other way round?",
    )


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    one, other = (array.astype(np.float64).ravel() - array.mean() for array in (one, other))
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size else 0.0
