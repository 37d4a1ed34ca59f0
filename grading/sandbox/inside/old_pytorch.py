"""Compatibility with older PyTorch: code that fails only because of its age.

`Variable`, `volatile` and `size_average` need no translation: PyTorch still takes them. Each of these changes lets a
call that fails be made again as it was meant; a call that succeeds is what it always was.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import torch

from grading.sandbox.inside.notes import took_effect
from grading.sandbox.inside.stand_ins import Arguments, second_try, stand_in

# What PyTorch says where code fails for its age.
SYMPTOMS = (
    r"unexpected keyword argument 'retain_variables'",
    r"invalid index of a 0-dim tensor",
    r"too many indices for tensor",
    r"[Oo]nly Tensors of floating point",
    r"Mismatch in shape: grad_output",
    r"zero-dimensional tensor .*cannot be concatenated",
    r"with (a bool tensor|two bool tensors) is not supported",
    r"boolean masks|BoolTensor for mask",
    r"deprecated since version 1\.\d+ and is now removed",
)


def install() -> None:
    """Change PyTorch in this process."""
    _take_retain_variables()
    _index_single_numbers()
    _allow_integer_variables()
    _take_gradients_of_one_element()
    second_try(torch, "cat", "cat", RuntimeError, _joinable)
    for name in ("__sub__", "__rsub__"):
        second_try(torch.Tensor, name, "1 - mask", RuntimeError, _bytes_of_comparisons)
    for name in (
        "__setitem__",
        "masked_fill",
        "masked_fill_",
        "masked_select",
        "masked_scatter",
        "masked_scatter_",
    ):
        second_try(torch.Tensor, name, "byte mask", RuntimeError, _true_masks)
    second_try(torch, "masked_select", "byte mask", RuntimeError, _true_masks)
    _point_to_linear_algebra()


def _take_retain_variables() -> None:
    for owner in (torch.Tensor, torch.autograd):
        _rename_retain_variables(owner)


def _rename_retain_variables(owner: Any) -> None:
    backward = owner.backward

    @functools.wraps(backward)
    def patched(*args: Any, retain_variables: bool | None = None, **kwargs: Any) -> None:
        if retain_variables is not None:
            took_effect("retain_variables")
            kwargs.setdefault("retain_graph", retain_variables)
        backward(*args, **kwargs)

    owner.backward = patched


def _index_single_numbers() -> None:
    """`loss.data[0]`, and `scores.max(1)[1][0, 0]`: before 0.4 a single number was a vector, and max kept its axis."""
    getitem = torch.Tensor.__getitem__

    @functools.wraps(getitem)
    def patched(self: torch.Tensor, index: Any) -> Any:
        try:
            return getitem(self, index)
        except IndexError:
            zeros = index if isinstance(index, tuple) else (index,)
            if self.numel() != 1 or any(type(i) is not int or i not in (0, -1) for i in zeros):
                raise
            took_effect("index[0, 0]" if len(zeros) > 1 else "data[0]")
            return self.reshape(()) if self.requires_grad else self.item()

    torch.Tensor.__getitem__ = patched  # type: ignore[method-assign,assignment]


def _allow_integer_variables() -> None:
    """`Variable(y, requires_grad=True)` of labels was allowed, and meant nothing."""
    original = torch.autograd.Variable

    class Meta(type(original)):  # type: ignore[misc]
        def __call__(cls, data: Any = None, requires_grad: bool = False, **kwargs: Any) -> Any:
            if requires_grad and isinstance(data, torch.Tensor) and not data.is_floating_point():
                took_effect("Variable")
                requires_grad = False
            return original(data, requires_grad=requires_grad, **kwargs)

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, torch.Tensor)

    torch.autograd.Variable = Meta("Variable", (original,), {})  # type: ignore[misc]


def _take_gradients_of_one_element() -> None:
    """`scores[0, target].backward(torch.ones(1))`: a single number was a vector of one element.

    What `squeeze` has made of the scores of one image is left to fail: that is a mistake with a name of its own.
    """

    def shaped(output: Any, gradient: Any) -> Any:
        both = isinstance(output, torch.Tensor) and isinstance(gradient, torch.Tensor)
        if not both or output.numel() != 1 or gradient.numel() != 1:
            return None
        if output.grad_fn is None or output.grad_fn.name().startswith("Squeeze"):
            return None
        return gradient.reshape(output.shape)

    def of_tensor(output: Any, gradient: Any = None, *args: Any, **kwargs: Any) -> Arguments | None:
        fitting = shaped(output, gradient)
        return None if fitting is None else ((output, fitting, *args), kwargs)

    def of_grad(
        outputs: Any, inputs: Any, grad_outputs: Any = None, *args: Any, **kwargs: Any
    ) -> Arguments | None:
        fitting = shaped(outputs, grad_outputs)
        return None if fitting is None else ((outputs, inputs, fitting, *args), kwargs)

    second_try(torch.Tensor, "backward", "backward(ones(1))", RuntimeError, of_tensor)
    second_try(torch.autograd, "backward", "backward(ones(1))", RuntimeError, of_tensor)
    second_try(torch.autograd, "grad", "backward(ones(1))", RuntimeError, of_grad)


def _joinable(tensors: Any, *args: Any, **kwargs: Any) -> Arguments | None:
    """`torch.cat([content, style])` of two losses: before 0.4 each was a vector of one element."""
    if not any(isinstance(one, torch.Tensor) and one.ndim == 0 for one in tensors):
        return None
    return ([one.reshape(1) if one.ndim == 0 else one for one in tensors], *args), kwargs


def _bytes_of_comparisons(*args: Any, **kwargs: Any) -> Arguments | None:
    """Before 1.2 a comparison gave bytes, which one could subtract: `1 - (a > b)`."""
    if not any(_has_type(value, torch.bool) for value in args):
        return None
    return tuple(value.byte() if _has_type(value, torch.bool) else value for value in args), kwargs


def _true_masks(*args: Any, **kwargs: Any) -> Arguments | None:
    if _has_type(kwargs.get("mask"), torch.uint8):
        return args, {**kwargs, "mask": kwargs["mask"].bool()}
    if len(args) > 1 and _has_type(args[1], torch.uint8):
        return (args[0], args[1].bool(), *args[2:]), kwargs
    return None


def _has_type(value: Any, dtype: torch.dtype) -> bool:
    return isinstance(value, torch.Tensor) and value.dtype == dtype


class _Eigen(NamedTuple):
    eigenvalues: torch.Tensor
    eigenvectors: torch.Tensor


def _point_to_linear_algebra() -> None:
    """Decompositions that PyTorch has removed under their first names."""

    def symeig(matrix: Any, eigenvectors: bool = False, upper: bool = True) -> Any:
        took_effect("symeig")
        values, vectors = torch.linalg.eigh(matrix, UPLO="U" if upper else "L")
        return _Eigen(values, vectors if eigenvectors else vectors.new_empty(0))

    def qr(matrix: Any, some: bool = True) -> Any:
        took_effect("symeig")
        return torch.linalg.qr(matrix, mode="reduced" if some else "complete")

    for owner in (torch, torch.Tensor):
        stand_in(owner, "symeig", symeig)
        stand_in(owner, "qr", qr)
