"""How far right answers and mistakes are apart: float noise, tolerance and the mildest mistake, check by check.

Noise is the largest error of any right variant (some compute in float64) on one thread and on two, with oneDNN and
without, against the reference on one thread. A mistake counts for a check if its error there is above the tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.right_variants import Variant
from benchmarks.verdicts import ASKED, job, judged, judged_on, verdicts
from cs231n.trials.evidence import Verdict
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import trial_key
from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.check import Check
from grading.sandbox import Sandbox
from grading.verdict.reference import reference_functions

# Tolerances must lie this many times above noise, and below the mildest mistake.
FACTOR = 5
SETTINGS = {
    f"{threads} thread{'s' if threads > 1 else ''}, oneDNN {'on' if onednn else 'off'}": (
        f"import torch\ntorch.set_num_threads({threads})\ntorch.backends.mkldnn.set_flags({onednn})"
    )
    for threads in (1, 2)
    for onednn in (True, False)
}


@dataclass
class Separation:
    """What was measured of one check. `noise` is None where right answers differ in nothing that is measured."""

    check: Check
    noise: float | None = None
    noisiest: str = ""
    distance: float = math.inf
    mildest: str = ""
    failing: set[str] = field(default_factory=set)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Whether the check counts or compares without a tolerance."""
        return self.noise is None

    @property
    def holds(self) -> bool:
        """Whether the tolerance is far enough from both sides."""
        wide = self.noise is None or FACTOR * self.noise <= self.check.tolerance
        return wide and FACTOR * self.check.tolerance <= self.distance and not self.false_alarms

    def add_right(self, verdict: Verdict, what: str) -> None:
        """Take a right answer into account."""
        if not verdict.passed:
            self.false_alarms.append(f"{what}: {verdict.message}")
        elif verdict.error is not None and (self.noise is None or verdict.error > self.noise):
            self.noise, self.noisiest = verdict.error, what

    def add_mistake(self, verdict: Verdict, what: str) -> None:
        """Take a mistake into account."""
        if verdict.passed:
            return
        self.failing.add(what)
        distance = distance_of(verdict)
        if distance < self.distance:
            self.distance, self.mildest = distance, what


def distance_of(verdict: Verdict) -> float:
    """Return how far from right a verdict is; where nothing could be measured, nothing is further."""
    if verdict.error is None:
        return 0.0 if verdict.passed else math.inf
    return verdict.error


def measure_noise(
    found: dict[tuple[str, str], Separation],
    chosen: Sequence[Variant],
    seeds: Sequence[str],
    sandbox: Sandbox,
) -> None:
    """Add right variants to what is known of the checks; each setting tries the next seed."""
    number = 0
    for variant in chosen:
        for setting, first in SETTINGS.items():
            told = job(variant.function, [variant.source], first=first)
            seed = seeds[number % len(seeds)]
            number += 1
            for check, verdict in verdicts(told, seed, sandbox):
                what = f"{variant.title} ({setting}, seed {seed})"
                found[check.function, check.id].add_right(verdict, what)


def measure_mistakes(
    found: dict[tuple[str, str], Separation], seeds: Sequence[str], every: int = 1
) -> Iterator[tuple[str, str, str]]:
    """Add named mistakes to what is known of the checks.

    Yields
    ------
    tuple of str
        Function, mistake and seed wherever a mistake stays below `FACTOR` tolerances on all checks.
    """
    for asked in all_functions():
        for number, mistake in list(enumerate(asked.mistakes))[::every]:
            wrong = asked.recipe.changed(mistake.changes)
            what = f"{mistake.id} #{number}"
            seen: dict[str, Observation] = {}
            for seed in seeds:
                tried = list(_tried(asked.name, wrong, seed, seen))
                for check, verdict, is_twin in tried:
                    if not is_twin:  # a twin can only take points away
                        found[asked.name, check.id].add_mistake(verdict, what)
                if not any(distance_of(verdict) >= FACTOR * check.tolerance for check, verdict, _ in tried):
                    yield asked.name, what, seed


def _tried(
    function: str, wrong: object, seed: str, seen: dict[str, Observation]
) -> Iterator[tuple[Check, Verdict, bool]]:
    functions = {**reference_functions(), function: wrong}
    trials = ASKED[function].trials(seed)
    for check, id, calls in judged_on(ASKED[function].checks):
        key = trial_key(trials[id])
        if key not in seen:
            seen[key] = observe(trials[id], functions)  # type: ignore[arg-type]
        yield check, judged(check, trials[id], seen[key], calls), id == check.twin_id


def separations() -> dict[tuple[str, str], Separation]:
    """Return an entry for each check, with nothing measured yet."""
    return {
        (check.function, check.id): Separation(check) for asked in ASKED.values() for check in asked.checks
    }
