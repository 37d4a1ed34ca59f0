"""A run goes on where another was killed, repeats nothing, and ends with the bytes of an undisturbed one."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import grading.classroom.ledger
import grading.classroom.run
import grading.classroom.worker
import grading.cli.grade
from grading.assignments.registry import file_patterns
from grading.classroom.ledger import FOLDER
from grading.classroom.run import Run, grade_class, results_folder
from grading.classroom.worker import Settings
from grading.cli.grade import grade_command
from grading.errors import KitError
from grading.results.atomic import PREFIX
from grading.sandbox import Sandbox
from grading.submission.choice import Choice
from grading.submission.discover import discover
from grading.submission.handed_in import Contents
from grading.submission.selection import Questions, Selection

from ..conftest import NOTEBOOK_OF, write_submission

# One function with a picture is enough here.
FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"gram_matrix"})
SETTINGS = Settings("tests")


@pytest.fixture(autouse=True)
def warm(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class is graded in the warm sandbox of the tests, without a course."""
    monkeypatch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
    monkeypatch.setattr(grading.cli.grade, "COURSE", Path("no such course.toml"))


@pytest.fixture
def students(tmp_path: Path) -> Path:
    for student in ("ada", "alan", "grace"):
        write_submission(tmp_path / "class" / student, **FEW)
    return tmp_path / "class"


def grade(students: Path, out: Path, **options: bool) -> int:
    return grade_command([students], out, SETTINGS, **options)


def graded_now(students: Path, out: Path, **options: bool) -> set[str]:
    """Grade, and return whose result is new."""
    with results_folder(out):
        run = grade_class(discover([students], file_patterns()), SETTINGS, out, **options)
    assert {usage.student for usage in run.usages} == {"ada", "alan", "grace"}
    return {usage.student for usage in run.usages} - run.kept


def snapshot(out: Path) -> dict[str, bytes]:
    """Every byte that must not depend on how a run came to its end."""
    files = [path for path in out.rglob("*") if path.is_file() and FOLDER not in path.parts]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files if path.name != "run.json"}


@pytest.fixture
def undisturbed(students: Path, tmp_path: Path) -> dict[str, bytes]:
    assert grade(students, tmp_path / "undisturbed") == 0
    seen = snapshot(tmp_path / "undisturbed")
    # result, evidence, picture and page of each; the table, the groups, the class's page and plot, seven of functions
    assert len(seen) == 3 * 4 + 4 + 7
    return seen


