"""Exceptions of a function, taken out of its checks' messages, each once, as a page shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cs231n import language
from cs231n.sentences import sentence
from grading.results.definition import CheckResult, FunctionResult

AGAIN = sentence("The same error.")
_TITLE = 120
# The place and its line, as `cs231n.trials.exceptions` writes them: with the brackets of the language in use.
_WHERE = re.compile(r"[(（](?P<place>.*?)(?:(?:: |：)`(?P<code>.*)`)?(?:\)\.|）。)", re.DOTALL)


@dataclass(frozen=True)
class Raised:
    """An exception as a reader needs it: what it says, where it was raised, the line, what it means."""

    what: str
    place: str
    code: str
    explanation: str

    @property
    def title(self) -> str:
        """What it says, short enough for a list."""
        return self.what if len(self.what) <= _TITLE else f"{self.what[:_TITLE].rstrip()} …"


def raised_in(checks: Sequence[CheckResult]) -> list[Raised]:
    """Return the exceptions that checks ended with, each once, in the order of the checks.

    Two that differ in their numbers alone, such as the shapes of other inputs, are one.
    Where one comes from several checks the first tells what it means (`cs231n.trials.exceptions.told`). What ended
    without an exception, as a process that died, is left out.
    """
    found: dict[tuple[str, str, str], Raised] = {}
    for check in checks:
        raised = _read(check.message) if check.status == "error" else None
        if raised:
            found.setdefault((re.sub(r"\d+", "0", raised.what), raised.place, raised.code), raised)
    return list(found.values())


def exceptions_of(function: FunctionResult) -> list[Raised]:
    """Return the exceptions of a function that are shown apart from its checks: a named mistake explains them all."""
    named = function.diagnosis is not None and function.diagnosis.basis == "recognised"
    return [] if named else raised_in(function.checks)


def shown_messages(checks: Sequence[CheckResult], *, explained_above: bool) -> list[str]:
    """Return what stands beside each check: an exception that was shown before is not repeated.

    Parameters
    ----------
    explained_above : bool
        Whether what exceptions mean is shown apart from the checks.
    """
    shown: set[str] = set()
    messages = []
    for check in checks:
        raised = _read(check.message)
        if check.status != "error":
            messages.append(check.message)
            continue
        told = "\n".join(check.message.split("\n")[: 2 if raised and raised.place else 1])
        messages.append(
            language.shown(AGAIN) if told in shown else told if explained_above else check.message
        )
        shown.add(told)
    return messages


def _read(message: str) -> Raised | None:
    what, *rest = message.split("\n")
    place = code = ""
    if rest and (where := _WHERE.fullmatch(rest[0])):
        place, code = where["place"], where["code"] or ""
        del rest[0]
    return Raised(what, place, code, " ".join(rest)) if place or rest else None
