"""What the walls cost: honest submissions graded with and without them, by turns, in one run.

    python -m benchmarks.isolation [--rounds N]

Prints a table of medians and their ratio, and what a child costs from its start to its end; exit status 1 if walls cost
more than 15 % of a submission, or Landlock more than 5 ms a child.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from grading.assignments.example_class import EXAMPLES
from grading.classroom.worker import grade_submission, use_one_thread
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.notebooks.fill import write_class
from grading.sandbox import Sandbox
from grading.sandbox.isolation import ISOLATIONS, WALLS, why_not
from grading.submission.handed_in import Submission

HONEST = ("all_right", "right_in_formulas", "saliency_cross_entropy_and_no_abs", "half_done")
ALLOWED = 1.15
ALLOWED_MS = 5.0
CHILDREN = 40
# The ways that this machine allows.
WAYS = tuple(way for way in ISOLATIONS if not why_not(way))


def measure(folder: Path, rounds: int) -> tuple[dict[str, dict[str, list[float]]], dict[str, list[float]]]:
    """Return seconds by isolation and submission of the class in `folder`, and milliseconds of children by isolation.

    Each round grades every submission each way, in changing order.
    """
    use_one_thread()
    seconds: dict[str, dict[str, list[float]]] = {way: {name: [] for name in HONEST} for way in WAYS}
    children: dict[str, list[float]] = {way: [] for way in WAYS}
    sandboxes = {way: Sandbox(way, hidden=HIDDEN_FROM_CHILDREN) for way in WAYS}
    try:
        for turn in range(CHILDREN):
            for way in WAYS if turn % 2 else WAYS[::-1]:
                started = time.perf_counter()
                child = sandboxes[way].start(sandboxes[way].limits)
                child.close()
                if turn:
                    children[way].append(1000 * (time.perf_counter() - started))
        for turn in range(-1, rounds):  # the first round warms up the reference's answers and is not counted
            for number, name in enumerate(HONEST):
                for way in WAYS if (turn + number) % 2 else WAYS[::-1]:
                    started = time.perf_counter()
                    grade_submission(Submission(name, folder / name), "benchmark", sandboxes[way])
                    if turn >= 0:
                        seconds[way][name].append(time.perf_counter() - started)
    finally:
        for sandbox in sandboxes.values():
            sandbox.close()
    return seconds, children


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        write_class(Path(folder), [example for example in EXAMPLES if example.name in HONEST])
        seconds, children = measure(Path(folder), rounds)
    table = Table("submission", *WAYS, title="seconds a submission, median", box=None)
    for name in HONEST:
        table.add_row(name, *(f"{statistics.median(seconds[way][name]):.3f}" for way in WAYS))
    table.add_row("a child (ms)", *(f"{statistics.median(children[way]):.1f}" for way in WAYS))
    console = Console()
    console.print(table)
    dear = False
    for way in (way for way in WAYS if way in WALLS):
        # Paired by round, so that a busy minute weighs on both sides alike.
        pairs = [
            walled / bare
            for name in HONEST
            for walled, bare in zip(seconds[way][name], seconds["process"][name], strict=True)
        ]
        ratio = statistics.median(pairs)
        more = statistics.median(
            walled - bare for walled, bare in zip(children[way], children["process"], strict=True)
        )
        console.print(
            f"{way} costs {100 * (ratio - 1):.1f} % of a submission ({len(pairs)} pairs, median), {more:.1f} ms a child"
        )
        dear |= ratio > ALLOWED or (way == "landlock" and more > ALLOWED_MS)
    return 1 if dear else 0


if __name__ == "__main__":
    raise SystemExit(main())
