"""One comment on a group of twelve reaches twelve, whatever is graded again, and nobody once it is removed."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import grading.classroom.worker
from grading.assignments.registry import rubric
from grading.classroom.worker import Settings
from grading.cli.grade import grade_command
from grading.course.diff import compare
from grading.course.policies import final_grades
from grading.errors import KitError
from grading.exports.gradescope import export_gradescope
from grading.results.groups import Group, read_groups
from grading.sandbox import Sandbox

from ..conftest import NOTEBOOK_OF, write_submission

OTHERS: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"tv_loss"})
# No mistake that has a name, written in two ways.
UNNAMED = (
    "return tv_weight * (img ** 2).sum() * 3 + 17 * img.abs().max()",
    """
    total = 0
    for channel in img[0]:
        total = total + 3 * (channel * channel).sum()
    return tv_weight * total + 17 * img.abs().max()
    """,
)
TWELVE = [f"student{number:02}" for number in range(12)]
TEXT = "Where do you look at neighbours?\nDraw <three> pixels."
Run = Callable[..., str]


@pytest.fixture
def grade(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """`grade()` grades twelve with one mistake that has no name, and ada, who is right; returns what is said."""
    monkeypatch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
    monkeypatch.chdir(tmp_path)
    write_submission(tmp_path / "class" / "ada", **OTHERS)
    for number, student in enumerate(TWELVE):
        write_submission(tmp_path / "class" / student, **OTHERS, tv_loss=UNNAMED[number % 2])

    def run(out: str = "out", *, seed: str = "tests", regrade: bool = False) -> str:
        assert grade_command([tmp_path / "class"], Path(out), Settings(seed), regrade=regrade) == 0
        return capsys.readouterr().out

    return run


def course(text: str) -> None:
    Path("course.toml").write_text(f'seed = "tests"\n{text}', encoding="utf-8")
    Path("course.toml").chmod(0o600)


def comment(group: str) -> str:
    return f"[[comment]]\ngroup = '{group}'\npoints = 1\ntext = '''{TEXT}'''\n"


def of_twelve(out: str = "out") -> Group:
    (group,) = (
        group for group in read_groups(Path(out)) if len(group.students) == 12 and group.function == "tv_loss"
    )
    return group  # fmt: skip


def reached(out: str = "out") -> dict[str, list[str]]:
    """Who has the comment, by where it is looked for."""
    export_gradescope(Path(out), rubric())
    report, uploads = Path(out, "report"), Path(out, "gradescope")
    lines = csv.DictReader(Path(out, "grades.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True))
    found = {
        "pages": [p.stem for p in report.glob("*.html") if "Draw &lt;three&gt; pixels." in p.read_text()],
        "Gradescope": [
            p.parent.name
            for p in uploads.glob("*/results.json")
            if TEXT in json.loads(p.read_text())["output"]
        ],
        "grades.csv": [line["student"] for line in lines if TEXT in line.get("decided", "")],
        "grades": [g.student for g in final_grades(Path(out)) if g.score == g.result.score + 1],
    }
    assert "index" in found["pages"] or not any(found.values())
    return {where: sorted({*students} - {"index"}) for where, students in found.items()}


def everywhere(students: list[str]) -> dict[str, list[str]]:
    return dict.fromkeys(("pages", "Gradescope", "grades.csv", "grades"), students)


def test_a_comment_on_a_group_of_twelve_reaches_twelve_until_it_is_removed(grade: Run) -> None:
    grade()
    assert of_twelve().students == tuple(TWELVE)
    before = {path: path.read_bytes() for path in Path("out").rglob("*") if path.suffix in (".html", ".csv")}
    shutil.copytree("out", "plain")
    course(comment(of_twelve().id))
    assert "13 of 13 unchanged, kept" in grade()
    assert reached() == everywhere(TWELVE)
    changes = compare(Path("plain"), Path("out")).students
    assert [(change.student, change.difference) for change in changes] == [(name, 1) for name in TWELVE]
    grade(regrade=True)
    assert reached() == everywhere(TWELVE)
    course("")
    grade()
    assert reached() == everywhere([])
    assert {path: path.read_bytes() for path in before} == before


def test_a_comment_follows_its_group_when_a_student_leaves_it_and_when_the_seed_is_another(
    grade: Run, tmp_path: Path
) -> None:
    grade()
    course(comment(of_twelve().id))
    write_submission(tmp_path / "class" / TWELVE[0], **OTHERS)
    grade()
    assert reached() == everywhere(TWELVE[1:])
    grade(seed="another")
    assert reached() == everywhere(TWELVE[1:])


def test_a_comment_on_a_group_that_is_not_there_is_refused_and_one_that_nobody_gets_is_named(
    grade: Run, tmp_path: Path
) -> None:
    course(comment("tv_loss-1"))
    with pytest.raises(KitError, match=r"unknown group, 'tv_loss-1'; out has no groups yet: grade without"):
        grade()
    assert not Path("out").exists()
    course("[[comment]]\nmistake = 'gram-never-normalised'\ntext = 'x'\n")
    assert "comment on nobody: gram-never-normalised" in grade()
    group = of_twelve().id
    course(comment(f"{group}9"))
    with pytest.raises(KitError, match=rf"unknown group, '{group}9'; did you mean '{group}'"):
        grade()
    course(comment(group))
    Path("again").mkdir()
    shutil.copy("out/groups.json", "again")
    grade("again", seed="another")
    assert reached("again") == everywhere(list(of_twelve("again").students)) == everywhere(TWELVE)
