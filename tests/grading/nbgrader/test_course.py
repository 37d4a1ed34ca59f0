"""A whole course with nbgrader's real commands: three students, graded both ways."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from grading.assignments.registry import rubric
from grading.attacks.table import ATTACKS, write_attack
from grading.sandbox.isolation import why_not

from .conftest import ASSIGNMENT
from .nbgrader_commands import Course, cell, edit, new_course

pytestmark = pytest.mark.long
ISOLATION = "process" if why_not("bubblewrap") else "bubblewrap"
STUDENTS = {
    "ada": ("all_right", "all_right"),
    "grace": ("saliency_cross_entropy", "gram_no_batch_axis"),
    "alan": ("all_right", "exit_quietly"),  # an attack, ends the process
}
NOTEBOOKS = ("NetworkVisualization", "StyleTransfer")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory, examples: Path) -> Course:
    """A course up to `nbgrader collect`."""
    hostile = next(attack for attack in ATTACKS if attack.name == "exit_quietly")
    folders = {folder.name: folder for folder in examples.iterdir()}
    folders[hostile.name] = write_attack(hostile, tmp_path_factory.mktemp("attacks")).parent
    course = new_course(tmp_path_factory.mktemp("cycle"))
    course.nbgrader("generate_assignment", ASSIGNMENT)
    for notebook in NOTEBOOKS:
        done = course.nbgrader("validate", f"source/{ASSIGNMENT}/{notebook}.ipynb")
        assert "Success! Your notebook passes all the tests." in done.stdout
    course.nbgrader("release_assignment", ASSIGNMENT)
    for student, handed_in in STUDENTS.items():
        home = course.as_student(student, "fetch_assignment")
        work = home / ASSIGNMENT
        assert "START OF YOUR CODE" in (work / "StyleTransfer.ipynb").read_text()
        for notebook, example in zip(NOTEBOOKS, handed_in, strict=True):
            shutil.copy(folders[example] / f"{notebook}.ipynb", work / f"{notebook}.ipynb")
        if student == "ada":
            _ada_works_on(work)
        course.as_student(student, "submit", "--student", student)
    course.nbgrader("collect", ASSIGNMENT)
    return course


def _ada_works_on(work: Path) -> None:
    """She answers a question, keeps her losses in a module of her own, and has changed a module of the course's."""

    def change(notebook: NotebookNode) -> None:
        cell(notebook, "question_gram_shuffle").source = "It is a sum over places."
        losses = cell(notebook, "tv_loss")
        (work / "losses.py").write_text(f"import torch\n\n{losses.source}", encoding="utf-8")
        losses.source = "from losses import tv_loss"

    edit(work / "StyleTransfer.ipynb", change)
    (work / "cs231n" / "plots.py").write_text("raise ImportError('changed by ada')\n", encoding="utf-8")


@pytest.fixture(scope="module")
def plain(collected: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course after `nbgrader autograde`, which fails on the student who ends the process."""
    course = _copy(collected, tmp_path_factory.mktemp("plain"))
    done = course.nbgrader("autograde", ASSIGNMENT, check=False)
    assert done.returncode == 1
    assert f"There was an error processing assignment '{ASSIGNMENT}' for student 'alan'" in done.stderr
    return course


@pytest.fixture(scope="module")
def hardened(collected: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The course after our grading and its export."""
    course = _copy(collected, tmp_path_factory.mktemp("hardened"))
    course.grading("grade", "submitted", "--out", "graded", "--isolation", ISOLATION)
    course.grading("export", "nbgrader", "graded", "--course", ".")
    return course


def _copy(course: Course, folder: Path) -> Course:
    shutil.copytree(course.folder, folder / "course")
    return Course(folder / "course", course.exchange)


def test_both_ways_give_an_honest_student_the_same_points(plain: Course, hardened: Course) -> None:
    kernel, walls = plain.scores(), hardened.scores()
    assert kernel["ada"] == walls["ada"] == {f"check_{asked.name}": asked.points for asked in rubric()}
    assert kernel["grace"] == walls["grace"]
    assert 0 < sum(points or 0 for points in walls["grace"].values()) < 100


def test_who_ends_the_process_loses_the_autograde_and_with_us_one_function(
    plain: Course, hardened: Course
) -> None:
    assert plain.scores()["alan"]["check_tv_loss"] is None
    assert not (plain.folder / "autograded" / "alan" / ASSIGNMENT).exists()
    points = hardened.scores()["alan"]
    assert points.pop("check_tv_loss") == 0
    assert sum(score or 0 for score in points.values()) == 90


def test_a_students_own_module_is_kept_and_a_changed_one_of_the_courses_is_not(plain: Course) -> None:
    folder = plain.folder / "autograded" / "ada" / ASSIGNMENT
    assert "tv_loss" in (folder / "losses.py").read_text()
    assert "changed by ada" not in (folder / "cs231n" / "plots.py").read_text()


@pytest.mark.parametrize("way", ["plain", "hardened"])
def test_feedback_reaches_the_student_and_grades_the_table(way: str, request: pytest.FixtureRequest) -> None:
    course: Course = request.getfixturevalue(way)
    if way == "plain":
        course.nbgrader("generate_feedback", ASSIGNMENT, check=False)
    course.nbgrader("release_feedback", ASSIGNMENT)
    home = course.as_student("grace", "fetch_feedback")
    (page,) = (home / ASSIGNMENT / "feedback").glob("*/NetworkVisualization.html")
    text = page.read_text(encoding="utf-8")
    assert "Gradient of the cross-entropy loss instead of the score" in text
    shutil.rmtree(home / ASSIGNMENT / "feedback")

    course.nbgrader("export", "--to", "table.csv")
    with (course.folder / "table.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["ada"]["score"]) == 100
    assert float(rows["ada"]["max_score"]) == 130  # the inline questions are graded by hand
    assert float(rows["grace"]["score"]) == sum(p or 0 for p in course.scores()["grace"].values())


def test_nbgraders_own_feedback_shows_our_verdicts_too(hardened: Course) -> None:
    hardened.nbgrader("generate_feedback", ASSIGNMENT, "--force")
    page = (hardened.folder / "feedback" / "grace" / ASSIGNMENT / "StyleTransfer.html").read_text()
    assert "gram_matrix: partial" in page
    hardened.grading("export", "nbgrader", "graded", "--course", ".")


@pytest.fixture
def with_manual_score(hardened: Course) -> Course:
    with Gradebook(f"sqlite:///{hardened.folder}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("question_gram_shuffle", "StyleTransfer", ASSIGNMENT, "ada")
        assert grade.needs_manual_grade
        grade.manual_score, grade.needs_manual_grade = 4.5, False
        gradebook.db.commit()
    return hardened


def test_a_score_given_by_hand_outlives_a_regrade(with_manual_score: Course) -> None:
    course = with_manual_score
    course.grading("grade", "submitted", "--out", "graded", "--isolation", ISOLATION, "--regrade")
    course.grading("export", "nbgrader", "graded", "--course", ".")
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db") as gradebook:
        grade = gradebook.find_grade("question_gram_shuffle", "StyleTransfer", ASSIGNMENT, "ada")
        assert (grade.score, grade.needs_manual_grade) == (4.5, False)
        assert gradebook.find_submission(ASSIGNMENT, "ada").score == 104.5
