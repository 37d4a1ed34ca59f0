"""Keeps the inputs of private checks out of what is told of them.

A function sees the inputs of private checks, and its student reads what a check says of it. An exception could carry
them there, and so could the name of a type. Nothing that a child says of itself is believed: types and places are
those that the trusted side knows or finds in the student's text. A message stays where a library composed it, word by
word, and the sizes of the inputs stay in it; no other number does. `SECURITY.md` says what a student can still learn.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.trials.exceptions import SHORTENED, STUDENT, WITHHELD
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Picture, Pictures, Tensor, Trial, words
from grading.submission.selection import Piece
from grading.verdict.library_words import library_types, library_words
from grading.verdict.reference import reference_observation

# Figures of all numbers in one message: those of the longest honest one, which names two shapes of four dimensions.
FIGURES = 24
DIMENSIONS = 5  # of a shape that is told
PARTS = 4  # of a name with dots
LINE_LIMIT = 200
CUT = "…"
OTHER_TYPE = "object"  # what a value is called whose type nobody knows
OTHER_EXCEPTION = "Exception"
# Their message is what student code put in.
_CARRIERS = {
    "AssertionError",
    "KeyError",
    "StopIteration",
    "StopAsyncIteration",
    "SystemExit",
    "GeneratorExit",
}
# Sizes that networks have, and counts.
_COMMON = frozenset((*range(17), 24, 32, 48, 64, 96, 128, 192, 224, 256, 384, 512, 1000))
_HALVINGS = 4  # how often a network makes a picture smaller
_WORD = re.compile(r"[^\W\d]\w*")
_RUN = re.compile(r"[\w.]*\w|[^\w\s]{9,}")
_WHOLE = re.compile(r"[0-9]{1,6}(?:x[0-9]{1,6})*")
_QUOTED = re.compile(r"(?<!\w)'([^']*)'(?!\w)|\"([^\"]*)\"")
_SHAPE = re.compile(r"\[?(?:-?[0-9]{1,6}(?:, ?|(?=\])|$)){1,5}\]?")
_LONG_SHAPE = re.compile(rf"-?[0-9]+(?:, ?-?[0-9]+){{{DIMENSIONS},}}")
_UNWRITTEN = re.compile(r"[^\x20-\x7e]|[|#^$~\\]")
# Where a library lies on this machine tells nobody anything.
_PATH = re.compile(r"(?:/[\w.+-]+){2,}")
_PLACE = re.compile(r"(?P<file>.{1,300})(?: \(submitted\))?, line (?P<number>[0-9]{1,6})")


@dataclass(frozen=True)
class StudentText:
    """What a student wrote: the pieces of a function, and those of the modules beside it. They may read all of it."""

    pieces: Sequence[Piece]
    modules: Sequence[Piece] = ()

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """All words in it, names with figures among them."""
        return frozenset(
            word for piece in (*self.pieces, *self.modules) for word in _WORD.findall(piece.source)
        )

    def line(self, place: str) -> str | None:
        """Return the line at a place such as "A.ipynb, cell 3, line 4"; None if there is none."""
        if (match := _PLACE.fullmatch(place)) is None:
            return None
        number = int(match["number"])
        for piece in (*self.pieces, *self.modules):
            if piece.place == match["file"].removesuffix(" (submitted)"):
                lines = piece.source.split("\n")
                if 0 <= number - piece.line < len(lines):
                    return lines[number - piece.line].strip()[:LINE_LIMIT]
        return None


def without_inputs(seen: Observation, trial: Trial, text: StudentText | None) -> Observation:
    """Return what was seen in a trial with private inputs, with nothing in its words that tells them.

    Parameters
    ----------
    seen : Observation
    trial : Trial
    text : StudentText or None
        What the student wrote; None where it is not at hand, as in the student's own kernel: then places are believed.
    """
    calls = [_facts(call, trial, text) for call in seen.calls]
    return dataclasses.replace(seen, calls=calls)


def _facts(call: Mapping[str, Any], trial: Trial, text: StudentText | None) -> dict[str, Any]:
    written = text.words if text else frozenset()
    facts = dict(call)
    if facts["raised"]:
        facts["raised"] = _raised(facts["raised"], trial, text)
    if facts["type"] is not None and facts["type"] not in library_types() | written:
        facts["type"] = OTHER_TYPE
    for key in ("dtype", "unreadable"):
        if key in facts and not _is_dtype(facts[key]):
            facts[key] = OTHER_TYPE
    return facts


def _is_dtype(name: str) -> bool:
    if re.fullmatch(r"[0-9]{1,2} axes", name):
        return True
    try:
        return len(name) <= len("complex256") and np.dtype(name).name == name
    except TypeError:
        return False


def _raised(raised: Mapping[str, str], trial: Trial, text: StudentText | None) -> dict[str, str]:
    """Return an exception with the type and place that the trusted side knows, and what may be told of its message."""
    place, line = raised["place"], raised.get("line", "")
    if text is not None:
        found = text.line(place)
        place, line = (place, found) if found is not None else ("", "")
    written = text.words if text else frozenset(_WORD.findall(line))
    known = raised["type"] in library_types() or raised["type"] in written
    kind = raised["type"] if known else OTHER_EXCEPTION
    told = {"type": kind, "message": raised["message"], "place": place, "line": line}
    if not raised["message"]:
        return told
    if raised.get("by") == STUDENT or kind in _CARRIERS or raised["type"] not in library_types():
        return {**told, "message": "", WITHHELD: "yes"}
    message = message_without_inputs(raised["message"], sizes_of(trial), written)
    shortened = message.count(CUT) > raised["message"].count(CUT)
    return {**told, "message": message, **({SHORTENED: "yes"} if shortened else {})}


def message_without_inputs(message: str, sizes: frozenset[int], written: frozenset[str]) -> str:
    """Return a library's message with a mark for each part that a private input may be in.

    What stays: words of the libraries and of the student's own text; whole numbers that are sizes of the inputs, few
    in one shape and in all. What is quoted is one name or one shape, or it goes.

    Parameters
    ----------
    message : str
    sizes : frozenset of int
        Whole numbers that may be told (`sizes_of`).
    written : frozenset of str
        The words of the student's text.
    """
    plain = _UNWRITTEN.sub(CUT, " ".join(message.split()))
    plain = _QUOTED.sub(_quotation, _PATH.sub(CUT, plain))
    plain = _LONG_SHAPE.sub(CUT, plain)
    left = FIGURES
    allowed = library_words() | written

    def told(match: re.Match[str]) -> str:
        nonlocal left
        run = match[0]
        if _WHOLE.fullmatch(run):
            figures = sum(map(str.isdigit, run))
            if figures <= left and all(int(number) in sizes for number in run.split("x")):
                left -= figures
                return run
            return CUT
        parts = run.split(".")
        names = [part for part in parts if part]
        return run if len(names) <= PARTS and all(name in allowed for name in names) else CUT

    return re.sub(f"{CUT}[{CUT} ]*{CUT}", CUT, _RUN.sub(told, plain))


def _quotation(match: re.Match[str]) -> str:
    inside = match[1] if match[1] is not None else match[2]
    one = re.fullmatch(r"[\w.]+|[^\w\s]{1,4}|", inside) or _SHAPE.fullmatch(inside)
    return match[0] if one else f"'{CUT}'"


@functools.lru_cache(maxsize=256)
def sizes_of(trial: Trial) -> frozenset[int]:
    """Return the whole numbers that a message about shapes may name in a trial.

    Those are the sizes of its inputs and of what is expected of it, one more and less, what layers of a network make
    of them, and how many elements neighbouring dimensions have together.
    """
    found = set(_COMMON)
    for shape in set(_shapes(trial)):
        sides = {near for side in shape for size in _smaller(side) for near in (size - 1, size, size + 1)}
        found |= sides
        found |= (
            {a * b for a, b in itertools.product(_smaller(shape[-1]), _smaller(shape[-2]))}
            if shape[1:]
            else set()
        )
        found |= {math.prod(shape[i:j]) for i, j in itertools.combinations(range(len(shape) + 1), 2)}
    return frozenset(found)


def _smaller(side: int) -> Iterator[int]:
    for _ in range(_HALVINGS):
        yield side
        yield side // 2
        side = (side - 1) // 2


def _shapes(trial: Trial) -> Iterator[tuple[int, ...]]:
    for value in (value for call in trial.calls for value in words(call)):
        match value:
            case Tensor():
                yield value.data.shape
            case Picture():
                yield (1, 3, value.size, value.size)
            case Pictures():
                yield (len(value.indices), 3, value.size, value.size)
    expected = reference_observation(trial)
    yield from (array.shape for array in expected.arrays.values())
