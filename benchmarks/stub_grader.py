"""The command line with a grader that does nothing: each submission costs `SECONDS`, and its verdicts are drawn by lot.

    python -m benchmarks.stub_grader grade CLASS --out DIR ...

For what is measured of a class alone: memory, ledger, pages, shards. The same student has the same verdicts always.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from unittest import mock

from msgspec import structs

from grading.classroom import run
from grading.classroom.worker import Outcome, Work
from grading.cli.run import main
from grading.results.definition import Diagnosis, FunctionResult
from grading.submission.selection import empty
from grading.verdict.grade import grade
from grading.verdict.questions import questions_of

SECONDS = float(os.environ.get("STUB_SECONDS", "0"))
MISTAKE = Diagnosis("drawn-by-lot", ("drawn-by-lot",), "Drawn by lot", "Nothing was looked at.")


def grade_by_lot(work: Work) -> Outcome:
    """Return verdicts in which two of seven functions are not right."""
    time.sleep(SECONDS)
    settings, student = work.settings, work.contents.student
    nothing = empty(student, questions_of(settings.assignment), ())
    sandbox = mock.MagicMock(isolation=settings.isolation, limits=settings.limits)  # nothing is run in it
    graded, lot = grade(nothing, settings.seed, sandbox, settings.assignment), random.Random(student)
    functions = tuple(_drawn(function, lot) for function in graded.result.functions)
    result = structs.replace(
        graded.result, functions=functions, score=sum(function.score for function in functions)
    )
    return Outcome(result, graded.evidence, {}, SECONDS, SECONDS, 0.0)


def _drawn(function: FunctionResult, lot: random.Random) -> FunctionResult:
    right = lot.random() > 2 / 7
    checks = tuple(
        structs.replace(check, status="pass", points=check.max_points, message="") if right else check
        for check in function.checks
    )
    return structs.replace(
        function,
        defined_as=function.name,
        notebook="any",
        file="any.ipynb",
        status="correct" if right else "wrong",
        score=function.max_score if right else 0,
        diagnosis=None if right else MISTAKE,
        checks=checks,
    )


@contextlib.contextmanager
def threads(jobs: int) -> Iterator[Executor]:
    with ThreadPoolExecutor(jobs) as pool:
        yield pool


def run_command(arguments: list[str]) -> None:
    """Run the kit's command line, all verdicts drawn by lot; end this process with its status."""
    sys.argv[1:] = arguments
    with mock.patch.multiple(run, grade_one=grade_by_lot, local_workers=threads):
        main()


if __name__ == "__main__":
    run_command(sys.argv[1:])
