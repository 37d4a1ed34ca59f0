"""Ways to rewrite a program that leave what it does as it is: other names, another order, other statements."""

from __future__ import annotations

import ast
import builtins
import itertools
import random
from collections.abc import Sequence

SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu"]
TAKEN = ("out", "tmp", "res", "val", "part", "z", "inner", "r")
# How often a thing is written otherwise: by somebody who has the same idea, and by who hides a copy.
OWN, COPY = 0.3, 0.5
# What is a method of a tensor and a function of torch alike.
BOTH = {
    "sum",
    "abs",
    "pow",
    "sqrt",
    "exp",
    "log",
    "mean",
    "square",
    "matmul",
    "gather",
    "clamp",
    "argmax",
    "mm",
    "bmm",
}


def renamed(text: str, chance: random.Random) -> str:
    """All names of the author's own are others; comments are gone."""
    tree = _parsed(text)
    return _unparsed(_Renamed(tree, chance).visit(tree)) if tree else text


def reordered(text: str, chance: random.Random) -> str:
    """Statements that do not need each other, and operands, in another order; comments are gone."""
    tree = _parsed(text)
    if not tree:
        return text
    _reorder(tree, chance)
    return _unparsed(_Commuted(chance, COPY).visit(tree))


def restructured(text: str, chance: random.Random) -> str:
    """Calls taken out of expressions and put into others, methods for functions, other operators, other names."""
    tree = _parsed(text)
    if not tree:
        return text
    tree = _restructure(tree, chance, COPY)
    tree = _Commuted(chance, COPY).visit(tree)
    return _unparsed(_Renamed(tree, chance).visit(tree))


def own_way(text: str, chance: random.Random) -> str:
    """What another person writes who has the same idea: some calls and operators, some variables are others."""
    tree = _parsed(text)
    if not tree or len(tree.body) != 1:
        return text
    return _unparsed(_Commuted(chance, OWN).visit(_restructure(tree, chance, OWN)))


def _restructure(tree: ast.Module, chance: random.Random, often: float) -> ast.AST:
    changed = _Respelt(chance, often).visit(tree)
    for node in ast.walk(changed):
        for field in ("body", "orelse"):
            body = getattr(node, field, None)
            if isinstance(body, list) and not isinstance(node, ast.Module):
                setattr(node, field, _taken_out(_put_in(body, chance, often), chance, often))
    return changed


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _unparsed(tree: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))


class _Renamed(ast.NodeTransformer):
    def __init__(self, tree: ast.AST, chance: random.Random):
        asked = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}  # type: ignore[attr-defined]
        own = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        own -= asked | set(dir(builtins))
        self.names = {
            name: "".join(chance.choices(SYLLABLES, k=chance.choice((2, 3)))) for name in sorted(own)
        }

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self.names.get(node.arg, node.arg))


class _Commuted(ast.NodeTransformer):
    def __init__(self, chance: random.Random, often: float):
        self.chance, self.often = chance, often

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, (ast.Add, ast.Mult)) and self.chance.random() < self.often:
            return ast.BinOp(node.right, node.op, node.left)
        return node


class _Respelt(_Commuted):
    """Methods for functions of torch and back, squares in three ways, `a += b` and `a = a + b`."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        called = node.func
        if (
            not isinstance(called, ast.Attribute)
            or called.attr not in BOTH
            or self.chance.random() > self.often
        ):
            return node
        of_torch = isinstance(called.value, ast.Name) and called.value.id == "torch"
        if of_torch and node.args:
            return ast.Call(
                ast.Attribute(node.args[0], called.attr, ast.Load()), node.args[1:], node.keywords
            )
        if not of_torch:
            torch = ast.Name("torch", ast.Load())
            return ast.Call(
                ast.Attribute(torch, called.attr, ast.Load()), [called.value, *node.args], node.keywords
            )
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Pow) and self.chance.random() < self.often:
            return ast.Call(ast.Attribute(node.left, "pow", ast.Load()), [node.right], [])
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name) and self.chance.random() < self.often:
            return ast.Assign(
                [node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
            )
        return node


def _names(node: ast.AST, stored: bool) -> set[str]:
    """Names that a statement sets, or those that it reads; what it calls or indexes into may change."""
    return {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and (isinstance(n.ctx, ast.Store) == stored)
    }


def _reorder(tree: ast.AST, chance: random.Random) -> None:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for _ in range(3):
            for i in range(len(body) - 1):
                one, two = body[i], body[i + 1]
                simple = all(isinstance(s, (ast.Assign, ast.FunctionDef)) for s in (one, two))
                apart = not (_names(one, True) & (_names(two, True) | _names(two, False))) and not (
                    _names(two, True) & _names(one, False)
                )
                if simple and apart and chance.random() < 0.5:
                    body[i], body[i + 1] = two, one


def _taken_out(body: Sequence[ast.stmt], chance: random.Random, often: float) -> list[ast.stmt]:
    """Let statements that hold a call within a call get that as a variable before them."""
    statements: list[ast.stmt] = []
    for statement in body:
        if (
            isinstance(statement, (ast.Assign, ast.Return, ast.AugAssign, ast.Expr))
            and chance.random() < often
        ):
            calls = [
                (parent, field, node)
                for parent in ast.walk(statement)
                if isinstance(parent, (ast.Attribute, ast.BinOp, ast.Call, ast.Subscript))
                for field in ("value", "left", "right", "func")
                if isinstance(node := getattr(parent, field, None), ast.Call)
            ]
            if calls and not any(isinstance(n, (ast.Lambda, ast.comprehension)) for n in ast.walk(statement)):
                parent, field, node = chance.choice(calls)
                name = f"{chance.choice(TAKEN)}{len(statements)}"
                statements.append(ast.Assign([ast.Name(name, ast.Store())], node))
                setattr(parent, field, ast.Name(name, ast.Load()))
        statements.append(statement)
    return statements


def _put_in(body: Sequence[ast.stmt], chance: random.Random, often: float) -> list[ast.stmt]:
    """Write out variables that only the next statement reads, once."""
    statements = list(body)
    for one, two in itertools.pairwise(body):
        if (
            not (isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name))
            or chance.random() > often
        ):
            continue
        name, value = one.targets[0].id, one.value
        readers = [s for s in body for n in ast.walk(s) if isinstance(n, ast.Name) and n.id == name]
        if len(readers) == 2 and readers[1] is two and isinstance(two, (ast.Assign, ast.Return, ast.Expr)):
            statements.remove(one)
            _Written(name, value).visit(two)
    return statements


class _Written(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr):
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.value if node.id == self.name and isinstance(node.ctx, ast.Load) else node
