"""Parses Python, one text at a time: a class is graded in several threads."""

from __future__ import annotations

import ast
import contextlib
import threading
import warnings
from collections.abc import Iterator

from cs231n.handin.lexing import is_formatted, tokens

# What Python raises on text that it does not take, whatever the text; nothing else is an error of the text's.
REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError)
# Python itself takes 200; so deep, other parsers than that of this version may take time without limit.
DEEPEST = 100
# Python looks for each field of an f-string from its beginning on: a long one takes time with the square of its length.
LONGEST_F_STRING = 10_000

_alone = threading.RLock()


def parse(text: str) -> ast.Module:
    """Return the tree of a text, as `ast.parse` does; what would take long to parse is refused.

    Two threads that do so at a time can fail with a SystemError, "AST constructor recursion depth mismatch"
    (https://github.com/python/cpython/issues/106905).

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError, OverflowError, SystemError
        If it is no Python: `REFUSALS`.
    """
    _check(text)
    with _alone:
        return ast.parse(text)


def _check(text: str) -> None:
    """Refuse brackets too deep and f-strings too long for Python to parse in time that grows with the text alone.

    Raises
    ------
    SyntaxError
        Where the first of them is.
    """
    may_be_deep = text.count("(") + text.count("[") + text.count("{") > DEEPEST
    if not may_be_deep and len(text) <= LONGEST_F_STRING:
        return
    for token in tokens(text):
        if token.kind == "open" and token.depth > DEEPEST:
            _refuse(f"more than {DEEPEST} brackets inside each other", text, token.start)
        is_long = token.end - token.start > LONGEST_F_STRING and token.kind in ("string", "long")
        if is_long and is_formatted(text, token.start):
            _refuse(f"an f-string of more than {LONGEST_F_STRING:,} characters", text, token.start)


def _refuse(what: str, text: str, place: int) -> None:
    line = text.count("\n", 0, place) + 1
    raise SyntaxError(what, ("<unknown>", line, None, None))


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Keep what Python says of a student's strings (an invalid escape sequence) to itself; that is not per thread."""
    with _alone, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
