"""What is kept between runs is read by its owner alone, whole and unchanged, and no wall shows it to student code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox.readable import readable
from grading.verdict import private_cache
from grading.verdict.private_cache import keep, kept, place_of


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CS231N_CACHE", str(tmp_path))
    return tmp_path


def test_what_was_kept_is_read_with_the_secret_alone() -> None:
    place = place_of("code", 1)
    keep(place, {"calls": [None]}, {"x": np.arange(3.0)}, "secret")
    header, arrays = kept(place, "secret") or ({}, {})
    assert header == {"calls": [None]}
    assert arrays["x"].tolist() == [0, 1, 2]
    assert kept(place, "another") is None
    assert kept(place_of("code", 2), "secret") is None


def test_whoever_does_not_know_the_secret_puts_nothing_there() -> None:
    place = place_of("code")
    keep(place, "theirs", {}, "guessed")
    assert kept(place, "secret") is None


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:-1], lambda raw: raw[:40] + b"?" + raw[41:], lambda _: b""]
)
def test_what_is_damaged_is_not_read(damage: object) -> None:
    place = place_of("code")
    keep(place, "ours", {"x": np.zeros(9)})
    assert kept(place) is not None
    place.write_bytes(damage(place.read_bytes()))  # type: ignore[operator]
    assert kept(place) is None


def test_nothing_is_read_in_a_folder_of_another_user(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of("code")
    keep(place, "ours", {})
    monkeypatch.setattr("os.getuid", lambda: cache.stat().st_uid + 1)
    assert kept(place) is None


def test_nobody_but_the_owner_can_read_it_and_no_wall_shows_it() -> None:
    place = place_of("code")
    keep(place, "ours", {})
    assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    shown = [one.source for one in readable(HIDDEN_FROM_CHILDREN).shown]
    assert not [source for source in shown if place.is_relative_to(source)]


def test_only_those_of_late_are_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_cache, "MOST", 2)
    for number in range(3):
        keep(place_of(number), number, {})
    assert len([*(cache / private_cache.FOLDER).iterdir()]) == 2


def test_where_nothing_can_be_written_nothing_is_kept(cache: Path) -> None:
    (cache / private_cache.FOLDER).write_text("in the way")
    keep(place_of("code"), "ours", {})
    assert kept(place_of("code")) is None


def test_nothing_is_kept_where_student_code_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grading.sandbox.readable.SYSTEM", (str(tmp_path),))
    place = place_of("code")
    keep(place, "ours", {})
    assert not place.parent.exists()
