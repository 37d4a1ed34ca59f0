"""Compatibility with older NumPy: removed names, and arrays of one element used as numbers.

An array is a type of C: nothing can be put in the place of its methods. So the text that uses them is changed as it
is compiled, on the same lines: `float(a)` becomes a call that tries `float(a)` first.
"""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Callable
from types import GeneratorType
from typing import Any

import numpy as np

from grading.sandbox.inside.notes import took_effect
from grading.sandbox.inside.stand_ins import Arguments, ask_when_missing, second_try

# What NumPy says where code fails for its age.
SYMPTOMS = (
    r"module 'numpy' has no attribute",
    r"`np\.\w+` was removed",
    r"only 0-dimensional arrays can be converted to Python scalars",
    r"setting an array element with a sequence",
    r"array is 0-dimensional",
    r"Unable to avoid copy while creating an array",
    r"'numpy\.ndarray' object has no attribute '(ptp|itemset|tostring)'",
    r"arrays to stack must be passed as a \"sequence\"",
    r"Calling np\.sum\(generator\)",
)


def _asfarray(a: Any, dtype: Any = np.float64) -> Any:
    return np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64)


_NAMES: dict[str, Any] = {
    "float": float, "int": int, "bool": bool, "object": object, "str": str, "complex": complex,
    "long": int, "unicode": str, "float_": np.float64, "complex_": np.complex128, "cfloat": np.complex128,
    "singlecomplex": np.complex64, "longfloat": np.longdouble, "longcomplex": np.clongdouble,
    "clongfloat": np.clongdouble, "string_": np.bytes_, "unicode_": np.str_, "bool8": np.bool_, "int0": np.intp,
    "uint0": np.uintp, "object0": np.object_, "str0": np.str_,
    "Inf": np.inf, "Infinity": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf, "NaN": np.nan,
    "NAN": np.nan, "PZERO": 0.0, "NZERO": -0.0, "math": math,
    "product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any, "round_": np.round,
    "row_stack": np.vstack, "mat": np.asmatrix, "rank": np.ndim, "issubsctype": np.issubdtype,
    "trapz": getattr(np, "trapezoid", None), "in1d": lambda a, b, **options: np.isin(a, b, **options).ravel(),
    "msort": lambda a: np.sort(a, axis=0), "asscalar": lambda a: a.item(), "asfarray": _asfarray,
    "alen": lambda a: len(np.atleast_1d(a)),
}  # fmt: skip


def install() -> None:
    """Change NumPy in this process, as far as it can be changed."""

    def missing(name: str) -> Any:
        if name not in _NAMES:
            raise AttributeError(f"module 'numpy' has no attribute {name!r}")
        took_effect("np.float")
        return _NAMES[name]

    ask_when_missing(np, missing)
    for name in ("stack", "vstack", "hstack", "dstack", "column_stack", "sum"):
        second_try(np, name, "generator", TypeError, _listed)


def _listed(values: Any, *args: Any, **kwargs: Any) -> Arguments | None:
    """`np.vstack(map(f, x))`, `np.sum(f(i) for i in x)`: what is walked through once is made a list."""
    if not isinstance(values, (GeneratorType, map, filter, zip)):
        return None
    return (list(values), *args), kwargs


def rewrite(tree: ast.Module) -> ast.Module:
    """Return the tree of a text with what the functions of `CALLS` stand for replaced by calls of them."""
    rewritten: ast.Module = ast.fix_missing_locations(_Rewriter().visit(tree))
    return rewritten


def _number(value: Any) -> Any:
    """Return the number in an array of one element; anything else as it is."""
    if isinstance(value, np.ndarray) and value.ndim > 0 and value.size == 1:
        took_effect("float(array)")
        return value.item()
    return value


def _of_number(function: Callable[..., Any]) -> Callable[..., Any]:
    """`float(a)`, `math.sqrt(a)`: try as it is written, then with the number in it."""

    @functools.wraps(function, updated=())
    def tried(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            if not any(isinstance(value, np.ndarray) for value in args):
                raise
            return function(*map(_number, args), **kwargs)

    return tried


def _shown(values: Any) -> Any:
    """`"%f" % a`, `"%d: %f" % (t, a)`; `%s` shows the number without its brackets, which costs nothing."""
    return tuple(map(_number, values)) if isinstance(values, tuple) else _number(values)


def _vector(value: Any) -> Any:
    """`loss.data.numpy()[0]`: before PyTorch 0.4 a single number was a vector."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        took_effect("data[0]")
        return value.reshape(1)
    return value


def _copied(function: Callable[..., Any]) -> Callable[..., Any]:
    """`np.array(x, copy=False)` copied where it had to."""

    def tried(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except ValueError:
            took_effect("copy=False")
            return function(*args, **{**kwargs, "copy": None})

    return tried


_METHODS: dict[str, Callable[..., Any]] = {
    "ptp": np.ptp,
    "tostring": lambda a, *args: a.tobytes(*args),
    "itemset": lambda a, *args: a.__setitem__(
        args[:-1] if len(args) > 1 else np.unravel_index(0, a.shape), args[-1]
    ),
}


def _method(value: Any, name: str) -> Any:
    if isinstance(value, np.ndarray) and not hasattr(value, name):
        took_effect("array methods")
        return functools.partial(_METHODS[name], value)
    return getattr(value, name)


# Under names that no text of a student's has.
CALLS: dict[str, Callable[..., Any]] = {
    "__kit_of_number__": _of_number,
    "__kit_shown__": _shown,
    "__kit_number__": _number,
    "__kit_vector__": _vector,
    "__kit_copied__": _copied,
    "__kit_method__": _method,
}


class _Rewriter(ast.NodeTransformer):
    """Puts calls of `CALLS` into a tree."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Name("float" | "int" | "complex") | ast.Attribute(ast.Name("math")):
                node.func = _called("__kit_of_number__", node.func)
            case ast.Attribute(attr="array") if any(_is_copy_false(keyword) for keyword in node.keywords):
                node.func = _called("__kit_copied__", node.func)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.BinOp(ast.Constant(str()), ast.Mod()):
                node.right = _called("__kit_shown__", node.right)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Subscript(ast.Call(ast.Attribute(attr="numpy")), ast.Constant(0), ast.Load()):
                node.value = _called("__kit_vector__", node.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr in _METHODS and isinstance(node.ctx, ast.Load):
            name = ast.copy_location(ast.Constant(node.attr), node)
            return _called("__kit_method__", node.value, name)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
        """`losses[t] = a`: try as it is written, then with the number in it."""
        self.generic_visit(node)
        if not isinstance(node.targets[0], ast.Subscript):
            return node
        keep = ast.Assign([ast.Name("__kit_value__", ast.Store())], node.value)
        store = ast.Assign(node.targets, ast.Name("__kit_value__", ast.Load()))
        number = _called("__kit_number__", ast.Name("__kit_value__", ast.Load()))
        again = ast.Assign([ast.Name("__kit_value__", ast.Store())], number)
        handler = ast.ExceptHandler(ast.Name("ValueError", ast.Load()), None, [again, store])
        attempt = ast.Try([store], [handler], [], [])
        return [ast.copy_location(part, node) for part in (keep, attempt)]


def _called(name: str, *arguments: ast.expr) -> ast.Call:
    here = arguments[0]
    return ast.copy_location(
        ast.Call(ast.copy_location(ast.Name(name, ast.Load()), here), [*arguments], []), here
    )


def _is_copy_false(keyword: ast.keyword) -> bool:
    return keyword.arg == "copy" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
