"""The profile's parts add up, and a part that calls another is not charged for it."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from benchmarks.profile import CHILDREN, GRADER, Parts


def test_a_part_is_not_charged_for_what_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("benchmarks.profile.time.thread_time", lambda: clock[0])

    def compute(seconds: float) -> None:
        clock[0] += seconds

    def outer() -> None:
        compute(1)
        module.inner()

    module = SimpleNamespace(outer=outer, inner=lambda: compute(4))
    monkeypatch.setitem(sys.modules, "profiled", module)
    parts = Parts()
    parts.wrap({"outside": ("profiled:outer",), "inside": ("profiled:inner",)})
    module.outer()
    assert parts.seconds == {"outside": 1, "inside": 4}


@pytest.mark.parametrize("table", [GRADER, CHILDREN])
def test_what_is_wrapped_exists(table: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Parts, "_timed", lambda _self, _part, function: function)
    Parts().wrap(table)
