"""Translation of older or newer Python syntax: arguments called `async`, Python 2's print, 3.12's f-strings."""

from __future__ import annotations

import re

# What is rewritten -> how a result names it.
TRANSLATIONS = {
    "async": "an old PyTorch idiom was translated: async=True",
    "print": "Python 2 was translated: the print statement",
    "except": "Python 2 was translated: except with a comma",
    "f-string": "Python 3.12 was translated: the same quotes inside an f-string",
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
    older = "\n".join(map(_other_quotes_inside, text.split("\n")))
    if older != text:
        done.append("f-string")
    return older, tuple(done)


_F_STRING = re.compile(r"""(?<![\w"'])(?:[fF][rR]?|[rR][fF])(["'])(?!\1)""")


def _other_quotes_inside(line: str) -> str:
    """Let the fields of an f-string on one line use the other kind of quotes: f"{d["a"]}" is new in Python 3.12."""
    changed, here = "", 0
    while match := _F_STRING.search(line, here):
        quote, other = match[1], "'" if match[1] == '"' else '"'
        changed += line[here : match.end()]
        depth, here = 0, match.end()
        while here < len(line) and (depth or line[here] != quote):
            character = line[here]
            depth += (character == "{") - (character == "}" and depth > 0)
            changed += other if depth and character == quote else character
            here += 1
    return changed + line[here:]
