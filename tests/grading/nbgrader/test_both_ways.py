"""`nbgrader autograde` and the hardened grading agree on what students did to their notebooks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grading.sandbox.isolation import why_not

from .conftest import ASSIGNMENT
from .damages import (
    ANSWER,
    QUESTION,
    STYLE,
    answer_below,
    answer_in_a_copy,
    answer_in_a_document,
    cells_deleted,
    cells_duplicated,
    imported_helper,
    in_nbformat_3,
    in_utf_16,
    loaded_helper,
    marks_lost,
    ran_helpers,
    renamed,
    to_markdown,
    zipped,
)
from .nbgrader_commands import Course, new_course
from .test_export import rows

pytestmark = pytest.mark.long
CUT_OFF = "question_content_layer"  # stands in the second half of the notebook
ISOLATION = "process" if why_not("bubblewrap") else "bubblewrap"


def truncated(folder: Path) -> None:
    raw = (folder / STYLE).read_bytes()
    (folder / STYLE).write_bytes(raw[: len(raw) // 2])


def linked(folder: Path) -> None:
    (folder / STYLE).unlink()
    (folder / STYLE).symlink_to("../../renamed")


RIGHT: Mapping[str, Callable[[Path], None]] = {
    damage.__name__: damage
    for damage in (
        answer_below, answer_in_a_copy, answer_in_a_document, cells_deleted, cells_duplicated, imported_helper,
        in_nbformat_3, in_utf_16, marks_lost, renamed, zipped,
    )
}  # fmt: skip
# No longer code where the grader looks for code: in nbgrader's kernel they count.
IN_THE_KERNEL = {damage.__name__: damage for damage in (loaded_helper, ran_helpers, to_markdown)}
NOTHING = {damage.__name__: damage for damage in (truncated, linked)}
POINTS = {"check_content_loss": 10, "check_gram_matrix": 10, "check_style_loss": 15, "check_tv_loss": 10}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Course:
    """A course with a student for each damage, who is called like it."""
    course = new_course(tmp_path_factory.mktemp("damaged"))
    course.nbgrader("generate_assignment", ASSIGNMENT)
    for name, damage in {**RIGHT, **IN_THE_KERNEL, **NOTHING}.items():
        folder = course.submitted / name / ASSIGNMENT
        folder.mkdir(parents=True)
        shutil.copy(examples / "all_right" / STYLE, folder)
        damage(folder)
    return course


Rows = Mapping[str, Mapping[str, Mapping[str, Any]]]


def gradebook(course: Course) -> Rows:
    return {student: rows(course.folder, student) for student in (*RIGHT, *IN_THE_KERNEL, *NOTHING)}


def files(course: Course) -> dict[Path, bytes | None]:
    found = course.submitted.rglob("*")
    return {path: None if path.is_symlink() or path.is_dir() else path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def hardened(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    course = Course(tmp_path_factory.mktemp("hardened") / "course", handed_in.exchange)
    shutil.copytree(handed_in.folder, course.folder, symlinks=True)
    course.grading("grade", "submitted", "--out", "graded", "--isolation", ISOLATION)
    course.grading("export", "nbgrader", "graded", "--course", ".")
    return gradebook(course)


@pytest.fixture(scope="module")
def plain(handed_in: Course, hardened: Rows) -> Rows:
    before = files(handed_in)
    handed_in.nbgrader("autograde", ASSIGNMENT)
    assert files(handed_in) == before
    assert not list(handed_in.folder.glob(".autograde-*"))
    return gradebook(handed_in)


def scores(cells: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[float | None, bool]]:
    return {name: (row["auto_score"], row["needs_manual_grade"]) for name, row in cells.items()}


@pytest.mark.parametrize("damage", [*RIGHT, *NOTHING])
def test_both_ways_give_the_same_scores_and_the_same_to_a_person(
    damage: str, plain: Rows, hardened: Rows
) -> None:
    assert scores(plain[damage]) == scores(hardened[damage])
    for name, row in plain[damage].items():
        if row["needs_manual_grade"]:
            assert row["auto_comment"] == hardened[damage][name]["auto_comment"]


@pytest.mark.parametrize("damage", [*RIGHT, *IN_THE_KERNEL])
def test_what_was_right_counts_in_full(damage: str, plain: Rows) -> None:
    earned = {name: row["auto_score"] for name, row in plain[damage].items() if row["auto_score"]}
    assert earned == POINTS


def test_a_person_sees_what_was_written_and_what_could_not_be_read(plain: Rows) -> None:
    asked = {name: plain[name][QUESTION] for name in plain}
    up = {name for name, row in asked.items() if row["needs_manual_grade"]}
    assert up == {*RIGHT, "linked"} - {"imported_helper"}
    assert not plain["truncated"][QUESTION]["needs_manual_grade"]  # whole, and not answered
    assert plain["truncated"][CUT_OFF]["needs_manual_grade"]
    assert ANSWER in asked["answer_in_a_document"]["auto_comment"]
    assert "StyleTransfer.ipynb is a link, which is not followed" in asked["linked"]["auto_comment"]


def test_what_was_put_right_is_told(plain: Rows) -> None:
    said = plain["to_markdown"]
    assert "was a raw cell, which does not run" in said["check_gram_matrix"]["auto_comment"]
    assert "was a markdown cell, which does not run" in said["check_tv_loss"]["auto_comment"]
    assert "had lost nbgrader's marks" in plain["marks_lost"]["check_tv_loss"]["auto_comment"]
