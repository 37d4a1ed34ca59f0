"""Classification of single statements: they do nothing, prepare something, or compute."""

from __future__ import annotations

import ast
import builtins

from cs231n.handin.definitions import Block

# Calls that prepare, draw or say something and compute no answer.
PREPARING = frozenset((
    "array", "asarray", "astype", "axis", "blur_image", "clamp", "clamp_", "clip", "clip_by_value", "clone",
    "constant", "contiguous", "convert_to_tensor", "copy", "copy_", "cpu", "cuda", "data", "deprocess",
    "deprocess_image", "detach", "dim", "double", "enable_grad", "eval", "figure", "float", "format", "from_numpy",
    "gcf", "GradientTape", "identity", "imshow", "int", "item", "jitter", "len", "list", "long",
    "manual_seed", "no_grad", "numpy", "pop", "preprocess", "preprocess_image", "print", "rand", "randint", "randn",
    "range", "repr", "requires_grad_", "roll", "seed", "set_grad_enabled", "set_size_inches", "show", "size", "str",
    "subplot", "Tensor", "tensor", "title", "to", "tuple", "type", "type_as", "Variable", 
    "zero_grad",
))  # fmt: skip
_COMPUTATIONS = (
    ast.BoolOp, ast.Compare, ast.IfExp, ast.NamedExpr, ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


def says_nothing(statement: ast.stmt) -> bool:
    """Whether a statement computes nothing and changes nothing."""
    match statement:
        case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.Import() | ast.ImportFrom():
            return True
        case ast.AnnAssign(value=None):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case ast.Assign(value=ast.Constant(value=None | builtins.Ellipsis), targets=targets):
            return all(isinstance(target, ast.Name) for target in targets)
        case ast.AnnAssign(value=ast.Constant(value=None | builtins.Ellipsis), target=ast.Name()):
            return True
        case ast.Return(value=None):
            return True
        case ast.Return(value=ast.expr() as value):
            return _is_plain(value)
        case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
            return not _computes(call)
        case ast.Expr(value=value):
            return _is_plain(value) or isinstance(value, ast.Attribute)
    return False


def prepares(statement: ast.stmt) -> bool:
    """Whether a statement outside the markers prepares something: such a stub may be of a course we do not know."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return all(_is_name(target) for target in targets) and not _computes(value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return _is_name(target) and not _computes(value)
        case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
            return not _computes(value)
    return False


def head_prepares(block: Block) -> bool:
    """Whether the head of a compound statement calls nothing that computes; it may count and compare."""
    match block:
        case ast.For(iter=head) | ast.AsyncFor(iter=head) | ast.If(test=head):
            return _calls_only_what_prepares(head)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return all(_calls_only_what_prepares(item.context_expr) for item in items)
    return not isinstance(block, ast.While)


def assigns_nothing(statement: ast.stmt) -> bool:
    """Whether an assignment stands in for a function and gives it nothing to do: `tv_loss = None`."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    value = statement.value
    return _is_constant(value.body if isinstance(value, ast.Lambda) else value)


def _is_constant(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant)


def _is_plain(value: ast.expr) -> bool:
    """Whether an expression only names something: `loss`, `0`."""
    return isinstance(value, (ast.Constant, ast.Name))


def _is_name(target: ast.expr) -> bool:
    """Whether a target is a name or several; `X.requires_grad = True` prepares as well."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(_is_name(element) for element in target.elts)
    return isinstance(target, ast.Name) or (
        isinstance(target, ast.Attribute)
        and target.attr == "requires_grad"
        and isinstance(target.value, ast.Name)
    )


def _computes(value: ast.expr) -> bool:
    return not _calls_only_what_prepares(value) or any(
        isinstance(node, _COMPUTATIONS) or (isinstance(node, ast.BinOp) and not _formats(node))
        for node in ast.walk(value)
    )


def _formats(node: ast.BinOp) -> bool:
    return (
        isinstance(node.op, ast.Mod)
        and isinstance(node.left, ast.Constant)
        and isinstance(node.left.value, str)
    )


def _calls_only_what_prepares(value: ast.expr) -> bool:
    calls = (node.func for node in ast.walk(value) if isinstance(node, ast.Call))
    names = {f.id if isinstance(f, ast.Name) else getattr(f, "attr", "") for f in calls}
    return names <= PREPARING and not any(isinstance(node, ast.NamedExpr) for node in ast.walk(value))
