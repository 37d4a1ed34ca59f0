"""A class is graded alike in threads, in processes and on a cluster: what is sent can be sent."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import grading.classroom.worker
from grading.assignments.registry import file_patterns
from grading.classroom.executors import SWITCH_SECONDS, dask_workers, local_workers
from grading.classroom.run import grade_class, results_folder
from grading.classroom.worker import Settings, Work, grade_one
from grading.cli.grade import grade_command
from grading.errors import KitError
from grading.sandbox import Sandbox
from grading.submission.discover import discover
from grading.submission.handed_in import Contents
from grading.verdict.provenance import made_by

from ..conftest import NOTEBOOK_OF, write_submission

ROOT = Path(__file__).parents[3]
FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"gram_matrix", "tv_loss"})
SETTINGS = Settings("tests", jobs=2)


class ByPost(Executor):
    """Sends everything through pickle, as executors of other processes do, and grades here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        sent_fn, sent_args = pickle.loads(pickle.dumps((fn, args)))
        future.set_result(pickle.loads(pickle.dumps(sent_fn(*sent_args, **kwargs))))
        return future


@pytest.fixture
def students(tmp_path: Path) -> Path:
    for student, body in (
        ("ada", "return 0"),
        ("alan", "while True: pass"),
        ("grace", "raise ValueError('好')"),
    ):
        write_submission(
            tmp_path / "class" / student, **FEW, **({} if student == "alan" else {"tv_loss": body})
        )
    return tmp_path / "class"


def graded(students: Path, out: Path, executor: Executor | None) -> dict[str, bytes]:
    with results_folder(out):
        run = grade_class(discover([students], file_patterns()), SETTINGS, out, executor=executor)
    assert len(run.usages) == 3
    return written(out)


def written(out: Path) -> dict[str, bytes]:
    files = [*(out / "results").rglob("*.json"), *(out / "pictures").rglob("*.npz")]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def warm(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)


@pytest.mark.usefixtures("warm")
def test_what_is_sent_and_what_comes_back_can_be_pickled(students: Path, tmp_path: Path) -> None:
    here = graded(students, tmp_path / "here", None)
    assert len(here) == 6
    assert graded(students, tmp_path / "by post", ByPost()) == here


def test_neither_the_seed_nor_what_was_handed_in_is_shown_in_logs() -> None:
    shown = repr(Work(Contents("ada", (("a.py", b"handed in"),)), Settings("the seed"), made_by()))
    assert "the seed" not in shown
    assert "handed in" not in shown


def test_a_worker_with_another_kit_refuses() -> None:
    work = Work(Contents("ada", ()), SETTINGS, made_by() | {"code": "another", "torch": "0"})
    with pytest.raises(KitError, match="another code, torch: give all workers the same kit"):
        grade_one(work)


def test_a_cluster_that_is_not_there_is_an_error() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(KitError, match="no Dask scheduler at nowhere://x"), dask_workers("nowhere://x"):
        pass


@pytest.mark.long
def test_processes_grade_as_threads_do(students: Path, tmp_path: Path) -> None:
    here = graded(students, tmp_path / "here", None)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        assert graded(students, tmp_path / "processes", processes) == here


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with two workers, started as an instructor would."""
    distributed = pytest.importorskip("distributed")
    address = "tcp://127.0.0.1:18786"
    dask = [sys.executable, "-m", "distributed.cli.dask_"]
    scheduler = [*dask[:2], f"{dask[2]}scheduler", "--host", "127.0.0.1", "--port", "18786", "--no-dashboard"]
    worker = [*dask[:2], f"{dask[2]}worker", address, "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    with (tmp_path / "log").open("wb") as log:
        started = [
            subprocess.Popen([*command, *where], cwd=ROOT, stdout=log, stderr=log)
            for command, where in ((scheduler, []), (worker, ["--local-directory", str(tmp_path)]))
        ]
        with distributed.Client(address, timeout=600) as client:
            client.wait_for_workers(2, timeout=600)
        yield address
        for process in reversed(started):
            process.terminate()
            process.wait(600)


@pytest.mark.long
def test_a_cluster_grades_as_threads_do(cluster: str, students: Path, tmp_path: Path) -> None:
    here = graded(students, tmp_path / "here", None)
    assert grade_command([students], tmp_path / "there", SETTINGS, dask=cluster) == 0
    assert written(tmp_path / "there") == here


def test_threads_of_the_grader_hand_over_soon_and_python_is_left_as_it_was() -> None:
    before = sys.getswitchinterval()
    with local_workers(1) as workers:
        assert workers.submit(sys.getswitchinterval).result() == pytest.approx(SWITCH_SECONDS, abs=1e-6)
    assert before == sys.getswitchinterval() != SWITCH_SECONDS
    with pytest.raises(KeyboardInterrupt), local_workers(1):
        raise KeyboardInterrupt
    assert sys.getswitchinterval() == before


def test_many_are_graded_in_the_sandbox_that_has_opened_their_archive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grading.classroom.worker, "_sandboxes", {})
    monkeypatch.setattr(grading.classroom.worker, "Sandbox", lambda *_, **__: object())
    few, many = (grading.classroom.worker.sandbox_of(replace(SETTINGS, many=many)) for many in (False, True))
    assert few is many
    grading.classroom.worker._sandboxes.clear()  # there is nothing to close
