"""What a family may use together: the kernel's count stands where there is one, or else each process is looked at."""

from __future__ import annotations

import os

import pytest

from grading.sandbox.inside.families import Family, together
from grading.sandbox.shared import process_tree
from grading.sandbox.shared.process_tree import Member

GB = 1 << 30
LIMITS = {"cpu_seconds": 60}


def members(count: int, cpu: float = 0.0) -> list[Member]:
    """Return processes that share nearly all of what they occupy, as children of one process do."""
    return [Member(os.getpid(), 1, cpu, GB, "R") for _ in range(count)]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let each process hold half a gigabyte of its own; return those that were looked at closely."""
    closely: list[int] = []

    def proportional(member: Member) -> int:
        closely.append(member.pid)
        return GB // 2

    monkeypatch.setattr(process_tree, "_proportional", proportional)
    monkeypatch.setattr(process_tree, "_held", lambda _: 0)
    return closely


def test_processes_that_a_group_counts_are_not_looked_at_one_by_one(looked_at: list[int]) -> None:
    assert together(Family(1, LIMITS, grouped=True), members(64), 2 * GB) == ""
    assert not looked_at


def test_without_a_group_each_is_looked_at(looked_at: list[int]) -> None:
    assert together(Family(1, LIMITS, grouped=False), members(64), 2 * GB) == "memory"
    assert len(looked_at) == 64


def test_memory_is_looked_at_only_where_that_is_asked(looked_at: list[int]) -> None:
    assert together(Family(1, LIMITS, grouped=False), members(64), None) == ""
    assert not looked_at


def test_what_the_kernel_holds_for_open_files_counts_in_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_tree, "_held", lambda _: GB)
    assert together(Family(1, LIMITS, grouped=True), members(3), 2 * GB) == "memory"


@pytest.mark.parametrize(("count", "limit"), [(1, ""), (2, "cpu")])
def test_the_time_of_several_processes_counts_together(count: int, limit: str) -> None:
    family = Family(1, LIMITS, grouped=True, cpu=61.0)
    assert together(family, members(count), 2 * GB) == limit
