"""A sketch tells arrays apart that differ by more than the tolerance, and no others."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest

from grading.verdict.sketch import LARGEST, SUMS, ZERO, sketch

NEAR = 1e-3


def distance(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(np.subtract(sketch(one), sketch(other))).max())


@pytest.mark.parametrize("shape", [(1,), (2, 3), (3, 5, 7), (2, 3, 64, 64)])
def test_arrays_alike_have_sketches_alike_and_others_have_not(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(len(shape))
    for _ in range(50):
        array = rng.standard_normal(shape)
        noise = rng.standard_normal(shape)
        noise *= np.linalg.norm(array) / np.linalg.norm(noise)
        assert distance(array, array + 0.1 * NEAR * noise) < NEAR
        assert distance(array, array + 20 * NEAR * noise) > NEAR


def test_what_a_student_makes_large_does_not_take_many_times_as_much_memory() -> None:
    array = np.ones(8 * LARGEST, np.uint8)
    tracemalloc.start()
    try:
        assert sketch(array) == sketch(array[:LARGEST])
        assert tracemalloc.get_traced_memory()[1] < 10 * array.nbytes
    finally:
        tracemalloc.stop()


def test_what_keeps_the_norm_is_seen_too() -> None:
    array = np.random.default_rng(0).standard_normal((3, 8, 8))
    for other in (-array, array[::-1], array.swapaxes(1, 2), np.roll(array, 1, 2), np.abs(array)):
        assert distance(array, other) > 10 * NEAR


def test_a_sketch_is_a_few_finite_numbers_whatever_the_array() -> None:
    for odd in ([np.nan], [np.inf, 1], [-np.inf, np.nan, 0], [1e308, 1e308], [1e-4, 5e-324], [True], [7]):
        numbers = sketch(np.array(odd))
        assert len(numbers) == SUMS + 1
        assert json.loads(json.dumps(numbers, allow_nan=False)) == list(numbers)
    assert sketch(np.zeros((3, 3))) == sketch(np.empty(0)) == ZERO
    assert sketch(np.array([1, np.nan, 2])) != sketch(np.array([1, 2, np.nan]))
