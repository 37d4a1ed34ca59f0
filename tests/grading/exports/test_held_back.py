"""What a gradebook has decided is kept, what is not final is held back, and two results never reach one row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from grading.course.policies import NOT_FINAL, final_grades
from grading.errors import KitError
from grading.exports.columns import Choice
from grading.exports.gradebook_csv import Filled, fill
from grading.exports.platforms import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE, NO, YES, Platform
from grading.results.definition import NOT_GRADED

from ..nbgrader.conftest import write_results

CANVAS_HEADER = "Student,ID,SIS Login ID,Assignment 3 (1)"
WORKSHEET_HEADER = "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,Feedback comments"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return write_results(tmp_path / "out", {"ada": {}, "grace": {"tv_loss": 2}})


def export(
    out: Path, platform: Platform, lines: list[str], choice: Choice | None = None
) -> tuple[Filled, list[list[str]]]:
    """Export into a gradebook of these lines; return what was said, and the rows of the new file."""
    file = out.parent / "downloaded.csv"
    file.write_bytes("\r\n".join([*lines, ""]).encode())
    done = fill(out, file, out.parent / "new.csv", platform, choice or Choice())
    return done, list(csv.reader(io.StringIO(done.path.read_bytes().decode())))


def note(out: Path, student: str, text: str) -> None:
    path = out / "results" / f"{student}.json"
    result = json.loads(path.read_text())
    path.write_text(json.dumps(result | {"notes": [text]}))


def test_a_result_on_which_the_grader_failed_is_held_back_until_a_person_sets_it(out: Path) -> None:
    lines = [CANVAS_HEADER, "Ada,1,ada,", "Grace,2,grace,"]
    note(out, "grace", f"{NOT_GRADED} (KeyError): grade it by hand and report the fault")
    done, rows = export(out, CANVAS, lines)
    assert (done.count, done.held, rows[2][3]) == (1, (f"grace: {NOT_FINAL}",), "")
    assert not done.complete
    override = {"student": "grace", "function": "", "score": 77, "reason": "graded by hand"}
    policies = {"points": {}, "drop": [], "deadline": None, "overrides": [override], "submitted": {}}
    (out / "policies.json").write_text(json.dumps(policies))
    assert [grade.final for grade in final_grades(out)] == [True, True]
    done, rows = export(out, CANVAS, lines)
    assert (done.count, done.held, rows[2][3]) == (2, (), "77")


def test_points_are_not_converted_to_nothing(out: Path) -> None:
    lines = [CANVAS_HEADER, "Points Possible,,,0", "Ada,1,ada,", "Grace,2,grace,"]
    with pytest.raises(KitError, match=r"a maximum of 0 points, .*: change the points on the platform$"):
        export(out, CANVAS, lines, Choice(scale=True))


def test_points_beyond_the_maximum_are_written_and_said(out: Path) -> None:
    override = {"student": "grace", "function": "", "score": 105, "reason": "a bonus"}
    policies = {"points": {}, "drop": [], "deadline": None, "overrides": [override], "submitted": {}}
    (out / "policies.json").write_text(json.dumps(policies))
    done, rows = export(out, CANVAS, [CANVAS_HEADER, "Points Possible,,,100", "Ada,1,ada,", "Grace,2,grace,"])
    assert (rows[3][3], done.notes) == (
        "105",
        ("grace: 105 is more than the 100 points that the platform counts",),
    )


@pytest.mark.parametrize("kept", ["EX", "N/A", "Excused", "*"])
def test_a_word_in_place_of_a_grade_is_a_decision_that_is_kept(out: Path, kept: str) -> None:
    done, rows = export(out, CANVAS, [CANVAS_HEADER, "Ada,1,ada,", f"Grace,2,grace,{kept}"])
    assert done.held == (f"grace: the gradebook says {kept!r}, which is kept",)
    assert [row[3] for row in rows[1:]] == ["100", kept]


@pytest.mark.parametrize("word", sorted(NO))
def test_a_row_that_may_not_be_changed_is_kept_in_every_language(out: Path, word: str) -> None:
    yes = sorted(YES)[len(word)]
    header = WORKSHEET_HEADER if word == "no" else "標識,姓名,狀態,評分,最高,可否,評語"
    lines = [header, f"P 1,ada,s,,100.00,{yes},", f"P 2,grace,s,7,100.00,{word.title()},"]
    done, rows = export(out, MOODLE, lines, Choice(id_column=lines[0].split(",")[1]))
    assert done.held == ("grace: the platform accepts no grade in this row",)
    assert [row[3] for row in rows[1:]] == ["100", "7"]


def test_a_word_that_is_neither_yes_nor_no_holds_the_row_back(out: Path) -> None:
    lines = [WORKSHEET_HEADER, "Participant 1,ada,s,,100,Yes,", "Participant 2,grace,s,,100,locked,"]
    done, _ = export(out, MOODLE, lines)
    assert done.held == (
        "grace: the column 'Grade can be changed' says 'locked', which is neither yes nor no",
    )


def test_two_results_for_one_row_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", {"ada": {}, "lovelaceada_4001": {}, "grace": {}})
    with pytest.raises(
        KitError, match=r"'ada' and 'lovelaceada_4001' reach row 2, Lovelace \(ada\).*Nothing was written"
    ):
        export(out, CANVAS, [CANVAS_HEADER, "Lovelace,4001,ada,", "Hopper,4002,grace,"])
    assert not (tmp_path / "new.csv").exists()


def test_a_person_in_two_sections_gets_the_grade_in_both_rows_and_counts_once(out: Path) -> None:
    lines = [CANVAS_HEADER, "Ada,1,ada,", "Grace,2,grace,", "Ada,1,ada,", "Alan,3,alan,", "Alan,3,alan,"]
    done, rows = export(out, CANVAS, lines)
    assert [row[3] for row in rows[1:]] == ["100", "94", "100", "", ""]
    assert done.summary == (
        "2 written, 0 held back, 0 not found in the gradebook, 1 of the gradebook without a submission"
    )


def test_what_people_wrote_stays_as_it_is_and_only_numbers_are_added(out: Path) -> None:
    note(out, "grace", "=HYPERLINK(1)")
    lines = [WORKSHEET_HEADER, "Participant 1,ada,s,99,100.00,Yes,=1+1", "Participant 2,grace,s,,100.00,Yes,"]
    done, rows = export(out, MOODLE, lines)
    assert [row[3:] for row in rows[1:]] == [
        ["100", "100.00", "Yes", "=1+1"],
        ["94", "100.00", "Yes", ""],
    ]
    assert done.notes[-1] == "grades that stood there are replaced: ada: 99 -> 100"


def test_a_grade_that_stands_there_already_is_not_touched(out: Path) -> None:
    done, rows = export(out, CANVAS, [CANVAS_HEADER, "Ada,1,ada,100.00", "Grace,2,grace,94.0"])
    assert [row[3] for row in rows[1:]] == ["100.00", "94.0"]
    assert done.count == 2


@pytest.mark.parametrize(
    ("platform", "lines", "words"),
    [
        (CANVAS, [CANVAS_HEADER, " Points Possible,,,(read only)", "Ada,1,ada,"], "is read-only"),
        (CANVAS, [CANVAS_HEADER, " Mögliche Punkte,,,(schreibgeschützt)", "Ada,1,ada,"], "is read-only"),
        (
            MOODLE,
            [
                "Identifier,Full name,Status,Grade,Scale,Grade can be changed",
                'Participant 1,ada,s,,"Bad,Good",Yes',
            ],
            "the scale 'Bad,Good', expected a number of points",
        ),
        (
            CANVAS,
            [f"{CANVAS_HEADER},Assignment 3 - again (2)", "Ada,1,ada,,"],
            r"more than one column for assignment3 \(Assignment 3 \(1\), Assignment 3 - again \(2\)\)",
        ),
        (BRIGHTSPACE, ["Username,Assignment 3 Weighted Grade", "#ada,"], "no column for assignment3"),
        (
            BLACKBOARD,
            ["Username,Assignment 3 [Total Pts: 50 Score] |9", "ada,"],
            "maximum of 50 points, but the grades have 100",
        ),
    ],
)
def test_a_column_that_takes_no_such_grades_is_refused(
    out: Path, platform: Platform, lines: list[str], words: str
) -> None:
    with pytest.raises(KitError, match=words):
        export(out, platform, lines)
    assert not (out.parent / "new.csv").exists()


@pytest.mark.parametrize(
    ("platform", "lines", "column"),
    [
        (
            MOODLE,
            [
                "First name,Last name,Email address,Assignment: Assignment 3 (Real),"
                "Assignment: Assignment 3 (Feedback),Assignment: Assignment 3 (Percentage)",
                "Ada,L,ada@x.org,-,-,-",
                "Grace,H,grace@x.org,-,-,-",
            ],
            3,
        ),
        (
            BLACKBOARD,
            [
                '"Last Name","First Name","Username","Availability","Assignment 3 [Total Pts: 100 Score] |9",'
                '"Feedback to Learner"',
                '"L","Ada","ada","Yes","Needs Grading",""',
                '"H","Grace","grace","Yes","",""',
            ],
            4,
        ),
        (
            BRIGHTSPACE,
            [
                "OrgDefinedId,Username,Assignment 3 Points Grade <Numeric MaxPoints:100>,Assignment 3 Weighted Grade,"
                "End-of-Line Indicator",
                "#7,#ada,,,#",
                "#8,#grace,,,#",
            ],
            2,
        ),
        (
            CANVAS,
            [
                "Student,ID,SIS Login ID,Assignment 3 (1),Assignment 3 Current Score",
                ",,,Manual Posting,",
                "    Points Possible,,,100.0,(read only)",
                "Ada,1,ada,,90",
                "Grace,2,grace,,91",
                '"Student, Test",3,,,0',
            ],
            3,
        ),
    ],
    ids=["moodle", "blackboard", "brightspace", "canvas"],
)
def test_the_column_of_points_is_found_beside_those_that_are_called_alike(
    out: Path, platform: Platform, lines: list[str], column: int
) -> None:
    done, rows = export(out, platform, lines)
    assert [row[column] for row in rows if row[column] in ("100", "94")] == ["100", "94"]
    assert (done.count, done.held, done.missing, done.without) == (2, (), (), ())
