"""What grading could cost at least: the same checks and diagnoses in one process, without walls or limits.

    python -m benchmarks.floor CLASS RESULTS

Writes {student: score} as JSON. For `benchmarks.grading`; it runs student code unprotected.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.registry import file_patterns, rubric
from grading.assignments.vocabulary.function import Function
from grading.classroom.worker import use_one_thread
from grading.course.settings import DEMO_SEED
from grading.sandbox import Ended
from grading.sandbox.inside.namespace import Namespace
from grading.submission.discover import discover
from grading.submission.selection import Selected, Selection
from grading.verdict.grade import job_of
from grading.verdict.questions import read_here
from grading.verdict.served import serving
from grading.verdict.verdicts import judge_function


def score_of(selection: Selection) -> float:
    """Return a submission's points."""
    found = zip(rubric(), selection.functions, strict=True)
    return sum(_points(asked, one, selection) for asked, one in found)


def _nothing(_header: Any, _arrays: Any) -> NoReturn:
    raise AssertionError("a function that needs no other asks for none")


def _points(asked: Function, found: Selected, selection: Selection) -> float:
    if found.state != "filled":
        return 0.0
    namespace = Namespace(job_of(found, asked, selection), serving(asked.needs) or _nothing)
    namespace.load()
    trials: dict[str, Trial] = {}
    seen: dict[str, Observation | Ended] = {}
    for more in (asked.trials(DEMO_SEED), asked.doubts(DEMO_SEED)):
        trials |= more
        for trial in more.values():
            key = trial_key(trial)
            if key not in seen:
                with contextlib.redirect_stdout(io.StringIO()):
                    seen[key] = namespace.observe(trial)
        checks, status, _ = judge_function(asked, trials, seen)
        if status == "correct":
            break
    return float(sum(check.points for check in checks))


def main() -> None:
    folder, results = map(Path, sys.argv[1:])
    use_one_thread()
    scores = {
        submission.student: score_of(read_here(submission))
        for submission in discover([folder], file_patterns())
    }
    results.write_text(json.dumps(scores))


if __name__ == "__main__":
    main()
