"""What one submission costs on one core, once a class has warmed up: the CPU time of the grader and of its children.

    python -m benchmarks.submission [--isolation process]

Grades the examples one after the other, twice: the first time also computes what a class shares, the answers of the
reference and of every mistake. Prints the second time by submission; exit status 1 if the median exceeds a second.
What a student's own code takes, such as a loop that never ends, is in it.
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
from grading.assignments.registry import file_patterns
from grading.classroom.worker import use_one_thread
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.notebooks.fill import write_class
from grading.sandbox import DEFAULT_ISOLATION, Sandbox
from grading.sandbox.program import ISOLATIONS
from grading.submission.discover import discover
from grading.submission.handed_in import Submission
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

ALLOWED_SECONDS = 1.0
SEED = "benchmark"


def cost(submission: Submission, sandbox: Sandbox) -> tuple[float, float]:
    """Return the CPU seconds of grading a submission: the grader's, its children's."""
    before = time.process_time()
    graded = grade(read_here(submission), SEED, sandbox)
    return time.process_time() - before, graded.cpu_seconds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--isolation", choices=ISOLATIONS, default=DEFAULT_ISOLATION)
    use_one_thread()
    with (
        Sandbox(parser.parse_args().isolation, hidden=HIDDEN_FROM_CHILDREN) as sandbox,
        tempfile.TemporaryDirectory() as folder,
    ):
        write_class(Path(folder), EXAMPLES)
        class_of_examples = discover([Path(folder)], file_patterns())
        first = {s.student: sum(cost(s, sandbox)) for s in class_of_examples}
        then = {s.student: cost(s, sandbox) for s in class_of_examples}
    table = Table("submission", "grader", "children", "both", "the first time", box=None)
    for student, (own, children) in sorted(then.items(), key=lambda item: -sum(item[1])):
        table.add_row(student, *(f"{s:.2f}" for s in (own, children, own + children, first[student])))
    console = Console()
    console.print(table)
    median = statistics.median(map(sum, then.values()))
    console.print(f"median {median:.2f} CPU seconds a submission (at most {ALLOWED_SECONDS:g})")
    return 0 if median <= ALLOWED_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
