"""A gradebook from Canvas or Moodle comes back with the scores in one column, and every other byte as it was."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from grading.errors import KitError
from grading.exports import platforms
from grading.exports.columns import Choice
from grading.exports.gradebook_csv import Filled, fill

from ..nbgrader.conftest import write_results

HALF = {"tv_loss": 2, "gram_matrix": 0}  # 84 points
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Assignment 2 (100),Assignment 3 (4711),Assignment 30 (4712),"
    "Current Score,Final Grade\r\n"
    ",,,,,Manual Posting,,,(read only),(read only)\r\n"
    "    Points Possible,,,,,50,100.00,10,(read only),(read only)\r\n"
    '"Lovelace, ""Ada""",11,u-ada,ada@example.org,"A, B",47.5,,,90,A\r\n'
    "Hopper,12,u-grace,grace@example.org,A,48,17,EX,91,A\r\n"
    "Turing,13,u-alan,alan@example.org,A,48,99,,92,A\r\n"
    '"Student, Test",14,,0123abcd,A,,,,,\r\n'
)
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Feedback comments\n"
    "Participant 501,Ada,ada@example.org,Submitted for grading,,100.00,Yes,\n"
    'Participant 502,Grace,grace@example.org,"Submitted, late",12.00,100.00,Yes,"say ""hi"",\nplease"\n'
    "Participant 503,Alan,alan@example.org,Submitted,,100.00,No,\n"
)
GRADEBOOK = (
    '"First name";Surname;"ID number";"Email address";"Assignment: Assignment 3 (Real)";"Last downloaded"\r\n'
    "Ada;Lovelace;0042;ada@example.org;-;1893456000\r\n"
    "Grace;Hopper;0043;grace@example.org;55,25;1893456000\r\n"
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return write_results(tmp_path / "out", {"ada": {}, "grace": HALF})


def downloaded(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "downloaded.csv"
    path.write_bytes(text.encode())
    return path


def export_canvas(out: Path, file: Path, target: Path, choice: Choice) -> Filled:
    return fill(out, file, target, platforms.CANVAS, choice)


def export_moodle(out: Path, file: Path, target: Path, choice: Choice) -> Filled:
    return fill(out, file, target, platforms.MOODLE, choice)


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [line[2:].strip("\r") for line in lines if line.startswith("+")]


def test_canvas_gets_the_scores_and_nothing_else(tmp_path: Path, out: Path) -> None:
    target = tmp_path / "new.csv"
    done = export_canvas(out, downloaded(tmp_path, CANVAS), target, Choice())
    assert changed(CANVAS, target.read_bytes().decode()) == [
        '"Lovelace, ""Ada""",11,u-ada,ada@example.org,"A, B",47.5,100,,90,A',
        "Hopper,12,u-grace,grace@example.org,A,48,84,EX,91,A",
    ]
    assert done.summary == (
        "2 written, 0 held back, 0 not found in the gradebook, 1 of the gradebook without a submission"
    )
    assert done.without == ("Turing (u-alan)",)  # the test student is nobody
    assert done.notes == ("grades that stood there are replaced: grace: 17 -> 84",)


@pytest.mark.parametrize(
    "ids",
    [("11", "12"), ("u-ada", "u-grace"), ("lovelaceada_11", "hoppergrace_12"), ("ADA", "grace@example.org")],
)
def test_canvas_knows_students_by_any_of_their_ids(tmp_path: Path, ids: tuple[str, str]) -> None:
    out = write_results(tmp_path / "out", {ids[0]: {}, ids[1]: HALF})
    assert export_canvas(out, downloaded(tmp_path, CANVAS), tmp_path / "new.csv", Choice()).count == 2


def test_the_worksheet_of_moodle_is_filled(tmp_path: Path) -> None:
    out = write_results(
        tmp_path / "out", {"Ada_501_assignsubmission_file": {}, "Grace_502": HALF, "alan": {}, "eve": {}}
    )
    target = tmp_path / "new.csv"
    done = export_moodle(out, downloaded(tmp_path, WORKSHEET), target, Choice())
    assert changed(WORKSHEET, target.read_bytes().decode()) == [
        "Participant 501,Ada,ada@example.org,Submitted for grading,100,100.00,Yes,",
        'Participant 502,Grace,grace@example.org,"Submitted, late",84,100.00,Yes,"say ""hi"",',
    ]
    assert done.count == 2
    assert done.held == ("alan: the platform accepts no grade in this row",)
    assert (done.missing, done.without) == (("eve",), ())


def test_the_gradebook_of_moodle_keeps_its_semicolons_and_commas(tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", {"0042": {"tv_loss": 2, "compute_saliency_maps": 1}, "grace": HALF})
    (out / "policies.json").write_text(
        '{"points": {"tv_loss": 10.5, "gram_matrix": 9.5}, "drop": [], "deadline": null, "overrides": [], '
        '"submitted": {}}'
    )
    target = tmp_path / "new.csv"
    export_moodle(out, downloaded(tmp_path, GRADEBOOK), target, Choice())
    assert changed(GRADEBOOK, target.read_bytes().decode()) == [
        "Ada;Lovelace;0042;ada@example.org;75,7;1893456000",
        "Grace;Hopper;0043;grace@example.org;84,2;1893456000",
    ]


def test_exporting_into_what_was_exported_changes_nothing(tmp_path: Path, out: Path) -> None:
    once, twice = tmp_path / "once.csv", tmp_path / "twice.csv"
    export_canvas(out, downloaded(tmp_path, CANVAS), once, Choice())
    export_canvas(out, once, twice, Choice())
    assert once.read_bytes() == twice.read_bytes()


@pytest.mark.parametrize(
    ("text", "choice", "words"),
    [
        (CANVAS.replace("Assignment 3 (4711)", "Homework (4711)"), Choice(), "no column for assignment3"),
        (CANVAS.replace("Assignment 2 (100)", "Assignment 3 (100)"), Choice(), "more than one column"),
        (CANVAS, Choice(column="Homework"), "no column for Homework"),
        (CANVAS, Choice(id_column="Matrikel"), "none of the columns Matrikel"),
        (CANVAS.replace("u-alan", "ada"), Choice(id_column=""), None),
        (
            CANVAS.replace("u-alan", "ada").replace("u-grace", "ada"),
            Choice(),
            r"'ada' matches 2 rows, of different people: row 5, Hopper \(ada\) and row 6, Turing \(ada\): name the",
        ),
        (CANVAS.replace("100.00", "50"), Choice(), "a maximum of 50 points, but the grades have 100"),
        ("", Choice(), "none of the columns"),
    ],
)
def test_what_is_not_certain_is_asked(
    tmp_path: Path, out: Path, text: str, choice: Choice, words: str | None
) -> None:
    file, target = downloaded(tmp_path, text), tmp_path / "new.csv"
    if words is None:
        export_canvas(out, file, target, choice)
        return
    with pytest.raises(KitError, match=words):
        export_canvas(out, file, target, choice)
    assert not target.exists()


def test_points_are_converted_when_asked(tmp_path: Path, out: Path) -> None:
    target = tmp_path / "new.csv"
    export_canvas(out, downloaded(tmp_path, CANVAS.replace("100.00", "50")), target, Choice(scale=True))
    assert ",48,42,EX," in target.read_text()


def test_a_column_can_be_named_with_or_without_its_number(tmp_path: Path, out: Path) -> None:
    for name in ("Assignment 3", "Assignment 3 (4711)"):
        choice = Choice(column=name, id_column="SIS Login ID")
        assert export_canvas(out, downloaded(tmp_path, CANVAS), tmp_path / "new.csv", choice).count == 2


def test_the_downloaded_file_is_not_overwritten(tmp_path: Path, out: Path) -> None:
    file = downloaded(tmp_path, CANVAS)
    with pytest.raises(KitError, match="would be overwritten"):
        export_canvas(out, file, file, Choice())
