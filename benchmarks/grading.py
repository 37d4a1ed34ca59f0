"""What grading costs: a class as it is handed in; an honest one side by side with the floor, nbgrader and otter.

    python -m benchmarks.grading [--class real|honest] [--size N] [--peers M]

The real class (`benchmarks.real_class`) has the mistakes, old idioms, modules, helpers, outputs and disasters of public
repositories, in their proportions: this kit grades it with two jobs and with one. The honest class, copies of four
examples, each made unique, can be graded by others, too, with the same checks: the kit inside its walls, with
diagnosis, results and pages; the floor in one process without walls (`benchmarks.floor`); nbgrader and otter in
notebook cells that call the checks in the kernel, without the cells that make pictures. nbgrader and otter do the same
again for each submission, so they grade the first M only. Exit status 1 if a bar below is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from benchmarks.measured import Cost, measured
from benchmarks.peers import SCRIPTS, nbgrader_course, otter_zips, without_demos
from benchmarks.real_class import make_real_class
from grading.assignments.example_class import EXAMPLES
from grading.assignments.registry import default_assignment, rubric
from grading.notebooks.fill import filled

KIT = Path(__file__).resolve().parents[1]
HONEST = ("all_right", "right_in_formulas", "saliency_cross_entropy_and_no_abs", "all_right")
TWO, ONE = "this kit, 2 jobs", "this kit, 1 job"
# Of the honest class: one job by the floor, the floor itself, and how many times as long the others take.
FLOOR, FLOOR_SECONDS, OTHERS = 1.15, 0.2, {"nbgrader autograde": 80, "otter run": 160}
# Of either class: seconds of clock a submission with two jobs, how many times as fast as one they are, their memory.
SECONDS, TWICE, MEMORY_MB = {"real": 0.35, "honest": 0.15}, 1.8, 900


def make_class(folder: Path, size: int, examples: Sequence[str] = HONEST) -> list[Path]:
    """Write `size` submissions, copies of these examples by turns, no two with the same bytes."""
    texts = {
        example.name: {
            f"{name}.ipynb": filled(name, example.lines, example.own_cells)
            for name in sorted({asked.notebook for asked in rubric()})
        }
        for example in EXAMPLES
        if example.name in examples
    }
    made = []
    for number in range(size):
        student = folder / f"student-{number:04d}"
        student.mkdir(parents=True)
        for name, text in texts[examples[number % len(examples)]].items():
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
            notebook.metadata["handed_in_by"] = student.name
            nbformat.write(notebook, student / name)  # type: ignore[no-untyped-call]
        made.append(student)
    return made


def environment() -> dict[str, str]:
    """Return one for all: one thread a process, the kit importable by any kernel."""
    return dict(
        os.environ, OMP_NUM_THREADS="1", PYTHONPATH=str(KIT), JUPYTER_PLATFORM_DIRS="1", COLUMNS="150"
    )


def by_the_kit(folder: Path, submissions: list[Path], jobs: int) -> Cost:
    out = folder / f"graded-{jobs}"
    command = [sys.executable, "-m", "grading", "grade", str(submissions[0].parent)]
    command += ["--out", str(out), "--jobs", str(jobs), "--seed", "demo"]
    return measured(command, KIT, environment(), folder / f"kit-{jobs}.log")


def by_the_floor(folder: Path, submissions: list[Path]) -> Cost:
    scores = folder / "floor.json"
    command = [sys.executable, "-m", "benchmarks.floor", str(submissions[0].parent), str(scores)]
    cost = measured(command, KIT, environment(), folder / "floor.log")
    _compare(json.loads(scores.read_text()), folder / "graded-1" / "results")
    return cost


def _compare(scores: dict[str, float], results: Path) -> None:
    for student, score in scores.items():
        ours = json.loads((results / f"{student}.json").read_text())["score"]
        if abs(ours - score) > 1e-6:
            raise RuntimeError(
                f"{student} has {ours} points inside the walls and {score} without: not the same checks"
            )


def by_nbgrader(folder: Path, submissions: list[Path]) -> Cost:
    course = folder / "course"
    nbgrader_course(course, submissions)
    command = [str(SCRIPTS / "nbgrader"), "autograde", default_assignment()]
    return measured(command, course, environment(), folder / "nbgrader.log")


def by_otter(folder: Path, submissions: list[Path]) -> Cost:
    """One command for each notebook, as otter has it; their costs are added."""
    zips, costs = otter_zips(folder / "otter"), []
    for submission in submissions:
        for notebook, autograder in zips.items():
            copy = folder / "otter" / submission.name / f"{notebook}.ipynb"
            without_demos(submission / copy.name, copy)
            command = [
                str(SCRIPTS / "otter"),
                "run",
                "-a",
                str(autograder),
                "-o",
                str(copy.parent),
                str(copy),
            ]
            costs.append(measured(command, copy.parent, environment(), copy.with_suffix(".log")))
    return Cost(
        sum(cost.seconds for cost in costs),
        sum(cost.cpu_seconds for cost in costs),
        max(cost.pss_mb for cost in costs),
    )


def measure(kind: str, size: int, peers: int, say: Callable[[str], None]) -> dict[str, tuple[Cost, int]]:
    """Return for each way its cost and how many submissions it graded."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        folder = Path(temporary)
        submissions = (make_real_class if kind == "real" else make_class)(folder / "class", size)
        found: dict[str, tuple[Cost, int]] = {}
        ways: list[tuple[str, Callable[[Path, list[Path]], Cost], int]] = [
            (TWO, lambda f, s: by_the_kit(f, s, 2), size),
            (ONE, lambda f, s: by_the_kit(f, s, 1), size),
        ]
        if kind == "honest":  # what hangs or ends its process ends the others with it
            ways += [
                ("the floor, 1 process", by_the_floor, size),
                ("nbgrader autograde", by_nbgrader, peers),
                ("otter run", by_otter, peers),
            ]
        for name, way, count in ways:
            if count:
                say(f"{name}: {count} submissions")
                found[name] = way(folder, submissions[:count]), count
        return found


