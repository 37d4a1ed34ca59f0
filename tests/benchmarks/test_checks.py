"""The bars of `benchmarks.checks` are cleared: by a sample at every change, by all in the long tests."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch

from benchmarks import mutants, right_variants, separation
from benchmarks.right_variants import Variant, variants
from benchmarks.separation import FACTOR, distance_of, measure_mistakes, measure_noise, separations
from cs231n.trials.evidence import Verdict
from grading.assignments.registry import all_functions, function_named, rubric
from grading.sandbox import Sandbox


@pytest.fixture
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_of_a_sample_of_the_mutants_only_those_survive_that_are_right(sandbox: Sandbox) -> None:
    sample = mutants.mutants()[::1000]
    survivors = list(mutants.survivors(sample, "tests", sandbox))
    assert survivors == [mutant for mutant in sample if mutants.reason(mutant)]


def test_every_function_has_right_variants_in_many_styles() -> None:
    assert len(variants()) >= 80
    for asked in all_functions():
        own = [variant for variant in variants() if variant.function == asked.name]
        assert len(own) >= 10
        assert len({variant.title for variant in own}) == len({variant.source for variant in own}) == len(own)
        assert any("float64" in variant.title for variant in own)


@pytest.mark.long
def test_a_wrong_variant_is_a_false_alarm_and_a_right_one_is_none() -> None:
    """Graded by the command, told to use two threads."""
    wrong = Variant("tv_loss", "no weight", "def tv_loss(img, w):\n    return img.diff(dim=2).square().sum()")
    others = {asked.name for asked in rubric()} - {"tv_loss"}
    right = [variant for variant in variants() if "float64" in variant.title and variant.function in others]
    (alarm,) = right_variants.false_alarms([wrong, *right], threads=("2",))
    assert (alarm.variant, alarm.threads) == (wrong, "2")
    assert any(message.startswith("border_counts: relative error") for message in alarm.messages)


def test_noise_and_mistakes_of_a_sample_are_far_apart(sandbox: Sandbox, one_thread: None) -> None:
    found = separations()
    assert list(measure_mistakes(found, ["tests"], every=120)) == []
    measure_noise(found, variants()[::40], ["tests"], sandbox)
    assert [(e.check.function, e.check.id, e.noise, e.distance) for e in found.values() if not e.holds] == []
    assert sum(not entry.exact for entry in found.values()) > 25


def test_a_tolerance_too_near_to_either_side_does_not_hold() -> None:
    entry = separations()["tv_loss", "border_counts"]
    tolerance = entry.check.tolerance
    entry.add_right(Verdict(True, "", tolerance / FACTOR), "right")
    entry.add_mistake(Verdict(False, "", tolerance * FACTOR), "mild")
    entry.add_mistake(Verdict(False, "not a number"), "gross")
    assert entry.holds
    assert (entry.mildest, entry.failing) == ("mild", {"mild", "gross"})
    entry.add_mistake(Verdict(False, "", 0.99 * tolerance * FACTOR), "milder")
    assert not entry.holds

    entry = separations()["tv_loss", "border_counts"]
    entry.add_right(Verdict(True, "", 1.01 * tolerance / FACTOR), "noisy")
    assert not entry.holds
    entry = separations()["tv_loss", "border_counts"]
    entry.add_right(Verdict(False, "wrong", 2 * tolerance), "refused")
    assert not entry.holds


def test_what_cannot_be_measured_is_as_far_as_can_be() -> None:
    assert distance_of(Verdict(False, "None")) == float("inf")
    assert distance_of(Verdict(True, "a count")) == 0
    assert distance_of(Verdict(False, "", 0.3)) == 0.3


def test_a_mistake_that_no_check_sees_is_told(monkeypatch: pytest.MonkeyPatch, one_thread: None) -> None:
    asked = function_named("tv_loss")
    recipe = asked.recipe
    harmless = dataclasses.replace(recipe, make=lambda **_: recipe.make(), mistakes=recipe.mistakes[:1])
    monkeypatch.setattr(separation, "all_functions", lambda: [dataclasses.replace(asked, recipe=harmless)])
    ((function, what, seed),) = measure_mistakes(separations(), ["tests"])
    assert (function, seed) == ("tv_loss", "tests")
    assert what.endswith("#0")


@pytest.mark.long
def test_all_mutants_variants_and_mistakes_clear_their_bars() -> None:
    command = [sys.executable, "-m", "benchmarks.checks", "mutants", "right", "separation"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "160"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "missed" not in done.stdout
