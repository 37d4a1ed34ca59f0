"""A course.toml is understood, or refused by the key that cannot be meant."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.assignments.registry import rubric
from grading.course.course_toml import check_students, policies_of
from grading.course.settings import Override, Policies
from grading.errors import KitError

ROOT = Path(__file__).parents[3]


def policies(folder: Path, text: str) -> Policies:
    file = folder / "course.toml"
    file.write_text('seed = "s"\n' + textwrap.dedent(text), encoding="utf-8")
    return policies_of(file, rubric())


def documented() -> str:
    """The commented example of the instructors' page."""
    page = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    return page.split("```toml\n")[1].split("```")[0]


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
        ("point = 3", r"point: there is no such key; is 'points' meant"),
        ('drop = ["tv_los"]', r"drop\.tv_los: .*is 'tv_loss' meant"),
        ("drop = 3", r"drop: 3 is no list"),
        ("[points]\ntv_los = 3", r"points\.tv_los: .*'tv_loss'"),
        ('[points]\ndrop = ["tv_loss"]', r"points\.drop: .*above the first \[table\]"),
        ("[points]\ntv_loss.vectorized = 3", r"points\.tv_loss\.vectorized: there is no such check"),
        ("[points]\ntv_loss = -1", r"points\.tv_loss: -1 cannot be meant"),
        ("[points]\ntv_loss = nan", r"points\.tv_loss: nan cannot be meant"),
        ("[points]\ntv_loss = true", r"points\.tv_loss: True is no number"),
        ("points = 3", r"points: 3 is no table"),
        ("[deadline]\nat = 2026-05-20T23:59:00\npenalty = 1\ntimes = 'files'", r"deadline\.at: .*offset"),
        ("[deadline]\nat = '2026-05-20'\npenalty = 1\ntimes = 'files'", r"deadline\.at: .*2026-05-20T23"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\ntimes = 'files'", r"deadline\.penalty: nothing is no number"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 101\ntimes = 'files'", r"from 0 to 100"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1", r"deadline: nothing says when"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1\ntimes = 'mtime'", r"deadline\.times: 'mtime'"),
        ("[deadline]\nat = 2026-05-20T23:59:00Z\npenalty = 1\nper = 'week'", r"deadline\.per: 'week'"),
        ("[submitted]\nada = 3", r"submitted\.ada: 3 is no date"),
        ("[override]\nstudent = 'ada'", r"override: it is no list .*\[\[override\]\]"),
        ("[[override]]\nstudent = 'ada'\nscore = 3", r"override 1\.reason: nothing is no text"),
        ("[[override]]\nscore = 3\nreason = 'x'", r"override 1\.student"),
        (
            "[[override]]\nstudent = 'ada'\nscore = 11\nreason = 'x'\nfunction = 'tv_loss'",
            r"override 1\.score: 11 cannot be meant; write a number from 0 to 10",
        ),
        ("[[override]]\nstudent = 'ada'\nscore = 101\nreason = 'x'", r"from 0 to 100"),
        (
            "drop = ['tv_loss']\n[[override]]\nstudent = 'ada'\nscore = 1\nreason = 'x'\nfunction = 'tv_loss'",
            r"override 1\.function: tv_loss is dropped",
        ),
        (
            "[[override]]\nstudent = 'ada'\nscore = 1\nreason = 'x'\nfunction = 'tv'",
            r"override 1\.function: there is no 'tv'",
        ),
        (
            2 * "[[override]]\nstudent = 'ada'\nscore = 1\nreason = 'x'\n",
            r"override 2\.student: 'ada' has this grade twice",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_by_its_key(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(KitError, match=rf"course\.toml, {words}" if ":" in words else words) as told:
        policies(tmp_path, text)
    assert ";" in str(told.value)


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
    with pytest.raises(KitError, match=rf"{table}: .*'grce'; is 'grace' meant"):
        check_students(Path("course.toml"), read, {"ada", "grace"})
    check_students(Path("course.toml"), read, {"grce"})
