"""Tries a submission's functions in the sandbox: several in one child, and alone what was not right there.

A child costs as much as the trials of a function: half of that is the kernel's work on a process as large as torch. Who
is right beside others needs no child of their own; who is not gets one, since another function may have spoilt things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cs231n.self_check.perform import Observation
from cs231n.self_check.trial import Features, Network, Picture, Pictures, Trial, trial_key
from grading.reference import reference_seconds
from grading.sandbox import Child, Ended, Sandbox
from grading.sandbox.inside import old_pytorch

# A function whose trials hang or die this often is not tried further.
PATIENCE = 2
SKIPPED = "not tried: two checks before it hung or ended the process"


@dataclass(frozen=True)
class Task:
    """A function to try: its text, as a child takes it, and its trials by the checks they are for.

    `gives_away`: another function, whose solution is part of the text; it must not come after this one in a child.
    """

    job: dict[str, Any]
    trials: dict[str, Trial]
    gives_away: str = ""


@dataclass
class Seen:
    """What was seen in each trial, by its key, and what was done to run the function (keys of `old_pytorch.NOTES`)."""

    trials: dict[str, Observation | Ended] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)


class Bench:
    """Where one submission's functions are tried; knows what that has cost, once it is settled.

    Parameters
    ----------
    sandbox : Sandbox
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.cpu_seconds = 0.0
        self.max_rss_mb = 0.0
        self._ended: list[Child] = []

    def together(self, tasks: dict[str, Task]) -> dict[str, Seen]:
        """Try functions in as few children as can be, each trial with little time.

        Returns
        -------
        dict
            What was seen of those that could be tried so, and did not fail. The others are to be tried alone.
        """
        found: dict[str, Seen] = {}
        with self.sandbox.place():
            for group in _groups(tasks):
                child: Child | None = None
                for name in group:
                    child = self._ready(child, tasks[name].job)
                    seen = self._run(child, tasks[name]) if child else None
                    if seen:
                        found[name] = seen
                    else:
                        self._end(child)
                        child = None
                self._end(child)
        return found

    def alone(self, task: Task) -> Seen:
        """Try one function in a child of its own, and in a fresh one whenever it has hung or died."""
        seen, ended = Seen(), 0
        child: Child | Ended | None = None
        with self.sandbox.place():
            for key, trial in _cheap_first(task):
                if ended >= PATIENCE:
                    seen.trials[key] = Ended("skipped", SKIPPED)
                    continue
                if not isinstance(child, Child):
                    child = self.sandbox.open(task.job, reference_seconds())
                seen.trials[key] = child if isinstance(child, Ended) else self._perform(child, trial, seen)
                if isinstance(seen.trials[key], Ended):
                    ended += 1
                    self._end(child)
                    child = None
            self._end(child)
        return seen

    def settle(self) -> None:
        """Add up what the children used, once they are gone."""
        while self._ended:
            used = self._ended.pop().close()
            self.cpu_seconds += used["cpu"]
            self.max_rss_mb = max(self.max_rss_mb, used["max_rss_mb"])

    def _ready(self, child: Child | None, job: dict[str, Any]) -> Child | None:
        """Give the next function to a child, or to a new one; None if it ends of that."""
        if child is None:
            opened = self.sandbox.open(job, reference_seconds(), hasty=True)
            return opened if isinstance(opened, Child) else None
        if child.load(job) is None:
            return child
        self._end(child)
        return None

    def _run(self, child: Child, task: Task) -> Seen | None:
        seen = Seen()
        for key, trial in _cheap_first(task):
            seen.trials[key] = self._perform(child, trial, seen)
            if not _went_well(seen.trials[key]):
                return None
        return seen

    def _perform(self, child: Child, trial: Trial, seen: Seen) -> Observation | Ended:
        found = child.perform(trial)
        seen.notes |= child.notes
        if isinstance(found, Observation):
            _explain_missing_names(found, child.failures)
        return found

    def _end(self, child: Child | Ended | None) -> None:
        if isinstance(child, Child):
            child.end()
            self._ended.append(child)


def _groups(tasks: dict[str, Task]) -> list[list[str]]:
    """Return which functions can be tried in one child, in which order, so that each finds what it would find alone.

    What changes PyTorch comes after what needs no change, and what gives a function away after that function.
    What has modules of its own is left out: a module keeps what its functions leave in it.
    """
    needed = {
        name: old_pytorch.needed(unit["source"] for unit in task.job["units"])
        for name, task in tasks.items()
        if not task.job["modules"]
    }
    groups: list[list[str]] = []
    for name in sorted(needed, key=lambda name: len(needed[name])):
        for group in groups:
            given_away = name in {tasks[other].gives_away for other in group}
            if (
                needed[group[-1]] <= needed[name]
                and tasks[name].gives_away in {"", *group}
                and not given_away
            ):
                group.append(name)
                break
        else:
            groups.append([name])
    return [group for group in groups if len(group) > 1]


def _cheap_first(task: Task) -> list[tuple[str, Trial]]:
    unique = {trial_key(trial): trial for trial in task.trials.values()}
    return sorted(unique.items(), key=lambda item: needs_trained_network(item[1]))


def needs_trained_network(trial: Trial) -> bool:
    """Such trials go last: a function that hangs should hang early and cheaply."""
    needed = (Network("squeezenet"), Picture, Pictures, Features)
    return any(value == needed[0] or isinstance(value, needed[1:]) for call in trial.calls for value in call)


def _went_well(found: Observation | Ended) -> bool:
    return isinstance(found, Observation) and not found.calls[-1]["raised"]


def _explain_missing_names(seen: Observation, failures: Sequence[dict[str, Any]]) -> None:
    """A NameError after a failed import or definition is told with what failed."""
    raised = seen.calls[-1]["raised"]
    if raised and raised["type"] == "NameError" and failures:
        first = failures[0]
        raised["message"] += (
            f" ({first.get('place') or first.get('unit')}: {first.get('type')}: {first.get('message')})"
        )
