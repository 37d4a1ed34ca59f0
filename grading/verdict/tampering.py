"""Signs in a function's text that it looks at, or changes, the program that tries it.

What a function does while it runs (its loops, what it changes, what it shows a network) is seen in its own process,
where code can make it look otherwise. No honest solution needs what is looked for here, and a reader is told of it.
Where a function, with what it reaches, does what has no honest use, what is seen in that process counts for nothing.
What follows from results alone counts as ever.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from cs231n.sentences import Sentence, joined, sentence
from grading.assignments.vocabulary.claims import SEEN_INSIDE
from grading.assignments.vocabulary.function import Function
from grading.results.definition import CheckResult
from grading.submission.selection import Piece
from grading.verdict.judge import check_result

# Comments and strings are left in: a name may be put together from a string. Each line is scanned once, so that it
# costs the same whatever is written in it.
_PATCHED = r"torch|np|numpy|builtins|json|os"
WAYS: Mapping[str, re.Pattern[str]] = {
    "hides what it asks PyTorch for": re.compile(
        r"Disable\w{0,10}Torch\w{0,20}|_disable_\w{0,20}mode\w{0,2}|Torch(?:Function|Dispatch)Mode|"
        r"__torch_(?:function|dispatch)__|_python_dispatch\b|_(?:get|pop|set|len|push)_\w{0,20}(?:mode|torch_\w{0,10}stack)|"
        r"\b_forward_pre_hooks\b"
    ),
    "reaches into the kit or the grader": re.compile(
        r"\bcs231n\.trials\b|\bimport trials\b|\bsys\.modules\b|\bfrom sys import modules\b|"
        r"\bgrading\.(?:sandbox|verdict|assignments|classroom|results)\b|"
        r"\b(?:Observation|_Operations|_CarriedOut|_write_arguments|_write_gradients)\b"
    ),
    "looks at the frames or objects around it": re.compile(
        r"\bget_(?:objects|referrers|referents)\b|\binspect\.(?:stack|currentframe|getouterframes|trace)\b|"
        r"\b_getframe\w{0,20}|\b_current_(?:frames|exceptions)\b|\bf_(?:back|globals|locals|builtins|trace)\b|"
        r"\btb_frame\b|\b__(?:closure|code|globals|subclasses)__|\b[gc][ir]_frame\b"
    ),
    "follows what Python runs": re.compile(
        r"\bset(?:trace|profile)\w{0,20}\b|\bsys\.monitoring\b|\baddaudithook\b|\bBdb\b|\batexit\b"
    ),
    "replaces parts of a library": re.compile(
        rf"^[ \t]*(?:{_PATCHED})(?:\.\w{{1,40}}){{1,4}} ?= ?[^=\s]|\bsetattr\((?:{_PATCHED})\b|"
        rf"\b(?:{_PATCHED}|sys)(?:\.\w{{1,40}}){{0,3}}\.__(?:dict|setattr)__",
        re.MULTILINE,
    ),
    "writes memory": re.compile(r"\bctypes(?:lib)?\b|\bcffi\b|/proc/(?:self|thread-self|\d{1,8})\b"),
    "speaks on the channel of the process": re.compile(
        r"\bsocket\.(?:socket|fromfd|socketpair)\b|\bos\.(?:write\w?|dup2?|fdopen|sendfile)\(|\bopen\(\d{1,3}\b"
    ),
    "runs text as code": re.compile(
        r"(?<![\w.])(?:exec|eval|compile|__import__)\(|\bgetattr\([^,()\n]{1,60},(?! ?[\"']\w{1,40}[\"'] ?[,)])|"
        r"\bmarshal\b|\bimport_module\(|\b(?:Function|Code)Type\("
    ),
}
# Those that have no use in a solution or in a helper; the others have, if rarely, and are only named.
SERIOUS = frozenset(list(WAYS)[:4]) | {"writes memory"}
# Settings of PyTorch, which notebooks set.
_SETTINGS = re.compile(r"^[ \t]*torch\.backends\b")
_MOST = 3


def ways_of(pieces: Sequence[Piece]) -> dict[str, str]:
    """Return the ways in which texts look at or change the program that tries them, each with the first word of it."""
    found: dict[str, str] = {}
    for piece in pieces:
        found = _ways_in(piece.source) | found
    return {way: found[way] for way in WAYS if way in found}


@functools.lru_cache(maxsize=1024)  # a module is beside each function of a submission
def _ways_in(text: str) -> dict[str, str]:
    found = {}
    for way, signs in WAYS.items():
        first = next((match[0] for match in signs.finditer(text) if not _SETTINGS.match(match[0])), None)
        if first is not None:
            found[way] = " ".join(first.split()).rstrip("(=\"' ")
    return found


def serious(ways: Mapping[str, str]) -> dict[str, str]:
    """Return those of the ways that have no honest use."""
    return {way: word for way, word in ways.items() if way in SERIOUS}


def tampering_note(ways: Mapping[str, str]) -> Sentence | None:
    """Return a note that names the ways; None if there are none."""
    if not ways:
        return None
    named = [sentence("{way}: {word}", way=sentence(way), word=word) for way, word in ways.items()]
    names = joined(named[:_MOST], "; ")
    return sentence(
        "it looks at or changes the program that tries it ({names}): please read its text", names=names
    )


def without_trust(
    asked: Function, checks: Sequence[CheckResult], ways: Mapping[str, str]
) -> tuple[CheckResult, ...]:
    """Return the checks of a function whose text shows such ways: what only its own process tells is not believed."""
    if not ways:
        return tuple(checks)
    return tuple(
        check_result(
            check,
            "fail",
            sentence(
                "not counted: {what} can be told only by the process that the function runs in, and its text {way} "
                "({word})",
                what=sentence(SEEN_INSIDE[check.judge]),
                way=sentence(next(iter(ways))),
                word=next(iter(ways.values())),
            ),
        )
        if result.status == "pass" and check.judge in SEEN_INSIDE
        else result
        for check, result in zip(asked.checks, checks, strict=True)
    )
