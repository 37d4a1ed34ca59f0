"""Run over a class: grades each submission, keeps what is unchanged, writes each result as it comes."""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from grading.assignments.registry import assignment
from grading.classroom.executors import local_workers
from grading.classroom.keys import key_of
from grading.classroom.ledger import FOLDER, Ledger, Usage, writing
from grading.classroom.lock import locked
from grading.classroom.worker import Outcome, Settings, Work, grade_one
from grading.results.atomic import write_atomically
from grading.results.definition import Result
from grading.results.files import json_bytes
from grading.submission import ids
from grading.submission.contents import contents_of
from grading.submission.handed_in import Submission
from grading.verdict.provenance import made_by

# How many submissions are read ahead of those that are being graded, for each job.
AHEAD = 2
# And how many bytes of them: what was handed in is in memory until it is graded.
AHEAD_BYTES = 256 << 20
# From so many on a second at the start of the sandbox pays.
MANY = 30
# Is told of each student, and the result; None if that of an earlier run is kept.
Progress = Callable[[str, Result | None], None]


@dataclass
class Run:
    """A grading of a class as far as it has come: what each submission cost, and whose results were kept."""

    usages: list[Usage] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.time)
    clock: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return round(time.monotonic() - self.clock, 2)


class StoppedError(Exception):
    """The run was stopped at the terminal; what it had graded by then is written."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"stopped: {len(run.usages)} graded")
        self.run = run


def grade_class(
    submissions: Sequence[Submission],
    settings: Settings,
    out: Path,
    progress: Progress = lambda _student, _result: None,
    *,
    regrade: bool = False,
    executor: Executor | None = None,
    shared: bool = False,
) -> Run:
    """Grade submissions and write `out`/results, `out`/pictures and `out`/run.json.

    Parameters
    ----------
    submissions : sequence of Submission
    settings : Settings
    out : Path
        The output folder, held with `results_folder`.
    progress : callable
        Told of each submission, as it comes.
    regrade : bool
        Also grade what has not changed since an earlier run.
    executor : Executor
        Where submissions are graded, `settings.jobs` at a time; by default in threads of this process. What it is given
        and what comes back can be pickled. It is the caller's to shut down.
    shared : bool
        Others grade into the folder, too: nothing is written but what is these students' own.

    Raises
    ------
    KitError
        If an id is none, or two are one; if the output folder cannot be written, or the sandbox does not start.
    StoppedError
        If it was interrupted. Nothing is written any more; a thread may still be computing.
    """
    ids.checked([submission.student for submission in submissions])  # a file is written for each
    run, ledger = Run(), Ledger(out)
    settings = replace(settings, many=len(submissions) >= MANY)
    try:
        with contextlib.nullcontext(executor) if executor else local_workers(settings.jobs) as workers:
            _grade_all(run, submissions, settings, ledger, progress, regrade, workers)
    except KeyboardInterrupt:
        if run.usages and not shared:
            _write_run(run, settings, out)
        elif not shared:
            ledger.remove_if_empty()
        raise StoppedError(run) from None
    if not shared:
        _write_run(run, settings, out)
    return run


def _grade_all(
    run: Run,
    submissions: Sequence[Submission],
    settings: Settings,
    ledger: Ledger,
    progress: Progress,
    regrade: bool,
    workers: Executor,
) -> None:
    """Send out what must be graded, a few ahead of what is done; write what comes back."""
    pending: dict[Future[Outcome], tuple[dict[str, str], int]] = {}

    def collect(most: int, most_bytes: int = 0) -> None:
        while len(pending) > most or (pending and sum(size for _, size in pending.values()) > most_bytes):
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                keys, _ = pending.pop(future)
                outcome = future.result()
                for student, key in keys.items():
                    with writing(ledger.out):
                        usage = ledger.record(outcome.of(student), key, _timestamp(time.time()))
                    run.usages.append(usage)
                    progress(student, outcome.of(student).result)

    for people in _handed_in_together(submissions):
        contents = contents_of(people[0])
        keys = {}
        for student in (submission.student for submission in people):
            own = replace(contents, student=student)
            key = key_of(own, settings.seed, settings.isolation, settings.limits, settings.assignment)
            if usage := None if regrade else ledger.kept(student, key):
                run.usages.append(usage)
                run.kept.add(student)
                progress(student, None)
            else:
                keys[student] = key
        if keys:
            size = sum(len(raw) for _, raw in contents.files)
            collect(AHEAD * settings.jobs - 1, max(0, AHEAD_BYTES - size))
            work = Work(contents, settings, made_by(settings.assignment))
            pending[workers.submit(grade_one, work)] = keys, size
            del work
        del contents, own  # or they would be kept while the next is read
    collect(0)


def _handed_in_together(submissions: Sequence[Submission]) -> list[list[Submission]]:
    """Put a group's people together: what they handed in is tried once."""
    together: dict[Submission, list[Submission]] = {}
    for submission in submissions:
        same = replace(submission, student="") if submission.members else submission
        together.setdefault(same, []).append(submission)
    return [*together.values()]


def _write_run(run: Run, settings: Settings, out: Path) -> None:
    about = {
        "started": _timestamp(run.began),
        "seconds": run.seconds,
        "jobs": settings.jobs,
        "assignment": assignment(settings.assignment).name,
        "isolation": settings.isolation,
        "limits": asdict(settings.limits),
        "kept": len(run.kept),
        "submissions": [
            asdict(usage) | {"kept": usage.student in run.kept}
            for usage in sorted(run.usages, key=lambda usage: usage.student)
        ],
        "machine": {
            "system": platform.platform(),
            "python": platform.python_version(),
            "processors": os.cpu_count(),
        },
    }
    with writing(out):
        write_atomically(out / "run.json", json_bytes(about))


def _timestamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(seconds))


@contextlib.contextmanager
def results_folder(out: Path, *, shared: bool = False) -> Iterator[bool]:
    """Make the output folder, keep other graders out of it, clear away what a killed one left half-written.

    Results of students who are not graded now stay. Yields whether it could be locked. A `shared` folder is only made.

    Raises
    ------
    KitError
        If it cannot be written, or another process is writing it.
    """
    with writing(out):
        (out / "results").mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    if shared:
        yield True
        return
    with contextlib.ExitStack() as held:
        with writing(out):
            alone = held.enter_context(locked(out / FOLDER))
            Ledger(out).sweep()
        yield alone
