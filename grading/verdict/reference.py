"""The reference solution, read from the notebooks' sources as functions are read from a submission."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import torch

from cs231n.handin.cells import read_cells
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Trial, needs_trained_network, numbers, trial_key
from grading.assignments.registry import all_functions, function_named, functions_in_use, notebook_named
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError
from grading.sandbox.shared import allocator
from grading.submission.load import source_of
from grading.submission.select import Source, closure
from grading.submission.units import Unit


@functools.cache
def reference_source(notebook: Notebook) -> Source:
    """Return a notebook's source, solutions included, cut into units."""
    name = f"{notebook.name}.py"
    return source_of(name, read_cells(notebook.source.read_bytes(), name).cells)


def reference_units(function: str, notebook: str) -> tuple[Unit, ...]:
    """Return the text of a reference function and of all it refers to."""
    known = notebook_named(notebook)
    return closure(function, reference_source(known).units, known.provided)


def reference_functions() -> dict[str, Callable[..., Any]]:
    """Return every function that is known (`all_functions`), as the reference solution defines it."""
    return _by_name(all_functions())


@functools.lru_cache(maxsize=16)
def _by_name(functions: tuple[Function, ...]) -> dict[str, Callable[..., Any]]:
    return {asked.name: _reference_function(asked) for asked in functions}


@functools.cache
def _reference_function(asked: Function) -> Callable[..., Any]:
    """Return one function; made once in a process.

    Raises
    ------
    KitError
        If the notebook's source does not define it.
    """
    namespace: dict[str, Any] = {"__name__": "reference"}
    for unit in reference_units(asked.name, asked.notebook):
        exec(compile(unit.source, unit.place, "exec", dont_inherit=True), namespace)
    if asked.name not in namespace:
        source = notebook_named(asked.notebook).source
        raise KitError(
            "{source} defines no function {name}: write its solution there, or correct the name",
            source=source,
            name=asked.name,
        )
    solution: Callable[..., Any] = namespace[asked.name]
    return solution


_lock = threading.Lock()
_one_measures = threading.Lock()
_seen: dict[tuple[Callable[..., Any], str], Observation] = {}


def reference_observation(trial: Trial) -> Observation:
    """Return what the reference solution does in a trial; computed once in a process.

    Raises
    ------
    KitError
        If the reference solution itself raises: it is wrong, the check is, or the machine.
    """
    key = reference_functions()[trial.function], trial_key(trial)
    with _lock:
        if key not in _seen:
            _seen[key] = _observe(trial)
            allocator.give_back()
        return _seen[key]


def observed_before(trial: Trial, observation: Observation) -> None:
    """Use what the reference solution did in a trial, as it was observed: to observe it again takes long."""
    with _lock:
        _seen.setdefault((reference_functions()[trial.function], trial_key(trial)), observation)


def reference_seconds() -> float:
    """Return the CPU time that the reference solution's largest public trial takes on this machine.

    It is that of the assignment in use: of `assignment3` the saliency maps of five pictures, 0.1 s in 2026.
    """
    with _one_measures:
        return _seconds_of_largest(functions_in_use())


@functools.cache
def _seconds_of_largest(functions: tuple[Function, ...]) -> float:
    """Return the CPU time of the largest public trial. The first run, which compiles kernels, does not count."""
    public = [trial for asked in functions for trial in asked.public_trials().values()]
    if not public:
        return 0.0
    trial = max(public, key=_size)
    with _lock:
        _observe(trial)
        started = time.thread_time()
        _observe(trial)
    return time.thread_time() - started


def _size(trial: Trial) -> tuple[bool, int]:
    """Return a measure of what a trial costs: whether a trained network takes part, and how many numbers go in."""
    return needs_trained_network(trial), numbers(trial)


def _observe(trial: Trial) -> Observation:
    torch.set_num_threads(
        1
    )  # as student code runs: another number changes the last digits, and what is seen is kept
    seen = observe(trial, reference_functions())
    if raised := next((facts["raised"] for facts in seen.calls if facts["raised"]), None):
        notebook = function_named(trial.function).notebook
        raise KitError(
            "{source}: the solution of {name} fails in a check ({type}: {message}): correct it, or the check",
            source=notebook_named(notebook).source,
            name=trial.function,
            type=raised["type"],
            message=raised["message"],
        )
    return seen
