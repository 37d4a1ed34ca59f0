"""What the walls cost: honest submissions graded with and without them, by turns, in one run.

    python -m benchmarks.isolation [--rounds N]

Prints a table of medians and their ratio; exit status 1 if walls cost more than 15 % of a submission.
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
from grading.sandbox.program import ISOLATIONS
from grading.submission.handed_in import Submission

HONEST = ("all_right", "right_in_formulas", "saliency_cross_entropy_and_no_abs", "half_done")
ALLOWED = 1.15


def measure(folder: Path, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Return seconds by isolation and submission of the class in `folder`.

    Each round grades every submission both ways, in changing order.
    """
    use_one_thread()
    seconds: dict[str, dict[str, list[float]]] = {way: {name: [] for name in HONEST} for way in ISOLATIONS}
    sandboxes = {way: Sandbox(way, hidden=HIDDEN_FROM_CHILDREN) for way in ISOLATIONS}
    try:
        for turn in range(-1, rounds):  # the first round warms up the reference's answers and is not counted
            for number, name in enumerate(HONEST):
                for way in ISOLATIONS if (turn + number) % 2 else ISOLATIONS[::-1]:
                    started = time.perf_counter()
                    grade_submission(Submission(name, folder / name), "benchmark", sandboxes[way])
                    if turn >= 0:
                        seconds[way][name].append(time.perf_counter() - started)
    finally:
        for sandbox in sandboxes.values():
            sandbox.close()
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        write_class(Path(folder), [example for example in EXAMPLES if example.name in HONEST])
        seconds = measure(Path(folder), rounds)
    medians = {way: {name: statistics.median(seconds[way][name]) for name in HONEST} for way in ISOLATIONS}
    table = Table(
        "submission", "bubblewrap", "process", "ratio", title="seconds a submission, median", box=None
    )
    for name in HONEST:
        walled, bare = (medians[way][name] for way in ISOLATIONS)
        table.add_row(name, f"{walled:.3f}", f"{bare:.3f}", f"{walled / bare:.3f}")
    # Paired by round, so that a busy minute weighs on both sides alike.
    pairs = [
        walled / bare
        for name in HONEST
        for walled, bare in zip(seconds["bubblewrap"][name], seconds["process"][name], strict=True)
    ]
    ratio = statistics.median(pairs)
    console = Console()
    console.print(table)
    console.print(f"walls cost {100 * (ratio - 1):.1f} % of a submission (median of {len(pairs)} pairs)")
    return 0 if ratio <= ALLOWED else 1


if __name__ == "__main__":
    raise SystemExit(main())