def test_what_has_not_changed_is_kept_and_what_has_is_graded(students: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert graded_now(students, out) == {"ada", "alan", "grace"}
    assert graded_now(students, out) == set()
    write_submission(students / "alan", **{**FEW, "tv_loss": "return 0"})
    assert graded_now(students, out) == {"alan"}
    assert graded_now(students, out, regrade=True) == {"ada", "alan", "grace"}


def test_a_groups_work_is_tried_once_and_each_of_its_people_has_the_result(
    students: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    grade_one = grading.classroom.run.grade_one
    monkeypatch.setattr(
        grading.classroom.run,
        "grade_one",
        lambda work: tried.append(work.contents.student) or grade_one(work),
    )
    out, people = tmp_path / "out", ("hopper", "barbara", "lovelace")
    found = discover([students / "ada"], file_patterns(), choice=Choice(groups={"ada": people}))

    def graded() -> tuple[set[str], int]:
        with results_folder(out):
            run = grade_class(found, SETTINGS, out)
        assert {usage.student for usage in run.usages} == {*people}
        return {*people} - run.kept, len(tried)

    assert graded() == ({*people}, 1)
    results = [json.loads((out / "results" / f"{name}.json").read_text()) for name in people]
    assert [result.pop("student") for result in results] == [*people]
    assert results[0]["score"] > 0
    assert results == [results[0]] * 3
    assert graded() == (set(), 1)
    (out / "results/barbara.json").write_text("{}")
    assert graded() == ({"barbara"}, 2)
    assert json.loads((out / "results/barbara.json").read_text()) == results[0] | {"student": "barbara"}


def damage(path: str) -> Callable[[Path], None]:
    return lambda out: (out / path).write_bytes((out / path).read_bytes()[:-1] + b" ")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a result was edited": lambda out: (out / "results/ada.json").write_text("{}"),
    "a byte of a result is another": damage("results/ada.json"),
    "a result was deleted": lambda out: (out / "results/ada.json").unlink(),
    "a picture is corrupt": damage("pictures/ada/gram_matrix.npz"),
    "a picture was deleted": lambda out: (out / "pictures/ada/gram_matrix.npz").unlink(),
    "a picture too many": lambda out: (out / "pictures/ada/tv_loss.npz").write_bytes(b""),
    "the entry was deleted": lambda out: (out / FOLDER / "ada.json").unlink(),
    "the entry is corrupt": lambda out: (out / FOLDER / "ada.json").write_text('{"files": []}'),
    "the entry is half": lambda out: os.truncate(out / FOLDER / "ada.json", 40),
}


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_result_is_graded_again(
    what: str, students: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    DAMAGES[what](tmp_path / "undisturbed")
    assert graded_now(students, tmp_path / "undisturbed") == {"ada"}
    grade(students, tmp_path / "undisturbed")
    assert snapshot(tmp_path / "undisturbed") == undisturbed


def test_a_page_that_was_deleted_is_written_again(
    students: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    shutil.rmtree(tmp_path / "undisturbed" / "report")
    grade(students, tmp_path / "undisturbed")
    assert snapshot(tmp_path / "undisturbed") == undisturbed


class Killed(BaseException):
    """Stands for a kill: nothing catches it, nothing is cleared up."""


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("after", range(0, 17))
def test_killed_at_any_write_it_goes_on_and_ends_with_the_same_bytes(
    after: int, students: Path, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, writes, out = os.replace, iter(range(after)), tmp_path / "out"

    def die_in_time(temporary: str, path: Path) -> None:
        if next(writes, None) is None:
            (path.parent / f"{PREFIX}left").write_bytes(b"half")  # a killed writer cannot remove it
            raise Killed
        replace(temporary, path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", die_in_time)
        with pytest.raises(Killed):
            grade(students, out)
    assert list(out.rglob(f"{PREFIX}*"))
    assert grade(students, out) == 0
    assert snapshot(out) == undisturbed


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4, 5, 9, 15, 16])
def test_a_full_disk_is_named_and_what_was_graded_is_kept(
    after: int, students: Path, undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, writes, out = os.replace, iter(range(after)), tmp_path / "out"

    def fill_up(temporary: str, path: Path) -> None:
        if next(writes, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(temporary, path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fill_up)
        with pytest.raises(KitError, match=rf"{out} cannot be written \(No space.*make room .*is kept"):
            grade(students, out)
    assert not list(out.rglob(f"{PREFIX}*"))
    assert grade(students, out) == 0
    assert snapshot(out) == undisturbed


def test_a_fault_of_the_grader_is_tried_again_next_time(
    students: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection_of = grading.classroom.worker.selection_of

    def fail_on_alan(contents: Contents, questions: Questions, sandbox: Sandbox) -> Selection:
        if contents.student == "alan":
            raise ZeroDivisionError
        return selection_of(contents, questions, sandbox)

    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(grading.classroom.worker, "selection_of", fail_on_alan)
        assert graded_now(students, out) == {"ada", "alan", "grace"}
    result = json.loads((out / "results" / "alan.json").read_text())
    assert "fault of the grader (ZeroDivisionError)" in result["notes"][0]
    assert graded_now(students, out) == {"alan"}
    assert not json.loads((out / "results" / "alan.json").read_text())["notes"]


def test_a_folder_that_vanishes_is_named_the_others_are_graded_and_it_is_tried_again(
    students: Path, tmp_path: Path
) -> None:
    out, away = tmp_path / "out", tmp_path / "away"
    found = discover([students], file_patterns())
    (students / "alan").rename(away)
    with results_folder(out):
        run = grade_class(found, SETTINGS, out)
    assert len(run.usages) == 3
    result = json.loads((out / "results" / "alan.json").read_text())
    assert result["notes"] == [
        f"{name}.ipynb cannot be read (No such file or directory): hand it in again"
        for name in ("NetworkVisualization", "StyleTransfer")
    ]
    away.rename(students / "alan")
    assert graded_now(students, out) == {"alan"}


def test_run_json_says_what_was_kept_and_what_that_cost_then(students: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    grade(students, out)
    first = json.loads((out / "run.json").read_text())
    write_submission(students / "alan", **{**FEW, "tv_loss": "return 0"})
    grade(students, out)
    second = json.loads((out / "run.json").read_text())
    assert (first["kept"], second["kept"]) == (0, 2)
    usages = {usage["student"]: usage for usage in second["submissions"]}
    assert [usages[name]["kept"] for name in ("ada", "alan", "grace")] == [True, False, True]
    assert usages["ada"] == first["submissions"][0] | {"kept": True}


def test_the_class_is_graded_alike_whatever_the_executor_returns_first(
    students: Path, tmp_path: Path
) -> None:
    def run(jobs: int) -> Run:
        with results_folder(tmp_path / str(jobs)):
            return grade_class(
                discover([students], file_patterns()), Settings("tests", jobs=jobs), tmp_path / str(jobs)
            )

    assert len(run(1).usages) == len(run(3).usages)
    assert snapshot(tmp_path / "1") == snapshot(tmp_path / "3")
