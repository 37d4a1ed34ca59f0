"""Validation of a child's reply. It may be forged, so only its form is trusted: anything else is no answer."""

from __future__ import annotations

import re
from typing import Any

from cs231n.trials import wire
from cs231n.trials.observation import AXES_LIMIT, MESSAGE_LIMIT, SHOWN_LIMIT, Observation
from cs231n.trials.trial import Arrays, Trial, numbers

COUNT_LIMIT = 1 << 53
WORDS_LIMIT = 160
_ARRAY = re.compile(r"([0-9]{1,3})/(?:(output|shown)|(gradient|after|grad)/[0-9.]{1,20})")
# What must be watched in a trial for an array of this kind to be in its answer.
_WATCHED = {"output": "", "shown": "shown", "gradient": "gradient", "after": "arguments", "grad": "arguments"}


# What a trial's answer may take: so much in any case, and so much for each number that goes into it. The largest answer
# of a right solution, but for the images that a network is shown, has as many bytes as went in.
LEAST_BYTES = 1 << 20
BYTES_A_NUMBER = 32


def bytes_limit(trial: Trial) -> int:
    """Return how many bytes the arrays of a trial's answer may have."""
    each = BYTES_A_NUMBER + (4 * SHOWN_LIMIT if "shown" in trial.watch else 0)
    return min(LEAST_BYTES + each * numbers(trial), wire.BODY_LIMIT)


def observation_of(header: Any, arrays: Arrays, trial: Trial) -> Observation | None:
    """Return a child's answer to a trial, or None if it has not the form of one.

    An answer tells of every call of the trial, or of those up to the one that raised.
    """
    said = header.get("calls") if isinstance(header, dict) else None
    if not isinstance(said, list) or not 0 < len(said) <= len(trial.calls):
        return None
    calls = [facts for call in said if (facts := _facts(call)) is not None]
    if len(calls) != len(said) or (len(calls) < len(trial.calls) and not calls[-1]["raised"]):
        return None
    for key, array in arrays.items():
        match = _ARRAY.fullmatch(key)
        if match is None or int(match[1]) >= len(calls) or array.ndim > AXES_LIMIT:
            return None
        kind = match[2] or match[3]
        if _WATCHED[kind] not in ("", *trial.watch):
            return None
        if kind == "shown" and not (array.ndim and len(array) <= SHOWN_LIMIT):
            return None
    return Observation(calls, arrays)


def failures_of(header: Any) -> list[dict[str, Any]]:
    """Return type, message and place of the definitions that failed, as a child tells them."""
    said = header.get("failures") if isinstance(header, dict) else None
    told = [failure for failure in said if isinstance(failure, dict)] if isinstance(said, list) else []
    return [
        {key: _text(value) for key, value in failure.items() if isinstance(value, str)} for failure in told
    ]


def _facts(call: Any) -> dict[str, Any] | None:
    if not isinstance(call, dict) or not {"raised", "type", "graph"} <= set(call):
        return None
    raised = call["raised"]
    if raised is not None:
        if not isinstance(raised, dict) or not {"type", "message", "place"} <= set(raised):
            return None
        raised = {key: raised.get(key, "") for key in ("type", "message", "place", "line", "by")}
        if not all(isinstance(value, str) for value in raised.values()):
            return None
        raised = {key: _text(value) for key, value in raised.items()}
    kind = call["type"]
    if not isinstance(kind, str | None) or not isinstance(call["graph"], bool):
        return None
    facts = {"raised": raised, "type": None if kind is None else _words(kind), "graph": call["graph"]}
    for key in ("shown", "operations"):
        if key in call:
            if not _is_count(call[key]):
                return None
            facts[key] = call[key]
    for key in ("dtype", "unreadable", "changed"):
        if key in call:
            if not isinstance(call[key], str):
                return None
            facts[key] = _words(call[key])
    return facts


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < COUNT_LIMIT


def _words(value: str) -> str:
    """A text that stands in a sentence of a check: short, on one line, and nothing in it that a screen obeys."""
    return "".join(c if c.isprintable() else " " for c in value[:WORDS_LIMIT])


def _text(value: str) -> str:
    """A text that can be written anywhere: of bounded length, without halves of characters."""
    return value[:MESSAGE_LIMIT].encode("utf-8", "backslashreplace").decode()
