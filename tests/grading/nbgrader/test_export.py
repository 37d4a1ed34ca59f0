"""Hardened verdicts in an nbgrader course: what formgrader, `nbgrader export` and released feedback will show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.utils import determine_grade, is_grade, is_solution
from sqlalchemy.orm import object_session

from grading.assignments.registry import rubric
from grading.course.policies import NOT_FINAL
from grading.errors import KitError
from grading.nbgrader.export import export_nbgrader
from grading.notebooks.build import as_text, read_notebook
from grading.results.definition import NOT_GRADED

from .conftest import ASSIGNMENT, write_results

Submit = Callable[..., Path]
HALF = {"tv_loss": 2, "gram_matrix": 0}  # 4 of 10 and 0 of 10


@contextmanager
def submission(course: Path, student: str) -> Iterator[SubmittedAssignment]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        yield gradebook.find_submission(ASSIGNMENT, student)


def rows(course: Path, student: str) -> dict[str, dict[str, Any]]:
    """Grades and comments of a student by the name of the cell."""
    with submission(course, student) as found:
        grades = [(g.cell.name, g.to_dict()) for notebook in found.notebooks for g in notebook.grades]
        comments = {c.cell.name: c.to_dict() for notebook in found.notebooks for c in notebook.comments}
    return {
        name: {**grade, **comments.get(name, comments.get(name.removeprefix("check_"), {}))}
        for name, grade in grades
    }


def grade_by_hand(course: Path, student: str, cell: str, score: float, comment: str = "") -> None:
    """What formgrader does when a person types a score."""
    with submission(course, student) as found:
        for notebook in found.notebooks:
            for grade in notebook.grades:
                if grade.cell.name == cell:
                    grade.manual_score, grade.needs_manual_grade = score, False
            for written in notebook.comments:
                if written.cell.name == cell and comment:
                    written.manual_comment = comment
        session = object_session(found)
        assert session
        session.commit()


def files(course: Path) -> dict[str, tuple[bytes, int]]:
    found = [
        p for step in ("autograded", "feedback") for p in sorted((course / step).rglob("*")) if p.is_file()
    ]
    return {str(path.relative_to(course)): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def test_points_and_comments_are_in_the_gradebook(course: Path, submit: Submit, tmp_path: Path) -> None:
    submit("ada"), submit("grace")
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}, "grace": HALF}), course)
    with submission(course, "ada") as ada, submission(course, "grace") as grace:
        assert (ada.score, ada.max_score) == (100, 130)
        assert (grace.score, str(grace.timestamp)) == (84, "2030-02-01 12:00:00")
    cells = rows(course, "grace")
    assert (cells["check_tv_loss"]["auto_score"], cells["check_tv_loss"]["max_score"]) == (4, 10)
    assert "**Not squared.** Asked are squares." in cells["check_tv_loss"]["auto_comment"]
    assert "it is 2 times the expected value" in cells["check_tv_loss"]["auto_comment"]
    assert not any(row["needs_manual_grade"] for name, row in cells.items() if name.startswith("check_"))


def test_students_see_of_private_checks_what_the_course_allows(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    submit("grace")
    out = write_results(tmp_path / "out", {"grace": {"tv_loss": 0}})
    private = "Right for an image that is taller than wide, and another weight"
    export_nbgrader(out, course)
    assert f"- {private}: " in rows(course, "grace")["check_tv_loss"]["auto_comment"]
    export_nbgrader(out, course, rubric(), private=False)
    assert private not in rows(course, "grace")["check_tv_loss"]["auto_comment"]
    assert rows(course, "grace")["check_tv_loss"]["auto_score"] == 0
    (page, _) = (course / "feedback" / "grace" / ASSIGNMENT).glob("*.html")
    assert private not in page.read_text()
    assert "A private check" in page.read_text()


def test_formgrader_finds_notebooks_whose_cells_say_the_same_points(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    submit("grace")
    export_nbgrader(write_results(tmp_path / "out", {"grace": HALF}), course)
    got = {}
    for path in sorted((course / "autograded" / "grace" / ASSIGNMENT).glob("*.ipynb")):
        for cell in read_notebook(path).cells:
            if is_grade(cell) and not is_solution(cell):
                got[cell.metadata.nbgrader.grade_id] = determine_grade(cell)
                assert "BEGIN HIDDEN TESTS" in cell.source
                assert "points" in cell.outputs[0].data["text/html"]
    assert len(got) == 7
    assert (got["check_tv_loss"], got["check_style_loss"]) == ((4, 10), (15, 15))


def test_feedback_lies_where_it_is_released_from(course: Path, submit: Submit, tmp_path: Path) -> None:
    submit("ada")
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}}), course)
    folder = course / "feedback" / "ada" / ASSIGNMENT
    assert {path.name for path in folder.iterdir()} == {
        "NetworkVisualization.html", "StyleTransfer.html", "timestamp.txt", "submission_secret.txt",
    }  # fmt: skip
    assert "the page of ada" in (folder / "StyleTransfer.html").read_text()


def test_a_second_export_changes_nothing(course: Path, submit: Submit, tmp_path: Path) -> None:
    submit("ada"), submit("grace", "half_done")
    out = write_results(tmp_path / "out", {"ada": {}, "grace": HALF})
    export_nbgrader(out, course)
    before = files(course), rows(course, "grace")
    export_nbgrader(out, course)
    assert (files(course), rows(course, "grace")) == before


def answer(folder: Path, question: str, text: str) -> None:
    for path in folder.glob("*.ipynb"):
        notebook = read_notebook(path)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == question:
                cell.source = text
                path.write_text(as_text(notebook), encoding="utf-8")


def test_a_question_waits_for_a_person_whose_score_outlives_a_regrade(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    folder = submit("ada")
    answer(folder, "question_gram_shuffle", "It stays as it is.")
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}}), course)
    cells = rows(course, "ada")
    assert cells["question_gram_shuffle"]["needs_manual_grade"]
    assert cells["question_gram_shuffle"]["auto_score"] is None
    empty = cells["question_total_variation"]
    assert (empty["auto_score"], empty["needs_manual_grade"], empty["auto_comment"]) == (
        0,
        False,
        "No response.",
    )

    grade_by_hand(course, "ada", "question_gram_shuffle", 4, "Why? <b>Say</b> it.")
    export_nbgrader(write_results(tmp_path / "out", {"ada": HALF}), course)
    row = rows(course, "ada")["question_gram_shuffle"]
    assert (row["manual_score"], row["needs_manual_grade"]) == (4, False)
    with submission(course, "ada") as found:
        assert found.score == 84 + 4
    page = (course / "feedback" / "ada" / ASSIGNMENT / "StyleTransfer.html").read_text()
    assert "question_gram_shuffle</code>: 4 of 5 points. Why? &lt;b&gt;Say&lt;/b&gt; it." in page

    answer(folder, "question_gram_shuffle", "It stays, since it is a sum over places.")
    export_nbgrader(tmp_path / "out", course)
    row = rows(course, "ada")["question_gram_shuffle"]
    assert (row["manual_score"], row["needs_manual_grade"]) == (4, True)


def test_points_that_a_person_gave_for_a_function_win_and_are_looked_at_again(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    submit("ada")
    export_nbgrader(write_results(tmp_path / "out", {"ada": HALF}), course)
    grade_by_hand(course, "ada", "check_tv_loss", 9)
    export_nbgrader(tmp_path / "out", course)
    assert not rows(course, "ada")["check_tv_loss"]["needs_manual_grade"]
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}}), course)
    row = rows(course, "ada")["check_tv_loss"]
    assert (row["auto_score"], row["manual_score"], row["needs_manual_grade"]) == (10, 9, True)


def write_policies(out: Path, **decided: Any) -> None:
    nothing = {"points": {}, "drop": [], "deadline": None, "overrides": [], "submitted": {}}
    (out / "policies.json").write_text(json.dumps(nothing | decided), encoding="utf-8")


def test_what_the_course_decided_counts_here_too(course: Path, submit: Submit, tmp_path: Path) -> None:
    submit("ada"), submit("grace")
    out = write_results(tmp_path / "out", {"ada": {}, "grace": {}})
    deadline = {
        "at": "2030-01-31T12:00:00+00:00", "penalty": 10, "per": "day", "most": 100,
        "grace_minutes": 0, "times": "", "extensions": {},
    }  # fmt: skip
    write_policies(
        out,
        points={"tv_loss": 20},
        drop=["content_loss"],
        deadline=deadline,
        submitted={"ada": "2030-02-01T11:00:00+00:00"},
        overrides=[{"student": "grace", "function": "", "score": 42, "reason": "oral exam"}],
    )
    export_nbgrader(out, course)
    cells = rows(course, "ada")
    assert (cells["check_tv_loss"]["auto_score"], cells["check_tv_loss"]["max_score"]) == (20, 20)
    assert (cells["check_content_loss"]["auto_score"], cells["check_content_loss"]["max_score"]) == (0, 0)
    with submission(course, "ada") as ada, submission(course, "grace") as grace:
        assert (ada.score, ada.late_submission_penalty) == (100, pytest.approx(10))
        assert grace.score - grace.late_submission_penalty == pytest.approx(42)
    assert "oral exam" in rows(course, "grace")["check_compute_saliency_maps"]["auto_comment"]
    (out / "policies.json").unlink()
    export_nbgrader(out, course)
    with submission(course, "grace") as grace:
        assert (grace.score, grace.late_submission_penalty, grace.max_score) == (100, 0, 130)


def test_a_comment_on_a_group_is_beside_what_is_written_by_hand_and_gone_when_it_is_removed(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    submit("ada"), submit("grace")
    out = write_results(tmp_path / "out", {"ada": HALF, "grace": {}})
    export_nbgrader(out, course)
    grade_by_hand(course, "ada", "tv_loss", 3, "Come and see me.")
    before = rows(course, "ada"), rows(course, "grace")
    comment = {
        "text": "Count the `pairs`.\n\n<b>On paper.</b>", "points": -1, "mistake": "", "group": "tv_loss-1",
        "function": "tv_loss", "students": ["ada"],
    }  # fmt: skip
    for text, lines in (
        (comment["text"], "Note: `comment (-1 points): Count the 'pairs'.`  \n`<b>On paper.</b>`"),
        ("Once more.", "Note: `comment (-1 points): Once more.`"),
    ):
        write_policies(out, comments=[comment | {"text": text}])
        export_nbgrader(out, course)
        row = rows(course, "ada")
        assert row["check_tv_loss"]["auto_comment"].endswith(f"\n\n{lines}")
        assert row["check_tv_loss"]["auto_score"] == 3
        assert row["check_tv_loss"]["auto_comment"].startswith("tv_loss: partial, 3 of 10 points.")
        assert row["check_tv_loss"]["manual_comment"] == "Come and see me."
        assert row["check_gram_matrix"] == before[0]["check_gram_matrix"]
        assert rows(course, "grace") == before[1]
    (out / "policies.json").unlink()
    export_nbgrader(out, course)
    assert (rows(course, "ada"), rows(course, "grace")) == before


def test_who_handed_in_one_notebook_or_none_is_graded_and_told_of(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    (submit("ada") / "StyleTransfer.ipynb").unlink()
    done = export_nbgrader(write_results(tmp_path / "out", {"ada": {}, "alan": HALF}), course)
    assert [note.split(":")[0] for note in done.notes] == ["ada", "alan", "alan"]
    assert rows(course, "ada")["question_gram_shuffle"]["auto_score"] == 0
    assert not rows(course, "ada")["question_gram_shuffle"]["needs_manual_grade"]
    with submission(course, "alan") as alan:
        assert alan.score == 84
    assert not (course / "autograded" / "alan").exists()


def test_a_link_in_a_submission_is_not_followed(course: Path, submit: Submit, tmp_path: Path) -> None:
    path = submit("ada") / "StyleTransfer.ipynb"
    secret = path.rename(tmp_path / "of somebody else.ipynb")
    path.symlink_to(secret)
    notes = export_nbgrader(write_results(tmp_path / "out", {"ada": {}}), course).notes
    assert notes == (
        "ada: StyleTransfer.ipynb is a link, which is not followed",
        "ada: StyleTransfer.ipynb was not handed in",
    )
    assert rows(course, "ada")["question_gram_shuffle"]["needs_manual_grade"]


@pytest.mark.parametrize(
    "text", ["{", '{"cells": 3}', "[]", '{"cells": [], "nbformat": 4, "nbformat_minor": 5}']
)
def test_a_notebook_that_cannot_be_shown_costs_no_points(
    course: Path, submit: Submit, tmp_path: Path, text: str
) -> None:
    (submit("ada") / "StyleTransfer.ipynb").write_text(text, encoding="utf-8")
    export_nbgrader(write_results(tmp_path / "out", {"ada": {}}), course)
    with submission(course, "ada") as found:
        assert found.score == 100


def test_other_assignments_and_students_stay_as_they_are(
    course: Path, submit: Submit, tmp_path: Path
) -> None:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.add_student("alan", first_name="Alan", email="alan@example.org")
        gradebook.add_assignment("assignment2")
    submit("alan")
    export_nbgrader(write_results(tmp_path / "out", {"alan": {}}), course)
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        assert gradebook.find_student("alan").email == "alan@example.org"
        assert {assignment.name for assignment in gradebook.assignments} == {"assignment2", ASSIGNMENT}


def test_what_does_not_fit_is_one_sentence(course: Path, tmp_path: Path) -> None:
    out = write_results(tmp_path / "out", {"ada": {}})
    with pytest.raises(KitError, match=r"no nbgrader_config\.py"):
        export_nbgrader(out, tmp_path)
    (course / "gradebook.db").rename(course / "away.db")
    with pytest.raises(KitError, match="run nbgrader generate_assignment"):
        export_nbgrader(out, course)
    with Gradebook(f"sqlite:///{course}/gradebook.db"):
        pass
    with pytest.raises(KitError, match="does not know assignment3"):
        export_nbgrader(out, course)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write("\nc.CourseDirectory.db_url = 'postgresql://ada:secret@localhost:1/none'\n")
    with pytest.raises(KitError, match="cannot be opened") as error:
        export_nbgrader(out, course)
    assert "secret" not in str(error.value)
    assert not list(course.glob(".export-*"))


def test_a_grade_that_is_not_final_is_held_back(course: Path, submit: Submit, tmp_path: Path) -> None:
    submit("ada"), submit("grace")
    out = write_results(tmp_path / "out", {"ada": {}, "grace": {}})
    path = out / "results" / "grace.json"
    failed = f"{NOT_GRADED} (KeyError): grade it by hand and report the fault"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"notes": [failed]}))
    done = export_nbgrader(out, course)
    assert (done.students, done.held) == (("ada",), (f"grace: {NOT_FINAL}",))
    assert not (course / "feedback" / "grace").exists()
