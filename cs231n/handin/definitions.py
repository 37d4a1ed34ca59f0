"""Search for the text that defines a function, also where an empty body cannot be parsed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from cs231n.handin.parse import parse, without_warnings

Function = ast.FunctionDef | ast.AsyncFunctionDef
Block = ast.If | ast.Try | ast.TryStar | ast.With | ast.AsyncWith | ast.For | ast.AsyncFor | ast.While
_EMPTY = re.compile(r"expected an indented block after .* on line (\d+)")
# Each costs one more look at the text; the stubs that were released have at most two places to fill in.
_EMPTY_BODIES = 8


def definition_of(name: str, text: str) -> str | None:
    """Return the text of the last definition of a name: a `def`, else an assignment, else a method.

    Parameters
    ----------
    name : str
        The function.
    text : str
        Python; bodies of nothing but comments are taken for `pass`.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        If the text is no Python.
    """
    tree, text = parsed(text)
    functions = [node for node in functions_in(tree.body) if node.name == name]
    if not functions:
        assigned = [node for node in tree.body if name in _assigned(node)]
        if assigned:
            return ast.get_source_segment(text, assigned[-1])
        every = (node for node in ast.walk(tree) if isinstance(node, Function) and node.name == name)
        functions = sorted(every, key=lambda node: node.lineno)
    return lines_of(functions[-1], text) if functions else None


def defines(name: str, text: str) -> bool:
    """Whether a text is Python that defines a function of that name at its top level.

    >>> defines("half", "def half(x): return x"), defines("half", "Write `def half(x)` below.")
    (True, False)
    """
    if f"def {name}" not in text:
        return False
    try:
        tree, _ = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(node.name == name for node in functions_in(tree.body))


def functions_in(statements: Iterable[ast.stmt]) -> Iterator[Function]:
    """Yield the functions that a text defines at its top level, also below `if`, `try` and the like."""
    for statement in statements:
        if isinstance(statement, Function):
            yield statement
        elif isinstance(statement, Block):
            yield from functions_in(inside(statement))


def inside(block: Block) -> Iterator[ast.stmt]:
    """Yield the statements directly inside a compound statement, in their order."""
    yield from block.body
    for handler in getattr(block, "handlers", ()):
        yield from handler.body
    yield from getattr(block, "orelse", ())
    yield from getattr(block, "finalbody", ())


def lines_of(function: ast.stmt, text: str) -> str:
    """Return the whole lines of a text on which a function stands, its decorators and comments included."""
    first = min([function.lineno, *(d.lineno for d in getattr(function, "decorator_list", ()))])
    return "\n".join(text.split("\n")[first - 1 : function.end_lineno])


def parsed(text: str) -> tuple[ast.Module, str]:
    """Return the tree of a text, and the text that it is the tree of.

    It may be indented as a whole. Where a body holds nothing but comments, because a student deleted its `pass`,
    that `pass` is put back.
    """
    text = re.sub(r"\r\n?", "\n", text)
    if re.match(r"\s*\n[ \t]|[ \t]", text):
        text = f"if True:\n{text}"
    with without_warnings():
        for _ in range(_EMPTY_BODIES):
            try:
                return parse(text), text
            except IndentationError as error:
                text = _filled(text, error)
        return parse(text), text


def _filled(text: str, error: IndentationError) -> str:
    """Put a `pass` into the body that is empty, in front of the line at which Python missed it."""
    empty = _EMPTY.match(error.msg or "")
    if empty is None:
        raise error
    lines, header = text.split("\n"), int(empty[1])
    margin = re.match(r"[ \t]*", lines[header - 1])
    # at the end of a text Python names the header or the last line
    at_end = (
        not error.lineno
        or error.lineno <= header
        or error.lineno > len(lines)
        or _comments(lines, error.lineno)
    )
    before = len(lines) if at_end else (error.lineno or 1) - 1
    lines.insert(before, f"{margin[0] if margin else ''} pass")
    return "\n".join(lines)


def _comments(lines: list[str], number: int) -> bool:
    """Whether from a line on there is nothing but comments."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines[number - 1 :])


def _assigned(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.Assign):
        return {target.id for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and statement.value and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    return set()
