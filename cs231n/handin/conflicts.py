"""Merge conflicts that were left in a text: where they are, and what both sides agree on."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cs231n.handin.parse import REFUSALS, parse
from cs231n.handin.stubs import is_stub
from cs231n.sentences import Sentence, joined, sentence

_OURS, _BASE, _MIDDLE, _THEIRS = "<<<<<<<", "|||||||", "=======", ">>>>>>>"
# No Python: stands where a conflict was.
IN_CONFLICT = f"{_OURS} merge conflict"
_MARKS = (_OURS, _BASE, _MIDDLE, _THEIRS)
_DEFINITION = re.compile(r"(?:async +)?(?:def|class) +\w+")


@dataclass(frozen=True)
class Conflict:
    """The lines of a text, counted from 1, on which Git wrote two sides; one line where only a mark was left."""

    first: int
    last: int

    @property
    def is_mark(self) -> bool:
        """Whether there is no second side."""
        return self.first == self.last


def conflicts_in(text: str) -> list[Conflict]:
    """Return the merge conflicts of a text in their order.

    A text without `<<<<<<<` has none: what looks like the other marks may be a heading.

    >>> conflicts_in("a\\n<<<<<<< HEAD\\nb\\n=======\\nc\\n>>>>>>> theirs\\nd")
    [Conflict(first=2, last=6)]
    """
    if _OURS not in text:
        return []
    lines = text.split("\n")
    found: list[Conflict] = []
    start, divided = 0, False
    for number, line in enumerate(lines, start=1):
        if line.startswith(_OURS):
            found += [Conflict(start, number - 1 if divided else start)] if start else []
            start, divided = number, False
        elif start and line.startswith(_MIDDLE):
            divided = True
        elif start and line.startswith(_THEIRS):
            found.append(Conflict(start, number if divided else start))
            found += [] if divided else [Conflict(number, number)]
            start = 0
    if start:  # without an end: nobody knows which of the lines below belong to a side
        found.append(Conflict(start, len(lines) if divided else start))
    return found


def sides(text: str, conflicts: Sequence[Conflict]) -> tuple[str, str]:
    """Return a text as each of the two sides of its conflicts has it; a mark without a second side is left out.

    >>> text = "a\\n<<<<<<< HEAD\\nb\\n=======\\nc\\n>>>>>>> theirs\\nd"
    >>> sides(text, conflicts_in(text))
    ('a\\nb\\nd', 'a\\nc\\nd')
    """
    lines = text.split("\n")
    ours: list[str] = []
    theirs: list[str] = []
    here = 0
    for conflict in conflicts:
        before = lines[here : conflict.first - 1]
        one, other = _two_sides(lines[conflict.first : conflict.last])
        ours += [*before, *one]
        theirs += [*before, *other]
        here = conflict.last
    return "\n".join([*ours, *lines[here:]]), "\n".join([*theirs, *lines[here:]])


def _two_sides(inside: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines of each side from those below the first mark of a conflict."""
    middle = next((n for n, line in enumerate(inside) if line.startswith(_MIDDLE)), len(inside))
    base = next((n for n, line in enumerate(inside[:middle]) if line.startswith(_BASE)), middle)
    return list(inside[:base]), [line for line in inside[middle + 1 :] if not line.startswith(_THEIRS)]


def without_stubs(source: str) -> str:
    """Return a text in which conflicts of a stub with somebody's work are gone: the work stays, on as many lines.

    >>> without_stubs("def f(x):\\n<<<<<<< HEAD\\n    pass\\n=======\\n    return 2 * x\\n>>>>>>> mine")
    'def f(x):\\n    return 2 * x\\n\\n\\n\\n'
    """
    lines = source.split("\n")
    for conflict in conflicts_in(source):
        one, other = _two_sides(lines[conflict.first : conflict.last])
        if (work := other if _is_stub(one) else one if _is_stub(other) else None) and not _is_stub(work):
            empty = [""] * (conflict.last - conflict.first + 1 - len(work))
            lines[conflict.first - 1 : conflict.last] = [*work, *empty]
    return "\n".join(lines)


def _is_stub(side: Sequence[str]) -> bool:
    """Whether one side of a conflict is a stub, or a part of one in which something holds the place of the work."""
    text = "\n".join(side)
    if text.startswith((" ", "\t")):
        text = f"def stub(_):\n{text}"
    try:
        held = any(map(_holds_a_place, ast.walk(parse(text))))
    except REFUSALS:
        return False
    return held and is_stub(text)


def _holds_a_place(node: ast.AST) -> bool:
    """Whether a statement is `pass`, `...`, `loss = None`, or raises an exception."""
    if isinstance(node, ast.Assign | ast.Expr):
        return isinstance(node.value, ast.Constant) and node.value.value in (None, ...)
    return isinstance(node, ast.Pass | ast.Raise)


def disputed(source: str) -> str:
    """Return what is left of Python that stands on one side of a conflict alone: that its functions are broken.

    >>> disputed("def half(img, w):\\n    return 0\\n")
    'def half <<<<<<< merge conflict'
    """
    defined = (_DEFINITION.match(line) for line in source.split("\n"))
    return "\n".join(f"{found[0]} {IN_CONFLICT}" for found in defined if found)


def broken_where_conflicts_are(source: str, conflicts: Sequence[Conflict]) -> str:
    """Return Python in which whatever a conflict lies in, or defines, is a syntax error, and the rest is as it was."""
    lines = source.split("\n")
    for conflict in conflicts:
        inside = lines[conflict.first - 1 : conflict.last]
        emptied = [disputed(line) for line in inside]
        first = next((line for line in inside if line.strip() and not line.startswith(_MARKS)), "")
        if not conflict.is_mark and first.startswith((" ", "\t")):
            emptied[0] = f"    {IN_CONFLICT}"  # indented: it is part of the function above
        lines[conflict.first - 1 : conflict.last] = emptied
    return "\n".join(lines)


def note_on_stubs(place: str) -> Sentence:
    """Return that of a conflict with a stub the work was graded."""
    return sentence("{place}: one side of a merge conflict is a stub; the other was graded", place=place)


def note_on_conflicts(place: str, conflicts: Sequence[Conflict]) -> Sentence:
    """Return where merge conflicts are and what to do: "Style.ipynb has a merge conflict (lines 3 to 9): ..."."""
    if all(conflict.is_mark for conflict in conflicts):
        return sentence(
            "{place} has a mark of a merge conflict (line {line}): open it in a text editor, delete the lines that "
            "begin with <<<<<<<, ======= or >>>>>>>, save it and hand it in again",
            place=place,
            line=conflicts[0].first,
        )
    sides = [conflict for conflict in conflicts if not conflict.is_mark]
    lines = joined(
        (sentence("{first} to {last}", first=conflict.first, last=conflict.last) for conflict in sides[:5]),
        ", ",
    )
    return sentence(
        "{place} has a merge conflict (lines {lines}{more}): open it in a text editor, keep one side, delete the lines "
        "that begin with <<<<<<<, ======= and >>>>>>>, save it and hand it in again",
        place=place,
        lines=lines,
        more=", ..." if len(sides) > 5 else "",
    )
