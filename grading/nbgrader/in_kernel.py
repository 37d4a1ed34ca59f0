"""Checks in the notebook's own kernel, for nbgrader's autograder cells: points, and never an exception.

Here the student's code and the answers share a process, as they do in every nbgrader autograde: a student who means to
can read them, or overwrite this. Grades that must be trusted come from `python -m grading grade`.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from cs231n.handin.stubs import is_stub
from cs231n.sentences import sentence
from cs231n.trials.notebook_globals import NETWORK_NAMES
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.streams import stderr_as_output
from cs231n.trials.trial import Trial
from grading.assignments.registry import assignment, assignments, names_of
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Assignment
from grading.course.course_toml import composed_assignments
from grading.course.settings import seed_of
from grading.errors import KitError
from grading.exports.outcome import as_html, as_text
from grading.nbgrader.config import COURSE_VARIABLE
from grading.results.definition import CheckResult, Diagnosis, FunctionResult, FunctionStatus
from grading.sandbox import Ended, Limits
from grading.verdict.attempts import PATIENCE, in_order
from grading.verdict.judge import check_result, number
from grading.verdict.reference import reference_functions
from grading.verdict.verdicts import judge_function


def points_of(name: str) -> Callable[[Callable[..., Any]], float]:
    """Return `check(function)`, which shows the outcome of a function's checks and returns its points.

    In an autograder cell, hidden from students::

        ### BEGIN HIDDEN TESTS
        from grading.nbgrader.in_kernel import points_of
        check = points_of("tv_loss")
        ### END HIDDEN TESTS
        check(tv_loss)

    so that the same last line asserts in a student's notebook and gives nbgrader a number in the autograde.
    """
    asked, of = _function_of_course(name)

    @stderr_as_output()
    def check(function: Callable[..., Any]) -> float:
        with names_of(of):
            verdict = judged_here(asked, function, course_seed())
        from IPython.display import display

        shown = {"text/html": as_html(verdict), "text/plain": as_text(verdict)}
        display(shown, raw=True)  # type: ignore[no-untyped-call]
        return float(verdict.score)

    return check


def _function_of_course(name: str) -> tuple[Function, Assignment]:
    """Return the record of a function, and an assignment that asks it: the course's own are looked at first."""
    references = [*composed_assignments(_course()).values(), *assignments()]
    found = (
        (asked, one) for one in map(assignment, references) for asked in one.functions if asked.name == name
    )
    known = next(found, None)
    if known is None:
        raise KitError(
            "no function {name!r} is asked in {names} nor in what {course} composes: correct the "
            "name, or name the folder of its assignment there, below [assignments]",
            name=name,
            names=", ".join(assignments()),
            course=_course(),
        )
    return known


def _course() -> Path:
    return Path(os.environ.get(COURSE_VARIABLE) or ".") / "course.toml"


def course_seed() -> str:
    """Return the seed of the course whose nbgrader runs this kernel; elsewhere the public one of the demo."""
    return seed_of(None, course=_course())


def judged_here(asked: Function, function: Callable[..., Any], seed: str) -> FunctionResult:
    """Return the verdict on a live function, as `python -m grading grade` would give it."""
    if _is_untouched(function):
        checks = tuple(check_result(check, "skipped", sentence("not filled in")) for check in asked.checks)
        return _verdict(asked, "stub", None, checks)
    trials, doubts = asked.trials(seed), asked.doubts(seed)
    seen = _seen(asked, function, [*in_order(trials, asked.public_checks), *in_order(doubts)])
    checks, status, diagnosis = judge_function(asked, trials | doubts, seen)
    return _verdict(asked, status, diagnosis, checks)


def _verdict(
    asked: Function, status: FunctionStatus, diagnosis: Diagnosis | None, checks: tuple[CheckResult, ...]
) -> FunctionResult:
    return FunctionResult(
        name=asked.name,
        defined_as=asked.name,
        notebook=asked.notebook,
        file=None,
        status=status,
        score=number(sum(check.points for check in checks)),
        max_score=number(asked.points),
        notes=(),
        diagnosis=diagnosis,
        checks=checks,
    )


def _is_untouched(function: Callable[..., Any]) -> bool:
    try:
        return is_stub(inspect.getsource(function))
    except (OSError, TypeError, SyntaxError):  # no text of it can be found: then it is tried
        return False


def _seen(
    asked: Function, function: Callable[..., Any], trials: Sequence[tuple[str, Trial]]
) -> dict[str, Observation | Ended]:
    """Perform each trial once; after two that hang, the rest is skipped."""
    other = asked.needs
    right = {other: reference_functions()[other]} if other else {}
    notebook = getattr(inspect.unwrap(function), "__globals__", {})
    seen: dict[str, Observation | Ended] = {}
    hung = 0
    with _one_thread(), _globals_kept(notebook, right):
        for key, trial in trials:
            if hung >= PATIENCE:
                seen[key] = Ended("skipped", sentence("not run: two earlier checks did not return"))
                continue
            seen[key] = _performed(trial, {asked.name: function, **right}, notebook)
            hung += isinstance(seen[key], Ended)
    return seen


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """As the hardened grader does: another number of threads changes the last digits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextlib.contextmanager
def _globals_kept(notebook: dict[str, Any], right: dict[str, Any]) -> Iterator[None]:
    """Give the notebook right versions of other functions for a while, and leave it as it was."""
    names = [*NETWORK_NAMES, *right]
    kept = {name: notebook[name] for name in names if name in notebook}
    notebook.update(right)
    try:
        yield
    finally:
        for name in names:
            notebook.pop(name, None)
        notebook.update(kept)


class _OutOfTimeError(BaseException):
    """Not an Exception, or the `except Exception` in a student's loop would swallow it."""


def _performed(
    trial: Trial, functions: dict[str, Callable[..., Any]], notebook: dict[str, Any]
) -> Observation | Ended:
    seconds = Limits().call_cpu_seconds
    seen = Observation()
    with _cpu_limit(seconds) as exceeded, contextlib.suppress(_OutOfTimeError):
        seen = observe(trial, functions, notebook)
    return (
        Ended("timeout", sentence("it used more than {seconds:.0f} s of CPU time", seconds=seconds))
        if exceeded.is_set()
        else seen
    )


@contextlib.contextmanager
def _cpu_limit(seconds: float) -> Iterator[threading.Event]:
    """Interrupt what uses too much CPU time, again every second.

    Where there are no such signals (Windows, another thread than the first), nbgrader's limit on the cell remains.
    """
    exceeded = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        exceeded.set()
        raise _OutOfTimeError

    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield exceeded
        return
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        yield exceeded
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
