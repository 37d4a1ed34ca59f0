"""A class of tv_loss written in several ways, tried, judged and diagnosed as the grader does it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

from cs231n.trials.observe import observe
from cs231n.trials.trial import trial_key
from grading.assignments.registry import function_named
from grading.results.atomic import write_atomically
from grading.results.definition import FunctionResult, Grader, Result
from grading.results.evidence import Evidence
from grading.results.files import evidence_bytes, result_bytes
from grading.sandbox import Ended
from grading.submission.selection import Piece
from grading.verdict.evidence import evidence_of
from grading.verdict.verdicts import judge_function

SEED = "sha256:" + "0" * 64
TV = function_named("tv_loss")
TRIALS = TV.trials("tests")
UNNAMED = "seven tenths"
# One tuple for each thing that is done; its functions are written differently.
WAYS: dict[str, tuple[Callable[..., object], ...]] = {
    UNNAMED: (
        lambda x, w: 0.7 * w * (x.diff(dim=2).square().sum() + x.diff(dim=3).square().sum()),
        lambda x, w: w * 7 * sum((x.diff(dim=d) ** 2).double().sum() for d in (3, 2)).float() / 10,
        lambda x, w: sum((x.diff(dim=d).mul(w**0.5 * 0.7**0.5) ** 2).sum() for d in (2, 3)),
    ),
    "six tenths": (lambda x, w: 0.6 * w * sum((x.diff(dim=d) ** 2).sum() for d in (2, 3)),),
    "right": (
        lambda x, w: w * sum((x.diff(dim=d) ** 2).sum() for d in (2, 3)),
        lambda x, w: sum((w * x.diff(dim=d) ** 2).sum() for d in (3, 2)),
    ),
    "half": (lambda x, w: w / 2 * sum((x.diff(dim=d) ** 2).sum() for d in (2, 3)),),
    "no number": (lambda x, w: w * x.sum() * float("nan"), lambda x, w: x.mean() * float("nan")),
    "hangs": (lambda x, w: Ended("timeout", "it hung"),),
}
# Who they are, by what they did.
STUDENTS = {name: tuple(f"{name} {number}" for number in range(len(ways))) for name, ways in WAYS.items()}


def write_class(out: Path) -> None:
    """Write the results and the evidence of the class into a folder."""
    grader = Grader(version="1", code=SEED, seed=SEED, isolation="process")
    for name, functions in WAYS.items():
        for student, function in zip(STUDENTS[name], functions, strict=True):
            seen = {
                trial_key(trial): Ended("timeout", "it hung")
                if name == "hangs"
                else observe(trial, {"tv_loss": function})
                for trial in TRIALS.values()
            }
            checks, status, diagnosis = judge_function(TV, TRIALS, seen)
            score = sum(check.points for check in checks)
            source = f"tv_loss = {inspect.getsource(function).strip()}  # </script><b>{student}"
            text = [Piece(source, "N.ipynb, cell 3", "definition", 1)]
            verdict = FunctionResult(
                "tv_loss", "tv_loss", "N", "N.ipynb", status, score, 10, (), diagnosis, checks
            )
            write_atomically(
                out / "results" / f"{student}.json",
                result_bytes(Result(student, "a", grader, score, 10, (), (verdict,))),
            )
            evidence = Evidence(student, (evidence_of("tv_loss", text, TRIALS, seen, TV),))
            write_atomically(out / "evidence" / f"{student}.json", evidence_bytes(evidence))
