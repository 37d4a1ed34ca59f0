"""The commands around a course answer at once, do what they say, and tell a mistake in one sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from grading.results.definition import NOT_GRADED

from ..nbgrader.conftest import write_results
from .conftest import Told, imported_by


def test_help_needs_neither_torch_nor_nbgrader() -> None:
    commands = ["export", "export canvas", "export blackboard", "course", "report", "submit"]
    assert imported_by(*(f"{command} --help" for command in commands)) == []


@pytest.mark.parametrize(
    ("platform", "header"),
    [
        ("canvas", "Student,ID,SIS Login ID,Assignment 3 (1)"),
        ("moodle", "Full name,ID number,Username,Grade"),
        ("blackboard", "Last Name,Student ID,Username,Assignment 3 [Total Pts: 100 Score] |9"),
        ("brightspace", "Last Name,OrgDefinedId,Username,Assignment 3 Points Grade <Numeric MaxPoints:100>"),
    ],
)
def test_an_export_names_what_was_not_written_and_counts_in_its_last_line(
    platform: str, header: str, tmp_path: Path, told: Told
) -> None:
    out = write_results(tmp_path / "graded", {"ada": {}, "grace": {"tv_loss": 2}, "eve": {}})
    downloaded, target = tmp_path / "downloaded.csv", out / f"{platform}.csv"
    command = ("export", platform, str(out), "--gradebook", str(downloaded))
    lines = [header, "A,1,ada,", "H,2,grace,EX", "T,3,alan,", ""]
    downloaded.write_text("\n".join(lines), encoding="utf-8")
    status, said, warned = told(*command)
    assert (status, said.splitlines()[-1]) == (
        1,
        "1 written, 1 held back, 1 not found in the gradebook, 1 of the gradebook without a submission",
    )
    assert target.read_text() == "\n".join([header, "A,1,ada,100", *lines[2:]])
    for words in (
        "held back: grace: the gradebook says 'EX', which is kept",
        "not found in the gradebook: eve",
    ):
        assert words in warned
    assert re.search("in the gradebook without a submission: .*[T3]", warned)

    (out / "results" / "eve.json").unlink()
    downloaded.write_text("\n".join([*lines[:2], "H,2,grace,", ""]), encoding="utf-8")
    status, _, warned = told(*command)
    assert (status, target.read_text()) == (0, f"{header}\nA,1,ada,100\nH,2,grace,94\n"), warned

    downloaded.write_text("\n".join([header, "A,ada,grace,", ""]), encoding="utf-8")
    target.unlink()
    status, _, warned = told(*command)
    assert (status, target.exists()) == (2, False)
    assert "'ada' and 'grace' reach row 2" in warned


def test_gradescope_and_the_table_are_written(tmp_path: Path, told: Told) -> None:
    out = write_results(tmp_path / "graded", {"ada": {}, "grace": {}})
    assert told("export", "gradescope", str(out))[0] == 0
    assert json.loads((out / "gradescope" / "ada" / "results.json").read_text())["score"] == 100
    path = out / "results" / "grace.json"
    failed = {"notes": [f"{NOT_GRADED} (KeyError): grade it by hand and report the fault"]}
    path.write_text(json.dumps(json.loads(path.read_text()) | failed))
    status, said, warned = told("export", "gradescope", str(out))
    assert (status, said.splitlines()[-1]) == (1, "1 written, 1 held back")
    assert "held back: grace: the grader failed on it" in warned
    assert told("export", "csv", str(out))[0] == 0
    assert (out / "grades.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "gradescope", "no/such/folder"], "does not exist"),
        (["export", "canvas", "LICENSE", "--gradebook", "no.csv"], "no.csv cannot be read"),
        (["export", "nbgrader", "no/such/folder", "--course", "docs"], "holds no nbgrader_config.py"),
        (["gradescope-autograder", "--course", "no/course.toml"], "python -m grading course"),
        (["submit", "docs"], "name the folder of the notebooks"),
        (["course", "LICENSE/below"], "cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(arguments: list[str], words: str, told: Told) -> None:
    status, said, warned = told(*arguments)
    assert status == 2
    assert words in " ".join(warned.split())
    assert "Traceback" not in warned + said


def test_submit_packs_and_tells(tmp_path: Path, examples: Path, told: Told) -> None:
    status, said, warned = told("submit", str(examples / "half_done"), "--out", str(tmp_path / "ada.zip"))
    assert status == 0, warned
    assert "Not done: class_visualization_update_step, style_loss, tv_loss." in said


def test_a_course_is_made(tmp_path: Path, told: Told) -> None:
    status, said, warned = told("course", str(tmp_path / "course"))
    assert status == 0, warned
    assert "nbgrader generate_assignment assignment3" in said
    assert {path.name for path in (tmp_path / "course").iterdir()} == {
        "course.toml", "nbgrader_config.py", "source",
    }  # fmt: skip
