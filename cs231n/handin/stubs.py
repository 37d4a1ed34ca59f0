"""Stub detection: the one rule that packer, self-check and grader share. It needs no solution."""

from __future__ import annotations

import ast
import copy
import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from cs231n.handin.definitions import Block, Function, functions_in, inside, parsed
from cs231n.handin.parse import REFUSALS, parse
from cs231n.handin.released import EVERY_STUB
from cs231n.handin.statements import assigns_nothing, head_prepares, prepares, says_nothing

# No stub is nearly as long; a text of megabytes would take seconds to read.
LONGEST = 100_000
PARAMETER = "_"
_START = re.compile(
    r"START OF YOUR CODE|YOUR CODE HERE|TODO|Replace .?pass.? statement|INICIO DE SU C", re.IGNORECASE
)
_END = re.compile(r"END OF YOUR (CODE|IMPLEMENTATION)|FIN DE SU C", re.IGNORECASE)


def is_stub(source: str) -> bool:
    """Whether the text of a function's definition holds nothing of the student's own.

    A stub consists of what released stubs of any year consist of, of statements that do nothing (`pass`, `...`, a
    docstring, `loss = None`, a `print`, NotImplementedError), and of comments. So does a function whose markers hold
    nothing, if around them only something is prepared. Code that computes but returns nothing is no stub.

    Parameters
    ----------
    source : str
        Any text, indented or not; what is no Python, or much too long for a stub, is none.

    Examples
    --------
    >>> is_stub("def double(x):\\n    # TODO\\n    pass")
    True
    >>> is_stub("def double(x):\\n    return 2 * x")
    False
    """
    source = source.lstrip("\n")
    if len(source) > LONGEST:
        return False
    try:
        tree, text = parsed(source)
        functions, lines = list(functions_in(tree.body)), text.split("\n")
        if functions:
            return all(_is_untouched(function, lines) for function in functions)
        return len(tree.body) == 1 and assigns_nothing(tree.body[0])
    except REFUSALS:
        return False


def normalised(function: Function) -> list[ast.stmt]:
    """Return the body of a function as the data has it: parameters have one name, numbers one value. It is changed."""
    arguments = function.args
    parameters = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    parameters |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id in parameters:
                node.id = PARAMETER
            elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
                node.value = 0
    return function.body


def leaves(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and those inside a loop, an `if` and the like after the one that holds them."""
    for statement in statements:
        yield statement
        if isinstance(statement, Block):
            yield from leaves(inside(statement))


def statement_text(statement: ast.stmt) -> str:
    """Return a statement as text; of a compound one its head alone, of an annotated one what it assigns."""
    if isinstance(statement, Block):
        statement = copy.copy(statement)
        statement.body = [ast.Pass()]
        for rest in ("handlers", "orelse", "finalbody"):
            if hasattr(statement, rest):
                setattr(statement, rest, [])
    elif isinstance(statement, ast.AnnAssign) and statement.value:
        return f"{ast.unparse(statement.target)} = {ast.unparse(statement.value)}"
    return ast.unparse(statement)


def _is_untouched(function: Function, lines: Sequence[str]) -> bool:
    own = list(_own(function))
    if not own:
        return True
    places = list(_places(lines, function.lineno, _last_line(function, lines)))
    return bool(places) and not any(_is_within(places, s.lineno) or not prepares(s) for s in own)


def _is_within(places: Sequence[tuple[int, int]], line: int) -> bool:
    """Whether a line is within one of several places, which are in order."""
    before = bisect_right(places, line, key=lambda place: place[0])
    return before > 0 and line <= places[before - 1][1]


def _own(function: Function) -> Iterator[ast.stmt]:
    """Yield the statements of a function that neither do nothing nor stand in a released stub."""
    body = normalised(function)
    outermost = {id(statement) for statement in body}
    for statement in leaves(body):
        # what is returned inside a loop or an `if` was chosen there; no released stub has that
        chosen = isinstance(statement, ast.Return) and id(statement) not in outermost
        prepared = head_prepares(statement) if isinstance(statement, Block) else says_nothing(statement)
        if (chosen or not prepared) and statement_text(statement) not in _released():
            yield statement


@functools.cache
def _released() -> frozenset[str]:
    """Return the statements of released stubs in the form in which they are compared."""
    stub = parse("def stub(_):\n" + "\n".join(f"    {line}" for line in EVERY_STUB))
    (function,) = functions_in(stub.body)
    return frozenset(statement_text(statement) for statement in normalised(function))


def _last_line(function: Function, lines: Sequence[str]) -> int:
    """Return the last line of a function, comments at its end included: Python's own count leaves these out."""
    last = function.end_lineno or function.lineno
    for number, line in enumerate(lines[last:], last + 1):
        text = line.lstrip()
        if text and not (text.startswith("#") and len(line) - len(text) > function.col_offset):
            break
        last = number if text else last
    return last


def _places(lines: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each place that markers leave to the student."""
    start = None
    for number in range(first, last + 1):
        line = lines[number - 1].strip()
        if not line.startswith("#"):
            continue
        if _END.search(line):
            if start is not None:
                yield start, number
            start = None
        elif start is None and _START.search(line):
            start = number  # the first: a student's own "# TODO" may stand further down, behind the work
    if start is not None:
        yield start, last
