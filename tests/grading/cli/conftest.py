"""A command as a person gives it, in this process: what it imports is imported once for all tests."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from grading.cli import main
from grading.locations import KIT

# Gives one command after the other; argv holds them, each in one word.
COMMANDS = """
import contextlib, io, json, sys
from grading.cli import main
found, commands = [], sys.argv[1:]
for command in commands:
    sys.argv = ["grading", *command.split()]
    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            main()
        except SystemExit as end:
            assert not end.code, (command, end.code)
    assert said.getvalue().strip(), command
    found += [[command, name] for name in ("torch", "numpy", "nbgrader") if name in sys.modules]
print(json.dumps(found))
"""

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


def imported_by(*commands: str) -> list[list[str]]:
    """Give commands in one new process; return each with what is slow to import and is there after it."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, *commands], cwd=KIT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found
