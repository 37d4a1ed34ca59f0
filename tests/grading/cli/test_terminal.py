"""No command lets a student's name or words command the terminal, by whatever way they come to it."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

import grading.classroom.worker
from cs231n import submit
from cs231n.sentences import plain
from grading.classroom.worker import Settings
from grading.cli import check
from grading.cli import main as run_command
from grading.cli.diff import diff_command
from grading.cli.grade import grade_command
from grading.cli.terminal import escape
from grading.errors import KitError
from grading.locations import KIT
from grading.sandbox import Sandbox

from ..conftest import NOTEBOOK_OF, HandIn, write_submission
from ..nbgrader.conftest import write_results

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\x00\u202eabc\u2066\u200b\u2028[red]\t"
NAME = HOSTILE.replace("\x00", "")
RAISES = f"raise type({NAME!r}, (Exception,), {{}})({HOSTILE!r})"
ONLY: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"tv_loss"})


def commands_in(text: str) -> set[str]:
    """What a terminal would obey, or show wrongly: all controls but the end of a line."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}


def run(arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["grading", *arguments])
    with pytest.raises(SystemExit) as end:
        run_command()
    return int(end.value.code or 0)


def test_a_text_loses_its_commands_and_keeps_its_lines() -> None:
    assert not commands_in(plain(HOSTILE))
    assert plain("a\tb\nc") == "a    b\nc"
    assert "\\[red]" in escape(HOSTILE)
    plain("\udc9b").encode("utf-8")


@pytest.mark.parametrize("command", ["check", "grade", "diff", "export csv", "export canvas", "release"])
def test_a_name_in_an_error_is_only_shown(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = f"{tmp_path}/{NAME}"
    (tmp_path / "file").touch()
    extra = {
        "diff": [place],
        "export canvas": ["--gradebook", place],
    }.get(command, [])
    if command == "release":
        place = f"{tmp_path}/file/{NAME}"
    assert run([*command.split(), place, *extra], monkeypatch) != 0
    told = capsys.readouterr()
    assert not commands_in(told.out + told.err)


@pytest.mark.parametrize("command", [[], ["grade"], ["export", "csv"], ["doctor", "--isolation"]])
def test_a_file_that_a_shell_takes_for_an_option_is_only_shown(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As `grade *` does in a folder where somebody has named a file so."""
    assert run([*command, f"--{NAME}"], monkeypatch) != 0
    told = capsys.readouterr()
    assert "owned" in told.err
    assert not commands_in(told.out + told.err)


def test_packing_shows_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_submission(tmp_path / NAME)
    (folder / f"Style{NAME}.ipynb").write_text("no notebook")
    assert submit.main([str(folder), "--out", str(tmp_path / "work.zip")]) == 0
    assert submit.main([f"{folder}/none{NAME}", "--out", str(tmp_path / "none.zip")]) == 2
    told = capsys.readouterr()
    assert "owned" in told.out
    assert "owned" in told.err
    assert not commands_in(told.out + told.err)


def test_lists_of_exports_show_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is not in the gradebook, and who is there without a submission."""
    graded = write_results(tmp_path / "graded", {f"ada{NAME}": {"tv_loss": 2}})
    gradebook = tmp_path / "gradebook.csv"
    header = "Student,ID,SIS User ID,SIS Login ID,Section,assignment3 (1)"
    shown = NAME.replace("\r", "").replace("\u2028", "")
    rows = ("    Points Possible,,,,,100", f'"Hopper{shown}, Grace",1,g{shown},grace{shown},S,')
    gradebook.write_text("\n".join((header, *rows)), encoding="utf-8")
    assert run(["export", "canvas", str(graded), "--gradebook", str(gradebook)], monkeypatch) == 1
    assert run(["export", "gradescope", str(graded)], monkeypatch) in (0, 1)
    assert run(["export", "csv", str(graded)], monkeypatch) in (0, 1)
    told = capsys.readouterr()
    assert "owned" in told.err
    assert not commands_in(told.out + told.err)


@pytest.mark.parametrize("kind", [KitError, ValueError])
def test_no_exception_says_its_words_by_itself(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise kind(HOSTILE)

    monkeypatch.setattr("grading.cli.run.with_help_shown", lambda _: fails)
    with pytest.raises(SystemExit):
        run_command()
    told = capsys.readouterr().err
    assert "owned" in told
    assert not commands_in(told)


@pytest.mark.usefixtures("shared")
def test_check_shows_what_a_student_raised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commented = f"# \x1b[2J\x9b31m\u202e[red]\n{RAISES}"
    folder = write_submission(tmp_path / NAME, **ONLY, tv_loss=commented)
    (folder / f"{NAME}.ipynb").write_text("no notebook")
    assert check.check_command(folder, "tests", None) == 1
    told = capsys.readouterr().out
    assert "owned" in told
    assert "# ⟨U+001B⟩[2J⟨U+009B⟩31m⟨U+202E⟩[red]" in told
    assert not commands_in(told)


def test_grade_and_diff_show_names(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
    for student in (f"ada{NAME}", f"grace{NAME}"):
        folder = write_submission(tmp_path / "class" / student, **dict.fromkeys(NOTEBOOK_OF))
        (folder / f"{NAME}.ipynb").write_text("no notebook")
    assert grade_command([tmp_path / "class"], tmp_path / NAME, Settings("tests")) == 0
    assert not commands_in(capsys.readouterr().out)
    old, new = (
        write_results(tmp_path / name, {f"ada{NAME}": {"tv_loss": failing}})
        for name, failing in (("old", 0), ("new", 2))
    )
    assert diff_command(old, new, as_json=False) == 1
    assert diff_command(old, new, as_json=True) == 1
    told = capsys.readouterr().out
    assert "owned" in told
    assert not commands_in(told)


@pytest.mark.long
def test_pytest_shows_what_a_student_raised(hand_in: HandIn) -> None:
    folder = hand_in("ada", **ONLY, tv_loss=RAISES)
    (folder / NAME).mkdir()
    (folder / "StyleTransfer.ipynb").rename(folder / NAME / "StyleTransfer.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "grading",
        "-q",
        "-p",
        "no:cacheprovider",
        "--submission",
        str(folder),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=KIT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "owned" in done.stdout
    assert not commands_in(done.stdout + done.stderr)
