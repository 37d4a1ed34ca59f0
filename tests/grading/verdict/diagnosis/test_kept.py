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


def test_each_print_is_read_back_as_its_own_whatever_their_order(cache: Path) -> None:
    prints = [{"b": ((2,), 1.0, np.array([1.0, 2.0])), "a": ((3,), 2.0, np.array([3.0, 4.0, 5.0]))}]
    kept.keep(cache / "folder" / "file", prints)
    [read] = kept.kept(cache / "folder" / "file") or []
    assert all(equal(read[key], prints[0][key]) for key in "ab")


def test_half_a_file_is_computed_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = in_a_new_run(monkeypatch)
    [place] = (cache / kept.FOLDER).iterdir()
    place.write_bytes(place.read_bytes()[:100])
    assert len(in_a_new_run(monkeypatch)) == len(first)


def test_another_seed_other_code_or_other_mistakes_have_another_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = [["no-weight"], ["no-weight", "mean"]]
    places = {kept.place_of(FUNCTION, trial(seed), wrong) for seed in ("one", "two")}
    places.add(kept.place_of(FUNCTION, trial("one"), wrong[:1]))
    monkeypatch.setattr(kept, "_code", lambda _: "other code")
    places.add(kept.place_of(FUNCTION, trial("one"), wrong))
    assert len(places) == 4


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
