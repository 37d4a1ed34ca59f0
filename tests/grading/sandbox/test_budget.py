"""A submission has one budget of time, and no function can use what is kept for the others."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from grading.sandbox import Budget, Limits
from grading.sandbox.clock import STOPPED_SECONDS, TICK_SECONDS, Clock


def test_what_a_part_uses_is_used_of_the_whole() -> None:
    whole = Budget(30)
    part = whole.part(0.5)
    assert part.left == 15
    part.charge(4)
    assert (part.left, whole.left) == (11, 26)
    part.charge(12)
    assert part.is_spent
    assert not whole.is_spent


@pytest.mark.parametrize("seconds", [0.5, 3, 30, 300])
@pytest.mark.parametrize("functions", [1, 2, 7, 40])
def test_functions_that_use_all_they_may_leave_each_other_a_fair_part(seconds: float, functions: int) -> None:
    budget, parts = Budget(seconds), []
    for number in range(functions):
        part = budget.part_before(functions - 1 - number)
        parts.append(part.left)
        part.charge(part.left)
    assert min(parts) == pytest.approx(min(2, seconds / functions) if functions > 1 else seconds)
    assert sum(parts) == pytest.approx(seconds)


class Scripted:
    """A child whose time is told: how long a tick took, the CPU time in it, and whether it runs at its end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, budget: Budget | None, limits: Limits) -> None:
        self.now, self.cpu, self.runs, self.pid = 0.0, 0.0, False, 1
        self.budget, self.limits = budget, limits
        self.sandbox = SimpleNamespace(usage=lambda _: (self.cpu, self.runs))
        monkeypatch.setattr("grading.sandbox.clock.time.monotonic", lambda: self.now)

    def tick(self, clock: Clock, passed: float, cpu: float, runs: bool) -> None:
        self.now += passed
        self.cpu += cpu
        self.runs = runs
        clock.check()


ENDLESS = Limits(call_cpu_seconds=1e6, call_wall_seconds=1e6)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    return lambda budget, limits=ENDLESS: Scripted(monkeypatch, budget, limits)


def test_computing_waiting_and_the_graders_time_are_charged_together(
    scripted: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    graders: list[float] = []
    monkeypatch.setattr("grading.sandbox.clock.time.thread_time", lambda: sum(graders))
    budget = Budget(30)
    child = scripted(budget)
    with Clock(child) as clock:
        child.tick(clock, 0.2, 0.0, runs=False)  # waits
        child.tick(clock, 0.2, 0.2, runs=True)  # computes
        with clock.serving():  # the grader computes for 3 s, and is short of a processor
            child.now += 5
            graders.append(3)
    assert 30 - budget.left == pytest.approx(0.2 + 0.2 + 3)


def test_what_is_too_short_to_be_looked_at_counts_by_the_clock(scripted: Callable[..., Any]) -> None:
    budget = Budget(1)
    child = scripted(budget)
    for _ in range(25):
        with Clock(child):
            child.now += 0.04
    assert budget.left == pytest.approx(0)


def test_a_child_that_is_short_of_a_processor_is_charged_for_what_it_got(
    scripted: Callable[..., Any],
) -> None:
    budget = Budget(30)
    child = scripted(budget)
    with Clock(child) as clock:
        for _ in range(100):
            child.tick(clock, 1.0, 0.01, runs=True)
    assert 30 - budget.left <= 1 + 2 * TICK_SECONDS


def test_a_machine_that_was_stopped_costs_a_second_and_no_hour(scripted: Callable[..., Any]) -> None:
    budget = Budget(30)
    child = scripted(budget)
    with Clock(child) as clock:
        child.tick(clock, 3600, 0.0, runs=False)
        child.now += 3600
    assert 30 - budget.left <= STOPPED_SECONDS + 2 * TICK_SECONDS


@pytest.mark.parametrize(
    ("limits", "left", "cpu", "runs", "words"),
    [
        (Limits(call_cpu_seconds=2), 30, 0.2, True, "a loop that never ends?"),
        (Limits(call_wall_seconds=2), 30, 0.0, False, "does the function sleep"),
        (ENDLESS, 2, 0.2, True, "all functions share one time limit"),
        (ENDLESS, 2, 0.0, False, "all functions share one time limit"),
    ],
)
def test_the_limit_that_comes_first_is_said(
    scripted: Callable[..., Any], limits: Limits, left: float, cpu: float, runs: bool, words: str
) -> None:
    budget = Budget(left)
    child = scripted(budget, limits)

    def spend() -> None:
        with Clock(child) as clock:
            for _ in range(100):
                child.tick(clock, 0.2, cpu, runs)

    with pytest.raises(TimeoutError, match=words.replace("?", r"\?")):
        spend()
    assert 2 - 0.2 <= left - budget.left <= 2.5


def test_nobody_knows_when_the_clock_is_looked_at(scripted: Callable[..., Any]) -> None:
    """A child that computed at those moments alone, and slept between them, would not be seen to wait."""
    child = scripted(None)
    assert len({Clock(child).tick for _ in range(20)}) > 1
