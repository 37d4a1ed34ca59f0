"""Attempts: runs functions in the sandbox, several in one child, then in a child of its own what was not right.

To make and clear away a child costs the kernel some 20 ms, whatever is done in it, for torch is large (`python -m
benchmarks.torch_costs`). What is right beside others needs no child of its own; what is not gets one, since another
function may have spoilt things. The first in a child has none before it: what is seen of it is what is seen alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cs231n.sentences import sentence
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, needs_trained_network, trial_key
from grading.sandbox import Budget, Child, Ended, Sandbox
from grading.sandbox.child import Serve
from grading.sandbox.shared.signs import signs_in
from grading.verdict.reference import reference_seconds

# A function whose trials hang or die this often is not tried further.
PATIENCE = 2
SKIPPED = sentence("not run: two earlier checks did not return or ended the process")
SPENT = sentence("not run: the time that all functions of a submission share is used up")
# How much of a submission's time functions that are tried together may use, and how many of those may be too slow for
# it: what they use and have no result for is missing when each is tried alone.
SHARE_TOGETHER = 0.5
SLOW_TOGETHER = 2


@dataclass(frozen=True)
class Task:
    """A function to try: its text, as a child takes it, and its trials by the checks they are for.

    `doubts`: what is tried besides if it is not right.
    `public`: the checks whose inputs are public. They are tried first: who has seen private inputs could tell them
    in a message of a public check, where it is shown.
    `serve`: answers calls of the function that it needs.
    """

    job: dict[str, Any]
    trials: dict[str, Trial]
    doubts: dict[str, Trial] = field(default_factory=dict)
    public: frozenset[str] = frozenset()
    serve: Serve | None = None


@dataclass
class Seen:
    """What was seen in each trial, by its key, and what was done to run the function (keys of `NOTES`)."""

    trials: dict[str, Observation | Ended] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Batched:
    """What was seen of a function that was tried with others.

    `as_if_alone`: whether it was the first in its child. `seconds`: what it took of its submission's time.
    """

    seen: Seen
    as_if_alone: bool
    seconds: float


class Attempts:
    """Where one submission's functions are tried, within one budget; knows what that has cost, once it is settled.

    Parameters
    ----------
    sandbox : Sandbox
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.budget = Budget(sandbox.limits.scaled(reference_seconds()).submission_seconds)
        self.cpu_seconds = 0.0
        self.max_rss_mb = 0.0
        self._ended: list[Child] = []

    def run_batched(
        self, tasks: Mapping[str, Task], is_right: Callable[[str, Seen], bool]
    ) -> dict[str, Batched]:
        """Try functions in as few children as can be, each trial with little time.

        Parameters
        ----------
        tasks : mapping
            What to try, by the name of the function.
        is_right : callable
            Says of a function, by its name, whether what was seen in its trials is right: of the first in a child that
            is not, what its task doubts is tried as well.

        Returns
        -------
        dict
            What was seen of those that could be tried so; beside others, of those that raised nothing. What is missing,
            and what is wrong beside others, is to be tried alone.

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        found: dict[str, Batched] = {}
        budget, slow = self.budget.part(SHARE_TOGETHER), 0
        with self.sandbox.place():
            for group in _groups(tasks):
                with _ChildSlot(self.sandbox, self._ended, budget, hasty=True) as seat:
                    for name in group:
                        if budget.is_spent or slow >= SLOW_TOGETHER:
                            return found
                        tried = _tried_together(seat, tasks[name], functools.partial(is_right, name))
                        if isinstance(tried, Batched):
                            found[name] = tried
                        else:
                            slow += tried == "timeout"
        return found

    def run_isolated(self, task: Task, others: int = 0) -> Seen:
        """Try one function in a child of its own, and in a fresh one whenever it has hung or died.

        Parameters
        ----------
        task : Task
        others : int
            How many functions are still to be tried after it: it cannot use the time that is kept for those.

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        seen, ended = Seen(), 0
        budget = self.budget.part_before(others)
        with self.sandbox.place(), _ChildSlot(self.sandbox, self._ended, budget) as seat:
            for key, trial in (*in_order(task.trials, task.public), *in_order(task.doubts)):
                if ended >= PATIENCE:
                    seen.trials[key] = Ended("skipped", SKIPPED)
                elif budget.is_spent:
                    seen.trials[key] = Ended("skipped", SPENT)
                else:
                    seen.trials[key] = seat.observe(task, trial, seen)
                    ended += isinstance(seen.trials[key], Ended)
        return seen

    def totals(self) -> None:
        """Add up what the children used, once they are gone."""
        while self._ended:
            used = self._ended.pop().close()
            self.cpu_seconds += used["cpu"]
            self.max_rss_mb = max(self.max_rss_mb, used["max_rss_mb"])


