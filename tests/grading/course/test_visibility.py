"""A course says once what students see of private checks and from when, and pages and Gradescope both follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grading.course.course_toml import policies_of
from grading.course.settings import Deadline
from grading.course.visibility import VISIBILITIES, Visibility, visibility_of
from grading.errors import KitError

RELEASE = datetime.fromisoformat("2026-06-01T12:00:00-07:00")
BEFORE, AFTER = RELEASE - timedelta(seconds=1), RELEASE + timedelta(seconds=1)


def course(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "course.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_course_that_says_nothing_shows_private_checks_when_grades_are_published(tmp_path: Path) -> None:
    said = visibility_of(tmp_path / "course.toml")
    assert said == visibility_of(course(tmp_path, 'seed = "x"\n')) == Visibility("after_published", None)
    assert not said.held_back(AFTER)
    assert said.shows_private(AFTER, None)


def test_what_a_course_says_is_read_and_is_no_unknown_key(tmp_path: Path) -> None:
    path = course(tmp_path, '[students]\nprivate_checks = "hidden"\nrelease = 2026-06-01T12:00:00-07:00\n')
    assert visibility_of(path) == Visibility("hidden", RELEASE)
    assert not policies_of(path, [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[students]\nprivate_checks = "never"', "students.private_checks must be one of visible, after_due"),
        (
            "[students]\nrelease = 2026-06-01T12:00:00",
            "students.release must be a date and time with an offset",
        ),
        (
            "[students]\nrelaese = 1",
            "students.relaese is an unknown key; did you mean 'release'",
        ),
        ("students = 1", "students must be a table"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_key(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=message):
        visibility_of(course(tmp_path, text))


@pytest.mark.parametrize("private", VISIBILITIES)
def test_before_the_release_nothing_private_is_visible_on_gradescope(private: str) -> None:
    said = Visibility(private, RELEASE)
    assert (said.held_back(BEFORE), said.held_back(RELEASE), said.held_back(AFTER)) == (True, False, False)
    assert said.of_private_tests(BEFORE) == ("hidden" if private == "hidden" else "after_published")
    assert said.of_private_tests(AFTER) == private


def test_after_the_due_date_is_after_everybodys() -> None:
    said = Visibility("after_due_date")
    late = Deadline(BEFORE, 10, extensions={"grace": AFTER})
    assert said.shows_private(RELEASE, Deadline(BEFORE, 10))
    assert not said.shows_private(RELEASE, late)
    assert said.shows_private(AFTER, late)
    assert not said.shows_private(AFTER, None)


def test_hidden_checks_are_never_shown() -> None:
    assert not Visibility("hidden").shows_private(AFTER, Deadline(BEFORE, 10))
