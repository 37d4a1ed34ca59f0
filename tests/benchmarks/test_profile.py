"""The profile's parts add up, and a part that calls another is not charged for it."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import pytest

from benchmarks.profile import CHILDREN, GRADER, Parts


def _compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_part_is_not_charged_for_what_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    def outer() -> None:
        _compute(0.05)
        module.inner()

    module = SimpleNamespace(outer=outer, inner=lambda: _compute(0.2))
    monkeypatch.setitem(sys.modules, "profiled", module)
    parts = Parts()
    parts.wrap({"outside": ("profiled:outer",), "inside": ("profiled:inner",)})
    module.outer()
    assert parts.seconds["inside"] >= 0.2
    assert 0.05 <= parts.seconds["outside"] < 0.2


@pytest.mark.parametrize("table", [GRADER, CHILDREN])
def test_what_is_wrapped_exists(table: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Parts, "_timed", lambda _self, _part, function: function)
    Parts().wrap(table)
