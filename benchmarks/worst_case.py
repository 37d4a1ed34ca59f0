"""The costliest hostile submissions: each alone, and fifty of them among two hundred.

    python -m benchmarks.worst_case [--size 200] [--hostile 50] [KIND ...]

Each kind is graded alone first, one after the other in this process, on a machine that does nothing else; the costliest
are then handed in again and again, in every function of both notebooks where an attack is lines of a function, between
honest submissions. Exit status 1 if one alone takes more than 40 s, if the class takes more than 20 minutes with two
jobs or more than 3 GB in all, or if an honest submission is graded otherwise than without them.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.grading import KIT, environment, make_class
from benchmarks.measured import Cost, Watch, measured
from grading.assignments.registry import default_assignment, rubric
from grading.attacks.loading import LOADING
from grading.attacks.table import ATTACKS
from grading.classroom.worker import Settings, Work, close_sandboxes, grade_one
from grading.notebooks.fill import write_filled
from grading.submission.contents import contents_of
from grading.submission.handed_in import Submission
from grading.verdict import provenance

ALONE_SECONDS, CLASS_SECONDS, MEMORY_MB = 40, 20 * 60, 3072
# What wears down time and memory, by lines of a function and by files.
KINDS = {
    **{attack.name: attack for attack in ATTACKS if attack.category == "exhausting"},
    **{attack.name: attack for attack in LOADING},
}
# So many kinds, the costliest, are handed in among others.
COSTLIEST = 10


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", default=list(KINDS))
    parser.add_argument("--size", type=int, default=200)
    parser.add_argument("--hostile", type=int, default=50)
    asked = parser.parse_args()
    console, failed = Console(), False
    with tempfile.TemporaryDirectory(prefix="worst-case-") as temporary:
        folder = Path(temporary)
        alone = {}
        for kind, cost in one_by_one(folder / "alone", asked.kinds):
            alone[kind] = cost
            failed |= told(console, kind, cost, ALONE_SECONDS)
        costliest = sorted(alone, key=lambda kind: -alone[kind].seconds)[:COSTLIEST]
        honest = make_class(folder / "class", asked.size - asked.hostile)
        failed |= told(console, f"{len(honest)} honest", graded(folder, folder / "class"), CLASS_SECONDS)
        without = results(folder)
        for number in range(asked.hostile):
            write_hostile(
                costliest[number % len(costliest)], folder / "class" / f"student-{number * 3:04d}-hostile"
            )
        mixed = graded(folder, folder / "class")
        failed |= told(console, f"and {asked.hostile} of {', '.join(costliest)}", mixed, CLASS_SECONDS)
        found = results(folder)
        changed = [path.name for path in honest if found.get(path.name) != without[path.name]]
        console.print(f"honest results that changed: {', '.join(changed) or 'none'}")
    return 1 if failed or changed else 0


def one_by_one(folder: Path, kinds: Sequence[str]) -> Iterator[tuple[str, Cost]]:
    """Grade a submission of each kind, after an honest one; yield what each has cost."""
    settings, made_by = Settings("demo"), provenance.made_by(default_assignment())
    (honest,) = make_class(folder / "honest", 1)
    paths = {kind: folder / kind / kind for kind in kinds}
    for kind, path in paths.items():
        write_hostile(kind, path)
    for kind, path in {"honest": honest, **paths}.items():
        submission = Submission(kind, path)
        watch, began = Watch(os.getpid()), time.perf_counter()
        outcome = grade_one(Work(contents_of(submission), settings, made_by))
        seconds = time.perf_counter() - began
        watch.stop()
        if kind in kinds:
            yield kind, Cost(seconds, outcome.cpu_seconds, watch.bytes >> 20)
    close_sandboxes()


def write_hostile(kind: str, folder: Path) -> None:
    """Write a submission of this kind; lines of one function stand in all functions that are asked."""
    folder.mkdir(parents=True)
    attack = KINDS[kind]
    if hasattr(attack, "make"):
        attack.make(folder)
        return
    for notebook in {asked.notebook for asked in rubric()}:
        names = [asked.name for asked in rubric() if asked.notebook == notebook]
        write_filled(folder, notebook, dict.fromkeys(names, attack.lines))


def graded(folder: Path, submissions: Path) -> Cost:
    command = [sys.executable, "-m", "grading", "grade", str(submissions), "--class", "--regrade"]
    command += ["--out", str(folder / "graded"), "--jobs", "2", "--seed", "demo"]
    return measured(command, KIT, environment(), folder / "log", (0, 1, 2))


def results(folder: Path) -> dict[str, object]:
    """Return the verdicts by student."""
    found = (folder / "graded" / "results").glob("*.json")
    return {path.stem: json.loads(path.read_text())["functions"] for path in found}


def told(console: Console, what: str, cost: Cost, seconds: float) -> bool:
    """Print what a run cost; return whether that is too much."""
    dear = cost.seconds > seconds or cost.pss_mb > MEMORY_MB
    figures = f"{cost.seconds:7.1f} s {cost.cpu_seconds:7.1f} CPU s {cost.pss_mb:5} MB"
    console.print(f"{figures}  {what}{'  TOO MUCH' if dear else ''}", soft_wrap=True)
    return dear


if __name__ == "__main__":
    raise SystemExit(main())
