"""The command line answers at once, says a user's mistake in a sentence, and tells the outcome by its exit status."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grading import commands
from grading.errors import KitError
from grading.sandbox import Sandbox

from .conftest import NOTEBOOK_OF, HandIn

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grading", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["grade", "--help"], ["check", "--help"], ["release", "--help"]]
)
def test_help_answers_without_importing_torch(arguments: list[str]) -> None:
    program = (
        "import sys\nfrom grading.cli import main\nsys.argv = ['grading', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n"
        "    sys.exit(end.code or ('torch' in sys.modules or 'numpy' in sys.modules) * 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "no/such/folder"], "no/such/folder does not exist"),
        (["check", "no/such/file.ipynb"], "does not exist"),
        (["check", "LICENSE"], "is no notebook"),
    ],
)
def test_a_wrong_path_is_one_sentence_and_status_2(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr + done.stdout


def test_an_output_that_cannot_be_written_is_one_sentence_and_status_2(hand_in: HandIn) -> None:
    done = run("grade", str(hand_in("ada")), "--out", "LICENSE/below")
    assert done.returncode == 2
    assert "--out" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def shared(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands use the warm sandbox of the tests."""

    @contextmanager
    def warm(_: object) -> Iterator[Sandbox]:
        yield sandbox

    monkeypatch.setattr(commands, "Sandbox", warm)


@pytest.mark.usefixtures("shared")
def test_check_ends_with_0_if_all_is_right(hand_in: HandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.check_command(hand_in("ada"), "cli", None) == 0
    said = capsys.readouterr().out
    assert "100 of 100 points" in said
    assert "✗" not in said


@pytest.mark.usefixtures("shared")
def test_check_ends_with_1_and_the_reasons_if_something_is_wrong(
    hand_in: HandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies: dict[str, str | None] = dict.fromkeys(NOTEBOOK_OF)
    bodies["content_loss"] = "return w * ((current - target) ** 2).mean()"
    bodies["tv_loss"] = "raise ValueError('\\ud800 [/red] [bold]')"
    assert commands.check_command(hand_in("ada", **bodies), "cli", None) == 1
    said = capsys.readouterr().out
    assert "Mean instead of sum" in said
    assert "[/red] [bold]" in said
    said.encode("utf-8")


def test_check_wants_one_submission(hand_in: HandIn) -> None:
    folder = hand_in("ada").parent
    hand_in("grace")
    with pytest.raises(KitError, match="2 submissions"):
        commands.grade_alone(folder, "cli", None)
