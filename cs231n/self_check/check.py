"""`check(function)`: tries a student's function on the public cases and says what to do next."""

from __future__ import annotations

import contextlib
import inspect
import random
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from cs231n.handin.stubs import is_stub
from cs231n.self_check import show
from cs231n.self_check.answers import Answer, load_answers
from cs231n.self_check.outcome import Outcome
from cs231n.trials.evidence import CallRaisedError, Evidence, Verdict
from cs231n.trials.exceptions import told
from cs231n.trials.judges import JUDGES
from cs231n.trials.observe import Observation, perform
from cs231n.trials.streams import stderr_as_output
from cs231n.trials.trial import trial_key

# Which other function of the notebook a check needs.
NEEDS = {"style_loss": "gram_matrix"}


def outcomes(function: Callable[..., Any]) -> list[Outcome]:
    """Run the public checks of a function and return what came of each.

    Raises
    ------
    ValueError
        If no function of that name is asked.
    """
    name = getattr(function, "__name__", str(function))
    stored = load_answers()
    if name not in stored:
        raise ValueError(
            f"nothing is known of a function called {name!r}; the functions asked are: {', '.join(stored)}"
        )
    functions = {name: function}
    if other := NEEDS.get(name):
        functions[other] = _beside(function, other)
    observations: dict[str, Observation] = {}
    explained: set[str] = set()
    results = []
    for answer in stored[name]:
        key = trial_key(answer.trial)
        if key not in observations:
            with _state_kept():
                observations[key] = perform(answer.trial, functions)
        results.append(Outcome(answer, judge(answer, observations[key], explained), observations[key]))
    return results


def _beside(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return another function of the notebook; one that does nothing if its cell was not run."""
    written_in = getattr(inspect.unwrap(function), "__globals__", {})
    found: Callable[..., Any] = written_in.get(name, lambda *_: None)
    return found


def _unready(function: Callable[..., Any]) -> str:
    """Return the name of the other function that this one needs and that does nothing yet; "" if there is none."""
    other = NEEDS.get(getattr(function, "__name__", ""))
    if other is None:
        return ""
    try:
        return other if _beside(function, other)(torch.ones(1, 2, 3, 3)) is None else ""
    except Exception:
        return ""  # it does something: what is wrong with it, its own check tells


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


def judge(answer: Answer, seen: Observation, explained: set[str]) -> Verdict:
    """Return the verdict of a check on what was seen.

    An exception in a call that it needs fails it and is told, explained the first time.
    """
    try:
        return JUDGES[answer.judge](Evidence(answer.trial, seen, answer.expected, answer.tolerance))
    except CallRaisedError as error:
        return Verdict(False, told(error.raised, answer.function, explained))


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
        If no function of that name is asked.

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
        raise AssertionError(f"{function.__name__} needs your {other}: fill it in and run its cell first.")
    show.results(function.__name__, results)
    failed = [outcome for outcome in results if not outcome.verdict.passed]
    if failed:
        raise AssertionError(advice(function, results, failed))


def advice(function: Callable[..., Any], results: list[Outcome], failed: list[Outcome]) -> str:
    """Return the sentence that tells a student what to do next."""
    name = function.__name__
    if state := not_filled_in(function, results):
        return (
            f"{name} {state}. Write your lines between START OF YOUR CODE and END OF YOUR CODE, "
            "run that cell, then run this one again."
        )
    first = failed[0]
    look = f" {first.answer.look}" if first.answer.look else ""
    says = first.verdict.message
    says = says if says.endswith((".", "?", "!")) else f"{says}."
    return (
        f"{name}: {len(failed)} of {len(results)} checks fail. The first, “{first.answer.title}”, says: "
        f"{says}{look} Change the cell of {name}, run it, then run this one again."
    )


def not_filled_in(function: Callable[..., Any], results: list[Outcome]) -> str:
    """Return in words that a function is a stub, or returns nothing; "" if it returns something."""
    source = _source(function)
    if is_stub(source) if source else _does_nothing(function, results):
        return "is not filled in yet"
    calls = [outcome.seen.calls[0] for outcome in results]
    if any(facts["raised"] or facts["type"] != "NoneType" for facts in calls):
        return ""
    if any("0/output" in outcome.answer.expected.arrays for outcome in results):
        return "returns nothing: it is not filled in yet, or has no return of its result"
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
