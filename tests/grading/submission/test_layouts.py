"""Each layout tells, by its examples, whose each path is; nobody's path is told twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns
from grading.errors import SubmissionError
from grading.submission.choice import Choice, chosen
from grading.submission.layouts import LAYOUTS, PLATFORMS, Example, Layout
from grading.submission.owners import owners

INSTRUCTORS = Path(__file__).parents[3] / "docs" / "instructors.md"
# What makes a class one of the platform's, beside the path itself.
EVIDENCE = {"gradescope": "submission_metadata.yml", "sakai": "Hopper, Grace(grace)/timestamp.txt"}
# Blackboard writes the assignment's name before all: it is known by what two people share.
OTHERS = {"blackboard": "Assignment 3_grace_attempt_2026-01-02-03-04-06.txt"}
EXAMPLES = [(layout, example) for layout in LAYOUTS for example in layout.examples]


def told(layout: Layout, *paths: str) -> dict[str, tuple[str, str]]:
    found = owners(layout, paths, file_patterns())
    return {path: (owned.student, owned.file) for path, owned in found.items()}


@pytest.mark.parametrize(("layout", "example"), EXAMPLES, ids=[example.path for _, example in EXAMPLES])
def test_every_example_is_told_as_its_layout_says(layout: Layout, example: Example) -> None:
    beside = [also[layout.name] for also in (EVIDENCE, OTHERS) if layout.name in also]
    student, file = told(layout, example.path, *beside)[example.path]
    assert student == example.student
    assert not example.file or file == example.file


@pytest.mark.parametrize(
    ("layout", "example"),
    [(layout, example) for layout, example in EXAMPLES if layout in PLATFORMS],
    ids=[example.path for layout, example in EXAMPLES if layout in PLATFORMS],
)
def test_the_first_platform_that_fits_an_example_is_its_own(layout: Layout, example: Example) -> None:
    beside = [EVIDENCE[layout.name]] if layout.name in EVIDENCE else []
    first = next(other for other in PLATFORMS if example.path in told(other, example.path, *beside))
    assert first is layout


@pytest.mark.parametrize(
    "path",
    [
        "StyleTransfer.ipynb",
        "hw_3_2_StyleTransfer.ipynb",
        "photo_2021_05_x.jpg",
        "my_style_transfer_2021.ipynb",
        "ada/lovelaceada_12345_678901_StyleTransfer.ipynb",
        "ada/Ada Lovelace_12345_assignsubmission_file_x.ipynb",
        "ada/Team 7/Hopper_Grace_grace_1235/hw3.zip",
        "Ada (2)/StyleTransfer.ipynb",
        "submission_1234/StyleTransfer.ipynb",
    ],
)
def test_what_students_call_their_files_makes_no_download(path: str) -> None:
    assert not any(told(layout, path) for layout in PLATFORMS)


def test_people_of_blackboard_with_underscores_in_their_names_stay_two() -> None:
    paths = [f"HW_3_{name}_attempt_2026-01-02-03-04-05_x.ipynb" for name in ("ada_l", "grace_l")]
    assert [student for student, _ in told(chosen("blackboard"), *paths).values()] == ["ada_l", "grace_l"]


def test_an_instructors_own_pattern_is_a_layout() -> None:
    own = chosen(r"(?P<student>[a-z]+)-(?P<number>\d+)-(?P<file>.*)")
    assert told(own, "ada-7-hw3.zip", "list.txt") == {"ada-7-hw3.zip": ("ada_7", "hw3.zip")}


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        ("modle", "no layout is called 'modle': name one of moodle, blackboard"),
        ("(?P<student>[a-z", "is no pattern"),
        ("(?P<file>.*)", "has no group called student"),
        ("(?P<student>.*)(?P<nick>.*)", "has the unknown group 'nick'"),
    ],
)
def test_a_layout_that_is_none_is_refused_with_what_to_write(layout: str, says: str) -> None:
    with pytest.raises(SubmissionError, match=re.escape(says)):
        chosen(layout)


def test_only_one_thing_is_said_of_the_layout() -> None:
    course = Choice(layout="moodle", groups={"team": ("ada",)})
    assert course.with_options("canvas", one_student=False, is_class=False).layout == "canvas"
    assert course.with_options("", one_student=True, is_class=False) == Choice("", True, False, course.groups)
    with pytest.raises(SubmissionError, match="exclude one another"):
        course.with_options("canvas", one_student=False, is_class=True)


def test_the_table_for_instructors_has_every_layout_and_an_example_of_it() -> None:
    section = INSTRUCTORS.read_text(encoding="utf-8").split("## Who is who")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    table = {row.split("`")[1]: row for row in rows}
    for layout in LAYOUTS:
        assert f"`{layout.examples[0].path}`" in table[layout.name]
        assert f"`{layout.examples[0].student}`" in table[layout.name]
