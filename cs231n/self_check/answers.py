"""Stored answers of the public checks: what is tried on each function and what the reference solution returns.

One compressed .npz per notebook, in `cs231n/answers/`. The course's own cases carry the course's own names in it:
`cl_out`, `gm_out`, `sl_out`, `tv_out`, `saliency`. `python -m grading reference --update` writes them.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from cs231n.language import said
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Arrays, Trial, decode, encode

ANSWERS = Path(__file__).parent.parent / "answers"


@dataclass(frozen=True)
class Answer:
    """One public check of a function, with the reference solution's observation.

    `look` says where a student should look if it fails. `answer` is the course's name of the expected array
    ("tv_out"), or "". `judge` names a function of `judges`.
    """

    function: str
    id: str
    title: str
    judge: str
    tolerance: float
    look: str
    answer: str
    trial: Trial
    expected: Observation


@dataclass(frozen=True)
class PublicChecks:
    """A function's public checks, in the order in which they are shown, and what the self-check must know of it.

    `needs` is another function of the notebook that it calls, or "". `hints` says what an exception means in it, by
    the id of the explanation. `maps` is the id of the check whose result is maps of the pictures given, or "".
    """

    answers: tuple[Answer, ...]
    needs: str = ""
    hints: Mapping[str, str] = field(default_factory=dict)
    maps: str = ""


_DESCRIBED = ("function", "id", "title", "judge", "tolerance", "look", "answer")


def save_answers(path: Path, functions: Mapping[str, PublicChecks], made_with: dict[str, str]) -> None:
    """Write the public checks of functions, and what the answers were made with, to one .npz.

    Parameters
    ----------
    path : Path
    functions : mapping
        By their names.
    made_with : dict
        What the numbers depend on: the hash of the weights, the versions, the settings.
    """
    arrays: Arrays = {}
    entries = []
    for answer in (answer for checks in functions.values() for answer in checks.answers):
        entry = described(answer)
        entry["trial"] = encode(answer.trial, arrays)
        entry["calls"] = answer.expected.calls
        entry["expected"] = {}
        for name, array in kept_arrays(answer.expected).items():
            key = answer.answer if name == "0/output" and answer.answer else _key_of(array, arrays)
            arrays[key] = array
            entry["expected"][name] = key
        entries.append(entry)
    facts = {name: known_of(checks) for name, checks in functions.items()}
    header = json.dumps({"made_with": made_with, "functions": facts, "checks": entries}, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, header=np.array(header), **arrays)  # type: ignore[arg-type]


def known_of(checks: PublicChecks) -> dict[str, Any]:
    """Return what a file of answers says of a function beside its checks."""
    return {"needs": checks.needs, "hints": dict(checks.hints), "maps": checks.maps}


def described(answer: Answer) -> dict[str, Any]:
    """Return what a file of answers says of a check beside its arrays."""
    return {name: getattr(answer, name) for name in _DESCRIBED}


def kept_arrays(expected: Observation) -> Arrays:
    """Return the arrays that are stored: the way to the result is large, and no public judge looks at it."""
    return {name: array for name, array in expected.arrays.items() if not name.endswith("/shown")}


def _key_of(array: np.ndarray, arrays: Arrays) -> str:
    """Checks that share a trial share its arrays."""
    for key, known in arrays.items():
        if known.dtype == array.dtype and np.array_equal(known, array):
            return key
    return str(len(arrays))


@functools.cache
def load_answers(folder: Path = ANSWERS) -> dict[str, PublicChecks]:
    """Return the public checks of each function, by its name.

    Raises
    ------
    FileNotFoundError
        If the folder holds no answers.
    """
    found: dict[str, PublicChecks] = {}
    for path in sorted(folder.glob("*.npz")):
        header, arrays = read_answers(path)
        for entry in header["checks"]:
            expected = {name: arrays[key] for name, key in entry["expected"].items()}
            answer = Answer(
                **{name: entry[name] for name in _DESCRIBED},
                trial=decode(entry["trial"], arrays),
                expected=Observation(entry["calls"], expected),
            )
            known = found.get(answer.function) or PublicChecks((), **header["functions"][answer.function])
            found[answer.function] = replace(known, answers=(*known.answers, answer))
    if not found:
        raise FileNotFoundError(
            said(
                "no stored answers in {folder}: get the folder cs231n/answers of the course kit again",
                folder=folder,
            )
        )
    return found


def read_answers(path: Path) -> tuple[dict[str, Any], Arrays]:
    """Return the header ("made_with", "functions", "checks") and the arrays of one file of answers."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    header: dict[str, Any] = json.loads(str(arrays.pop("header")))
    return header, arrays
