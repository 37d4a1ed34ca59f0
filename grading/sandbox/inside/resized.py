"""Text that is written for images of one size, run on those of another.

Notebooks promise an image of 224 x 224 pixels; the number may stand anywhere in a student's text.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import math
from collections.abc import Callable, Iterable
from typing import Any

# Height and width.
Size = tuple[int, int]
Rewrite = Callable[[ast.Module], ast.Module]
# What opens a list of numbers of its own, in which heights and widths take turns.
_LISTS = (ast.stmt, ast.Call, ast.Tuple, ast.List)


def of_any_size(
    function: Callable[..., Any], promised: Size, resized: Callable[[Size, Size], Callable[..., Any]]
) -> Callable[..., Any]:
    """Return a function of one image, which was promised to have one size, for images of any size.

    Where an image of another size makes it fail, or comes back with the size that was promised, the function is run as
    if its text were written for the size of the image.

    Parameters
    ----------
    function : callable
        Its first argument is an image (1, 3, H, W); so is what it returns.
    promised : (int, int)
    resized : callable
        Returns the function as its text defines it with the numbers of one size replaced by those of another.
    """

    @functools.wraps(function)
    def called(image: Any, *args: Any, **kwargs: Any) -> Any:
        size = (image.shape[-2], image.shape[-1])
        try:
            result = function(image, *args, **kwargs)
        except Exception:
            if size == promised:
                raise
        else:
            if size == promised or tuple(getattr(result, "shape", ())[-2:]) != promised:
                return result
        return resized(promised, size)(image, *args, **kwargs)

    return called


def names_size(texts: Iterable[str], size: Size) -> bool:
    """Say whether code holds a side of an image, or its number of pixels: else another size changes nothing.

    >>> names_size(["x = torch.zeros(1, 3, 224, 224)"], (224, 224)), names_size(["'224' + str(2240)"], (224, 224))
    (True, False)
    """
    numbers = {*size, *_counts(size, size)}
    likely = (text for text in texts if any(str(number) in text for number in numbers))
    return any(not numbers.isdisjoint(_whole_numbers(text)) for text in likely)


def _whole_numbers(text: str) -> set[int]:
    with contextlib.suppress(SyntaxError):  # such a unit is not run
        constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        return {value for value in constants if type(value) is int}
    return set()


def _counts(own: Size, wanted: Size) -> dict[int, int]:
    """Return the numbers of pixels, of one channel and of three, by those of another size."""
    return {channels * math.prod(own): channels * math.prod(wanted) for channels in (1, 3)}


@functools.cache  # one function for two sizes: what it rewrites is run once
def resized(own: Size, wanted: Size) -> Rewrite:
    """Return what replaces the numbers of one size in a syntax tree by those of another: sides, and numbers of pixels.

    >>> tree = resized((224, 224), (32, 48))(ast.parse("torch.zeros(1, 3, 224, 224)"))
    >>> ast.unparse(tree)
    'torch.zeros(1, 3, 32, 48)'
    """

    def rewrite(tree: ast.Module) -> ast.Module:
        _Resizer(own, wanted).visit(tree)
        return tree

    return rewrite


class _Resizer(ast.NodeVisitor):
    def __init__(self, own: Size, wanted: Size) -> None:
        self.own, self.wanted = own, wanted
        self.counts = _counts(own, wanted)
        self.turn = 0

    def visit(self, node: ast.AST) -> None:
        """Count anew within each list of numbers."""
        outside = self.turn
        if isinstance(node, _LISTS):
            self.turn = 0
        super().visit(node)
        if isinstance(node, _LISTS):
            self.turn = outside

    def visit_Constant(self, node: ast.Constant) -> None:
        if type(node.value) is not int:
            return
        node.value = self.counts.get(node.value, node.value)
        if node.value not in self.own:
            return
        side = self.turn % 2 if self.own[0] == self.own[1] else self.own.index(node.value)
        node.value = self.wanted[side]
        self.turn += 1
