"""What the grader's verdicts are worth: four programs in one, each with a bar that it must clear.

    python -m benchmarks.checks [mutants] [right] [diagnosis] [separation] [--every N] [--seed S]

mutants      Changes every reference function in all ways that the operators of `benchmarks.mutation` know. The checks
             must refuse every mutant, but for those of `benchmarks.equivalents`, which are as right as the original.
right        Grades the right variants (`examples/right/` of the rooms) under OMP_NUM_THREADS 1, 2 and unset, and under
             every translation with torchvision imported at every place (`benchmarks.translated`): full marks for all.
diagnosis    Hands in every named mistake and pairs of them: 98 % must be named right. Of another author's examples 90 %
             must be, 95 % named or described, and at most 1 % may get a wrong name (`benchmarks.diagnosis`).
separation   Float noise, tolerance and the mildest mistake of every check: a factor of 5 between neighbours.

Exit status 1 if a bar is missed. `--every N` tries every Nth mutant, variant and mistake (but diagnoses all).
"""

from __future__ import annotations

import argparse
import itertools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks import diagnosis, mutants, right_variants, separation, translated
from benchmarks.right_variants import Variant
from benchmarks.separation import Separation
from benchmarks.verdicts import one_core
from grading.assignments.registry import all_functions
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Sandbox

FEWEST_MUTANTS, FEWEST_VARIANTS = 250, 80


@dataclass(frozen=True)
class Options:
    """What a part is told: how it prints, the seed of its private inputs, and of how many trials it makes one."""

    console: Console
    seed: str = "benchmark"
    every: int = 1

    @property
    def seeds(self) -> list[str]:
        """Seeds for what should not hang on one: `seed` and three more."""
        return [self.seed, *(f"{self.seed}-{number}" for number in range(3))]


def show_mutants(options: Options) -> bool:
    """Print how many mutants the checks kill, and why the others are right."""
    tried = mutants.mutants()[:: options.every]
    with Sandbox("process", hidden=HIDDEN_FROM_CHILDREN) as sandbox:
        alive = list(mutants.survivors(tried, options.seed, sandbox))
    unexplained = [mutant for mutant in alive if not mutants.reason(mutant)]
    stale = mutants.stale_reasons(alive) if options.every == 1 else []
    table = Table("function", "mutants", "killed", "as right as the original", "survive", box=None)
    for asked in all_functions():
        counts = [
            sum(mutant.function == asked.name for mutant in which) for which in (tried, alive, unexplained)
        ]
        made, survived, wrong = counts
        table.add_row(asked.name, *map(str, (made, made - survived, survived - wrong, wrong)))
    options.console.print(table)
    reasons = Table("mutants that survive", "why they are right", box=None)
    for function, its in itertools.groupby(alive, key=lambda mutant: mutant.function):
        reasons.add_row(f"[bold]{function}")
        for mutant in its:
            reasons.add_row(f"  {escape(mutant.change)}", mutants.reason(mutant) or "[red]no reason given")
    options.console.print(reasons)
    for function, change in stale:
        options.console.print(f"[red]{function}: a reason is given, but this is killed:[/] {escape(change)}")
    real = len(tried) - len(alive) + len(unexplained)
    killed = len(tried) - len(alive)
    options.console.print(
        f"{killed} of {real} mutants that are not equivalent are killed: {killed / real:.1%}"
    )
    return not unexplained and not stale and len(tried) >= FEWEST_MUTANTS / options.every


def show_right(options: Options) -> bool:
    """Print how many right variants get full marks."""
    chosen = right_variants.variants()[:: options.every]
    alarms = list(right_variants.false_alarms(chosen))
    names = [setting or "unset" for setting in right_variants.THREADS]
    table = Table(
        "function", "variants", *(f"full marks, OMP_NUM_THREADS {name}" for name in names), box=None
    )
    for asked in all_functions():
        own = [variant for variant in chosen if variant.function == asked.name]
        refused = [sum(a.threads == name and a.variant in own for a in alarms) for name in names]
        table.add_row(asked.name, str(len(own)), *(str(len(own) - number) for number in refused))
    options.console.print(table)
    for alarm in alarms:
        said = escape("\n    ".join(alarm.messages))
        options.console.print(
            f"[red]{alarm.variant.function}, {alarm.variant.title}, {alarm.threads}:[/]\n    {said}"
        )
    options.console.print(f"{len(chosen)} variants, {len(alarms)} false alarms")
    changed = _show_translated(options, chosen)
    return not alarms and not changed and len(chosen) >= FEWEST_VARIANTS / options.every


