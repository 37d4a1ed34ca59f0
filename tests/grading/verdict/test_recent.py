"""What is kept of observations never exceeds its bytes, and what is asked for stays longest."""

from __future__ import annotations

import numpy as np

from cs231n.trials.observation import Observation
from grading.verdict.recent import Recent


def of_bytes(count: int) -> Observation:
    return Observation([], {"0/output": np.zeros(count, dtype=np.uint8)})


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    kept: Recent[str, Observation] = Recent(100, lambda one: [one])
    first = of_bytes(40)
    kept.keep("first", first)
    kept.keep("second", of_bytes(40))
    assert kept.get("first") is first
    kept.keep("third", of_bytes(40))
    assert [kept.get(name) is not None for name in ("first", "second", "third")] == [True, False, True]


def test_what_is_larger_than_all_room_is_not_kept_and_leaves_room_for_the_next() -> None:
    kept: Recent[str, Observation] = Recent(100, lambda one: [one])
    kept.keep("large", of_bytes(101))
    kept.keep("small", of_bytes(100))
    assert kept.get("large") is None
    assert kept.get("small") is not None
