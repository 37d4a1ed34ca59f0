"""Tokens of Python text with names and literals folded, and what stands beside the code: comments, names, numbers.

By a regular expression: what students hand in need not be Python that can be parsed.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>[rRbBuUfF]{0,2}(?:\"{3}[\s\S]*?(?:\"{3}|\Z)|'{3}[\s\S]*?(?:'{3}|\Z)
        |"(?:\\.|[^"\\\n])*(?:"|$|(?=\n))|'(?:\\.|[^'\\\n])*(?:'|$|(?=\n))))
    |(?P<number>\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d\w*)
    |(?P<name>[^\W\d]\w*)
    |(?P<newline>\n)
    |(?P<space>(?:[^\S\n]|\\\n)+)
    |(?P<operator>\*\*=?|//=?|->|:=|[-+*/%@&|^=!<>]=|.)""",
    re.VERBOSE,
)
_NAME, _NUMBER, _STRING, _END = "n", "0", '""', ";"
_TRIVIAL = {"0", "1", "2", "3", "0.", "1.", "0.0", "1.0", "2.0", "0.5"}


@dataclass(frozen=True)
class Token:
    """A token as it is compared, and the number of its line, from 0."""

    text: str
    line: int


@dataclass(frozen=True)
class Reading:
    """What a text consists of.

    Attributes
    ----------
    code : tuple of Token
        The code: own names, numbers and strings folded; names of what a library offers stay.
    library : tuple of Token
        Of these, attributes, functions that are called and keyword arguments.
    names : tuple of Token
        Names of the author's own, and numbers that say something.
    words : tuple of Token
        Comments, docstrings and strings, line by line, in lower case, without punctuation.
    """

    code: tuple[Token, ...]
    library: tuple[Token, ...]
    names: tuple[Token, ...]
    words: tuple[Token, ...]


def read(source: str) -> Reading:
    """Return what a text consists of."""
    raw = [(kind, text, line) for kind, text, line in _raw(source) if kind != "space"]
    own = _own_names(raw)
    code: list[Token] = []
    library: list[Token] = []
    names: list[Token] = []
    words: list[Token] = []
    depth = 0
    for i, (kind, text, line) in enumerate(raw):
        following = raw[i + 1][1] if i + 1 < len(raw) else ""
        if kind == "comment" or (kind == "string" and (not code or code[-1].text in (_END, ":"))):
            words += _words(text, line)
        elif kind == "string":
            words += _words(text, line)
            code.append(Token(_STRING, line))
        elif kind == "newline":
            if depth == 0 and code and code[-1].text != _END:
                code.append(Token(_END, line))
        elif kind == "number":
            code.append(Token(_NUMBER, line))
            if text not in _TRIVIAL:
                names.append(Token(text, line))
        elif kind == "name" and not keyword.iskeyword(text):
            is_attribute = bool(code) and code[-1].text == "."
            offered = is_attribute or following == "(" or (depth > 0 and following == "=")
            if offered and text not in own:
                code.append(Token(text, line))
                library.append(code[-1])
            else:
                code.append(Token(_NAME, line))
                names.append(Token(text, line))
        else:
            depth = max(0, depth + (text in "([{") - (text in ")]}"))
            code.append(Token(text, line))
    while code and code[-1].text == _END:
        code.pop()
    return Reading(tuple(code), tuple(library), tuple(names), tuple(words))


def _raw(source: str) -> Iterator[tuple[str, str, int]]:
    line = 0
    for match in _TOKEN.finditer(source):
        yield str(match.lastgroup), match.group(), line
        line += match.group().count("\n")


def _own_names(raw: list[tuple[str, str, int]]) -> set[str]:
    """Return names that the text defines: after def, class, for and as, parameters, and those that get a value."""
    own, depth, in_head = set(), 0, False
    for (_, before, _), (kind, text, _), (_, after, _) in zip(
        [("", "", 0), *raw], raw, [*raw[1:], ("", "", 0)], strict=False
    ):
        depth = max(0, depth + (text in tuple("([{")) - (text in tuple(")]}")))
        in_head = text == "def" or (in_head and (depth > 0 or text != ":"))
        if (
            kind == "name"
            and before != "."
            and (
                before in ("def", "class", "for", "as")
                or (depth == 0 and after == "=")
                or (in_head and depth == 1 and before in tuple("(,*"))
            )
        ):
            own.add(text)
    return own


def _words(text: str, line: int) -> Iterator[Token]:
    for number, part in enumerate(text.split("\n"), line):
        spoken = re.findall(r"\w+", part.casefold())
        if len("".join(spoken)) > 3:
            yield Token(" ".join(spoken), number)
