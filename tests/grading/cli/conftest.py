"""A command as a person gives it, in this process: what it imports is imported once for all tests."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from grading.cli import main
from grading.locations import KIT

# The words of a command -> its exit status, what it says, and what it warns of.
Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """`told("export", ...)` gives the command, started in the kit's folder."""

    def give(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(KIT)
        monkeypatch.setattr(sys, "argv", ["grading", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), *capsys.readouterr()

    return give
