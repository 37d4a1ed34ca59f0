"""Mutates a function's text: each operator says what else could stand in the place of one node of its syntax tree."""

from __future__ import annotations

import ast
import copy
import difflib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Replacement = ast.AST | list[ast.stmt]
Operator = Callable[[ast.AST, "Scope"], Iterator[Replacement]]


@dataclass(frozen=True)
class Mutant:
    """A function's text with one thing changed.

    Attributes
    ----------
    function, operator : str
    change : str
        The line as it is now, or "without:", "again:" or "moved:" and the line; no two mutants share it.
    source : str
        The whole text.
    """

    function: str
    operator: str
    change: str
    source: str


@dataclass(frozen=True)
class Scope:
    """What an operator may need of the function around a node: its parameters."""

    parameters: tuple[str, ...]


def mutants_of(source: str, function: str) -> list[Mutant]:
    """Return every mutant of the function that `source` defines: one change each, no two with the same text.

    Parameters
    ----------
    source : str
        Text whose only statement is the function's definition. Its docstring is not mutated.
    function : str
        Its name.
    """
    tree = ast.parse(source)
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.body = definition.body[1:] if ast.get_docstring(definition) else definition.body
    scope = Scope(tuple(argument.arg for argument in definition.args.args))
    holders = _holders(definition)
    nodes = [node for statement in definition.body for node in ast.walk(statement)]
    original = ast.unparse(tree)
    found = {original: Mutant(function, "", "", original)}
    for node, (name, operator) in itertools.product(nodes, OPERATORS.items()):
        for replacement in operator(node, scope):
            text = _replaced(tree, node, replacement, *holders[node])
            if text not in found:
                found[text] = Mutant(function, name, _change(original, text), text)
    return [mutant for mutant in found.values() if mutant.change]


def _holders(tree: ast.AST) -> dict[ast.AST, tuple[ast.AST, str]]:
    """Return of each node below another which one holds it, and in which field."""
    return {
        node: (holder, field)
        for holder in ast.walk(tree)
        for field, value in ast.iter_fields(holder)
        for node in (value if isinstance(value, list) else [value])
        if isinstance(node, ast.AST)
    }


def _replaced(tree: ast.Module, node: ast.AST, replacement: Replacement, holder: ast.AST, field: str) -> str:
    """Return the text of the tree with another node, or others, in the place of one; the tree stays as it is."""
    before = getattr(holder, field)
    others = replacement if isinstance(replacement, list) else [replacement]
    changed = (
        [other for one in before for other in (others if one is node else [one])]
        if isinstance(before, list)
        else replacement
    )
    setattr(holder, field, changed)
    text = ast.unparse(ast.fix_missing_locations(tree))
    setattr(holder, field, before)
    # `x ** -2` of a negative constant is written `x ** (-2)` once it is read
    return ast.unparse(ast.parse(text))


def _change(before: str, after: str) -> str:
    old, new = ([line.strip() for line in text.splitlines()] for text in (before, after))
    lines = list(difflib.ndiff(old, new))
    dropped = [line[2:] for line in lines if line.startswith("- ")]
    added = [line[2:] for line in lines if line.startswith("+ ") and line[2:] != "pass"]
    if not added:
        return f"without: {'; '.join(dropped)}"
    if sorted(dropped) == sorted(added):
        first = next(n for n, (one, other) in enumerate(zip(old, new, strict=True)) if one != other)
        return f"moved: {new[first]}; {new[first + 1]}"
    return ("" if dropped else "again: ") + "; ".join(added)


def _like(text: str, **parts: ast.AST) -> ast.expr:
    """Return an expression written as text, in which names stand for given nodes."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return copy.deepcopy(parts[node.id]) if node.id in parts else node

    filled: ast.expr = Fill().visit(ast.parse(text, mode="eval").body)
    return filled


ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.Add, ast.Pow),
    ast.Div: (ast.Mult, ast.Sub, ast.FloorDiv),
    ast.MatMult: (ast.Mult, ast.Add),
}
COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# Method -> those that could be mistaken for it.
METHODS: dict[str, tuple[str, ...]] = {
    "sum": ("mean", "max", "min", "prod", "norm", "std"),
    "abs": ("neg", "square", "sign", "relu", "exp"),
    "amax": ("amin", "sum", "mean", "norm", "prod", "argmax"),
    "argmax": ("argmin", "max", "amax"),
    "norm": ("sum", "mean", "max", "std", "square"),
    "pow": ("mul", "div", "add"),
    "gather": ("take_along_dim", "index_select"),
    "squeeze": ("unsqueeze", "flatten"),
    "zero_": ("neg_", "abs_"),
    "reshape": ("repeat",),
    "view": ("repeat",),
    "clone": ("round",),
    "eval": ("train",),
    "no_grad": ("enable_grad", "inference_mode"),
    "item": ("tolist",),
}
# What may be put around a value.
WRAPPED = ("-x", "x.detach()", "x.abs()", "x.sqrt()", "x.squeeze()", "x.round()", "x * x", "2 * x")


def arithmetic(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """Another arithmetic operator."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in ARITHMETIC.get(type(node.op), ()):
            changed = copy.deepcopy(node)
            changed.op = other()
            yield changed


def operand(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """One operand alone, or both exchanged where that matters."""
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.UnaryOp):
        yield node.operand


