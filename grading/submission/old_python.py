"""Translation of older or newer Python syntax: arguments called `async`, Python 2's print, 3.12's f-strings."""

from __future__ import annotations

import re

from cs231n.handin.lexing import Token, tokens

# What is rewritten -> how a result names it.
TRANSLATIONS = {
    "async": "an old PyTorch idiom was translated: async=True",
    "print": "Python 2 was translated: the print statement",
    "except": "Python 2 was translated: except with a comma",
    "f-string": "Python 3.12 was translated: the same quotes inside an f-string",
}

_ASYNC = re.compile(r"(?<=[(,\s])async(?=\s*=\s*(?:True|False|1|0)\b)")
# `print x`, `print "a", b`; neither a call nor a name that begins with print.
_PRINT = re.compile(r"([ \t]*+)print[ \t]++(?![=.,)\]\n#]|\Z)")
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
    for key, rewrite in (
        ("async", lambda text: _ASYNC.sub("non_blocking", text)),
        ("print", _print_called),
        ("except", lambda text: _EXCEPT.sub(r"\1 as \2:", text)),
        ("f-string", lambda text: "\n".join(map(_other_quotes_inside, text.split("\n")))),
    ):
        before, text = text, rewrite(text)
        if text != before:
            done.append(key)
    return text, tuple(done)


def _print_called(text: str) -> str:
    """Put what print statements print into brackets; without the comma that keeps the line open."""
    parts, here = [], 0
    match = _PRINT.match(text)
    for token in (*tokens(text), Token("end", len(text), len(text), 0)):
        sign = text[token.start : token.end]
        if token.depth or token.kind not in ("end", "comment"):
            continue
        if match and sign != ":":
            printed = text[match.end() : token.start].rstrip(" \t").removesuffix(",")
            parts += [text[here : match.end(1)], f"print({printed})", "  " * (token.kind == "comment")]
            here, match = token.start, None
        if match is None and token.kind == "end":
            match = _PRINT.match(text, token.end)
    return "".join(parts) + text[here:]


_F_STRING = re.compile(r"""(?<![\w"'])(?:[fF][rR]?|[rR][fF])(["'])(?!\1)""")


def _other_quotes_inside(line: str) -> str:
    """Let the fields of an f-string on one line use the other kind of quotes: f"{d["a"]}" is new in Python 3.12."""
    changed, here = [], 0
    while match := _F_STRING.search(line, here):
        quote, other = match[1], "'" if match[1] == '"' else '"'
        changed.append(line[here : match.end()])
        depth, here = 0, match.end()
        while here < len(line) and (depth or line[here] != quote):
            character = line[here]
            depth += (character == "{") - (character == "}" and depth > 0)
            changed.append(other if depth and character == quote else character)
            here += 1
    return "".join(changed) + line[here:]
