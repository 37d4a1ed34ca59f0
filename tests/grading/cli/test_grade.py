"""The grade command applies what a course decides, regrades nothing for it, and holds its folder alone."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import grading.classroom.worker
from grading.classroom.ledger import FOLDER
from grading.classroom.lock import locked
from grading.classroom.worker import Settings
from grading.cli.grade import STOPPED, grade_command
from grading.course.policies import final_grades
from grading.errors import KitError
from grading.exports.roster import read_roster
from grading.report.pseudonyms import pseudonyms_of
from grading.results.download_names import read_download_names
from grading.sandbox import Sandbox

from ..conftest import NOTEBOOK_OF, HandIn

FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"gram_matrix"})
Grade = Callable[[], str]


@pytest.fixture
def grade(
    sandbox: Sandbox,
    hand_in: HandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Grade:
    """`grade()` grades ada and grace, 10 points each, in the folder of the course; returns what is said."""
    monkeypatch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
    monkeypatch.chdir(tmp_path)
    hand_in("ada", **FEW)
    hand_in("grace", **FEW)

    def run() -> str:
        assert grade_command([tmp_path / "class"], Path("out"), Settings("tests")) == 0
        return capsys.readouterr().out

    return run


def course(text: str, mode: int = 0o600) -> None:
    Path("course.toml").write_text(f'seed = "tests"\n{text}', encoding="utf-8")
    Path("course.toml").chmod(mode)


def scores() -> dict[str, float]:
    return {grade.student: grade.score for grade in final_grades(Path("out"))}


OVERRIDE = '[[override]]\nstudent = "ada"\nfunction = "gram_matrix"\nscore = 3\nreason = "the oral exam"\n'


def test_a_decision_changes_grades_pages_and_table_but_no_result_and_regrades_nobody(grade: Grade) -> None:
    grade()
    results = {path: path.read_bytes() for path in Path("out/results").iterdir()}
    course(OVERRIDE)
    assert "2 of 2 unchanged, kept" in grade()
    assert scores() == {"ada": 3, "grace": 10}
    assert "set to 3 by hand: the oral exam" in Path("out/report/ada.html").read_text(encoding="utf-8")
    assert "set to 3" in Path("out/report/index.html").read_text(encoding="utf-8")
    assert "oral" not in Path("out/report/grace.html").read_text(encoding="utf-8")
    assert {path: path.read_bytes() for path in results} == results
    lines = list(csv.DictReader(Path("out/grades.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(line["score"], line["verdict_score"]) for line in lines] == [("3", "10"), ("10", "10")]
    assert lines[0]["decided"] == "gram_matrix: set to 3 by hand: the oral exam"


def test_a_decision_that_is_taken_back_leaves_no_trace(grade: Grade) -> None:
    grade()
    before = {path: path.read_bytes() for path in Path("out").rglob("*") if path.suffix in (".html", ".csv")}
    course(OVERRIDE + "[points]\ntv_loss = 50")
    grade()
    of_students = {path for path in before if path.parent.name != "functions"}  # those tell what was done
    assert all(path.read_bytes() != before[path] for path in of_students)
    course("")
    grade()
    assert {path: path.read_bytes() for path in before} == before
    assert not Path("out/policies.json").exists()


def test_an_override_outlives_a_regrade(grade: Grade, tmp_path: Path) -> None:
    course(OVERRIDE)
    grade()
    assert grade_command([tmp_path / "class"], Path("out"), Settings("tests"), regrade=True) == 0
    assert scores() == {"ada": 3, "grace": 10}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OVERRIDE.replace("ada", "adda"), r"'adda'; did you mean 'ada'"),
        ('[students]\nprivate_checks = "never"', r"private_checks must be one of visible, .*, got 'never'"),
    ],
)
def test_a_decision_for_nobody_and_one_that_cannot_be_used_are_refused_before_anything_is_graded(
    text: str, message: str, grade: Grade
) -> None:
    course(text)
    with pytest.raises(KitError, match=message):
        grade()
    assert not Path("out").exists()


def test_one_student_graded_alone_is_no_class_that_lacks_the_others(grade: Grade, tmp_path: Path) -> None:
    course(OVERRIDE)
    assert grade_command([tmp_path / "class" / "grace"], Path("out"), Settings("tests")) == 0
    assert scores() == {"grace": 10}


def test_who_is_late_loses_points_and_whose_time_is_unknown_is_named(grade: Grade) -> None:
    course('[deadline]\nat = 2026-05-20T12:00:00Z\npenalty = 25\ntimes = "t.csv"')
    Path("t.csv").write_text("student,time\nada,2026-05-20T13:00:00Z\n")
    assert "no time of submission is known, and nobody late: grace" in grade()
    assert scores() == {"ada": 7.5, "grace": 10}


def test_the_time_of_a_student_who_is_not_graded_now_stays_known(grade: Grade, tmp_path: Path) -> None:
    course('[deadline]\nat = 2026-05-20T12:00:00Z\npenalty = 25\ntimes = "files"')
    for student, second in (("ada", 1), ("grace", 2**31)):
        for file in (tmp_path / "class" / student).iterdir():
            os.utime(file, (second, second))
    grade()
    assert scores() == {"ada": 10, "grace": 0}
    assert grade_command([tmp_path / "class" / "ada"], Path("out"), Settings("tests")) == 0
    assert scores() == {"ada": 10, "grace": 0}


def test_what_the_download_called_a_students_file_is_kept(grade: Grade, tmp_path: Path) -> None:
    for number, name in enumerate(("ada", "grace"), 501):
        (tmp_path / "class" / name).rename(tmp_path / "class" / f"{name}_{number}_assignsubmission_file_")
    grade()
    known = read_download_names(Path("out"))
    assert {student: path.partition("/")[0] for student, path in known.items()} == {
        "ada_501": "ada_501_assignsubmission_file_",
        "grace_502": "grace_502_assignsubmission_file_",
    }


@pytest.mark.skipif(os.name != "posix", reason="no such permissions here")
@pytest.mark.parametrize(("mode", "told"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_course_that_others_can_read_is_told(mode: int, told: bool, grade: Grade) -> None:
    course("", mode)
    assert ("chmod 600 course.toml" in grade()) == told


def test_a_second_grader_is_told_and_changes_nothing(grade: Grade) -> None:
    grade()
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*.json")}
    course(OVERRIDE)
    with locked(Path("out") / FOLDER), pytest.raises(KitError, match=rf"process {os.getpid()} on "):
        grade()
    assert {path: path.stat().st_mtime_ns for path in Path("out").rglob("*.json")} == before


def test_the_run_ends_with_who_of_the_gradebook_has_handed_in_nothing(
    grade: Grade, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "submission:" not in grade()
    gradebook = tmp_path / "canvas.csv"
    gradebook.write_text('Student,ID,SIS Login ID\nAda,1,ada\n"Turing, Alan",3,alan\n')
    grade_command([tmp_path / "class"], Path("out"), Settings("tests"), roster=read_roster(gradebook))
    said = capsys.readouterr().out
    assert "without a submission: Turing, Alan (alan)" in said
    assert "not in the gradebook: grace" in said
    assert "1 of the gradebook without a submission, 1 submission not in the gradebook" in said
    told = json.loads(Path("out/run.json").read_text())["not_graded"]
    assert told == {"without a submission": ["Turing, Alan (alan)"], "not in the gradebook": ["grace"]}
    assert "<li>Turing, Alan (alan)</li>" in Path("out/report/index.html").read_text()


def test_what_is_left_out_is_on_the_class_page_until_a_run_leaves_nothing_out(
    grade: Grade, tmp_path: Path
) -> None:
    stray = tmp_path / "class" / "list<b>.csv"
    stray.touch()
    grade()
    left_out = ["list<b>.csv is neither a notebook nor an archive"]
    assert json.loads(Path("out/run.json").read_text())["not_graded"] == {"left out": left_out}
    page = Path("out/report/index.html")
    assert "<li>list&lt;b&gt;.csv is neither a notebook nor an archive</li>" in page.read_text()
    stray.unlink()
    grade()
    assert "left out" not in page.read_text()


def test_a_package_that_is_not_installed_is_told_to_the_instructor(grade: Grade, hand_in: HandIn) -> None:
    hand_in("ada", **(FEW | {"gram_matrix": "import einops_of_ada; return einops_of_ada.gram(features)"}))
    assert "not installed here: einops_of_ada, which is imported by ada;" in grade()


def test_why_nothing_was_found_is_what_the_reader_says(grade: Grade, tmp_path: Path) -> None:
    for name in ("alan.rar", "alan.7z"):
        (tmp_path / "class" / name).write_bytes(b"no archive")
    said = grade()
    assert "nothing found of alan.rar: " in said
    assert "alan.rar is no archive, whatever its name says: hand in the notebooks" in said


def test_a_run_that_is_stopped_while_it_makes_pages_leaves_them_to_the_next(
    grade: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ctrl_c(_out: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr("grading.cli.grade.write_report", ctrl_c)
        assert grade_command([tmp_path / "class"], Path("out"), Settings("tests")) == STOPPED
    assert "all are graded" in capsys.readouterr().out
    assert "2 of 2 unchanged, kept" in grade()
    assert {"ada.html", "grace.html", "index.html"} <= {path.name for path in Path("out/report").iterdir()}


def test_anonymous_pages_are_made_with_the_courses_seed_and_name_nobody(
    grade: Grade, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grade()
    assert grade_command([tmp_path / "class"], Path("out"), Settings("tests"), anonymous=True) == 0
    assert "anonymous: out/report-anonymous/index.html; who is who" in capsys.readouterr().out
    who = json.loads(Path("out/pseudonyms.json").read_text())["students"]
    assert {*who.values()} == {"ada", "grace"}
    pages = [*Path("out/report-anonymous").rglob("*.html")]
    assert {f"{name}.html" for name in who} | {"index.html", "tv_loss.html"} <= {page.name for page in pages}
    for page in pages:
        assert not re.search(r"\b(ada|grace)\b", page.read_text(), re.IGNORECASE)
    (tmp_path / "other").mkdir()
    assert pseudonyms_of(tmp_path / "other", ["ada"], "tests")["ada"] in who
