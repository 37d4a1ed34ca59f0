"""What a verdict needs that follows from the seed alone: all inputs, and what the reference solution does with them.

It is computed once in a process, and kept between runs (`private_cache`).
"""

from __future__ import annotations

import threading
from typing import Any

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Arrays, Trial, decode, encode, trial_key
from grading.assignments.registry import assignment, names_of, notebook_named
from grading.assignments.vocabulary.function import Function
from grading.errors import KitError
from grading.verdict import private_cache
from grading.verdict.provenance import code_of, seed_hash
from grading.verdict.reference import observed_before, reference_observation, reference_seconds

_one_prepares = threading.Lock()


def prepare(seed: str, reference: str = "") -> None:
    """Make what needs no submission, and measure how long the reference takes: who waits for a sandbox has the time.

    Parameters
    ----------
    seed : str
        The course's private seed.
    reference : str
        The assignment, as `grading.assignments.registry.assignment` takes it.

    Raises
    ------
    KitError
        If a check makes no inputs, or the solution fails in one: no submission can be graded.
    """
    asked = assignment(reference)
    with names_of(asked), _one_prepares:
        for function in asked.functions:
            if not function.knows(seed):
                _prepare(function, seed)
        reference_seconds()


def _prepare(function: Function, seed: str) -> None:
    place = private_cache.place_of(code_of(function.notebook), function.name, seed_hash(seed))
    if found := private_cache.kept(place, seed):
        trials, seen = _decoded(*found)
        function.take(seed, trials)
        for trial in trials.values():
            observed_before(trial, seen[trial_key(trial)])
    else:
        trials = _made(function, seed)
        seen = {trial_key(trial): reference_observation(trial) for trial in trials.values()}
        private_cache.keep(place, *_encoded(trials, seen), seed)


def _made(function: Function, seed: str) -> dict[str, Trial]:
    try:
        return function.trials(seed)
    except KitError:
        raise
    except Exception as error:  # whatever the author of a check has written
        raise KitError(
            "{folder}: a check of {name} makes no inputs ({type}: {message}): correct it",
            folder=notebook_named(function.notebook).folder,
            name=function.name,
            type=type(error).__name__,
            message=error,
        ) from error


def _encoded(trials: dict[str, Trial], seen: dict[str, Observation]) -> tuple[Any, Arrays]:
    """Return a header and arrays; what has an order is in lists, for of what is JSON the keys are sorted."""
    arrays: Arrays = {}
    header = {
        "trials": [[id, encode(trial, arrays)] for id, trial in trials.items()],
        "seen": {
            key: [one.calls, [[name, encode(array, arrays)] for name, array in one.arrays.items()]]
            for key, one in seen.items()
        },
    }
    return header, arrays


def _decoded(header: Any, arrays: Arrays) -> tuple[dict[str, Trial], dict[str, Observation]]:
    trials = {id: decode(trial, arrays) for id, trial in header["trials"]}
    seen = {
        key: Observation(calls, {name: decode(array, arrays) for name, array in its})
        for key, (calls, its) in header["seen"].items()
    }
    return trials, seen
