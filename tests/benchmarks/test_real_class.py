"""The benchmark's real class has the proportions that it says, and what is right in it is graded right."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_class import DISASTER_EVERY, functions_of, has, make_real_class
from grading.assignments.registry import file_patterns, rubric
from grading.classroom.worker import Settings, grade_submission, sandbox_of
from grading.course.settings import DEMO_SEED
from grading.submission.discover import discover

FUNCTIONS = len(rubric())


@pytest.mark.parametrize(
    ("trait", "of", "share"),
    [("UMich", 200, 1 / 6), ("modules", 200, 1 / 4), ("idioms", 200, 1 / 2), ("outputs", 200, 1 / 10)],
)
def test_a_trait_is_as_frequent_as_was_counted(trait: str, of: int, share: float) -> None:
    assert sum(has(number, trait) for number in range(of)) / of == pytest.approx(share, abs=0.02)


def test_of_seven_functions_two_are_not_right() -> None:
    assert sum(has(place, "wrong") for place in range(200 * FUNCTIONS)) / 200 == pytest.approx(2, abs=0.1)


def test_no_two_functions_have_the_same_text() -> None:
    texts = [text for number in range(DISASTER_EVERY) for text in functions_of(number).values() if text]
    assert len(set(texts)) == len(texts)


def test_the_same_number_is_the_same_submission(tmp_path: Path) -> None:
    short, long = make_real_class(tmp_path / "short", 3), make_real_class(tmp_path / "long", 5)
    for one, other in zip(short, long, strict=False):
        files = [path for path in one.rglob("*") if path.is_file()]
        assert files
        assert all(path.read_bytes() == (other / path.relative_to(one)).read_bytes() for path in files)


@pytest.mark.long
def test_what_is_right_is_graded_right_and_nothing_else(tmp_path: Path) -> None:
    make_real_class(tmp_path, 12)
    sandbox = sandbox_of(Settings(DEMO_SEED))
    for number, submission in enumerate(discover([tmp_path], file_patterns())):
        result = grade_submission(submission, DEMO_SEED, sandbox).result
        for place, function in enumerate(result.functions):
            right = not has(number * FUNCTIONS + place, "wrong")
            assert (function.status == "correct") == right, (submission.student, function.name)
