"""The table opens in any spreadsheet and computes nothing there."""

import csv
from pathlib import Path
from typing import Any

import pytest

from grading.report.grades_csv import plain_cell, write_grades_csv


def test_a_line_a_student_in_a_stable_order(class_folder: Path) -> None:
    path = write_grades_csv(class_folder)
    raw = path.read_bytes()
    assert raw.count(b"\r\n") == 25
    assert raw.startswith(b"\xef\xbb\xbfstudent,")  # or Excel takes it for another encoding
    lines = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [line["student"] for line in lines] == sorted(line["student"] for line in lines)
    assert list(lines[0])[:4] == ["student", "score", "max_score", "compute_saliency_maps"]
    grace = next(line for line in lines if line["student"] == "grace")
    assert grace["score"] == "14"
    assert grace["style_loss_status"] == "missing"
    assert grace["compute_saliency_maps_diagnosis"] == "saliency-cross-entropy+saliency-no-abs"
    assert write_grades_csv(class_folder).read_bytes() == raw


def test_results_of_other_code_or_seed_are_marked_in_the_table(build: Any, tmp_path: Path) -> None:
    for code, marks in (
        ("sha256:90ab12cd34ef5678", [None, None]),
        ("sha256:ffff", ["code sha256:90ab12cd34ef5678", "code sha256:ffff"]),
    ):
        out = build.write_out(tmp_path, [build.result("ada"), build.result("bob", code=code)])
        lines = list(csv.DictReader(write_grades_csv(out).read_text(encoding="utf-8-sig").splitlines()))
        assert [line.get("graded_by") for line in lines] == marks


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("ada", "ada"),
        ("ada-l", "ada-l"),
        ("a, -b", "a, -b"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("  =1", "'  =1"),
        ("\x01=1", "'\x01=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("a;=1", "a;'=1"),
        ("a\t@x", "a\t'@x"),
        ("\udcff", "\\udcff"),
        ("a\x00b", "a\\x00b"),
    ],
)
def test_what_could_start_a_formula_gets_an_apostrophe(text: str, cell: str) -> None:
    assert plain_cell(text) == cell


def test_two_ids_never_become_one() -> None:
    ids = ["=a", "'=a", "''=a", "a", "'a"]
    assert len({plain_cell(student) for student in ids}) == len(ids)


def test_quotes_commas_and_line_breaks_survive(build: Any, tmp_path: Path) -> None:
    odd = 'a,"b"\r\nc'
    path = write_grades_csv(build.write_out(tmp_path, [build.result(odd, notes=("x\ny",))]))
    with path.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["student"], line["notes"]) == (odd, "x\ny")


def test_functions_that_a_submission_lacks_are_empty_cells(build: Any, tmp_path: Path) -> None:
    short = build.result("alan")
    short["functions"] = short["functions"][:1]
    path = write_grades_csv(build.write_out(tmp_path, [build.result("ada"), short]))
    alan = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))[1]
    assert (alan["compute_saliency_maps"], alan["tv_loss"], alan["tv_loss_status"]) == ("20", "", "")