def bars(kind: str, found: dict[str, tuple[Cost, int]]) -> list[tuple[str, bool]]:
    """Return what is promised of a class, as a sentence with what was found, and whether it holds."""
    per = {name: cost.seconds / count for name, (cost, count) in found.items()}
    two, one, memory = per[TWO], per[ONE], found[TWO][0].pss_mb
    promised = [
        (f"2 jobs take {two:.2f} s a submission, at most {SECONDS[kind]}", two <= SECONDS[kind]),
        (f"2 jobs are {one / two:.2f} times as fast as one, at least {TWICE}", one >= TWICE * two),
        (f"2 jobs take {memory} MB, less than {MEMORY_MB}", memory < MEMORY_MB),
    ]
    if floor := per.get("the floor, 1 process"):
        times = one / floor
        promised.append((f"1 job takes {times:.2f} times the floor, at most {FLOOR}", times <= FLOOR))
        promised.append((f"the floor takes {floor:.2f} s, at most {FLOOR_SECONDS}", floor <= FLOOR_SECONDS))
    for name, least in OTHERS.items():
        if name in per:
            times = per[name] / two
            promised.append((f"{name} takes {times:.0f} times as long, at least {least}", times >= least))
    return promised


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--class", dest="kind", choices=("real", "honest"), default="real", help="(real)")
    parser.add_argument("--size", type=int, default=200, help="submissions of the class (200)")
    parser.add_argument("--peers", type=int, default=6, help="how many of them nbgrader and otter grade (6)")
    asked = parser.parse_args()
    console = Console()
    found = measure(
        asked.kind, asked.size, min(asked.peers, asked.size), lambda line: console.print(f"[dim]{line}[/]")
    )
    per = {name: cost.seconds / count for name, (cost, count) in found.items()}
    table = Table("", "seconds", "CPU seconds", "peak MB", "times this kit, 2 jobs", box=None)
    for name, (cost, count) in found.items():
        seconds, cpu = f"{per[name]:.2f}", f"{cost.cpu_seconds / count:.2f}"
        table.add_row(name, seconds, cpu, str(cost.pss_mb), f"{per[name] / per[TWO]:.1f}")
    console.print(f"the {asked.kind} class; for each submission; memory of all processes, shared pages once")
    console.print(table)
    promised = bars(asked.kind, found)
    for sentence, kept in promised:
        console.print(f"[{'green' if kept else 'red'}]{'✓' if kept else '✗'} {sentence}[/]")
    return 0 if all(kept for _, kept in promised) else 1


if __name__ == "__main__":
    raise SystemExit(main())
