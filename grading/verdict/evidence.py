"""Puts down what a verdict rests on, in a compact form: the text of a function, and what was observed of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.vocabulary.function import Function
from grading.results import evidence
from grading.sandbox import Ended
from grading.submission.selection import Piece
from grading.verdict.diagnosis.compare import tolerance
from grading.verdict.sketch import Compared, sketches

_NOTHING_SEEN: Mapping[str, Observation | Ended] = {}


def evidence_of(
    function: str,
    pieces: Sequence[Piece],
    trials: Mapping[str, Trial] | None = None,
    seen: Mapping[str, Observation | Ended] = _NOTHING_SEEN,
    asked: Function | None = None,
) -> evidence.FunctionEvidence:
    """Return the evidence on a function.

    Parameters
    ----------
    function : str
        Its canonical name.
    pieces : sequence of Piece
        The text that defines it and all it refers to.
    trials : mapping
        What was tried, by the check that it is for; none of a function that was not run.
    seen : mapping
        What was seen, by the trial's key.
    asked : Function, optional
        Its record: what was seen is compared with what others do.
    """
    text, left = [], evidence.TEXT
    for piece in pieces[: evidence.PIECES]:
        text.append(evidence.Piece(piece.place[: evidence.MESSAGE], piece.line, piece.source[:left]))
        left -= len(piece.source)
        if left < 0:
            break
    checks: dict[str, list[str]] = {}
    by_key = {}
    for check, trial in (trials or {}).items():
        checks.setdefault(trial_key(trial), []).append(check)
        by_key[trial_key(trial)] = trial
    observed = tuple(
        _attempt(ids, by_key[key], seen[key], asked) for key, ids in checks.items() if key in seen
    )
    return evidence.FunctionEvidence(function, tuple(text), left < 0 or len(text) < len(pieces), observed)


def _attempt(
    checks: Sequence[str], trial: Trial, seen: Observation | Ended, asked: Function | None
) -> evidence.Attempt:
    if isinstance(seen, Ended):
        return evidence.Attempt(tuple(checks), seen.message[: evidence.MESSAGE], ())
    compared = sketches(asked, trial, seen) if asked else {}
    calls = tuple(
        _call(number, facts, seen, compared) for number, facts in enumerate(seen.calls[: evidence.CALLS])
    )
    return evidence.Attempt(tuple(checks), "", calls, tolerance(trial))


def _call(
    number: int, facts: Mapping[str, Any], seen: Observation, compared: Mapping[str, Compared]
) -> evidence.Call:
    prefix = f"{number}/"
    arrays = {
        key.removeprefix(prefix): (array, compared.get(key, ((), None)))
        for key, array in seen.arrays.items()
        if key.startswith(prefix)
    }
    raised = facts.get("raised")
    return evidence.Call(
        type=str(facts.get("type", ""))[: evidence.WORD],
        raised=_raised(raised) if raised else None,
        arrays=tuple(
            _array(name, *arrays[name]) for name in sorted(arrays, key=_output_first)[: evidence.ARRAYS]
        ),
    )


def _output_first(name: str) -> tuple[bool, str]:
    """The output first; an answer has its arrays in no fixed order."""
    return name != "output", name


def _raised(raised: Mapping[str, Any]) -> evidence.Raised:
    type, message, place, line = (
        str(raised.get(key, ""))[: evidence.MESSAGE] for key in ("type", "message", "place", "line")
    )
    return evidence.Raised(type, message, place, line)


def _array(name: str, array: np.ndarray, compared: Compared) -> evidence.Array:
    first = array.ravel()[: evidence.NUMBERS]
    ordered = array.size > 0 and array.dtype.kind in "buif"
    sketch, times = compared
    return evidence.Array(
        name=name[: evidence.WORD],
        shape=array.shape,
        dtype=str(array.dtype)[: evidence.WORD],
        smallest=_number(array.min()) if ordered else "",
        largest=_number(array.max()) if ordered else "",
        first=tuple(_number(value) for value in first),
        sketch=sketch,
        times=times,
    )


def _number(value: Any) -> str:
    """Six digits of a real number; of what is none, its own words."""
    return f"{value:.6g}" if value.dtype.kind in "iuf" else str(value)[: evidence.WORD]
