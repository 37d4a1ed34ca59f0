"""Rewrites syntax that was right when it was written: arguments called `async`, and Python 2's print statement."""

from __future__ import annotations

import re

# What is rewritten -> how a result names it.
TRANSLATIONS = {
    "async": "an old PyTorch idiom was translated: async=True",
    "print": "Python 2 was translated: the print statement",
    "except": "Python 2 was translated: except with a comma",
}

_ASYNC = re.compile(r"(?<=[(,\s])async(?=\s*=\s*(?:True|False|1|0)\b)")
# `print x`, `print "a", b`, `print`; neither a call nor a name that begins with print.
_PRINT = re.compile(
    r"^([ \t]*(?:[^#\n]*[:;][ \t]*)?)print[ \t]+(?![=.,)\]])(?P<what>[^#\n]*?)(?P<end>,?[ \t]*(?:#.*)?)$",
    re.MULTILINE,
)
_EXCEPT = re.compile(r"^([ \t]*except[ \t]+[\w.]+)[ \t]*,[ \t]*(\w+)[ \t]*:", re.MULTILINE)


def translate(text: str) -> tuple[str, tuple[str, ...]]:
    """Rewrite old syntax in a text that does not parse.

    Returns
    -------
    str
        The text, with as many lines.
    tuple of str
        Keys of `TRANSLATIONS`: what was rewritten.
    """
    done = []
    for key, pattern, new in (
        ("async", _ASYNC, "non_blocking"),
        ("print", _PRINT, r"\1print(\g<what>)"),
        ("except", _EXCEPT, r"\1 as \2:"),
    ):
        text, count = pattern.subn(new, text)
        if count:
            done.append(key)
    return text, tuple(done)
