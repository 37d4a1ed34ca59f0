"""A course.toml is understood, or refused by the key that cannot be used."""

from __future__ import annotations

import textwrap
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.assignments.registry import rubric
from grading.course.course_toml import check_students, choice_of, for_students, policies_of
from grading.course.settings import Override, Policies
from grading.errors import KitError
from grading.submission.choice import Choice

ROOT = Path(__file__).parents[3]


def policies(folder: Path, text: str) -> Policies:
    file = folder / "course.toml"
    file.write_text('seed = "s"\n' + textwrap.dedent(text), encoding="utf-8")
    return policies_of(file, rubric())


def documented() -> str:
    """The commented example of the instructors' page."""
    page = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```toml\n")[1:]]
    return next(block for block in blocks if block.startswith("seed"))


def test_the_documented_example_is_understood(tmp_path: Path) -> None:
    read = policies(tmp_path, documented().partition("\n")[2])
    assert documented().startswith("seed = ")
    assert read.drop == ("content_loss",)
    assert read.points == {"tv_loss": 15, "compute_saliency_maps": {"batch_of_one": 5}}
    assert read.deadline is not None
    assert read.deadline.at.astimezone(UTC) == datetime(2026, 5, 21, 6, 59, tzinfo=UTC)
    assert (read.deadline.penalty, read.deadline.per, read.deadline.most) == (10, "day", 50)
    assert read.deadline.times == "nbgrader"
    assert list(read.deadline.extensions) == ["grace"]
    assert list(read.submitted) == ["alan"]
    assert read.overrides == (
        Override("ada", 8, "the loop over images is right, said in person", "gram_matrix"),
        Override("alan", 0, "not the student's own work"),
    )


def test_without_a_course_or_with_a_seed_alone_nothing_is_decided(tmp_path: Path) -> None:
    assert not policies_of(tmp_path / "course.toml", rubric())
    assert not policies(tmp_path, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("point = 3", r"point is an unknown key; did you mean 'points'"),
        ('drop = ["tv_los"]', r"drop\.tv_los is an unknown function.*; did you mean 'tv_loss'"),
        ("drop = 3", r"drop must be a list of names of functions, got 3"),
        ("[points]\ntv_los = 3", r"points\.tv_los is an unknown function .*'tv_loss'"),
        ('[points]\ndrop = ["tv_loss"]', r"points\.drop is an unknown function .*above the first \[table\]"),
        ("[points]\ntv_loss.vectorized = 3", r"points\.tv_loss\.vectorized is an unknown check; expected one of: "),
        ("[points]\ntv_loss = -1", r"points\.tv_loss must be 0 or more, got -1"),
        ("[points]\ntv_loss = nan", r"points\.tv_loss must be 0 or more, got nan"),
        ("[points]\ntv_loss = true", r"points\.tv_loss must be a number, got True"),
        ("points = 3", r"points must be a table, got 3"),
        ("[deadline]\nat = 2026-05-20T23:59:00\npenalty = 1\ntimes = 'files'", r"got 2026-05-20T23:59:00;"),
        ("[deadline]\nat = '2026-05-20'\npenalty = 1\ntimes = 'files'", r"got '2026-05-20'; example: 2026-"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\ntimes = 'files'", r"deadline\.penalty must be a number, got nothing"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 101\ntimes = 'files'", r"between 0 and 100, got 101"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1", r"deadline has no times of submission"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1\ntimes = 'mtime'", r"deadline\.times must .* got 'mtime'"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1\nper = 'week'", r"deadline\.per must .* got 'week'"),
        ("[submitted]\nada = 2026-05-20", r"submitted\.ada must be a date and time .*, got 2026-05-20;"),
        ("[submitted]\nada = 3", r"submitted\.ada must be a date and time .*, got 3"),
        ("[override]\nstudent = 'ada'", r"override must be a list .*\[\[override\]\]"),
        ("[[override]]\nstudent = 'ada'\nscore = 3", r"override 1\.reason must be a text in quotes, got nothing"),
        ("[[override]]\nscore = 3\nreason = 'x'", r"override 1\.student"),
        (
            "[[override]]\nstudent = 'ada'\nscore = 11\nreason = 'x'\nfunction = 'tv_loss'",
            r"override 1\.score must be between 0 and 10, got 11",
        ),
        ("[[override]]\nstudent = 'ada'\nscore = 101\nreason = 'x'", r"between 0 and 100, got 101"),
        (
            "drop = ['tv_loss']\n[[override]]\nstudent = 'ada'\nscore = 1\nreason = 'x'\nfunction = 'tv_loss'",
            r"override 1\.function names tv_loss, which is dropped",
        ),
        (
            "[[override]]\nstudent = 'ada'\nscore = 1\nreason = 'x'\nfunction = 'tv'",
            r"override 1\.function names an unknown function, 'tv'",
        ),
        (
            2 * "[[override]]\nstudent = 'ada'\nscore = 1\nreason = 'x'\n",
            r"override 2\.student sets the same grade of 'ada' again",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_its_key(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=rf"course\.toml: .*{words}"):
        policies(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("[[override]]\nstudent = 'grce'\nscore = 1\nreason = 'x'", "override"),
        ("[submitted]\ngrce = 2026-05-20T23:59:00Z", "submitted"),
        (
            "[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1\ntimes = 'files'\n"
            "[deadline.extensions]\ngrce = 2026-05-20T23:59:00Z",
            "deadline.extensions",
        ),
    ],
)
def test_a_policy_for_nobody_is_refused_and_the_nearest_named(text: str, table: str, tmp_path: Path) -> None:
    read = policies(tmp_path, text)
    with pytest.raises(KitError, match=rf"{table} names an unknown student, 'grce'; did you mean 'grace'"):
        check_students(Path("course.toml"), read, {"ada", "grace"})
    check_students(Path("course.toml"), read, {"grce"})


def choice(folder: Path, text: str) -> Choice:
    file = folder / "course.toml"
    file.write_text(text, encoding="utf-8")
    return choice_of(file)


def test_a_course_has_its_own_layout_and_groups(tmp_path: Path) -> None:
    """As the instructors' page shows them."""
    page = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```toml\n")[1:]]
    shown = next(block for block in blocks if "[groups]" in block)
    expected = Choice("(?P<student>[a-z]+)-(?P<file>.*)", groups={"group3": ("ada", "grace")})
    assert choice(tmp_path, shown) == expected
    assert choice(tmp_path, "") == choice_of(tmp_path / "none.toml") == Choice()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[layout]\npattern = 3", r"layout\.pattern must be a text"),
        ("[layout]\npattern = '(?P<file>.*)'", r"layout\.pattern cannot be used: .* no group called student"),
        ("[layout]\nform = ''", r"layout\.form is an unknown key"),
        ("[groups]\na = 'ada'", r"groups\.a must be a list of students, got 'ada'; write a = "),
        ("[groups]\na = []", r"groups\.a must be a list of students"),
        ("[groups]\na = ['ada']\nb = ['grace', 'ADA']", r"groups\.a names 'ada', who is in b, too"),
    ],
)
def test_a_layout_or_group_that_cannot_be_used_is_refused_by_its_key(
    text: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(KitError, match=words):
        choice(tmp_path, text)


def test_students_are_known_whatever_the_case_and_however_accents_are_written(tmp_path: Path) -> None:
    name = "José Núñez"
    other = unicodedata.normalize("NFD", name).upper()
    read = policies(
        tmp_path,
        f"""
        [submitted]
        "{other}" = 2026-05-20T21:00:00-07:00

        [[override]]
        student = "{other}"
        score = 0
        reason = "said in person"
        """,
    )
    check_students(tmp_path / "course.toml", read, [name])
    mine = for_students(read, [name, "ada"])
    assert list(mine.submitted) == [name]
    assert [override.student for override in mine.overrides] == [name]
