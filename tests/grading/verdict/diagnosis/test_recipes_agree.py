"""A name says no more and no less than what was seen: its recipe fails the checks that the student's function fails.

The wrong examples of the rooms are written the way students write. Where all that the grader recognises in one is of
the function's recipe, the recipe with these mistakes goes through the same trials, and the same judges.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pytest

from benchmarks.diagnosis import Wrong, examples
from benchmarks.verdicts import job
from cs231n.trials.observation import Observation
from cs231n.trials.trial import trial_key
from grading.assignments.registry import all_functions, function_named
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import Mistake, merge_changes
from grading.results.definition import CheckResult
from grading.sandbox import Sandbox
from grading.verdict.attempts import Attempts, Task
from grading.verdict.diagnosis.diagnose import RECOGNISED, explained
from grading.verdict.diagnosis.search import tried
from grading.verdict.judge import judge_checks
from grading.verdict.served import serving
from grading.verdict.verdicts import judge_function

SEED = "tests"
SAMPLE = ("target_margin", "content_loss")
# Of the examples of each function, at least so many must be explained by its recipe; the others are seen as they are.
MOST = 0.7


@dataclass(frozen=True)
class Found:
    """The checks that an example fails, and the mistakes of the recipe that its diagnosis names."""

    failed: frozenset[str]
    mistakes: tuple[Mistake, ...]


def found_in(wrong: Wrong, asked: Function, sandbox: Sandbox) -> Found | None:
    """What the grader finds, None where the diagnosis is not, or not only, of the function's recipe."""
    text = job(asked.name, [wrong.source])
    task = Task(text, asked.trials(SEED), asked.doubts(SEED), serve=serving(asked.needs))
    attempts = Attempts(sandbox)
    seen = attempts.run_isolated(task).trials
    attempts.totals()
    checks, _, diagnosis = judge_function(asked, task.trials | task.doubts, seen)
    own = {mistake.id for mistake in asked.mistakes}
    if diagnosis is None or diagnosis.basis != RECOGNISED or not own.issuperset(diagnosis.parts):
        return None
    failed = failing(checks)
    by_key = {trial_key(trial): trial for trial in task.trials.values()}
    observed = [
        (trial, observation)
        for key, trial in by_key.items()
        if isinstance(observation := seen[key], Observation)
    ]
    mistakes = explained(asked, observed, failed) or ()
    assert tuple(mistake.id for mistake in mistakes) == diagnosis.parts
    return Found(failed, mistakes)


def failing(checks: Sequence[CheckResult]) -> frozenset[str]:
    return frozenset(check.id for check in checks if check.status != "pass")


def failed_by_recipe(asked: Function, mistakes: Collection[Mistake]) -> frozenset[str]:
    """The checks that the recipe fails that makes these mistakes together."""
    changes = merge_changes(tuple(mistakes))
    assert changes is not None
    wrong = asked.recipe.changed(changes)
    trials = asked.trials(SEED) | asked.doubts(SEED)
    unique = {trial_key(trial): trial for trial in trials.values()}
    return failing(judge_checks(asked, trials, {key: tried(wrong, trial) for key, trial in unique.items()}))


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(asked.name, marks=[] if asked.name in SAMPLE else [pytest.mark.long])
        for asked in all_functions()
    ],
)
def test_a_function_fails_the_checks_that_its_name_fails_and_no_others(
    function: str, sandbox: Sandbox
) -> None:
    asked = function_named(function)
    own = [wrong for wrong in examples() if wrong.function == function]
    found = {wrong.title: one for wrong in own if (one := found_in(wrong, asked, sandbox))}
    differing = {}
    for title, one in found.items():
        by_name = failed_by_recipe(asked, one.mistakes)
        if by_name != one.failed:
            names = "+".join(mistake.id for mistake in one.mistakes)
            differing[f"{title}: {names}"] = {
                "too much": sorted(by_name - one.failed),
                "too little": sorted(one.failed - by_name),
            }
    assert differing == {}
    assert len(found) >= MOST * len(own)