def _show_translated(options: Options, chosen: Sequence[Variant]) -> int:
    """Print and return how many right variants lose a point under a translation."""
    with one_core(), Sandbox("process", hidden=HIDDEN_FROM_CHILDREN) as sandbox:
        changed = list(translated.changed(chosen, translated.combinations(), sandbox, options.seed))
    for alarm in changed:
        said = escape("\n    ".join(alarm.messages))
        title = f"{alarm.variant.function}, {alarm.variant.title}"
        where = f"{alarm.translation}, torchvision {alarm.place}"
        options.console.print(f"[red]{title} ({where}):[/]\n    {said}")
    options.console.print(
        f"{len(chosen)} variants x {len(translated.TRANSLATIONS)} translations x {len(translated.PLACES)} places of "
        f"imports, {len(changed)} false alarms"
    )
    return len(changed)


def show_separation(options: Options) -> bool:
    """Print noise, tolerance and the mildest mistake of every check."""
    torch.set_num_threads(1)
    found = separation.separations()
    under = list(separation.measure_mistakes(found, options.seeds, options.every))
    with one_core(), Sandbox("process", hidden=HIDDEN_FROM_CHILDREN) as sandbox:
        chosen = right_variants.variants()[:: options.every]
        separation.measure_noise(found, chosen, options.seeds, sandbox)
    table = Table(
        "check",
        "noise",
        "tolerance is",
        "tolerance",
        "mistake is",
        "mildest mistake",
        "",
        "fail it",
        box=None,
    )
    function = ""
    for entry in found.values():
        if entry.check.function != function:
            function = entry.check.function
            table.add_row(f"[bold]{function}")
        table.add_row(*_row(entry))
    options.console.print(table)
    noisiest = max(found.values(), key=lambda entry: (entry.noise or 0) / entry.check.tolerance)
    options.console.print(f"the most noise for its tolerance: {noisiest.check.id}, by “{noisiest.noisiest}”")
    for function, mistake, seed in under:
        options.console.print(f"[red]{function}: {mistake} is too near to right on all checks (seed {seed})")
    for entry in found.values():
        for alarm in entry.false_alarms:
            options.console.print(
                f"[red]{entry.check.function}, {entry.check.id}: a right answer fails: {alarm}"
            )
    return not under and all(entry.holds for entry in found.values())


def show_diagnosis(options: Options) -> bool:
    """Print how many mistakes, and pairs of them, are named right."""
    return diagnosis.run(options.console)


def _row(entry: Separation) -> tuple[str, ...]:
    name = f"  {entry.check.id}" if entry.holds else f"  [red]{entry.check.id}"
    failing = str(len(entry.failing))
    if entry.noise is None:
        return name, "exact", "", "", "", "", "", failing
    tolerance = entry.check.tolerance
    wide = _times(tolerance, entry.noise) if entry.noise else "× any"
    mildest = (_times(entry.distance, tolerance), f"{entry.distance:.2g}") if entry.mildest else ("", "none")
    return name, f"{entry.noise:.1g}", wide, f"{tolerance:g}", *mildest, entry.mildest, failing


def _times(large: float, small: float) -> str:
    """Return a factor, rounded down: what is printed as 5 must not be 4.9."""
    factor = large / small
    return f"× {math.floor(factor):,}" if factor >= 10 else f"× {math.floor(10 * factor) / 10:.1f}"


PARTS: dict[str, Callable[[Options], bool]] = {
    "mutants": show_mutants,
    "right": show_right,
    "diagnosis": show_diagnosis,
    "separation": show_separation,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; all without")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", default="benchmark")
    given = parser.parse_args()
    if unknown := set(given.parts) - PARTS.keys():
        parser.error(f"no part is called {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    options = Options(Console(), given.seed, given.every)
    missed = []
    for name in given.parts or PARTS:
        started = time.monotonic()
        options.console.rule(name)
        if not PARTS[name](options):
            missed.append(name)
        verdict = "[red]missed" if name in missed else "[green]cleared"
        options.console.print(f"the bar of {name} is {verdict}[/] ({time.monotonic() - started:.0f} s)\n")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
