"""Parses Python, one text at a time: a class is graded in several threads."""

from __future__ import annotations

import ast
import contextlib
import threading
import warnings
from collections.abc import Iterator

_alone = threading.RLock()


def parse(text: str) -> ast.Module:
    """Return the tree of a text, as `ast.parse` does.

    Two threads that do so at a time can fail with a SystemError, "AST constructor recursion depth mismatch"
    (https://github.com/python/cpython/issues/106905).
    """
    with _alone:
        return ast.parse(text)


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Keep what Python says of a student's strings (an invalid escape sequence) to itself; that is not per thread."""
    with _alone, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
