"""`check(function)`: tries a student's function on the public cases and says what to do next."""

from __future__ import annotations

import contextlib
import inspect
import random
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from cs231n.handin.stubs import is_stub
from cs231n.language import said, shown
from cs231n.self_check import show
from cs231n.self_check.answers import Answer, PublicChecks, load_answers
from cs231n.self_check.outcome import Outcome
from cs231n.sentences import sentence
from cs231n.trials.evidence import CallRaisedError, Evidence, Verdict
from cs231n.trials.exceptions import told
from cs231n.trials.judges import JUDGES
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.streams import stderr_as_output
from cs231n.trials.trial import needs_trained_network, trial_key


@dataclass
class _Exceptions:
    """The exceptions of one function that were told, so that none is told twice."""

    hints: Mapping[str, str]
    explanations: set[str] = field(default_factory=set)
    titles: dict[tuple[str, ...], str] = field(default_factory=dict)

    def message(self, raised: Mapping[str, str], answer: Answer) -> str:
        """Return what is said of an exception; of one in a line that raised before, only in which check it did."""
        key = (raised["type"], raised["place"] or raised["message"], raised["line"])
        if title := self.titles.get(key):
            return sentence("the same error as in “{title}”", title=sentence(title))
        self.titles[key] = answer.title
        return told(raised, self.hints, self.explanations)


def outcomes(function: Callable[..., Any]) -> list[Outcome]:
    """Run the public checks of a function and return what came of each.

    Raises
    ------
    ValueError
        If it is no function, or none of that name is asked.
    """
    name = _name_of(function)
    checks = _checks_of(name)
    functions = {name: function}
    if checks.needs:
        functions[checks.needs] = _beside(function, checks.needs)
    observations: dict[str, Observation] = {}
    exceptions = _Exceptions(checks.hints)
    results = []
    for answer in checks.answers:
        key = trial_key(answer.trial)
        if key not in observations:
            with _state_kept():
                observations[key] = observe(answer.trial, functions)
        results.append(Outcome(answer, _judge(answer, observations[key], exceptions), observations[key]))
    return results


def _name_of(function: object) -> str:
    name = getattr(function, "__name__", None)
    if isinstance(name, str) and callable(function):
        return name
    raise ValueError(
        said(
            "check takes the function itself, as in check({example}), not what it returns and not its name in quotes: "
            "got a value of type {kind}",
            example=next(iter(load_answers())),
            kind=type(function).__name__,
        )
    )


def _checks_of(name: str) -> PublicChecks:
    stored = load_answers()
    if name not in stored:
        raise ValueError(
            said(
                "there are no checks for a function called '{name}'; there are checks for: {names}",
                name=name,
                names=", ".join(stored),
            )
        )
    return stored[name]


def _beside(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return another function of the notebook; one that does nothing if its cell was not run."""
    written_in = getattr(inspect.unwrap(function), "__globals__", {})
    found: Callable[..., Any] = written_in.get(name, lambda *_: None)
    return found


def _unready(function: Callable[..., Any]) -> str:
    """Return the name of the other function that this one needs and that does nothing yet; "" if there is none."""
    stored = load_answers()
    checks = stored.get(_name_of(function))
    if checks is None or not checks.needs:
        return ""
    other = checks.needs
    answer = min(stored[other].answers, key=lambda answer: needs_trained_network(answer.trial))
    with _state_kept():
        seen = observe(answer.trial, {other: _beside(function, other)}).calls[0]
    nothing = not seen["raised"] and seen["type"] == "NoneType" != answer.expected.calls[0]["type"]
    return other if nothing else ""  # if it does something, its own check tells what is wrong with it


@contextlib.contextmanager
def _state_kept() -> Iterator[None]:
    """Leave the notebook's random generators, its grad mode and its warning filters as they were."""
    state, numpy_state = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=[]), torch.set_grad_enabled(True), warnings.catch_warnings():
        try:
            yield
        finally:
            random.setstate(state)
            np.random.set_state(numpy_state)


