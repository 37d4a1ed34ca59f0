"""What the checks let through: every mutant of every reference function must fail, or be as right as the original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.equivalents import EQUIVALENT
from benchmarks.mutation import Mutant, mutants_of
from benchmarks.verdicts import job, verdicts
from grading.assignments.registry import all_functions
from grading.sandbox import Sandbox
from grading.verdict.reference import reference_units


def mutants() -> list[Mutant]:
    """Return the mutants of all reference functions, in the order of the rubric."""
    found = []
    for asked in all_functions():
        units = reference_units(asked.name, asked.notebook)
        text = next(u.source for u in units if u.kind == "definition" and asked.name in u.binds)
        found += mutants_of(text.strip("\n"), asked.name)
    return found


def survivors(chosen: Sequence[Mutant], seed: str, sandbox: Sandbox) -> Iterator[Mutant]:
    """Yield the mutants that pass every check."""
    for mutant in chosen:
        try:
            told = job(mutant.function, ["import torch", mutant.source])
        except ValueError:
            continue  # nothing is left of it but the stub
        if all(verdict.passed for _, verdict in verdicts(told, seed, sandbox)):
            yield mutant


def reason(mutant: Mutant) -> str:
    """Return why a mutant is as right as the original, or "" if nobody has said so."""
    return EQUIVALENT.get(mutant.function, {}).get(mutant.change, "")


def stale_reasons(survived: Sequence[Mutant]) -> list[tuple[str, str]]:
    """Return function and change of each reason that no surviving mutant needs."""
    needed = {(mutant.function, mutant.change) for mutant in survived}
    given = ((function, change) for function, reasons in EQUIVALENT.items() for change in reasons)
    return [each for each in given if each not in needed]
