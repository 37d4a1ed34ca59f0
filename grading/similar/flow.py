"""What is computed from what: chains of operations that stay when statements are taken apart, joined or moved.

A name stands for the operation that gave it its value, so that it does not matter whether a value has a name; nor do
the order of statements and operands, nor whether an operation is a method, a function or an operator.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

# Of one text: the names of many operands times many uses of their result would fill the memory.
MOST = 5_000
_OPERATORS = {"Mult": "mul", "MatMult": "matmul", "Sub": "sub", "Add": "add", "Div": "div", "Pow": "pow"}


class _Operation:
    """An operation, and what those are called that it is computed from."""

    def __init__(self, name: str, of: frozenset[str] = frozenset()):
        self.name, self.of = name, of


def chains(source: str) -> Iterator[tuple[str, int]]:
    """Yield chains of two and of three operations, the last one first, with the line (from 0) of the last.

    At most `MOST` are yielded; a text that is no Python yields nothing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    reader = _Reader()
    try:
        reader.visit(tree)
    except RecursionError:
        return
    yield from reader.found[:MOST]


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[tuple[str, int]] = []
        self.values: dict[str, _Operation] = {}

    def visit_Assign(self, node: ast.Assign) -> None:
        value = self._value(node.value)
        for target in node.targets:
            self._set(target, value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        both = [self._value(node.target), self._value(node.value)]
        self._set(node.target, self._operation(type(node.op).__name__, both, node.lineno))

    def visit_For(self, node: ast.For) -> None:
        self._set(node.target, self._operation("for", [self._value(node.iter)], node.lineno))
        for statement in (*node.body, *node.orelse):
            self.visit(statement)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value:
            self._operation("return", [self._value(node.value)], node.lineno)

    def visit_arguments(self, node: ast.arguments) -> None:
        for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs):
            self.values[argument.arg] = _Operation("argument")

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr):
            self._value(node)
        else:
            super().generic_visit(node)

    def _set(self, target: ast.expr, value: _Operation | None) -> None:
        if isinstance(target, ast.Name):
            if value:
                self.values[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            for one in target.elts:
                self._set(one, value)
        else:
            self._operation("set", [self._value(target), value], target.lineno)

    def _value(self, node: ast.expr) -> _Operation | None:
        """Return the operation that gives a value; None of a constant, a module, a name of elsewhere."""
        if isinstance(node, ast.Name):
            return self.values.get(node.id)
        if isinstance(node, (ast.Constant, ast.Starred)):
            return None
        if isinstance(node, ast.Call):
            callee = node.func
            name = getattr(callee, "attr", getattr(callee, "id", "call"))
            if name in self.values:  # a function of the author's own
                name = "own"
            of = [*node.args, *(keyword.value for keyword in node.keywords)]
            of += [callee.value] if isinstance(callee, ast.Attribute) else []
        else:
            operator = getattr(node, "op", None)
            name = type(operator or node).__name__ + (
                f".{node.attr}" if isinstance(node, ast.Attribute) else ""
            )
            of = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.comprehension):
                    self._set(part.target, self._operation("for", [self._value(part.iter)], node.lineno))
        return self._operation(name, [self._value(child) for child in of], node.lineno)

    def _operation(self, name: str, of: list[_Operation | None], line: int) -> _Operation:
        name = _OPERATORS.get(name, name)
        known = [operation for operation in of if operation]
        for operation in known:
            if len(self.found) >= MOST:
                break
            self.found.append((f"{name} < {operation.name}", line - 1))
            self.found += [
                (f"{name} < {operation.name} < {first}", line - 1) for first in sorted(operation.of)
            ]
        return _Operation(name, frozenset(operation.name for operation in known))
