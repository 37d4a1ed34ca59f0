"""Fingerprints of wrong solutions outlive a run, and serve one code and one seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cs231n.trials.trial import Trial
from grading.assignments.registry import function_named
from grading.verdict.diagnosis import kept, search
from grading.verdict.diagnosis.compare import Signature
from grading.verdict.private_cache import FOLDER

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
    [place] = (cache / FOLDER).iterdir()
    place.write_bytes(place.read_bytes()[:100])
    assert len(in_a_new_run(monkeypatch)) == len(first)


def test_another_seed_other_code_or_other_mistakes_have_another_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = [["no-weight"], ["no-weight", "mean"]]
    places = {kept.place_of(FUNCTION, trial(seed), wrong) for seed in ("one", "two")}
    places.add(kept.place_of(FUNCTION, trial("one"), wrong[:1]))
    monkeypatch.setattr(kept, "code_of", lambda _: "other code")
    places.add(kept.place_of(FUNCTION, trial("one"), wrong))
    assert len(places) == 4
