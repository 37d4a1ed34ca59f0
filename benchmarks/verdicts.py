"""Verdicts on the text of one function, by the grader's own way: loaded, run in the sandbox, judged.

What mutants, right variants and the measurement of noise have in common.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

from cs231n.handin.cells import Cell
from cs231n.trials.evidence import CallRaisedError, Verdict
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.check import Check
from grading.sandbox import Ended, Sandbox
from grading.submission.load import Loaded, source_of
from grading.submission.reader import select
from grading.submission.selection import Questions
from grading.verdict.grade import job_of
from grading.verdict.judge import verdict_on
from grading.verdict.questions import question_of
from grading.verdict.served import serving

ASKED = {asked.name: asked for asked in all_functions()}


def job(function: str, cells: Sequence[str], *, first: str = "") -> dict[str, Any]:
    """Return what a child is told of a function that was handed in as cells of a notebook.

    Parameters
    ----------
    function : str
        Its canonical name.
    cells : sequence of str
    first : str
        Lines that run in the child before all others, such as a number of threads.

    Raises
    ------
    ValueError
        If the cells hold no such function, or one that is not filled in.
    """
    asked = ASKED[function]
    label = f"{asked.notebook}.ipynb"
    source = source_of(label, [Cell(f"{label}, cell {n}", text) for n, text in enumerate(cells, start=1)])
    selection = select(Loaded("benchmark", (source,), ()), Questions((question_of(asked),)))
    (found,) = selection.functions
    if found.state != "filled":
        raise ValueError(f"{function} is {found.state}: {found.message or cells}")
    made = job_of(found, asked, selection)
    if first:
        made["units"].insert(0, {"source": first, "place": "settings", "kind": "assignment", "line": 1})
    return made


def verdicts(
    told: dict[str, Any], seed: str, sandbox: Sandbox, checks: Sequence[Check] | None = None
) -> Iterator[tuple[Check, Verdict]]:
    """Yield the verdict of each check and of each twin as it comes, so that who has seen enough can stop.

    Private inputs come first: they run on the small network.
    """
    asked = ASKED[told["function"]]
    trials, seen = asked.trials(seed), dict[str, Observation | Ended]()
    child = sandbox.open(told, serve=serving(asked.needs))
    try:
        for check, id, calls in sorted(judged_on(checks or asked.checks), key=_on_public_inputs):
            key = trial_key(trials[id])
            if key not in seen:
                seen[key] = child if isinstance(child, Ended) else child.observe(trials[id])
            yield check, judged(check, trials[id], seen[key], calls)
            if isinstance(seen[key], Ended) and not isinstance(child, Ended):
                child = sandbox.open(told, serve=serving(asked.needs))
    finally:
        if not isinstance(child, Ended):
            child.close()


def _on_public_inputs(judged: tuple[Check, str, tuple[int, ...]]) -> bool:
    return judged[0].public and judged[0].id == judged[1]


def judged_on(checks: Sequence[Check]) -> Iterator[tuple[Check, str, tuple[int, ...]]]:
    """Yield with each check what it is judged on, its own trial and that of its twin: id and calls."""
    for check in checks:
        yield check, check.id, ()
        if check.twin:
            yield check, check.twin_id, check.twin.calls


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Keep what is started meanwhile to one processor, where the system can.

    OpenMP then knows that its two threads must share, and they do not wait for each other by spinning: twenty times
    faster on a busy machine, with the same order of summation.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def judged(check: Check, trial: Trial, seen: Observation | Ended, calls: Sequence[int] = ()) -> Verdict:
    """Return the verdict of a check on what was seen; an exception, a hang and a death fail it."""
    if isinstance(seen, Ended):
        return Verdict(False, seen.message)
    try:
        return verdict_on(check, trial, seen, calls)
    except CallRaisedError as error:
        return Verdict(False, str(error))
