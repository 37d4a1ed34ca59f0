"""Tells a function that was never filled in from one that was, in the released forms of all years."""

from __future__ import annotations

import ast
import functools
import itertools
import re
import textwrap
from pathlib import Path

from grading.submission.parse import parse

# The kit's own notebooks, solutions included: what stands outside the solutions is the scaffold of this year.
_SOURCE = Path(__file__).parents[1] / "source"
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)

# Statements that released stubs of other years contain, beside `pass` and returns of what was prepared.
_SCAFFOLD = frozenset(
    ast.unparse(parse(line))
    for line in (
        "model.eval()",
        "X.requires_grad_()",
        "X_var = Variable(X, requires_grad=True)",
        "y_var = Variable(y)",
        "y_var = Variable(y, requires_grad=False)",
        "X_fooling = X.clone()",
        "X_fooling = X_fooling.requires_grad_()",
        "X_fooling.requires_grad_()",
        "X_fooling_var = Variable(X_fooling, requires_grad=True)",
        "X_adv = X.clone()",
        "X_adv = X_adv.requires_grad_()",
        "X_adv.requires_grad_()",
        "learning_rate = 1",
        "learning_rate = 1.0",
        "img_var = Variable(img, requires_grad=True)",
        "l2_reg = kwargs.pop('l2_reg', 0.001)",
        "learning_rate = kwargs.pop('learning_rate', 25)",
    )
)
# The one function whose stub has a loop around the part to fill in, and what that loop calls in all years.
_LOOP = "create_class_visualization"
_LOOP_CALLS = frozenset(
    {
        "randint",
        "copy_",
        "jitter",
        "range",
        "float",
        "clamp_",
        "clamp",
        "blur_image",
        "imshow",
        "deprocess",
        "clone",
        "cpu",
        "detach",
        "title",
        "gcf",
        "set_size_inches",
        "axis",
        "show",
        "print",
        "format",
    }
)
_END = re.compile(r"END OF YOUR CODE|END OF YOUR IMPLEMENTATION", re.IGNORECASE)
_START = re.compile(r"START OF YOUR CODE|TODO", re.IGNORECASE)


def is_stub(source: str) -> bool:
    """Whether a function's text holds no statement of the student's own.

    Parameters
    ----------
    source : str
        The text of the function definition, which parses.

    Returns
    -------
    bool
        True if all statements are those of a released stub, `pass`, or raise NotImplementedError; or if
        it is the loop that draws a class, with nothing between its markers.
    """
    tree = parse(textwrap.dedent(source.lstrip("\n")))
    function = tree.body[0]
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    if all(_is_scaffold(statement) for statement in function.body):
        return True
    return function.name == _LOOP and _is_untouched_loop(function, source)


def _is_untouched_loop(function: ast.FunctionDef | ast.AsyncFunctionDef, source: str) -> bool:
    """Whether the loop around the part to fill in never asks the network anything, and does nothing there."""
    loops = [statement for statement in function.body if isinstance(statement, (ast.For, ast.While))]
    nodes = [node for loop in loops for node in ast.walk(loop)]
    called = {
        node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for node in nodes
        if isinstance(node, ast.Call)
    }
    if not loops or called - _LOOP_CALLS or any(isinstance(node, ast.AugAssign) for node in nodes):
        return False
    passes = all(any(isinstance(node, ast.Pass) for node in loop.body) for loop in loops)
    return passes or _nothing_between_markers(source)


@functools.cache
def _scaffold_of_the_kit() -> frozenset[str]:
    """Return the statements that the kit's own stubs consist of, from the source of its notebooks."""
    statements = set()
    for path in sorted(_SOURCE.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        asked = [text.count("\n", 0, region.start()) + 1 for region in _SOLUTION.finditer(text)]
        # lines keep their numbers: `pass` stands where the solution began
        released = _SOLUTION.sub(lambda region: f"{region[1]}pass" + "\n" * region[0].count("\n"), text)
        for node in parse(released).body:
            if isinstance(node, ast.FunctionDef) and any(
                node.lineno < line <= (node.end_lineno or 0) for line in asked
            ):
                statements |= {ast.unparse(statement) for statement in node.body}
    return frozenset(statements)


def _is_scaffold(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Constant()):
            return True  # a docstring, or `...`
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=None)):
            return True  # `saliency = None`: what is to be returned
        case ast.Return(value=None | ast.Constant() | ast.Name()):
            return True
    try:
        text = ast.unparse(statement)
    except RecursionError:  # an expression of a thousand terms is not ours
        return False
    return text in _SCAFFOLD or text in _scaffold_of_the_kit()


def _nothing_between_markers(source: str) -> bool:
    """Whether every region that ends in an END marker holds only comments and `pass`."""
    lines = source.split("\n")
    ends = [number for number, line in enumerate(lines) if _END.search(line) and "#" in line]
    if not ends:
        return False
    for previous, end in itertools.pairwise([-1, *ends]):
        # the first marker: a student's own "# TODO" may stand further down, behind the work
        starts = [n for n in range(previous + 1, end) if _START.search(lines[n]) and "#" in lines[n]]
        if not starts:
            return False
        region = [line.strip() for line in lines[starts[0] + 1 : end]]
        code = [line for line in region if line and not line.startswith("#")]
        if any(line not in ("pass", "pass;") for line in code):
            return False
    return True
