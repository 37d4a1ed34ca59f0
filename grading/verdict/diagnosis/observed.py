"""Descriptions for results that no known mistake explains: how they differ from the right ones.

Each sentence is about all trials: nothing is said that one of them contradicts. The ids begin with "observed-", so that
nobody takes a description for a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence

import numpy as np

from cs231n.sentences import joined, sentence
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import Mistake, described
from grading.assignments.vocabulary.seen import Seen
from grading.verdict.diagnosis.observed_factors import factor, other_gradient
from grading.verdict.diagnosis.observed_inputs import right_for_some
from grading.verdict.diagnosis.observed_values import values
from grading.verdict.diagnosis.seen_calls import SeenCall, seen_calls

MORE = described(
    "more",
    "Something else differs as well",
    "Besides what is named here, your results differ from the expected ones in a way that has no name. Look at the "
    "checks that fail.",
)
# Single precision tells two numbers apart that differ by a tenth of this part of a result's span.
ROUNDING = 1e-6


def observed(function: Function, seen: Seen, failed: Collection[str] | None) -> Mistake | None:
    """Return the description of how a function's results differ from the right ones, None if there is none.

    Parameters
    ----------
    function : Function
    seen : sequence of (Trial, Observation)
    failed : collection of str, optional
        The ids of the checks that it fails.
    """
    calls = seen_calls(function, seen)
    if not calls or not any(call.seen is not None for call in calls):
        return None
    # Of what passes no check nobody says that its results are right.
    useless = failed is not None and all(check.id in failed for check in function.checks)
    own = function.explanation
    if own and own.explain:
        raises = None if useless else _raises(calls)
        return own.describe(seen) or raises or _by_check(function, calls, failed)
    if told := _flat(calls):
        return told
    if all(call.right for call in calls):
        return _no_gradient(seen) or other_gradient(seen)
    if told := factor(calls) or (own.describe(seen) if own else None):
        return told
    for describe in (
        _batch,
        right_for_some,
        _shape,
        _signs,
        _input,
        _offset,
        _border,
        _raises,
        _order,
    ):
        if describe is _raises and useless:
            continue
        if told := describe(calls):
            return told
    return _by_check(function, calls, failed) or values(calls)


def _flat(calls: Sequence[SeenCall]) -> Mistake | None:
    """One number everywhere, where different ones were asked."""
    results = [call.seen for call in calls if call.seen is not None]
    values = {float(array.flat[0]) for array in results if array.size}
    if any(not array.size or (array != array.flat[0]).any() for array in results) or len(values) > 1:
        return None
    if all(call.expected.size < 2 for call in calls) and len(calls) < 2:
        return None
    value = values.pop()
    if math.isnan(value) or any(call.right for call in calls):
        return None
    if calls[0].in_place:
        return (
            None
            if value
            else described(
                "no-change",
                "The image does not change",
                "The image that was passed in is the same after each call. Does your step change the values of img "
                "itself, or those of another tensor?",
            )
        )
    return described(
        "same-number" if value else "zeros",
        "The same number for every input" if value else "Zero for every input",
        "Your result did not depend on what was passed in: every number of every result was the same. Is what you "
        "computed what you return?",
    )


def _no_gradient(seen: Seen) -> Mistake | None:
    watched = [(trial, observation) for trial, observation in seen if "gradient" in trial.watch]
    if not watched:
        return None
    if not any(facts["graph"] for _, observation in watched for facts in observation.calls):
        return described(
            "no-gradient",
            "The right numbers without a gradient",
            "Your results are right, but no gradient leads from them to what was passed in. Which of your lines leaves "
            "the graph: .data, .detach(), .item(), numpy, or a new tensor made from values?",
        )
    return None


def _every(calls: Sequence[SeenCall], same: Callable[[SeenCall, np.ndarray], bool]) -> bool:
    """Say whether something holds of every result that there is, in more than half of the calls."""
    results = [(call, call.seen) for call in calls if call.seen is not None]
    return 2 * len(results) > len(calls) and all(same(call, array) for call, array in results)


def _shape(calls: Sequence[SeenCall]) -> Mistake | None:
    """The right numbers in another shape, in every result that there is."""
    if _every(calls, lambda c, a: c.right):
        return None
    if _every(calls, lambda c, a: c.near(a.squeeze(), c.expected.squeeze())):
        return described(
            "axes-of-one",
            "The right numbers with an axis of length one too few or too many",
            "Your numbers are right, but an axis of length one is missing or should not be there. Comparisons hide it, "
            "since it is stretched. Compare the shape of your result with the docstring's.",
        )
    if _every(calls, lambda c, a: a.ndim > 1 and (c.right or c.near(a.swapaxes(-1, -2), c.expected))):
        return described(
            "transposed",
            "Rows and columns are exchanged",
            "Your numbers are right, but what should be rows are columns. In which order does your result have its "
            "axes?",
        )
    if _every(calls, lambda c, a: a.size == c.expected.size and c.near(a.ravel(), c.expected.ravel())):
        return described(
            "other-shape",
            "The right numbers in another shape",
            "Your numbers and their order are right, the shape is not. Compare the shape of your result with the "
            "docstring's.",
        )
    if _every(
        calls,
        lambda c, a: a.size == c.expected.size and c.near(np.sort(a.ravel()), np.sort(c.expected.ravel())),
    ):
        return described(
            "other-order",
            "The right numbers in another order",
            "All of your numbers are right, but they stand in other places. Which line changes their order: a view or "
            "reshape where axes should be exchanged, or a sort?",
        )
    return None


def _signs(calls: Sequence[SeenCall]) -> Mistake | None:
    if all(c.same_shape and c.seen is not None and c.near(np.abs(c.seen), np.abs(c.expected)) for c in calls):
        return described(
            "signs",
            "Right but for the signs",
            "The sizes of your numbers are right, the signs of some are not. Is there an absolute value or a minus "
            "too many, or is one missing?",
        )
    return None


def _batch(calls: Sequence[SeenCall]) -> Mistake | None:
    """What becomes of several images: one of them alone is right, or they are added up."""
    several = [c for c in calls if c.images > 1 and c.expected.ndim > 1 and len(c.expected) == c.images]
    if not several or any(c.seen is None for c in several):
        return None
    for id, pick, title in (
        ("first-image", 0, sentence("Right for the first image of a batch only")),
        ("last-image", -1, sentence("Right for the last image of a batch only")),
    ):
        if all(_alone_is_right(c, pick) for c in several):
            return described(
                id,
                title,
                "Of several images one alone has the right result. Which of your lines runs for one image where it "
                "should for each: what stands after the loop, what is overwritten in it, which index is fixed?",
            )
    for id, reduce, title in (
        ("batch-sum", np.sum, sentence("The images of a batch are added up")),
        ("batch-mean", np.mean, sentence("The images of a batch are averaged")),
    ):
        if all(_is_reduced(c, reduce) for c in several):
            return described(
                id,
                title,
                "Your result for several images is made of all of them. Each image has a result of its own: look at "
                "the axes that your sums and means run over.",
            )
    return None


def _alone_is_right(call: SeenCall, pick: int) -> bool:
    """Say whether one image has the right result, and no other one has."""
    right = [_image_is_right(call, image) for image in range(call.images)]
    return right[pick] and sum(right) == 1


def _image_is_right(call: SeenCall, image: int) -> bool:
    if call.seen is None or call.seen.shape[1:] != call.expected.shape[1:] or image >= len(call.seen):
        return False
    return call.near(call.seen[image], call.expected[image])


def _is_reduced(call: SeenCall, reduce: Callable[..., np.ndarray]) -> bool:
    if call.seen is None:
        return False
    asked = reduce(call.expected, axis=0)
    return (
        call.near(call.seen, np.broadcast_to(asked, call.seen.shape))
        if _ends_with(call.seen, asked)
        else False
    )


def _ends_with(array: np.ndarray, other: np.ndarray) -> bool:
    return array.shape[array.ndim - other.ndim :] == other.shape if array.ndim >= other.ndim else False


def _input(calls: Sequence[SeenCall]) -> Mistake | None:
    if all(c.seen is not None and c.input is not None and np.array_equal(c.seen, c.input) for c in calls):
        return described(
            "returns-input",
            "Returns what was passed in",
            "What comes back is what was passed in, unchanged. Look at the name in your return.",
        )
    return None


def _offset(calls: Sequence[SeenCall]) -> Mistake | None:
    """The same number is added to every result."""
    if not all(c.same_shape and c.seen is not None for c in calls):
        return None
    differences = [np.asarray(c.seen, np.float64) - c.expected for c in calls if c.seen is not None]
    first = float(differences[0].flat[0]) if differences[0].size else 0.0
    if not first or not all(np.allclose(d, first, rtol=1e-3, atol=1e-6 * abs(first)) for d in differences):
        return None
    return described(
        "offset",
        "Right but for a number that is added everywhere",
        sentence(
            "Each of your numbers is the expected one plus {offset:.2g}. Where does your count begin, or what do you "
            "add that is not asked?",
            offset=first,
        ),
    )


def _border(calls: Sequence[SeenCall]) -> Mistake | None:
    """Everything inside is right, in results that have a border."""
    large = [c for c in calls if c.same_shape and c.expected.ndim > 1 and min(c.expected.shape[-2:]) > 4]
    if len(large) < len(calls) or any(c.seen is None for c in large):
        return None
    inner = np.s_[..., 1:-1, 1:-1]
    if all(c.seen is not None and c.near(c.seen[inner], c.expected[inner]) for c in large):
        return described(
            "border",
            "Right but for the border",
            "All numbers inside are right, those of the first or last row or column are not. Where do your slices, "
            "loops or paddings begin and end?",
        )
    return None


def _raises(calls: Sequence[SeenCall]) -> Mistake | None:
    if not any(c.raised for c in calls) or not all(c.raised or c.right for c in calls):
        return None
    return described(
        "raises",
        "Right where it does not raise an error",
        "Your results are right, but for some inputs your function raises an error. The message below says which line: "
        "what is different about these inputs?",
    )


def _order(calls: Sequence[SeenCall]) -> Mistake | None:
    """Larger where it should be larger, in every result."""
    results = [
        (c.seen, c.expected) for c in calls if c.same_shape and c.seen is not None and c.expected.size > 9
    ]
    if not results or not all(c.same_shape for c in calls):
        return None
    if all(_in_order(seen, expected) for seen, expected in results):
        return described(
            "scale",
            "Right but for the scale",
            "Your numbers stand in the right order, the largest where it should be, but they grow in another way. Is "
            "there a square, a root, a logarithm or an exponential too many or too few?",
        )
    return None


def _in_order(seen: np.ndarray, expected: np.ndarray) -> bool:
    """Whether one never falls where the other rises. A root makes neighbours equal: they are in any order."""
    by_seen = expected.ravel()[np.lexsort((expected.ravel(), seen.ravel()))].astype(np.float64)
    drops = np.maximum.accumulate(by_seen) - by_seen
    few = 2 * len(np.unique(seen)) < len(np.unique(expected))  # rounded, say, or a mask
    return not few and bool(drops.max() <= ROUNDING * np.ptp(by_seen))


def _by_check(
    function: Function, calls: Sequence[SeenCall], failed: Collection[str] | None
) -> Mistake | None:
    """Right in most of what was tried: what fails says where to look."""
    wrong = [call for call in calls if not call.right]
    checks = [check for check in function.checks if check.id in (failed or ())]
    if not checks or not wrong or 2 * len(wrong) > len(calls) or 2 * len(checks) > len(function.checks):
        return None
    titles = joined((sentence("“{title}”", title=sentence(check.title)) for check in checks), ", ")
    return described(
        "some-inputs",
        "Right for most inputs",
        sentence(
            "Your results were right for {right} of {count} inputs. These checks fail: {titles}. What is different "
            "about these inputs?",
            right=len(calls) - len(wrong),
            count=len(calls),
            titles=titles,
        ),
    )
