"""Tokens of Python text that need not be Python: strings, comments, brackets and where statements begin and end.

One pass over a text whatever is in it: each pattern here matches wherever its first character stands, so that nothing
is read twice. What a student wrote may be meant to make a reader slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# An open string extends to the end of its line, or of the text; so a quote that nothing closes fails nowhere.
_TOKEN = re.compile(
    r"""
    (?P<comment> \#[^\n]* )
    | (?P<long> \"\"\" [^"\\]* (?: (?: \\[\s\S] | "(?!"") ) [^"\\]* )* (?:\"\"\")?
              | '''    [^'\\]* (?: (?: \\[\s\S] | '(?!'') ) [^'\\]* )* (?:''')? )
    | (?P<string> " [^"\\\n]* (?: \\[\s\S] [^"\\\n]* )* "?
                | ' [^'\\\n]* (?: \\[\s\S] [^'\\\n]* )* '? )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<joined> \\\n )
    | (?P<end> [;:\n] )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a text that decides how the rest is read.

    Attributes
    ----------
    kind : str
        "comment", "long" (a string in triple quotes), "string", "open", "close" (a bracket), "joined" (a backslash at
        the end of a line) or "end" (";", ":" or the end of a line).
    start, end : int
        Where it is in the text.
    depth : int
        How many brackets are open behind it.
    """

    kind: str
    start: int
    end: int
    depth: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of a text from a place on, which must not be inside a string or a comment."""
    depth = 0
    for match in _TOKEN.finditer(text, start):
        kind = match.lastgroup or ""
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        yield Token(kind, match.start(), match.end(), depth)


def is_formatted(text: str, quote: int) -> bool:
    """Whether the string whose quotes begin at a place is an f-string."""
    before = text[max(0, quote - 2) : quote].lower()
    return before.endswith("f") or before in ("fr", "rf")
