"""The seed is the one given, or the course's, or the demo's; a broken course.toml is said plainly."""

from pathlib import Path

import pytest

from grading.course.settings import DEMO_SEED, seed_of
from grading.errors import KitError


def test_the_seed_given_wins(tmp_path: Path) -> None:
    course = tmp_path / "course.toml"
    course.write_text('seed = "the course\'s"')
    assert seed_of("given", course=course) == "given"
    assert seed_of(None, course=course) == "the course's"
    file = tmp_path / "seed.txt"
    file.write_text("\ufeff of a file \r\n", encoding="utf-8")
    assert seed_of(None, file, course) == "of a file"
    with pytest.raises(KitError, match="given twice"):
        seed_of("given", file, course)


@pytest.mark.parametrize("empty", ["", " ", "\t\n"])
def test_an_empty_seed_is_refused_wherever_it_comes_from(empty: str, tmp_path: Path) -> None:
    course, file = tmp_path / "course.toml", tmp_path / "seed.txt"
    course.write_text(f'seed = """{empty}"""')
    file.write_text(empty)
    with pytest.raises(KitError, match=r"the seed is empty: .*--seed"):
        seed_of(empty, course=course)
    with pytest.raises(KitError, match=r"the seed is empty: .*seed\.txt"):
        seed_of(None, file, course)
    with pytest.raises(KitError, match=r"the seed is empty: .*course\.toml"):
        seed_of(None, course=course)


def test_a_seed_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\x00")
    for path in (tmp_path, tmp_path / "missing", tmp_path / "bytes"):
        with pytest.raises(KitError, match=r"cannot be read .*--seed-file"):
            seed_of(None, path)


def test_without_a_course_the_seed_is_the_public_one(tmp_path: Path) -> None:
    assert seed_of(None, course=tmp_path / "course.toml") == DEMO_SEED


@pytest.mark.parametrize(
    "text", ["", "seed = 7", "points = 3", "seed = ", 'seed = "a"\nseed = "b"', "\udcff"]
)
def test_a_course_without_a_seed_is_an_error_that_says_what_to_add(text: str, tmp_path: Path) -> None:
    course = tmp_path / "course.toml"
    course.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(KitError, match=r"course\.toml .*(--seed-file)"):
        seed_of(None, course=course)


def test_a_course_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "course.toml").mkdir()
    with pytest.raises(KitError, match="cannot be read"):
        seed_of(None, course=tmp_path / "course.toml")
