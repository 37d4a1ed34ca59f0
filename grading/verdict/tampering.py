"""Signs in a function's text that it looks at, or changes, the program that tries it.

What a function does while it runs (its loops, what it changes, what it shows a network) is seen in its own process,
where code can make it look otherwise. No honest solution needs what is looked for here: a reader is told, nothing else
follows. The text is scanned once, so that it costs the same whatever is written in it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from cs231n.sentences import Sentence, sentence
from grading.submission.selection import Piece

_SIGNS = re.compile(
    r"DisableTorch(?:Function|Dispatch)\w{0,20}|_disable_current_modes|Torch(?:Function|Dispatch)Mode|"
    r"\bcs231n\.trials\b|\bgrading\.(?:sandbox|verdict|assignments)\b|\bsys\.modules\b|\bsys\._\w{1,30}|"
    r"\bgc\.get_\w{1,20}|\binspect\.(?:stack|currentframe|getouterframes)\b|\b(?:settrace|setprofile|f_back|f_globals)\b|"
    r"\bctypes\b|/proc/self\b"
)
_MOST = 3


def tampering_note(pieces: Sequence[Piece]) -> Sentence | None:
    """Return a note that names what a function's text refers to of the program that tries it; None if nothing."""
    found = {sign: None for piece in pieces for sign in _signs_in(piece.source)}
    if not found:
        return None
    names = ", ".join(list(found)[:_MOST])
    return sentence(
        "it looks at or changes the program that tries it ({names}): please read its text", names=names
    )


@functools.lru_cache(maxsize=1024)  # a module is beside each function of a submission
def _signs_in(text: str) -> tuple[str, ...]:
    return tuple(match[0] for match in _SIGNS.finditer(text))
