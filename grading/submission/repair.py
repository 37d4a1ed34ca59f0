"""Search for what can be saved of a cell that is no Python as it stands: magics, older syntax, then block by block."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from cs231n.handin.conflicts import IN_CONFLICT
from cs231n.handin.lexing import tokens
from cs231n.handin.magics import without_magics
from cs231n.handin.parse import REFUSALS, parse
from cs231n.handin.stubs import is_stub
from grading.submission.old_python import translate

_DEFINITION = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)
_CONTINUES = re.compile(r"\s|$|#|[)\]}%]|(?:else|elif|except|finally)\b")
BLOCKS_JOINED = 60
# How much text is parsed, again and again, to save what can be saved of a submission: no person's needs a tenth.
EFFORT = 2_000_000
EFFORT_OF_A_LOOK = 100
SCANNED_WITH_THE_SAME_EFFORT = 8


@dataclass(frozen=True)
class Parsed:
    """Text that is Python, and its tree.

    Attributes
    ----------
    text : str
    tree : ast.Module
    line : int
        The line of the cell on which it begins.
    translated : tuple of str
        What was rewritten before it parsed: keys of `old_python.TRANSLATIONS`.
    """

    text: str
    tree: ast.Module
    line: int = 1
    translated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Broken:
    """Text that is no Python, the line of its cell on which it begins, and the names of functions it was to define.

    It may be a stub all the same: a function of nothing but comments, its `pass` deleted. `unread` says that it was
    not looked through for what can be saved, for there is too much of it.
    """

    place: str
    message: str
    names: frozenset[str]
    text: str = ""
    line: int = 1
    stub: bool = False
    unread: bool = False


class Effort:
    """What may still be spent on a submission: on its text that is no Python, and on its statements."""

    def __init__(self, statements: int) -> None:
        self.left = EFFORT
        self.statements = statements

    def spend(self, characters: int) -> None:
        """Take off what a look at some text costs."""
        self.left -= characters + EFFORT_OF_A_LOOK

    def parsed(self, text: str, line: int) -> ast.Module | str:
        """Return the tree of a text that begins on a line, or the message of the error."""
        self.spend(len(text))
        return tree_of(text, line)


def tree_of(text: str, line: int = 1) -> ast.Module | str:
    """Return the tree of a text that begins on a line of its cell, or the message of the error."""
    try:
        return parse(text)
    except REFUSALS as error:
        return message_of(error, line)


def message_of(error: BaseException, line: int) -> str:
    """Return what a person is told of an error in a text that begins on a line of its cell."""
    if isinstance(error, SyntaxError):
        number = error.lineno + line - 1 if error.lineno is not None else None
        what = "a merge conflict" if IN_CONFLICT in (error.text or "") else error.msg
        return f"{type(error).__name__}: {what} (line {number})"
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def saved(text: str, line: int, place: str, effort: Effort) -> Iterator[Parsed | Broken]:
    """Yield what can be saved of a text that is no Python, and what cannot.

    The whole is tried with its magics translated, then block by block: an error costs only the block that holds it.
    """
    if effort.left <= 0:
        yield _unread(text, line, place)
        return
    plain = without_magics(text)
    whole = _first_that_parses(plain, line, effort)
    if whole is not None:
        yield whole
        return
    yield from _block_by_block(plain, line, place, effort)


def _first_that_parses(plain: str, line: int, effort: Effort) -> Parsed | None:
    """Return a text as it is, or in the syntax of today, if that is Python."""
    tree = effort.parsed(plain, line)
    if isinstance(tree, ast.Module):
        return Parsed(plain, tree, line)
    newer, translated = translate(plain)
    tree = effort.parsed(newer, line) if translated else tree
    return Parsed(newer, tree, line, translated) if isinstance(tree, ast.Module) else None


def _unread(text: str, line: int, place: str) -> Broken:
    message = tree_of(text, line)
    return Broken(place, message if isinstance(message, str) else "", _defined(text), text, line, unread=True)


def _defined(text: str) -> frozenset[str]:
    return frozenset(_DEFINITION.findall(text))


def _block_by_block(text: str, line: int, place: str, effort: Effort) -> Iterator[Parsed | Broken]:
    """Yield the top-level blocks of a text.

    A block that does not parse alone, but does with some of those behind it, is one with them: a docstring whose
    lines stand at the margin.
    """
    starts = _starts(text)
    ends = [*starts[1:], len(text)]
    here = 0
    for start, upto, before in zip(starts, ends, _lines_before(text, starts), strict=True):
        if start < here:
            continue  # it is one with a block before it
        first = line + before
        block = text[start:upto].removesuffix("\n")
        here = upto
        if effort.left <= 0:
            yield _unread(text[start:], first, place)
            return
        if not block.strip():
            continue
        tree = effort.parsed(block, first)
        if isinstance(tree, ast.Module):
            yield Parsed(block, tree, first)
        elif joined := _joined(text, starts, start, first, effort):
            here = start + len(joined.text)
            yield joined
        else:
            found = _first_that_parses(without_magics(block), first, effort)
            yield found or Broken(place, tree, _defined(block), block, first, is_stub(block))


def _starts(text: str) -> list[int]:
    """Return where the top-level blocks of a text begin: at lines at the margin that do not go on with another."""
    starts, here, decorated = [0], 0, False
    for line in text.split("\n"):
        if here and not decorated and not _CONTINUES.match(line):
            starts.append(here)
        decorated = line.startswith("@")
        here += len(line) + 1
    return starts


def _lines_before(text: str, starts: list[int]) -> Iterator[int]:
    parts = (text.count("\n", start, end) for start, end in pairwise(starts))
    return accumulate(parts, initial=0)


def _joined(text: str, starts: list[int], start: int, line: int, effort: Effort) -> Parsed | None:
    """Return a block with those behind it up to where its strings and brackets are closed, if that is Python."""
    end = _where_all_is_closed(text, starts, start, effort)
    if end is None:
        return None
    block = text[start:end]
    tree = effort.parsed(block, line)
    return Parsed(block, tree, line) if isinstance(tree, ast.Module) else None


def _where_all_is_closed(text: str, starts: list[int], start: int, effort: Effort) -> int | None:
    """Return where the blocks behind the one at `start` end that it opens a string or a bracket for.

    None, if it opens none, or the next definition comes before the end.
    """
    number = first = bisect_right(starts, start)  # the block behind it
    is_open, end = False, start
    for token in tokens(text, start):
        while number < len(starts) and token.start >= starts[number]:
            if not is_open and end <= starts[number]:
                return starts[number] if number > first else None
            if number - first >= BLOCKS_JOINED or _DEFINITION.match(text, starts[number]):
                return None
            effort.left -= (starts[number] - starts[number - 1]) // SCANNED_WITH_THE_SAME_EFFORT
            number += 1
        is_open, end = token.depth > 0, token.end
    while (
        number < len(starts) and end > starts[number]
    ):  # what comes behind the last token has none of its own
        number += 1
    if is_open or number == first:
        return None
    return starts[number] if number < len(starts) else len(text)
