"""Search for the wrong solution, or the two or three mistakes at once, that did all that a function did.

A recipe of forty mistakes has some six hundred pairs and five thousand triples. Nearly all of them differ from what was
seen in the cheapest call of all, so that one is tried first, once for each candidate in a process, and only a
fingerprint of what it gives is kept. A student's function is compared with all fingerprints, and runs against the few
candidates that are left.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Network, Tensor, Trial, goes_on, needs_trained_network, trial_key, words
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import Mistake, wrong_functions
from grading.assignments.vocabulary.seen import Seen
from grading.verdict.diagnosis import kept
from grading.verdict.diagnosis.compare import Signature, mismatch, signature, tolerance
from grading.verdict.recent import Recent
from grading.verdict.reference import reference_functions

# So many sums stand for an array.
SUMS = 32
# The most candidates of three mistakes that are tried for a function: a second, once in a process.
MOST_TRIPLES = 4000
# So many trials must have run for a mistake to be known where others raised.
ENOUGH = 2
# Below this, errors are float noise and say nothing about which candidate is nearer.
NOISE = 1e-5

_lock = threading.Lock()
# What candidates did in trials, by the trial's key.
PERFORMED_BYTES = 32 << 20
_performed: Recent[tuple[Callable[..., Any], str], Observation] = Recent(PERFORMED_BYTES, lambda one: [one])


@dataclass(frozen=True, eq=False)
class Candidate:
    """A wrong solution: the mistakes that it makes, () for the right one, and the function."""

    mistakes: tuple[Mistake, ...]
    function: Callable[..., Any]


def explanation(function: Function, seen: Seen) -> tuple[Mistake, ...] | None:
    """Return the mistakes that explain all that was seen, () if it is right, None if none do.

    One or two at once come first, also where only an exception's kind differs; three at once last. Of several
    that do, the nearest is taken, and of equally near ones the first. Where none do and some trials raised, those that
    ran are explained by themselves: an exception tells its own reason.
    """
    found = _explained(function, seen)
    if found is None and len(ran := [one for one in seen if _ran(one[1])]) < len(seen) and len(ran) >= ENOUGH:
        return _explained(function, ran) or None
    return found


def _ran(observation: Observation) -> bool:
    return not any(facts["raised"] for facts in observation.calls)


def _explained(function: Function, seen: Seen) -> tuple[Mistake, ...] | None:
    ordered = sorted(seen, key=lambda one: _cost(one[0]))
    for counts in ((0, 1, 2), (3,)):
        possible = list(_possible(function, _cheapest_call(seen), counts))
        for exactly in (True, False):
            found = [
                (_rank(candidate, error), candidate)
                for candidate, error in _matching(function, possible, ordered, exactly)
            ]
            if found:
                return min(found, key=lambda one: one[0])[1].mistakes
    return None


def _rank(candidate: Candidate, error: float) -> tuple[int, int]:
    """Fewer mistakes first; then the nearer one, by factors of ten."""
    return len(candidate.mistakes), math.ceil(math.log10(max(error, NOISE)))


def _matching(
    function: Function, possible: Sequence[Candidate], seen: Seen, exactly: bool
) -> Iterator[tuple[Candidate, float]]:
    for candidate in possible:
        worst = 0.0
        for trial, observation in seen:
            error = mismatch(function, trial, observation, performed(candidate.function, trial), exactly)
            worst = max(worst, error)
            if worst == math.inf:
                break
        else:
            yield candidate, worst


def performed(wrong: Callable[..., Any], trial: Trial) -> Observation:
    """Return what a wrong solution does in a trial; tried again only after others have needed the room."""
    key = wrong, trial_key(trial)
    with _lock:
        seen = _performed.get(key)
        if seen is None:
            seen = tried(wrong, trial)
            _performed.keep(key, seen)
        return seen


def tried(wrong: Callable[..., Any], trial: Trial) -> Observation:
    """Return what a wrong solution does in a trial."""
    return observe(trial, {**reference_functions(), trial.function: wrong}, shared=True)


def _possible(
    function: Function, cheapest: tuple[Trial, Observation], counts: tuple[int, ...]
) -> Iterator[Candidate]:
    """Yield the candidates that do in the first call of the cheapest trial what was seen in it."""
    trial, observation = cheapest
    print_seen = _fingerprint(signature(function, trial, observation, exactly=False))
    for candidate, known in _fingerprints(function, trial, counts):
        if _may_be_alike(print_seen, known, tolerance(trial)):
            yield candidate


def _cheapest_call(seen: Seen) -> tuple[Trial, Observation]:
    """Return the cheapest of all calls that do not depend on one before, as a trial of its own."""
    single = [
        (trial.only([number]), observation.only([number]))
        for trial, observation in seen
        for number in range(len(observation.calls))
        if number == 0 or not goes_on(trial.calls[number])
    ]
    return min(single, key=lambda one: _cost(one[0]))


_glances: dict[tuple[Function, str, tuple[int, ...]], list[tuple[Candidate, Signature]]] = {}


def _fingerprints(
    function: Function, trial: Trial, counts: tuple[int, ...]
) -> list[tuple[Candidate, Signature]]:
    key = (function, trial_key(trial), counts)
    with _lock:
        if key not in _glances:
            possible = candidates(function, counts)
            names = [[mistake.id for mistake in candidate.mistakes] for candidate in possible]
            place = kept.place_of(function, trial, names)
            prints = kept.kept(place)
            if prints is None:
                seen = (tried(candidate.function, trial) for candidate in possible)
                prints = [_fingerprint(signature(function, trial, one, exactly=False)) for one in seen]
                kept.keep(place, prints)
            _glances[key] = list(zip(possible, prints, strict=True))
        return _glances[key]


_candidates: dict[tuple[Function, tuple[int, ...]], tuple[Candidate, ...]] = {}


def candidates(function: Function, counts: tuple[int, ...]) -> tuple[Candidate, ...]:
    """Return the candidates that make so many mistakes at once, the right solution for 0; made once in a process.

    Of three at once, those come first that are made in the ways that are listed first: they are the likelier ones.
    """
    if (function, counts) not in _candidates:
        found = [Candidate((), reference_functions()[function.name])] if 0 in counts else []
        made_together = []
        if function.recipe:
            made_together = [
                Candidate(*one) for one in wrong_functions(function.recipe, [n for n in counts if n])
            ]
        if counts == (3,):
            rank = _ranks(function.mistakes)
            made_together.sort(key=lambda candidate: sum(rank[id(one)] for one in candidate.mistakes))
            made_together = made_together[:MOST_TRIPLES]
        _candidates[function, counts] = tuple(found + made_together)
    return _candidates[function, counts]


def _ranks(mistakes: Sequence[Mistake]) -> dict[int, int]:
    """Return which of the ways to make a mistake each is: 0 for the first."""
    counts: dict[str, int] = {}
    ranks = {}
    for mistake in mistakes:
        ranks[id(mistake)] = counts.get(mistake.id, 0)
        counts[mistake.id] = ranks[id(mistake)] + 1
    return ranks


def _fingerprint(whole: Signature) -> Signature:
    return {key: _print_of(value) if isinstance(value, np.ndarray) else value for key, value in whole.items()}


def _print_of(array: np.ndarray) -> tuple[Any, ...]:
    """Return shape and sums over stretches of an array, each divided by the root of its length.

    Two arrays are never nearer to each other than these sums are (Cauchy-Schwarz).
    """
    if array.dtype.kind in "iub":
        return array.shape, "whole", hashlib.blake2b(array.astype(np.int64).tobytes()).digest()
    flat = array.astype(np.float64).ravel()
    if not flat.size or not np.isfinite(flat).all():
        return array.shape, "odd", None
    starts = np.arange(min(SUMS, flat.size)) * flat.size // min(SUMS, flat.size)
    lengths = np.diff(starts, append=flat.size)
    return array.shape, math.sqrt(flat @ flat), np.add.reduceat(flat, starts) / np.sqrt(lengths)


def _may_be_alike(seen: Signature, known: Signature, allowed: float) -> bool:
    if seen.keys() != known.keys():
        return False
    for key, value in seen.items():
        other = known[key]
        if not isinstance(value, tuple) or not isinstance(other, tuple):
            if value != other:
                return False
        elif not _may_be_near(value, other, allowed):
            return False
    return True


def _may_be_near(seen: tuple[Any, ...], known: tuple[Any, ...], allowed: float) -> bool:
    if seen[0] != known[0]:
        return False
    if "odd" in (seen[1], known[1]) or "whole" in (seen[1], known[1]):
        return seen[1:] == known[1:] or seen[1] != known[1]
    limit = 1.01 * allowed * (known[1] or 1.0)
    return abs(seen[1] - known[1]) <= limit and float(np.linalg.norm(seen[2] - known[2])) <= limit


def _cost(trial: Trial) -> tuple[int, int]:
    """Return a measure of what a trial costs, the same on every machine: which network, how many numbers."""
    values = [value for call in trial.calls for value in words(call)]
    numbers = sum(value.data.size for value in values if isinstance(value, Tensor))
    any_network = any(isinstance(value, Network) for value in values)
    return (2 if needs_trained_network(trial) else int(any_network)), numbers
