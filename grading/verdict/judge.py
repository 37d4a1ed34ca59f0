"""Judge of one function: from observations to the verdict on each of its checks, its points and its status."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from cs231n.sentences import Sentence, sentence
from cs231n.trials.evidence import CallRaisedError, Evidence, Verdict
from cs231n.trials.exceptions import told
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.vocabulary.check import Check
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.probe import PROBE
from grading.results.definition import CheckResult, CheckStatus, FunctionStatus
from grading.results.sentences import recorded
from grading.sandbox import Ended
from grading.verdict.computed import nothing_computed
from grading.verdict.private_inputs import StudentText, without_inputs
from grading.verdict.reference import reference_observation

# A result that breaks a judge is a result no judge expects of honest code.
UNEXPECTED = (KeyError, ValueError, TypeError, IndexError, RuntimeError, OverflowError)

# What a check is whose child did not answer.
ENDED: Mapping[str, CheckStatus] = {"died": "error", "timeout": "timeout", "skipped": "skipped"}

Seen = Mapping[str, Observation | Ended]
# Puts an exception into words.
Tell = Callable[[Mapping[str, str]], Sentence]


def judge_checks(
    asked: Function, trials: Mapping[str, Trial], seen: Seen, text: StudentText | None = None
) -> tuple[CheckResult, ...]:
    """Judge every check of a function.

    Parameters
    ----------
    asked : Function
    trials : mapping
        What was tried for each check and each twin, by its id; whether anything is computed, if that was tried.
    seen : mapping
        What was seen, by the trial's key.
    text : StudentText, optional
        What the student wrote; None where it is not at hand.

    Returns
    -------
    tuple of CheckResult
    """
    tell = functools.partial(told, hints=asked.hints, explained=set())
    seen = _fit_to_tell(asked, trials, seen, text)
    judged = [(check, *_judged(check, trials, seen, tell)) for check in asked.checks]
    something_right = any(status == "pass" and not check.conduct for check, status, _ in judged)
    nothing = _nothing_computed(asked, trials, seen, something_right)
    return tuple(
        check_result(check, "fail", sentence("no points: {reason}", reason=nothing))
        if nothing and check.conduct and status == "pass"
        else check_result(check, status, message)
        for check, status, message in judged
    )


def _fit_to_tell(asked: Function, trials: Mapping[str, Trial], seen: Seen, text: StudentText | None) -> Seen:
    """Return what was seen, without the inputs that are private; that of public trials as it is."""
    public = {trial_key(trials[id]) for id in asked.public_checks}
    by_key = {key: trial for trial in trials.values() if (key := trial_key(trial)) not in public}
    return {
        key: without_inputs(found, by_key[key], text)
        if key in by_key and isinstance(found, Observation)
        else found
        for key, found in seen.items()
    }


def _nothing_computed(asked: Function, trials: Mapping[str, Trial], seen: Seen, something_right: bool) -> str:
    """Return why points for conduct do not count; "" if they do.

    Where it cannot be tried whether anything is computed (all of it raises, hangs or ends the process), a result that
    is right tells.
    """
    probe = trials.get(PROBE)
    observation = seen.get(trial_key(probe)) if probe else None
    if asked.probe is None or probe is None or observation is None:
        return ""
    nothing = None
    if isinstance(observation, Observation):
        try:
            with np.errstate(all="ignore"):
                nothing = nothing_computed(asked.probe, probe, observation)
        except UNEXPECTED as error:
            return _cannot_be_judged(error)
    if nothing is None:
        return (
            ""
            if something_right
            else sentence("no result is right, and it could not be shown that the function computes anything")
        )
    return nothing


def _judged(check: Check, trials: Mapping[str, Trial], seen: Seen, tell: Tell) -> tuple[CheckStatus, str]:
    """Return status and message of a check: what it asks, and whether its twin passes."""
    status, message = _seen_in(check, trials[check.id], seen, tell)
    if status == "pass" and check.twin:
        status, other = _seen_in(check, trials[check.twin_id], seen, tell, check.twin.calls)
        if status in ("fail", "error"):
            return (
                "fail",
                sentence(
                    "right for the public inputs, but wrong for other inputs of the same kind: {found}",
                    found=other,
                ),
            )
        message = message if status == "pass" else other
    return status, message


def _seen_in(
    check: Check, trial: Trial, seen: Seen, tell: Tell, calls: Sequence[int] = ()
) -> tuple[CheckStatus, str]:
    observation = seen[trial_key(trial)]
    if isinstance(observation, Ended):
        return ENDED[observation.reason], observation.message
    try:
        verdict = verdict_on(check, trial, observation, calls)
    except CallRaisedError as error:
        return "error", tell(error.raised)
    return "pass" if verdict.passed else "fail", verdict.message


def verdict_on(check: Check, trial: Trial, observation: Observation, calls: Sequence[int] = ()) -> Verdict:
    """Return the verdict of a check, or of its twin, on what was seen in some calls of a trial, or in all.

    A result that breaks the judge fails the check.

    Raises
    ------
    CallRaisedError
        If a call that the judge needs raised.
    """
    evidence = Evidence(trial, observation, reference_observation(trial), check.tolerance)
    try:
        with np.errstate(all="ignore"):
            return check.judge(evidence.only(calls) if calls else evidence)
    except UNEXPECTED as error:
        return Verdict(False, _cannot_be_judged(error))


def _cannot_be_judged(error: Exception) -> Sentence:
    return sentence("the result cannot be judged ({error})", error=type(error).__name__)


def check_result(check: Check, status: CheckStatus, message: str) -> CheckResult:
    """Return the result of a check: all its points, or none."""
    return CheckResult(
        id=check.id,
        title=check.title,
        status=status,
        points=number(check.points if status == "pass" else 0),
        max_points=number(check.points),
        message=str(message),
        sentence=recorded(message),
    )


def number(value: float) -> float | int:
    """Return points as JSON shows them: whole numbers without a fraction."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def status_of(checks: Sequence[CheckResult]) -> FunctionStatus:
    """Return the status of a function from the results of its checks."""
    statuses = [check.status for check in checks]
    if all(status == "pass" for status in statuses):
        return "correct"
    if any(check.points for check in checks):
        return "partial"
    ran = [status for status in statuses if status != "skipped"]
    if "timeout" in ran or not ran:  # of what was to be tried nothing is tried only if no time is left
        return "timeout"
    return "error" if all(status == "error" for status in ran) else "wrong"
