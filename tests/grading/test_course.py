"""The seed is the one given, or the course's, or the demo's; a broken course.toml is said plainly."""

from pathlib import Path

import pytest

from grading.course import DEMO_SEED, seed_of
from grading.errors import KitError


def test_the_seed_given_wins(tmp_path: Path) -> None:
    course = tmp_path / "course.toml"
    course.write_text('seed = "the course\'s"')
    assert seed_of("given", course) == "given"
    assert seed_of("", course) == ""
    assert seed_of(None, course) == "the course's"


def test_without_a_course_the_seed_is_the_public_one(tmp_path: Path) -> None:
    assert seed_of(None, tmp_path / "course.toml") == DEMO_SEED


@pytest.mark.parametrize(
    "text", ["", "seed = 7", 'seed = ""', "points = 3", "seed = ", 'seed = "a"\nseed = "b"', "\udcff"]
)
def test_a_course_without_a_seed_is_an_error_that_says_what_to_add(text: str, tmp_path: Path) -> None:
    course = tmp_path / "course.toml"
    course.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(KitError, match=r"course\.toml .*(--seed)"):
        seed_of(None, course)


def test_a_course_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "course.toml").mkdir()
    with pytest.raises(KitError, match="cannot be read"):
        seed_of(None, tmp_path / "course.toml")
