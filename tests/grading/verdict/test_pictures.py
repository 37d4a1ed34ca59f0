"""The report's picture of a function shows what the student's function returned, small enough to keep."""

from __future__ import annotations

import io

import numpy as np
import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.registry import rubric
from grading.assignments.vocabulary.function import Function
from grading.sandbox import Ended
from grading.verdict.pictures import LARGE_IMAGE, MAPS_SHOWN, Picture, _small, picture_of
from grading.verdict.reference import reference_observation

ASKED = {asked.name: asked for asked in rubric()}
KINDS = {
    "compute_saliency_maps": "map",
    "make_fooling_image": "image",
    "class_visualization_update_step": "image",
    "gram_matrix": "matrix",
}


def shown(asked: Function, change: object = None) -> Picture | None:
    """The picture of the reference solution, or of what `change` makes of each of its arrays."""
    trials: dict[str, Trial] = {check.id: asked.trials("tests")[check.id] for check in asked.checks}
    seen: dict[str, object] = {}
    for trial in trials.values():
        right = reference_observation(trial)
        arrays = {k: change(v) if callable(change) else v for k, v in right.arrays.items()}
        seen[trial_key(trial)] = (
            Observation(right.calls, arrays) if change is None or callable(change) else change
        )
    return picture_of(asked, trials, seen)


@pytest.mark.parametrize("name", KINDS)
def test_a_right_function_has_a_picture_equal_to_the_expected_one(name: str) -> None:
    picture = shown(ASKED[name])
    assert picture is not None
    assert picture.kind == KINDS[name]
    assert picture.title in [check.title for check in ASKED[name].checks]
    np.testing.assert_array_equal(picture.yours, picture.expected)
    assert (picture.input is None) == (name == "gram_matrix")
    stored_bytes = picture.npz()
    assert stored_bytes == picture.npz()  # no time of day is in it
    with np.load(io.BytesIO(stored_bytes)) as stored:
        assert stored["yours"].dtype == stored["expected"].dtype == np.float32
        assert str(stored["kind"]) == KINDS[name]
        assert str(stored["title"]) == picture.title
        np.testing.assert_array_equal(stored["yours"], picture.yours)
    assert len(stored_bytes) < 1_000_000


@pytest.mark.parametrize("name", ["content_loss", "style_loss", "tv_loss"])
def test_a_number_has_no_picture(name: str) -> None:
    assert shown(ASKED[name]) is None


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    "change",
    [Ended("died", ""), Observation([], {}), lambda array: array[..., :-1]],
    ids=["died", "nothing", "another shape"],
)
def test_what_cannot_be_compared_has_no_picture(name: str, change: object) -> None:
    assert shown(ASKED[name], change) is None


def test_a_large_map_is_halved_and_keeps_its_peaks() -> None:
    full = np.random.default_rng(0).random((4, LARGE_IMAGE, LARGE_IMAGE + 1), dtype=np.float32)
    halved = _small(full, "map")
    assert halved.shape == (MAPS_SHOWN, LARGE_IMAGE // 2, LARGE_IMAGE // 2)
    assert halved[1, 5, 7] == full[1, 10:12, 14:16].max()


def test_a_map_that_is_small_already_is_shown_as_it_is() -> None:
    picture = shown(ASKED["compute_saliency_maps"])
    full = reference_observation(ASKED["compute_saliency_maps"].checks[0].trial("tests")).arrays["0/output"]
    assert picture is not None
    np.testing.assert_array_equal(picture.expected, full[:3])
