"""The command line answers at once, says a user's mistake in a sentence, and tells the outcome by its exit status."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import grading.classroom.worker
import grading.cli.grade
from grading.assignments.registry import file_patterns
from grading.classroom.ledger import FOLDER
from grading.classroom.worker import Settings
from grading.cli import check
from grading.cli.grade import grade_command
from grading.errors import KitError
from grading.sandbox import Sandbox
from grading.sandbox.shared.process_tree import family, processes
from grading.submission.choice import Choice
from grading.submission.discover import discover

from ..conftest import NOTEBOOK_OF, RIGHT, HandIn
from .conftest import Told, imported_by

ROOT = Path(__file__).parents[3]


def test_help_answers_without_importing_torch() -> None:
    commands = (f"{command} --help" for command in ("grade", "check", "diff", "release"))
    assert imported_by("--help", "--version", *commands) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "no/such/folder"], "no/such/folder does not exist"),
        (["check", "no/such/file.ipynb"], "does not exist"),
        (["check", "README.md"], "is neither a notebook nor"),
    ],
)
def test_a_wrong_path_is_one_sentence_and_status_2(arguments: list[str], words: str, told: Told) -> None:
    status, said, warned = told(*arguments)
    assert status == 2
    assert words in warned.replace("\n", " ")
    assert "Traceback" not in warned + said


def test_an_output_that_cannot_be_written_is_one_sentence_and_status_2(hand_in: HandIn, told: Told) -> None:
    status, _, warned = told("grade", str(hand_in("ada")), "--out", "LICENSE/below")
    assert status == 2
    assert "--out" in warned
    assert "Traceback" not in warned


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--isolation", "none"], "got 'none'"),
        (["--seed", " "], "the seed is empty"),
        (["--seed-file", "no/such/file"], "no/such/file cannot be read"),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_graded_or_made(
    arguments: list[str], words: str, hand_in: HandIn, tmp_path: Path, told: Told
) -> None:
    status, said, warned = told("grade", str(hand_in("ada")), "--out", str(tmp_path / "out"), *arguments)
    assert status == 2
    assert words in warned.replace("\n", " ")
    assert "grading" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence_and_status_2_whatever_was_written(
    number: int, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number), "kit/a.py", None, "/tmp/sandbox-x/a.py")

    monkeypatch.setattr(check, "one_student", full)
    status, said, warned = told("check", "StyleTransfer.ipynb")
    assert status == 2
    assert f"/tmp/sandbox-x/a.py cannot be written ({os.strerror(number)}): make room there" in warned
    assert "Traceback" not in warned + said


def test_where_no_temporary_file_can_be_made_nothing_is_begun(
    told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "file")])
    status, _, warned = told("check", "StyleTransfer.ipynb")
    assert status == 2
    assert "set TMPDIR to a folder" in warned.replace("\n", " ")


# The command, but for the limits: a call that hangs is waited for until the tests are ended.
ENDLESS = """
import sys
import tempfile
from pathlib import Path
from grading.cli.grade import grade_command
from grading.sandbox import Limits
from grading.classroom.worker import Settings
out, *paths = map(Path, sys.argv[1:])
settings = Settings("tests", jobs=3, limits=Limits(call_wall_seconds=1e6))
sys.exit(grade_command(paths, out, settings))
"""


@pytest.mark.sample
@pytest.mark.parametrize(("others", "how"), [(0, signal.SIGINT), (2, signal.SIGTERM)])
def test_stopped_it_says_what_there_is_and_leaves_no_empty_folder(
    others: int, how: signal.Signals, hand_in: HandIn, tmp_path: Path
) -> None:
    few: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"tv_loss"})
    paths = [hand_in(student, **few) for student in ("ada", "bob")[:others]]
    paths.append(hand_in("grace", **few, tv_loss="import time\ntime.sleep(1e6)"))
    out = tmp_path / "out"
    command = [sys.executable, "-c", ENDLESS, str(out), *map(str, paths)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        give_up = time.monotonic() + 600
        # Where nobody else hands in, the sandbox comes after all preparations.
        while time.monotonic() < give_up and len(list(out.glob(f"{FOLDER}/*.json"))) < others:
            time.sleep(0.1)
        while not (out / "results").exists() or len(family(running.pid, processes())) < 2:
            if time.monotonic() > give_up:
                pytest.fail("the run does not begin")
            time.sleep(0.1)
        running.send_signal(how)
        said, _ = running.communicate(timeout=600)
    assert running.returncode == 130
    assert "Traceback" not in said
    if others:
        assert f"stopped: 2 of 3 graded; what was graded is in {out}: the same command goes on" in said
        assert (out / "report" / "ada.html").exists()
        if "left for then" not in said:  # as it is where the pages take long
            assert (out / "grades.csv").read_text(encoding="utf-8-sig").count("\n") == 3
        assert not (out / "results" / "grace.json").exists()
    else:
        assert "stopped: 0 of 1 graded" in said
        assert not out.exists()


@pytest.fixture
def warm(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class is graded, and its archive opened, in the warm sandbox of the tests."""
    for module in (grading.classroom.worker, grading.cli.grade):
        monkeypatch.setattr(module, "sandbox_of", lambda *_: sandbox)


