"""Two gradings are compared by who changes, by how much, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grading.cli.diff import diff_command
from grading.course.diff import TEXTS, compare
from grading.course.policies import write_policies
from grading.course.settings import Override, Policies
from grading.errors import KitError


def function(name: str, *statuses: str, diagnosis: str = "", message: str = "off by 3 %") -> dict[str, Any]:
    checks = [
        {
            "id": f"c{number}",
            "title": "t",
            "status": status,
            "points": 5 * (status == "pass"),
            "max_points": 5,
            "message": "" if status == "pass" else message,
        }
        for number, status in enumerate(statuses)
    ]
    score, most = sum(check["points"] for check in checks), 5 * len(checks)
    return {
        "name": name,
        "defined_as": name,
        "notebook": "StyleTransfer",
        "file": "StyleTransfer.ipynb",
        "status": "correct" if score == most else "partial" if score else "wrong",
        "score": score,
        "max_score": most,
        "notes": [],
        "diagnosis": {"id": diagnosis, "parts": [diagnosis], "title": "t", "hint": "h"}
        if diagnosis
        else None,
        "checks": checks,
    }


RIGHT = (function("gram_matrix", "pass", "pass"), function("tv_loss", "pass", "pass"))
WRONG = (RIGHT[0], function("tv_loss", "pass", "fail", diagnosis="tv-mean"))


def write(out: Path, seed: str = "0", code: str = "a", **students: tuple[dict[str, Any], ...]) -> Path:
    grader = {
        "version": "1",
        "code": f"sha256:{code * 16}",
        "seed": f"sha256:{seed * 16}",
        "isolation": "process",
    }

    (out / "results").mkdir(parents=True)
    for student, functions in students.items():
        result = {
            "student": student,
            "assignment": "assignment3",
            "grader": {aspect: value for aspect, value in grader.items() if code or aspect != "code"},
            "score": sum(f["score"] for f in functions),
            "max_score": sum(f["max_score"] for f in functions),
            "notes": [],
            "functions": list(functions),
        }
        (out / "results" / f"{student}.json").write_text(json.dumps(result), encoding="utf-8")
    return out


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path / "old", ada=RIGHT, alan=WRONG, grace=WRONG)


def test_equal_gradings_differ_in_nothing(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", ada=RIGHT, alan=WRONG, grace=WRONG)
    assert compare(old, new).equal
    assert diff_command(old, new, as_json=False) == 0


def test_a_change_says_how_much_and_which_checks_and_diagnosis(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", ada=RIGHT, alan=RIGHT, grace=WRONG)
    (alan,) = compare(old, new).students
    assert (alan.student, alan.before, alan.after, alan.difference) == ("alan", 15, 20, 5)
    (change,) = alan.functions
    assert change.why == ("partial → correct", "c1: fail → pass", "diagnosis: tv-mean → none")


def test_students_who_come_and_go_are_named_and_the_greatest_change_is_first(
    old: Path, tmp_path: Path
) -> None:
    new = write(tmp_path / "new", alan=RIGHT, grace=WRONG, zoe=WRONG)
    students = compare(old, new).students
    assert [(s.student, s.difference, s.why) for s in students] == [
        ("ada", -20, ("no longer has a result",)),
        ("zoe", 15, ("is new",)),
        ("alan", 5, ()),
    ]


def test_another_message_is_a_difference_in_words_only(old: Path, tmp_path: Path) -> None:
    said = (RIGHT[0], function("tv_loss", "pass", "fail", diagnosis="tv-mean", message="another"))
    comparison = compare(old, write(tmp_path / "new", ada=RIGHT, alan=said, grace=WRONG))
    (alan,) = comparison.students
    assert alan.in_words_only
    assert alan.functions[0].why == (TEXTS,)
    assert not comparison.equal


def test_checks_and_functions_that_come_and_go_are_told(old: Path, tmp_path: Path) -> None:
    fewer = (function("tv_loss", "pass"), function("style_loss", "pass"))
    new = write(tmp_path / "new", ada=fewer, alan=WRONG, grace=WRONG)
    (ada,) = compare(old, new).students
    assert {change.function: change.why for change in ada.functions} == {
        "gram_matrix": ("is no longer part of the assignment",),
        "tv_loss": ("c1: pass → none",),
        "style_loss": ("is new in the assignment",),
    }
    assert ada.why == ("of 20 → of 10 points",)


def test_what_the_course_decided_is_a_reason(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", ada=RIGHT, alan=WRONG, grace=WRONG)
    write_policies(
        old,
        Policies(
            overrides=(
                Override(
                    "grace",
                    20,
                    "by hand once",
                    "",
                ),
            )
        ),
    )
    decided = Policies(overrides=(Override("ada", 3, "oral exam", "tv_loss"), Override("alan", 0, "copied")))
    write_policies(new, decided)
    reasons = {
        s.student: (s.difference, s.why, [c.why for c in s.functions]) for s in compare(old, new).students
    }
    assert reasons == {
        "ada": (-7, (), [("set to 3 by hand: oral exam",)]),
        "alan": (-15, ("set to 0 by hand: copied",), []),
        "grace": (-5, ("no longer: set to 20 by hand: by hand once",), []),
    }


def test_another_seed_is_told_even_if_no_grade_changes(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = write(tmp_path / "new", seed="1", ada=RIGHT, alan=WRONG, grace=WRONG)
    assert diff_command(old, new, as_json=False) == 1
    said = capsys.readouterr().out
    assert f"another seed: sha256:{'0' * 16} → sha256:{'1' * 16}" in said
    assert "0 of 3" not in said
    assert "verdicts of 3 are the same" in said


def test_other_code_of_the_same_version_is_told_with_all_that_is_alike(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = write(tmp_path / "new", code="b", ada=RIGHT, alan=WRONG, grace=WRONG)
    assert diff_command(old, new, as_json=False) == 1
    said = capsys.readouterr().out
    assert f"same version, other code: sha256:{'a' * 16} → sha256:{'b' * 16}\n" in said
    assert f"both graded with version 1, seed sha256:{'0' * 16}, isolation process\n" in said
    assert "another" not in said


def test_a_grading_that_does_not_say_its_code_is_one_by_other_code(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = write(tmp_path / "new", code="", ada=RIGHT, alan=WRONG, grace=WRONG)
    assert diff_command(new, old, as_json=False) == 1
    assert f"same version, other code: not recorded → sha256:{'a' * 16}\n" in capsys.readouterr().out


def test_of_equal_gradings_it_is_told_how_both_came_about(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff_command(old, old, as_json=False) == 0
    said = capsys.readouterr().out
    assert f"both graded with version 1, code sha256:{'a' * 16}, seed sha256:{'0' * 16}, isolation" in said


def test_the_table_shows_no_markup_of_a_students(
    old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = write(tmp_path / "new", **{"[red]eve\x1b[2J": RIGHT}, alan=RIGHT, grace=WRONG)
    assert diff_command(old, new, as_json=False) == 1
    said = capsys.readouterr().out
    assert "[red]eve" in said
    assert "\x1b[2J" not in said
    assert "3 of 4 change in points, mean 16.7 → 18.3" in said


def test_json_is_for_programs(old: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = write(tmp_path / "new", ada=RIGHT, alan=RIGHT, grace=WRONG)
    assert diff_command(old, new, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["equal"], told["compared"]) == (False, 3)
    assert told["students"][0]["difference"] == 5
    assert told["students"][0]["functions"][0]["function"] == "tv_loss"
    assert told["graders"]["before"][0]["results"] == 3


def test_a_folder_without_results_is_an_error(old: Path, tmp_path: Path) -> None:
    with pytest.raises(KitError, match="nowhere"):
        compare(old, tmp_path / "nowhere")
