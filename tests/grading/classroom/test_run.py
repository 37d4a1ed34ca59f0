"""A class is graded as each of its members would be alone, and what one hands in costs nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import grading.classroom.worker
from grading.assignments.registry import file_patterns
from grading.classroom.run import Run, grade_class, results_folder
from grading.classroom.worker import Settings
from grading.errors import KitError
from grading.results.files import json_bytes, result_of
from grading.sandbox import Limits, Sandbox
from grading.submission.discover import discover
from grading.submission.handed_in import Submission

from ..conftest import NOTEBOOK_OF, write_submission

ROOT = Path(__file__).parents[3]
# Of most students a few functions are enough.
FEW = dict.fromkeys(set(NOTEBOOK_OF) - {"content_loss", "tv_loss", "compute_saliency_maps"})
STUDENTS: dict[str, dict[str, str | None]] = {
    "ada": FEW,
    "grace": {**FEW, "tv_loss": "while True: total = 0", "content_loss": "raise ValueError({'w', 'x', 'y'})"},
    "lin": {**FEW, "compute_saliency_maps": "return X.abs().amax(1)"},
}


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    for student, bodies in STUDENTS.items():
        write_submission(folder / student, **bodies)
    (folder / "alan.zip").write_bytes(b"no zip at all")
    return folder


def settings(jobs: int = 1) -> Settings:
    return Settings("tests", jobs=jobs, limits=Limits(call_cpu_seconds=1))


def graded_into(out: Path, submissions: list[Submission], jobs: int = 1) -> Run:
    with results_folder(out):
        return grade_class(submissions, settings(jobs), out)


@pytest.fixture(scope="module")
def graded(students: Path, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class, graded by one worker in the warm sandbox of the tests."""
    out = tmp_path_factory.mktemp("out")
    (out / "results").mkdir()
    (out / "results" / "before.json").write_text("{}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "limits", settings().limits)
        patch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
        run = graded_into(out, discover([students], file_patterns()))
    assert sorted(usage.student for usage in run.usages) == ["ada", "alan", "grace", "lin"]
    assert not run.kept
    return out


def read(out: Path, student: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((out / "results" / f"{student}.json").read_text(encoding="utf-8"))
    return result


def statuses(out: Path, student: str) -> dict[str, str]:
    asked = ("compute_saliency_maps", "content_loss", "tv_loss")
    return {f["name"]: f["status"] for f in read(out, student)["functions"] if f["name"] in asked}


EXPECTED = {
    "ada": ("correct", "correct", "correct"),
    "alan": ("missing", "missing", "missing"),
    "grace": ("correct", "error", "timeout"),
    "lin": ("wrong", "correct", "correct"),
}


@pytest.mark.parametrize("student", EXPECTED)
def test_everybody_gets_a_valid_result_of_their_own_work(graded: Path, student: str) -> None:
    result = read(graded, student)
    result_of(result)
    assert tuple(statuses(graded, student).values()) == EXPECTED[student]


def test_a_submission_that_cannot_be_read_is_named_and_the_others_are_graded(graded: Path) -> None:
    assert "alan.zip is no archive, whatever its name says" in read(graded, "alan")["notes"][0]


def test_results_of_students_who_are_not_graded_now_are_kept(graded: Path) -> None:
    assert (graded / "results" / "before.json").read_text() == "{}"


@pytest.mark.long
def test_two_workers_and_a_student_alone_give_the_same_bytes(
    students: Path, graded: Path, tmp_path: Path
) -> None:
    together, alone = tmp_path / "together", tmp_path / "alone"
    graded_into(together, discover([students], file_patterns()), jobs=2)
    graded_into(alone, [Submission("grace", students / "grace")])
    for out, names in ((together, list(EXPECTED)), (alone, ["grace"])):
        for name in names:
            again = (out / "results" / f"{name}.json").read_bytes()
            assert again == (graded / "results" / f"{name}.json").read_bytes(), name
    for picture in (graded / "pictures").rglob("*.npz"):
        assert (together / picture.relative_to(graded)).read_bytes() == picture.read_bytes(), picture


def test_what_a_run_cost_is_told_beside_the_results(graded: Path) -> None:
    run = json.loads((graded / "run.json").read_text())
    assert (run["jobs"], run["limits"]["call_cpu_seconds"]) == (1, 1)
    usage = {entry["student"]: entry for entry in run["submissions"]}
    assert list(usage) == ["ada", "alan", "grace", "lin"]
    assert usage["grace"]["cpu_seconds"] > 1.5  # two calls were ended after a second each
    assert usage["alan"]["cpu_seconds"] == 0
    assert usage["ada"]["max_rss_mb"] > 50
    assert {"started", "seconds", "isolation", "machine"} <= run.keys()


@pytest.mark.long
@pytest.mark.parametrize("threads", ["2", None])
def test_statuses_do_not_depend_on_the_number_of_threads(
    threads: str | None, students: Path, graded: Path, tmp_path: Path
) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("OMP_NUM_THREADS", "PYTHONWARNINGS")}
    if threads:
        environment["OMP_NUM_THREADS"] = threads
    paths = [str(students / name) for name in ("ada", "lin")]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "grading",
            "grade",
            *paths,
            "--out",
            str(tmp_path),
            "--seed",
            "run",
            "--jobs",
            "1",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for student in ("ada", "lin"):
        assert statuses(tmp_path, student) == statuses(graded, student)
        assert read(tmp_path, student)["score"] == read(graded, student)["score"]
    assert (tmp_path / "grades.csv").exists()
    assert (tmp_path / "report" / "index.html").exists()


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_graded(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for out in (file, file / "below", Path("/proc/nowhere")):
        with pytest.raises(KitError, match=r"cannot be written .*--out"), results_folder(out):
            pass


def test_two_submissions_of_one_name_are_both_named(tmp_path: Path) -> None:
    for folder in ("monday", "tuesday"):
        write_submission(tmp_path / folder / "ada", **FEW)
    with pytest.raises(KitError, match=r"'ada': .*monday.*tuesday") as told:
        discover([tmp_path / "monday" / "ada", tmp_path / "tuesday" / "ada"], file_patterns())
    assert "rename one" in str(told.value)


def test_an_isolation_that_is_not_known_is_an_error_that_lists_those_that_are(
    students: Path, tmp_path: Path
) -> None:
    with pytest.raises(KitError, match=r"process, got 'none'"):
        grade_class([Submission("ada", students / "ada")], Settings("tests", "none"), tmp_path)


def test_any_text_can_be_written_and_read_again() -> None:
    note = {"note": "好 \udcff \\udcff <b>"}
    assert json.loads(json_bytes(note).decode()) == note