def put_code(path: Path, code: str | None) -> None:
    """Make a result one by other code, or one of a version that did not say."""
    result = json.loads(path.read_text())
    result["grader"] = {key: value for key, value in (result["grader"] | {"code": code}).items() if value}
    path.write_text(json.dumps(result))


NONE: dict[str, str | None] = dict.fromkeys(NOTEBOOK_OF)


def grade(path: Path, out: Path, seed: str = "tests") -> int:
    return grade_command([path], out, Settings(seed))


@pytest.mark.usefixtures("warm")
def test_a_second_run_says_what_it_keeps_and_mixes_no_two_ways_of_grading(
    hand_in: HandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ada, bob = hand_in("ada", **NONE), hand_in("bob", **NONE)
    assert grade(ada, out) == grade(ada, out) == 0
    said = capsys.readouterr().out
    assert said.count("mean score 0.0 of 100") == 2
    assert said.count("1 of 1 unchanged, kept") == 1
    assert grade(bob, out) == 0
    said = capsys.readouterr().out
    assert f"1 submission of an earlier run still in {out}" in said
    assert "unchanged" not in said
    with pytest.raises(KitError, match=r"another seed .*--out, or delete"):
        grade(bob, out, seed="another")
    assert grade(ada.parent, out, seed="another") == 0
    assert "unchanged" not in capsys.readouterr().out
    for code in ("sha256:ffff", None):
        put_code(out / "results" / "ada.json", code)
        with pytest.raises(KitError, match=r"another code \(ada, for one\): grade those students again"):
            grade(bob, out, seed="another")
    assert grade(ada, out, seed="another") == 0  # which replaces it
    assert "unchanged" not in capsys.readouterr().out
    (out / "results" / "carl.json").write_text("{}")
    with pytest.raises(KitError, match=r"carl\.json: not a valid result"):
        grade(bob, out, seed="another")


@pytest.mark.usefixtures("warm")
def test_students_whose_result_has_a_note_are_named(
    hand_in: HandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in("ada", **NONE).parent
    for number in range(7):
        (folder / f"z{number}.zip").write_bytes(b"no zip")
    assert grade(folder, tmp_path / "out") == 0
    assert (
        "8 submissions have notes: ada, z0, z1, z2, z3 and 3 more (see the report)" in capsys.readouterr().out
    )


@pytest.mark.usefixtures("warm")
def test_the_command_says_how_it_read_the_class_and_what_it_did_not(
    hand_in: HandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = hand_in("ada", **NONE).parent
    (folder / "grace").mkdir()
    (folder / "grace" / "work.zip").write_bytes(b"no zip")
    (folder / "list\x1b[2J.csv").touch()
    assert grade(folder, tmp_path / "out") == 0
    said = capsys.readouterr().out
    assert said.startswith("a folder of students, 2 people\n")
    assert "nothing found of grace: " in said
    assert "left out: list\ufffd[2J.csv is neither a notebook nor an archive\n" in said
    assert "\x1b[2J" not in said


@pytest.mark.usefixtures("warm")
def test_a_class_in_one_archive_is_graded_as_its_folder_is(hand_in: HandIn, tmp_path: Path) -> None:
    folder = hand_in("ada", **{**NONE, "content_loss": RIGHT["content_loss"][1]}).parent
    hand_in("grace", **NONE)
    archive = Path(shutil.make_archive(str(tmp_path / "all"), "zip", folder))
    assert grade(folder, tmp_path / "one") == grade(archive, tmp_path / "other") == 0
    for name in ("ada", "grace"):
        file = Path("results", f"{name}.json")
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


@pytest.mark.usefixtures("warm")
def test_a_group_has_a_result_and_a_row_for_each(
    hand_in: HandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hand_in("team", **NONE).parent
    out, settings = tmp_path / "out", Settings("tests")
    choice = Choice(groups={"team": ("ada", "grace")})
    assert grade_command([folder], out, settings, choice=choice) == 0
    rows = (out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.partition(",")[0] for row in rows[1:]] == ["ada", "grace"]
    assert "handed in by the group team: ada, grace" in rows[1]


def test_an_error_shows_no_terminal_commands(tmp_path: Path, told: Told) -> None:
    status, _, warned = told("grade", str(tmp_path / "no\x1b[2Jfolder"))
    assert status == 2
    assert "folder does not exist" in warned.replace("\n", "")
    assert "\x1b[2J" not in warned


def test_nothing_is_written_into_what_a_student_handed_in(hand_in: HandIn) -> None:
    ada = hand_in("ada")
    hand_in("results")
    for path, out in ((ada, ada), (ada.parent, ada / "graded"), (ada.parent, ada.parent)):
        with pytest.raises(KitError, match=r"handed in .*--out"):
            grade(path, out)
    assert sorted(path.name for path in ada.iterdir()) == [
        "NetworkVisualization.ipynb",
        "StyleTransfer.ipynb",
    ]


@pytest.mark.usefixtures("warm")
def test_the_output_inside_the_class_is_no_submission(hand_in: HandIn) -> None:
    folder = hand_in("ada", **{**NONE, "tv_loss": "return 0"}).parent
    hand_in("bob", **NONE)
    assert grade(folder, folder / "graded") == 0
    assert [submission.student for submission in discover([folder], file_patterns())] == ["ada", "bob"]


@pytest.mark.usefixtures("shared")
def test_check_ends_with_0_if_all_is_right(hand_in: HandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.check_command(hand_in("ada"), "tests", None, "style-transfer") == 0
    said = capsys.readouterr().out
    assert "45 of 45 points" in said
    assert "✗" not in said


@pytest.mark.usefixtures("shared")
def test_check_ends_with_1_and_the_reasons_if_something_is_wrong(
    hand_in: HandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    bodies: dict[str, str | None] = dict.fromkeys(NOTEBOOK_OF)
    bodies["content_loss"] = "return w * ((current - target) ** 2).mean()"
    bodies["tv_loss"] = "raise ValueError('\\ud800 [/red] [bold]')"
    assert check.check_command(hand_in("ada", **bodies), "tests", None) == 1
    said = capsys.readouterr().out
    assert "Mean instead of sum" in said
    assert "[/red] [bold]" in said
    assert re.search(r"❱ \d+ +raise ValueError", said)
    assert not re.search(r"❱ \d+ +return w", said)
    said.encode("utf-8")


@pytest.mark.usefixtures("shared")
def test_check_of_what_cannot_be_read_is_its_note_and_the_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ada.zip").write_bytes(b"no zip")
    assert check.check_command(tmp_path / "ada.zip", "tests", None) == 1
    said = capsys.readouterr().out
    assert said.startswith("note: ada.zip is no archive")
    assert said.count("\n") == 2
    assert said.endswith("0 of 100 points\n")


def test_check_takes_a_folder_as_one_students_whatever_is_in_it(hand_in: HandIn, shared: None) -> None:
    folder = hand_in("ada", **NONE).parent
    hand_in("grace", **NONE)
    assert check.grade_alone(folder, "tests", None).result.student == folder.name


@pytest.mark.usefixtures("shared")
def test_what_check_is_given_is_one_students_whatever_the_folders_are_called(hand_in: HandIn) -> None:
    folder = hand_in("grace", **dict.fromkeys(name for name in NOTEBOOK_OF if name != "tv_loss")).parent
    (folder / "grace").rename(folder / "submission_12_ada")
    (folder / "submission_12_ada" / "NetworkVisualization.ipynb").rename(
        folder / "NetworkVisualization.ipynb"
    )
    (folder / "week one").mkdir()
    (folder / "submission_12_ada" / "StyleTransfer.ipynb").rename(folder / "week one" / "StyleTransfer.ipynb")
    result = check.grade_alone(folder, "tests", None).result
    assert [f.status for f in result.functions if f.name == "tv_loss"] == ["correct"]