def _judge(answer: Answer, seen: Observation, exceptions: _Exceptions) -> Verdict:
    """Return the verdict of a check; an exception in a call that it needs fails it."""
    try:
        return JUDGES[answer.judge](Evidence(answer.trial, seen, answer.expected, answer.tolerance))
    except CallRaisedError as error:
        return Verdict(False, exceptions.message(error.raised, answer))


def check(function: Callable[..., Any]) -> None:
    """Try a function on the public cases, show what came of it, and stop if something is wrong.

    Parameters
    ----------
    function : callable
        One of the functions asked, under its own name: ``check(tv_loss)``.

    Raises
    ------
    AssertionError
        If a check fails; its message says which, by how much, and what to do.
    ValueError
        If it is no function, or none of that name is asked.

    Examples
    --------
    >>> def tv_loss(img, tv_weight):
    ...     pass
    >>> check(tv_loss)
    Traceback (most recent call last):
    AssertionError: tv_loss is not filled in yet. ...
    """
    with stderr_as_output():
        other = _unready(function)
        results = [] if other else outcomes(function)
    if other:
        raise AssertionError(
            said(
                "{name} needs your {other}: fill it in and run its cell first.",
                name=function.__name__,
                other=other,
            )
        )
    failed = [outcome for outcome in results if not outcome.verdict.passed]
    if failed and (state := not_filled_in(function, results)):
        raise AssertionError(
            said(
                "{name} {state}. Write your lines between START OF YOUR CODE and END OF YOUR CODE, run that cell, then "
                "run this one again.",
                name=function.__name__,
                state=state,
            )
        )
    show.results(function.__name__, results, _checks_of(function.__name__).maps)
    if failed:
        raise AssertionError(advice(function.__name__, results, failed))


def advice(name: str, results: list[Outcome], failed: list[Outcome]) -> str:
    """Return what a student reads below the checks: the first that fails, where to look, what to do next."""
    first = failed[0]
    lines = [
        said("{name}: {failed} of {total} checks fail.", name=name, failed=len(failed), total=len(results)),
        said("First: “{title}”", title=sentence(first.answer.title)),
        shown(first.verdict.message),
    ]
    if first.answer.look:
        lines.append(said("Hint: {look}", look=sentence(first.answer.look)))
    lines.append(said("Next: change the cell of {name}, run it, then run this one again.", name=name))
    return "\n".join(lines)


def not_filled_in(function: Callable[..., Any], results: list[Outcome]) -> str:
    """Return in words that a function is a stub, or returns nothing; "" if it returns something."""
    source = _source(function)
    if is_stub(source) if source else _does_nothing(function, results):
        return sentence("is not filled in yet")
    calls = [outcome.seen.calls[0] for outcome in results]
    if any(facts["raised"] or facts["type"] != "NoneType" for facts in calls):
        return ""
    if any("0/output" in outcome.answer.expected.arrays for outcome in results):
        return sentence("returns nothing: it is not filled in yet, or the return of your result is missing")
    return ""


def _source(function: Callable[..., Any]) -> str:
    """Return the text of a function; "" if it cannot be found, as in a plain Python shell."""
    try:
        return inspect.getsource(inspect.unwrap(function))
    except (OSError, TypeError, SyntaxError):
        return ""


def _does_nothing(function: Callable[..., Any], results: list[Outcome]) -> bool:
    """Whether a function whose text cannot be found does what stubs do, as far as can be seen from outside."""
    calls = [outcome.seen.calls[0] for outcome in results]
    if all((facts["raised"] or {}).get("type") == "NotImplementedError" for facts in calls):
        return True
    if any(facts["raised"] for facts in calls):
        return False
    if all(facts.get("shown", 1) == 0 for facts in calls):
        return True  # it never asked the network
    code = getattr(inspect.unwrap(function), "__code__", None)
    calls_nothing = code is not None and not code.co_names
    return calls_nothing and all(facts["type"] == "NoneType" for facts in calls)