def comparison(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """Another comparison."""
    if isinstance(node, ast.Compare):
        for other in COMPARISONS:
            yield ast.Compare(node.left, [other()], node.comparators)


def constant(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A number one more, one less, negated, doubled, zero; the other truth value."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        for other in (value + 1, value - 1, -value, 2 * value, value / 2, 0):
            yield ast.Constant(other)


def wrapped(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A value negated, cut off from the graph, made positive, rooted, squeezed, rounded, squared or doubled."""
    if isinstance(node, (ast.Assign, ast.AugAssign)) and not isinstance(node.value, ast.Constant):
        for text in WRAPPED:
            changed = copy.deepcopy(node)
            changed.value = _like(text, x=node.value)
            yield changed
    elif isinstance(node, ast.BinOp):
        for side in ("left", "right"):
            for text in ("-x", "x.abs()", "x.detach()"):
                both = copy.deepcopy(node)
                setattr(both, side, _like(text, x=getattr(node, side)))
                yield both


def statement(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A statement dropped, or made twice."""
    if isinstance(node, ast.stmt):
        yield [ast.Pass()]
        if isinstance(node, (ast.Expr, ast.AugAssign, ast.With)):
            yield [node, copy.deepcopy(node)]


def order(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """Two neighbouring statements exchanged."""
    body = getattr(node, "body", None)
    if isinstance(node, ast.stmt) and isinstance(body, list):
        for n in range(len(body) - 1):
            changed = copy.deepcopy(node)
            own = changed.body  # type: ignore[attr-defined]
            own[n], own[n + 1] = own[n + 1], own[n]
            yield changed


def condition(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A condition that always holds, never holds, or is reversed."""
    if isinstance(node, ast.If):
        for text in ("True", "False", "not x"):
            yield ast.If(_like(text, x=node.test), node.body, node.orelse)


def loop(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A loop that skips its first or last turn, ends after one, or goes backwards; another way out of it."""
    if isinstance(node, ast.For):
        for text in ("list(x)[1:]", "list(x)[:-1]", "list(x)[:1]", "reversed(list(x))"):
            yield ast.For(node.target, _like(text, x=node.iter), node.body, node.orelse)
    if isinstance(node, ast.Break):
        yield [ast.Continue()]
        yield [ast.Return(ast.Constant(None))]


def block(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A `with` whose body runs without it; its statements moved out."""
    if isinstance(node, ast.With):
        yield node.body
        for n in range(1, len(node.body)):
            yield [ast.With(node.items, node.body[:n]), *node.body[n:]]


def subscript(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """A slice without one of its limits; two indices exchanged; an index dropped."""
    if isinstance(node, ast.Slice):
        for limits in ((None, node.upper), (node.lower, None), (node.upper, node.lower)):
            yield ast.Slice(*limits)
        yield ast.Slice(node.lower, node.upper, ast.Constant(2))
    if isinstance(node, ast.Subscript):
        yield node.value
        if isinstance(node.slice, ast.Tuple):
            for one, other in itertools.combinations(range(len(node.slice.elts)), 2):
                changed = copy.deepcopy(node)
                own = changed.slice.elts  # type: ignore[attr-defined]
                own[one], own[other] = own[other], own[one]
                yield changed
            for number in range(len(node.slice.elts)):
                changed = copy.deepcopy(node)
                changed.slice.elts[number] = ast.Slice()  # type: ignore[attr-defined]
                yield changed


def method(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """Another method of a kindred name, or none."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for other in METHODS.get(node.func.attr, ()):
            changed = copy.deepcopy(node)
            changed.func.attr = other  # type: ignore[attr-defined]
            yield changed
        yield node.func.value


def argument(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """An argument dropped, or two exchanged."""
    if not isinstance(node, ast.Call):
        return
    for number in range(len(node.args)):
        yield ast.Call(node.func, node.args[:number] + node.args[number + 1 :], node.keywords)
    for one, other in itertools.combinations(range(len(node.args)), 2):
        changed = copy.deepcopy(node)
        changed.args[one], changed.args[other] = changed.args[other], changed.args[one]
        yield changed
    for number in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, node.keywords[:number] + node.keywords[number + 1 :])


def in_place(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """In place made out of place and the reverse; `+=` made `=`."""
    if isinstance(node, ast.AugAssign):
        loaded = _like(ast.unparse(node.target))
        yield ast.Assign([node.target], ast.BinOp(loaded, node.op, node.value))
        yield ast.Assign([node.target], node.value)
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and ast.unparse(node.value.left) == ast.unparse(node.targets[0])
    ):
        yield ast.AugAssign(node.targets[0], node.value.op, node.value.right)  # type: ignore[arg-type]


def name(node: ast.AST, scope: Scope) -> Iterator[Replacement]:
    """Another parameter of the function."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope.parameters:
        for other in scope.parameters:
            yield ast.Name(other, ast.Load())


def targets(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """Two names of an assignment exchanged."""
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store):
        for one, other in itertools.combinations(range(len(node.elts)), 2):
            changed = copy.deepcopy(node)
            changed.elts[one], changed.elts[other] = changed.elts[other], changed.elts[one]
            yield changed


def attribute(node: ast.AST, _: Scope) -> Iterator[Replacement]:
    """The image for its gradient."""
    if isinstance(node, ast.Attribute) and node.attr == "grad" and isinstance(node.ctx, ast.Load):
        yield node.value


OPERATORS: dict[str, Operator] = {
    operator.__name__: operator
    for operator in (
        arithmetic, operand, comparison, constant, wrapped, statement, order, condition, loop, block, subscript,
        method, argument, in_place, name, targets, attribute,
    )
}  # fmt: skip
