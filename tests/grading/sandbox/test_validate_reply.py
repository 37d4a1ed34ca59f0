"""A child's reply is believed in its form alone: what a trial cannot produce is no answer."""

from __future__ import annotations

import numpy as np
import pytest

from cs231n.trials.observation import SHOWN_LIMIT
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.function import Function
from grading.sandbox import Sandbox, validate_reply
from grading.verdict.reference import reference_observation

from ..conftest import HandIn
from ..verdict.test_grade import by_name, graded

FACTS = {"raised": None, "type": "Tensor", "graph": True}
IMAGE = np.zeros((1, 3, 8, 8), np.float32)
WATCHED = Trial("f", ((Tensor(IMAGE),),), watch=("shown", "arguments"))
UNWATCHED = Trial("f", ((Tensor(IMAGE),),))


def is_believed(trial: Trial, **arrays: np.ndarray) -> bool:
    named = {f"0/{key.replace('__', '/')}": array for key, array in arrays.items()}
    return validate_reply.observation_of({"calls": [FACTS]}, named, trial) is not None


def test_an_array_that_was_not_watched_for_is_no_answer() -> None:
    assert is_believed(WATCHED, output=IMAGE, shown=IMAGE, after__0=IMAGE, grad__0=IMAGE)
    assert is_believed(UNWATCHED, output=IMAGE)
    for name in ("shown", "after__0", "grad__0", "gradient__0"):
        assert not is_believed(UNWATCHED, **{name: IMAGE})
    assert not is_believed(WATCHED, gradient__0=IMAGE)


def test_more_images_than_are_kept_of_a_loop_are_no_answer() -> None:
    assert is_believed(WATCHED, shown=np.zeros((SHOWN_LIMIT, 1, 2, 2)))
    assert not is_believed(WATCHED, shown=np.zeros((SHOWN_LIMIT + 1, 1, 2, 2)))
    assert not is_believed(WATCHED, shown=np.zeros(()))


@pytest.mark.sample(every=6)
@pytest.mark.parametrize("function", all_functions(), ids=lambda function: function.name)
def test_every_right_answer_fits_with_room_to_spare(function: Function) -> None:
    for trial in (function.trials("tests") | function.doubts("tests")).values():
        size = sum(array.nbytes for array in reference_observation(trial).arrays.values())
        assert 2 * size < validate_reply.bytes_limit(trial)


@pytest.mark.parametrize("function", all_functions(), ids=lambda function: function.name)
def test_what_a_loop_shows_that_never_stops_fits(function: Function) -> None:
    for trial in (function.trials("tests") | function.doubts("tests")).values():
        arrays = reference_observation(trial).arrays if "shown" in trial.watch else {}
        shown = [array[0].nbytes for key, array in arrays.items() if key.endswith("/shown")]
        others = [array.nbytes for key, array in arrays.items() if not key.endswith("/shown")]
        assert SHOWN_LIMIT * sum(shown) + 2 * sum(others) < validate_reply.bytes_limit(trial)


def test_a_result_that_is_too_large_is_told_so(hand_in: HandIn, sandbox: Sandbox) -> None:
    large = "return torch.zeros(66_000_000, dtype=torch.uint8)"
    checks = by_name(graded(hand_in("ada", tv_loss=large), sandbox))["tv_loss"]["checks"]
    assert {check["status"] for check in checks if check["max_points"]} == {"error"}
    assert "expected at most 1 MB of numbers" in checks[0]["message"]
