"""Verdicts on the functions of one submission, each reached in the cheapest way that does not change it.

What others handed in alike is known; the rest is tried together, and what was not right so, alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Assignment
from grading.assignments.vocabulary.probe import PROBE
from grading.results.definition import CheckResult, Diagnosis, FunctionStatus
from grading.sandbox import Ended
from grading.verdict.alike import Alike, Tried
from grading.verdict.attempts import Attempts, Seen, Task
from grading.verdict.diagnosis.diagnose import diagnose
from grading.verdict.diagnosis.search import ENOUGH
from grading.verdict.judge import UNEXPECTED, judge_checks, status_of
from grading.verdict.private_inputs import StudentText


@dataclass(frozen=True)
class Verdicts:
    """Verdicts on the functions of one submission.

    Parameters
    ----------
    assignment : Assignment
        Whose order is that in which functions are tried alone.
    tasks, texts, keys : mapping
        For each function that is to be tried: what is tried, what the student wrote, and on what its verdict depends
        (`grading.verdict.alike.key_of`).
    alike : Alike
    attempts : Attempts
    """

    assignment: Assignment
    tasks: Mapping[str, Task]
    texts: Mapping[str, StudentText]
    keys: Mapping[str, bytes]
    alike: Alike
    attempts: Attempts
    _found: dict[str, Tried] = field(default_factory=dict)

    def on_all(self) -> dict[str, Tried]:
        """Return the verdict on each function.

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        self._take_known()
        self._try_together()
        for name in self._left():
            self._found[name] = tried = self._tried_alone(name, self.tasks[name])
            self.alike.keep(self.keys[name], tried)
        return self._found

    def _left(self) -> dict[str, Function]:
        """Return the functions on which there is no verdict yet."""
        asked = {one.name: one for one in self.assignment.functions}
        return {name: one for name, one in asked.items() if name in self.tasks and name not in self._found}

    def _take_known(self) -> None:
        """Take the verdicts on functions whose text others handed in, too.

        They take of the submission's time what they took of the other's: a result does not depend on who came first.
        """
        for name in self._left():
            key = self.keys[name]
            if tried := self.alike.known(key):
                self.attempts.budget.charge(tried.seconds)
                self._found[name] = tried
            elif self.alike.was_met(key):
                tried = self._tried_alone(name, replace(self.tasks[name], doubts={}))
                if tried.status == "correct":
                    self.alike.keep(key, tried)
                    self._found[name] = tried

    def _try_together(self) -> None:
        """Take the verdicts on functions that are right beside others, and on those that are seen as if alone."""
        left, judged = self._left(), dict[str, tuple[CheckResult, ...]]()

        def is_right(name: str, seen: Seen) -> bool:
            if name not in judged:
                judged[name] = judge_checks(left[name], self.tasks[name].trials, seen.trials)
            return status_of(judged[name]) == "correct"

        tasks = {name: self.tasks[name] for name in self.tasks if name in left}
        for name, batched in self.attempts.run_batched(tasks, is_right).items():
            seen, key = batched.seen, self.keys[name]
            if is_right(name, seen):
                tried = Tried(seen, judged[name], "correct", seconds=batched.seconds)
            elif batched.as_if_alone:
                tried = self._judged(name, self.tasks[name], seen, batched.seconds)
            else:
                continue
            self._found[name] = tried
            if batched.as_if_alone:
                self.alike.keep(key, tried)
            else:
                self.alike.meet(key)

    def _tried_alone(self, name: str, task: Task) -> Tried:
        """Try a function in a child of its own, and judge it; those still left keep some of the time."""
        before = self.attempts.budget.left
        seen = self.attempts.run_isolated(task, len(self._left()) - 1)
        return self._judged(name, task, seen, before - self.attempts.budget.left)

    def _judged(self, name: str, task: Task, seen: Seen, seconds: float) -> Tried:
        verdict = judge_function(self._left()[name], task.trials | task.doubts, seen.trials, self.texts[name])
        return Tried(seen, *verdict, seconds)


def judge_function(
    asked: Function,
    trials: dict[str, Trial],
    seen: Mapping[str, Observation | Ended],
    text: StudentText | None = None,
) -> tuple[tuple[CheckResult, ...], FunctionStatus, Diagnosis | None]:
    """Judge what was seen in the trials of a function.

    Parameters
    ----------
    asked : Function
    trials : dict
        What was tried for each check and each twin, by its id; whether anything is computed.
    seen : mapping
        What was seen, by the trial's key.
    text : StudentText, optional
        What the student wrote; None where it is not at hand.

    Returns
    -------
    checks, status, diagnosis
    """
    checks = judge_checks(asked, trials, seen, text)
    status = status_of(checks)
    by_key = {trial_key(trial): trial for id, trial in trials.items() if id != PROBE}
    observations = {key: o for key in by_key if isinstance(o := seen[key], Observation)}
    if status == "correct" or len(observations) < min(ENOUGH, len(by_key)):
        return (
            checks,
            status,
            None,
        )  # of a loop that does not end in one trial, the others may tell the mistake
    failed = {check.id for check in checks if check.status != "pass"}
    try:
        found = diagnose(asked, [(by_key[key], o) for key, o in observations.items()], failed)
    except UNEXPECTED:  # results that nobody expected have no name, and must not end the grading of a class
        found = None
    return checks, status, found
