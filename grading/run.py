"""Grades a class: maps `grade` over submissions, writes each result as it comes, then the tables and pages."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from grading.errors import KitError, SandboxError, SubmissionError
from grading.grade import Graded, grade
from grading.report.atomic import write_atomically
from grading.report.schema import validate_result
from grading.sandbox import DEFAULT_ISOLATION, Limits, Sandbox
from grading.submission.discover import Submission
from grading.submission.load import Loaded, load


@dataclass(frozen=True)
class Usage:
    """What one submission cost."""

    student: str
    seconds: float
    cpu_seconds: float
    max_rss_mb: float


_Grading: TypeAlias = "Future[tuple[dict[str, Any], Usage]]"


# How long a stopped run waits for work that nothing can interrupt, such as the reference solution's.
STOP_SECONDS = 1.0


class StoppedError(Exception):
    """The run was stopped at the terminal; `results` were graded and are written."""

    def __init__(self, results: list[dict[str, Any]]) -> None:
        super().__init__(f"stopped: {len(results)} graded")
        self.results = results


@dataclass(frozen=True)
class Settings:
    """What a grading depends on beside the submissions."""

    seed: str
    isolation: str = DEFAULT_ISOLATION
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)


def grade_class(
    submissions: Sequence[Submission],
    settings: Settings,
    out: Path,
    progress: Callable[[dict[str, Any]], None] = lambda _: None,
) -> list[dict[str, Any]]:
    """Grade submissions and write `out`/results, `out`/pictures and `out`/run.json.

    Parameters
    ----------
    submissions : sequence of Submission
    settings : Settings
    out : Path
        The output folder; made if it does not exist.
    progress : callable
        Called with the result of each submission, as it comes.

    Returns
    -------
    list of dict
        The results, in the order of the submissions.

    Raises
    ------
    KitError
        If the output folder cannot be written, or the sandbox does not start.
    StoppedError
        If it was interrupted (Ctrl-C). Nothing is written any more; a thread may still be computing.
    """
    started, clock = time.time(), time.monotonic()
    prepare(out)
    futures: list[_Grading] = []
    try:
        with Sandbox(settings.isolation, settings.limits) as sandbox:
            _grade_all(submissions, settings, out, progress, sandbox, futures)
    except KeyboardInterrupt:
        results = _finished(futures)
        if results:
            _write_run(out, settings, started, clock, results)
        else:
            remove_empty(out)
        raise StoppedError([result for result, _ in results]) from None
    results = _finished(futures)
    _write_run(out, settings, started, clock, results)
    return [result for result, _ in results]


def _grade_all(
    submissions: Sequence[Submission],
    settings: Settings,
    out: Path,
    progress: Callable[[dict[str, Any]], None],
    sandbox: Sandbox,
    futures: list[_Grading],
) -> None:
    """Grade in threads, whose work is added to `futures` in the order of the submissions."""
    stop = threading.Event()
    pool = ThreadPoolExecutor(settings.jobs)
    try:
        use_one_thread()
        futures += [pool.submit(_grade_one, s, settings, sandbox, out, stop) for s in submissions]
        for future in as_completed(futures):
            progress(future.result()[0])
    except BaseException:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        sandbox.close(STOP_SECONDS)  # who waits for a child of it, waits no longer
        wait([future for future in futures if not future.cancelled()], STOP_SECONDS)
        raise
    pool.shutdown()


def _finished(futures: Sequence[_Grading]) -> list[tuple[dict[str, Any], Usage]]:
    done = [future for future in futures if future.done() and not future.cancelled()]
    return [future.result() for future in done if future.exception() is None]


def _write_run(
    out: Path,
    settings: Settings,
    started: float,
    clock: float,
    results: Sequence[tuple[dict[str, Any], Usage]],
) -> None:
    usages = [usage for _, usage in results]
    run = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(started)),
        "seconds": round(time.monotonic() - clock, 2),
        "jobs": settings.jobs,
        "isolation": settings.isolation,
        "limits": asdict(settings.limits),
        "submissions": [asdict(usage) for usage in sorted(usages, key=lambda usage: usage.student)],
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
        },
    }
    write_json(out / "run.json", run)


def use_one_thread() -> None:
    """The reference solution runs on one thread, as student code does: another number changes the last digits."""
    import torch

    torch.set_num_threads(1)


def prepare(out: Path) -> None:
    """Make the output folder; results of students who are not graded now are kept."""
    try:
        (out / "results").mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise KitError(
            f"{out} cannot be written ({error.strerror}): name another folder with --out"
        ) from error


def remove_empty(out: Path) -> None:
    """Remove the folders of a run that has written nothing."""
    for folder in (*(out / "pictures").glob("*/"), out / "pictures", out / "results", out):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _grade_one(
    submission: Submission, settings: Settings, sandbox: Sandbox, out: Path, stop: threading.Event
) -> tuple[dict[str, Any], Usage]:
    clock = time.monotonic()
    graded = grade_submission(submission, settings.seed, sandbox)
    if stop.is_set():
        raise SandboxError("the run was stopped")
    write_result(out, graded)
    seconds = round(time.monotonic() - clock, 3)
    usage = Usage(submission.student, seconds, round(graded.cpu_seconds, 3), round(graded.max_rss_mb, 1))
    return graded.result, usage


def grade_submission(submission: Submission, seed: str, sandbox: Sandbox) -> Graded:
    """Load and grade one submission; one that cannot be is graded as empty, with a note that says why.

    A fault of the kit's own, met on one submission, must not cost the rest of the class their grades.
    """
    try:
        return grade(load(submission), seed, sandbox)
    except SandboxError:
        raise
    except (SubmissionError, OSError) as error:
        note = str(error)
    except Exception as error:
        note = f"not graded, by a fault of the grader ({type(error).__name__}): grade it by hand and report the fault"
    return grade(Loaded(submission.student, (), (note,)), seed, sandbox)


def write_result(out: Path, graded: Graded) -> None:
    """Write one student's result and pictures."""
    student = graded.result["student"]
    validate_result(graded.result)
    folder = out / "pictures" / student
    for name, picture in graded.pictures.items():
        picture.save(folder / f"{name}.npz")
    for old in folder.glob("*.npz"):
        if old.stem not in graded.pictures:
            with contextlib.suppress(FileNotFoundError):
                old.unlink()
    write_json(out / "results" / f"{student}.json", graded.result)


def write_json(path: Path, value: Any) -> None:
    """Write JSON for people and programs: indented, keys in their order."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    write_atomically(path, text.encode("utf-8", "backslashreplace").decode())