class _ChildSlot:
    """One child at a time, opened when there is none; those that have ended are added to `ended`."""

    def __init__(self, sandbox: Sandbox, ended: list[Child], budget: Budget, *, hasty: bool = False) -> None:
        self.sandbox, self.ended, self.budget, self.hasty = sandbox, ended, budget, hasty
        self.child: Child | None = None
        self.task: Task | None = None

    def __enter__(self) -> _ChildSlot:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def observe(self, task: Task, trial: Trial, seen: Seen) -> Observation | Ended:
        """Let the child perform a trial; a fresh one its last call, where that is to be made apart."""
        if "apart" not in trial.watch:
            return self._observed(task, trial, seen)
        *before, last = range(len(trial.calls))
        first = self._observed(task, trial.only(before), seen)
        if isinstance(first, Ended) or len(first.calls) < len(before) or first.calls[-1]["raised"]:
            return first
        self.leave()
        again = self._observed(task, trial.only([last]), seen)
        return again if isinstance(again, Ended) else first.followed_by(again)

    def _observed(self, task: Task, trial: Trial, seen: Seen) -> Observation | Ended:
        """Give the child the function's text, if it has another's, and let it perform a trial."""
        child = self._child_with(task)
        if isinstance(child, Ended):
            return child
        found = child.observe(trial)
        seen.notes |= child.notes
        if isinstance(found, Ended):
            self.leave()
        else:
            _explain_missing_names(found, child.failures)
        return found

    def leave(self) -> None:
        """End the child, if there is one."""
        if self.child is not None:
            self.child.end()
            self.ended.append(self.child)
            self.child = None

    def _child_with(self, task: Task) -> Child | Ended:
        if self.child is None:
            opened = self.sandbox.open(
                task.job, reference_seconds(), hasty=self.hasty, serve=task.serve, budget=self.budget
            )
            if isinstance(opened, Ended):
                return opened
            self.child = opened
        elif self.task is not task and (ended := self.child.load(task.job, task.serve)):
            self.leave()
            return ended
        self.task = task
        return self.child


def _tried_together(seat: _ChildSlot, task: Task, is_right: Callable[[Seen], bool]) -> Batched | str:
    """Return what was seen of a function, or how it failed; whoever comes after one that raised has another child."""
    seen, left, first, raised = Seen(), seat.budget.left, seat.child is None, False
    for key, trial in _in_turn(task, lambda: first and not is_right(seen)):
        found = seat.observe(task, trial, seen)
        if isinstance(found, Ended):
            return found.reason
        raised = raised or any(facts["raised"] for facts in found.calls)
        if raised and not first:
            break
        seen.trials[key] = found
    if raised:
        seat.leave()
    return "raised" if raised and not first else Batched(seen, first, left - seat.budget.left)


def _in_turn(task: Task, in_doubt: Callable[[], bool]) -> Iterator[tuple[str, Trial]]:
    yield from in_order(task.trials, task.public)
    if in_doubt():
        yield from in_order(task.doubts)


def _groups(tasks: Mapping[str, Task]) -> list[list[str]]:
    """Return which functions can be tried in one child, in which order, so that each finds what it would find alone.

    What changes PyTorch comes after what needs no change; of the rest, loops come first: one that misses its end takes
    long, and the first in a child is not tried again. Old code, whose translations are made once it has failed, may
    stand anywhere: they change nothing that does not fail. Modules that were handed in are imported anew for each.
    """
    needed = {name: signs_in(unit["source"] for unit in _all_units(task.job)) for name, task in tasks.items()}
    loops = {
        name for name, task in tasks.items() if any("shown" in one.watch for one in task.trials.values())
    }
    groups: list[list[str]] = []
    for name in sorted(needed, key=lambda name: (len(needed[name]), name not in loops)):
        for group in groups:
            if needed[group[-1]] <= needed[name]:
                group.append(name)
                break
        else:
            groups.append([name])
    return [group for group in groups if len(group) > 1]


def _all_units(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from job["units"]
    for units in job["modules"].values():
        yield from units


def in_order(trials: Mapping[str, Trial], public: Collection[str] = ()) -> list[tuple[str, Trial]]:
    """Return each trial once, by its key: those of public checks, then the others.

    Of each, what needs a trained network comes last: what hangs should hang early.
    """
    open_to_all = {trial_key(trial) for id, trial in trials.items() if id in public}
    unique = {trial_key(trial): trial for trial in trials.values()}
    return sorted(
        unique.items(), key=lambda item: (item[0] not in open_to_all, needs_trained_network(item[1]))
    )


def _explain_missing_names(seen: Observation, failures: Sequence[dict[str, Any]]) -> None:
    """A NameError after a failed import or definition is told with what failed."""
    for facts in seen.calls:
        raised = facts["raised"]
        if raised and raised["type"] == "NameError" and failures:
            first = failures[0]
            raised["message"] += (
                f" ({first.get('place') or first.get('unit')}: {first.get('type')}: {first.get('message')})"
            )
