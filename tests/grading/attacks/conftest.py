"""Lets the doctor examine a sandbox that stands already: to start one takes as long as what is tested."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

import pytest

from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Limits, Sandbox


@pytest.fixture
def doctor_examines(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sandbox], None]:
    """Let it examine the sandbox that this is given, with the seed for which the reference solution has been run."""

    def examines(warm: Sandbox) -> None:
        @contextlib.contextmanager
        def standing(isolation: str, limits: Limits, *, hidden: Sequence[str]) -> Iterator[Sandbox]:
            assert (isolation, hidden) == (warm.isolation, HIDDEN_FROM_CHILDREN)
            with monkeypatch.context() as patch:
                patch.setattr(warm, "limits", limits)
                yield warm

        monkeypatch.setattr("grading.cli.doctor.Sandbox", standing)
        monkeypatch.setattr("grading.cli.doctor.SEED", "tests")

    return examines
