"""What grading costs, side by side in one run: this kit, the floor, `nbgrader autograde` and `otter run`.

    python -m benchmarks.grading [--size N] [--peers M]

All grade the same class (copies of honest examples, each made unique) with the same checks: the kit inside its walls,
with diagnosis, results and pages; the floor in one process without walls (`benchmarks.floor`); nbgrader and otter in
notebook cells that call the checks in the kernel, without the cells that make pictures. nbgrader and otter do the same
again for each submission, so they grade the first M only. Exit status 1 if a ratio misses what is promised below.
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
from grading.assignments.example_class import EXAMPLES
from grading.assignments.registry import rubric
from grading.notebooks.build import ASSIGNMENT
from grading.notebooks.fill import filled

KIT = Path(__file__).resolve().parents[1]
HONEST = ("all_right", "right_in_formulas", "saliency_cross_entropy_and_no_abs", "all_right")
NBGRADER, OTTER, FLOOR, MEMORY_MB = 25, 40, 1.3, 900


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
    command = [str(SCRIPTS / "nbgrader"), "autograde", ASSIGNMENT]
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


def measure(size: int, peers: int, say: Callable[[str], None]) -> dict[str, tuple[Cost, int]]:
    """Return for each way its cost and how many submissions it graded."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        folder = Path(temporary)
        submissions = make_class(folder / "class", size)
        found: dict[str, tuple[Cost, int]] = {}
        ways: list[tuple[str, Callable[[Path, list[Path]], Cost], int]] = [
            ("this kit, 2 jobs", lambda f, s: by_the_kit(f, s, 2), size),
            ("this kit, 1 job", lambda f, s: by_the_kit(f, s, 1), size),
            ("the floor, 1 process", by_the_floor, size),
            ("nbgrader autograde", by_nbgrader, peers),
            ("otter run", by_otter, peers),
        ]
        for name, way, count in ways:
            if count:
                say(f"{name}: {count} submissions")
                found[name] = way(folder, submissions[:count]), count
        return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=200, help="submissions of the class (200)")
    parser.add_argument("--peers", type=int, default=6, help="how many of them nbgrader and otter grade (6)")
    asked = parser.parse_args()
    console = Console()
    found = measure(asked.size, min(asked.peers, asked.size), lambda line: console.print(f"[dim]{line}[/]"))
    per = {name: cost.seconds / count for name, (cost, count) in found.items()}
    two, one, floor = per["this kit, 2 jobs"], per["this kit, 1 job"], per["the floor, 1 process"]
    table = Table("", "seconds", "CPU seconds", "peak MB", "times this kit, 2 jobs", box=None)
    for name, (cost, count) in found.items():
        table.add_row(
            name,
            f"{per[name]:.2f}",
            f"{cost.cpu_seconds / count:.2f}",
            str(cost.pss_mb),
            f"{per[name] / two:.1f}",
        )
    console.print("for each submission of two notebooks; memory of all processes, shared pages once")
    console.print(table)
    memory = found["this kit, 2 jobs"][0].pss_mb
    promised = [
        (f"1 job takes {one / floor:.2f} times the floor, at most {FLOOR}", one / floor <= FLOOR),
        (f"2 jobs take {memory} MB, less than {MEMORY_MB}", memory < MEMORY_MB),
    ]
    for name, times in (("nbgrader autograde", NBGRADER), ("otter run", OTTER)):
        if name in per:
            promised.append(
                (
                    f"{name} takes {per[name] / two:.1f} times as long, at least {times}",
                    per[name] >= times * two,
                )
            )
    for sentence, kept in promised:
        console.print(f"[{'green' if kept else 'red'}]{'✓' if kept else '✗'} {sentence}[/]")
    return 0 if all(kept for _, kept in promised) else 1


if __name__ == "__main__":
    raise SystemExit(main())
