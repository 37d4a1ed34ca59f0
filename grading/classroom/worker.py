"""Worker: grades one submission, a pure function from plain data to plain data that can be sent anywhere."""

from __future__ import annotations

import atexit
import functools
import threading
import time
from dataclasses import dataclass, field, replace

import threadpoolctl
from msgspec import structs

from cs231n.sentences import sentence
from grading.assignments.registry import assignment, default_assignment
from grading.classroom.reading import selection_of
from grading.errors import KitError, SandboxError
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.results.definition import Result
from grading.results.evidence import Evidence
from grading.sandbox import Limits, Sandbox, strongest
from grading.sandbox.shared import allocator
from grading.submission.contents import contents_of
from grading.submission.handed_in import Contents, Submission
from grading.submission.selection import empty
from grading.verdict.alike import Alike
from grading.verdict.grade import Graded, grade
from grading.verdict.prepared import prepare
from grading.verdict.provenance import made_by
from grading.verdict.questions import questions_of


@dataclass(frozen=True)
class Settings:
    """What a verdict depends on beside the submission, how many are graded at a time, and whether they are many."""

    seed: str = field(repr=False)
    isolation: str = field(default_factory=strongest)
    jobs: int = 1
    many: bool = False
    limits: Limits = field(default_factory=Limits)
    assignment: str = field(default_factory=default_assignment)


@dataclass(frozen=True)
class Work:
    """One submission to grade. It can be pickled; seed and contents stay out of logs."""

    contents: Contents = field(repr=False)
    settings: Settings
    made_by: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """A graded submission: its result, what that rests on, its pictures as .npz bytes by function, and what it cost.

    `fault` says that the grader itself failed on it: such a result is not final.
    """

    result: Result
    evidence: Evidence
    pictures: dict[str, bytes]
    seconds: float
    cpu_seconds: float
    max_rss_mb: float
    fault: bool = False

    def of(self, student: str) -> Outcome:
        """Return it as that of another student of the group that handed in."""
        result = structs.replace(self.result, student=student)
        return replace(self, result=result, evidence=structs.replace(self.evidence, student=student))


def grade_one(work: Work) -> Outcome:
    """Grade a submission in this process's own sandbox.

    Raises
    ------
    KitError
        If this process runs another version of the kit than the one that sent the work, or the assignment is broken.
    SandboxError
        If student code cannot be run here.
    """
    here = made_by(work.settings.assignment)
    if differing := [name for name, value in here.items() if work.made_by.get(name) != value]:
        raise KitError(
            "a worker has another {what}: give all workers the same kit and the same assignment, "
            "and start them again",
            what=", ".join(differing),
        )
    settings, clock = work.settings, time.monotonic()
    sandbox = sandbox_of(settings)
    use_one_thread()
    try:
        if settings.many:
            sandbox.expect_many()
        graded, fault = _graded(work.contents, settings.seed, sandbox, settings.assignment, _alike)
    except KitError:
        close_sandboxes()
        raise
    pictures = {name: picture.npz() for name, picture in graded.pictures.items()}
    seconds = round(time.monotonic() - clock, 3)
    cpu, memory = round(graded.cpu_seconds, 3), round(graded.max_rss_mb, 1)
    return Outcome(graded.result, graded.evidence, pictures, seconds, cpu, memory, fault)


def grade_submission(submission: Submission, seed: str, sandbox: Sandbox, assignment: str = "") -> Graded:
    """Read and grade one submission; one that cannot be is graded as empty, with a note that says why."""
    return _graded(contents_of(submission), seed, sandbox, assignment)[0]


def _graded(
    contents: Contents, seed: str, sandbox: Sandbox, assignment: str, alike: Alike | None = None
) -> tuple[Graded, bool]:
    """Return the verdict, and whether it is a fault of the kit's own: that must not cost the class its grades."""
    questions = questions_of(assignment)
    prepare(seed, assignment)  # what fails here fails for everybody, and is no submission's fault
    try:
        return grade(selection_of(contents, questions, sandbox), seed, sandbox, assignment, alike), False
    except SandboxError:
        raise
    except Exception as error:
        note = sentence(
            "not graded, by a fault of the grader ({fault}): grade it by hand and report the fault",
            fault=type(error).__name__,
        )
    return grade(empty(contents.student, questions, (note,)), seed, sandbox, assignment), True


def use_one_thread() -> None:
    """The reference solution runs on one thread, as student code does: another number changes the last digits.

    NumPy's threads, too, would take the processors from the students' functions: each waits for more work by
    computing. The grader's own threads, one a job, wait most of the time: they share one pool of memory.
    """
    import torch

    torch.set_num_threads(1)
    _leave_the_machine_to_children()


@functools.cache
def _leave_the_machine_to_children() -> None:
    threadpoolctl.threadpool_limits(1, user_api="blas")
    allocator.keep_little()


# A warm parent takes seconds to start: a process keeps one, whichever thread of it grades.
_sandboxes: dict[tuple[str, Limits, int, tuple[str, ...]], Sandbox] = {}
_lock = threading.Lock()
# What one student's function was seen to do counts for all whose function is the same.
_alike = Alike()


def sandbox_of(settings: Settings) -> Sandbox:
    """Return this process's sandbox; the first to ask starts it."""
    with _lock:
        hidden = (*HIDDEN_FROM_CHILDREN, *map(str, assignment(settings.assignment).folders))
        key = (settings.isolation, settings.limits, settings.jobs, hidden)
        if key not in _sandboxes:
            try:
                _sandboxes[key] = Sandbox(settings.isolation, settings.limits, settings.jobs, hidden=hidden)
            except OSError as error:
                raise SandboxError("the sandbox does not start: {error}", error=error) from error
        return _sandboxes[key]


def close_sandboxes(patience: float = 5) -> None:
    """End this process's sandboxes; a thread that waits for a child of one gets a SandboxError."""
    with _lock:
        while _sandboxes:
            _sandboxes.popitem()[1].close(patience)


atexit.register(close_sandboxes)
