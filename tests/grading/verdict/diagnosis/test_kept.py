"""Fingerprints of wrong solutions outlive a run, for their owner alone, and serve one code and one seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cs231n.trials.trial import Trial
from grading.assignments.registry import function_named
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox.readable import readable
from grading.verdict.diagnosis import kept, search
from grading.verdict.diagnosis.compare import Signature

FUNCTION = function_named("tv_loss")
COUNTS = (0, 1)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CS231N_CACHE", str(tmp_path))
    return tmp_path


def trial(seed: str = "tests") -> Trial:
    return FUNCTION.trials(seed)["non_square_images"]


def in_a_new_run(monkeypatch: pytest.MonkeyPatch, seed: str = "tests") -> list[Signature]:
    monkeypatch.setattr(search, "_glances", {})
    return [prints for _, prints in search._fingerprints(FUNCTION, trial(seed), COUNTS)]


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same to the last bit."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else bool(one == other)


def test_the_next_run_reads_what_the_first_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = in_a_new_run(monkeypatch)
    monkeypatch.setattr(search, "tried", lambda *_: pytest.fail("computed again"))
    second = in_a_new_run(monkeypatch)
    assert len(first) > 10
    assert [one.keys() for one in first] == [one.keys() for one in second]
    assert all(equal(a[key], b[key]) for a, b in zip(first, second, strict=True) for key in a)


def test_half_a_file_is_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = in_a_new_run(monkeypatch)
    place = kept.place_of(FUNCTION, trial(), COUNTS)
    place.write_bytes(place.read_bytes()[:100])
    assert len(in_a_new_run(monkeypatch)) == len(first)


def test_another_seed_or_other_code_has_another_place(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {kept.place_of(FUNCTION, trial(seed), COUNTS) for seed in ("one", "two")}
    monkeypatch.setattr(kept, "_code", lambda _: "other code")
    places.add(kept.place_of(FUNCTION, trial("one"), COUNTS))
    assert len(places) == 3


def test_nobody_but_the_owner_can_read_them_and_no_wall_shows_them(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_new_run(monkeypatch)
    [file] = (cache / kept.FOLDER).iterdir()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    shown = [one.source for one in readable(HIDDEN_FROM_CHILDREN).shown]
    assert not [source for source in shown if file.is_relative_to(source)]


def test_only_those_of_late_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for seed in ("one", "two", "three"):
        in_a_new_run(monkeypatch, seed)
    assert len([*(cache / kept.FOLDER).iterdir()]) == 2
