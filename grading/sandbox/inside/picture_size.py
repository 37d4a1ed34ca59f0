"""Runs a loop that draws a picture of fixed size at another size.

`create_class_visualization` is not given a picture: it makes one, of 224 x 224 pixels in the course's notebook. The
number may stand anywhere in it: in a second tensor, a slice, a loop over rows. So it is replaced in the text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

# Height and width.
Size = tuple[int, int]
NOTEBOOK: Size = (224, 224)
# What opens a list of numbers of its own, in which heights and widths take turns.
_LISTS = (ast.stmt, ast.Call, ast.Tuple, ast.List)


def rewriter(own: Size, wanted: Size) -> Callable[[ast.Module], ast.Module]:
    """Return what replaces the numbers of one size in a syntax tree by those of another.

    >>> tree = rewriter((224, 224), (32, 48))(ast.parse("torch.zeros(1, 3, 224, 224)"))
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
        if type(node.value) is not int or node.value not in self.own:
            return
        side = self.turn % 2 if self.own[0] == self.own[1] else self.own.index(node.value)
        node.value = self.wanted[side]
        self.turn += 1
