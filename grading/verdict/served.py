"""Answers to calls of a function that another one needs: student code gets its results, never its text.

The arguments come from student code, so nothing about them is believed: their form, their number and their sizes are
checked before anything is computed, the size of the result too.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np
import torch

from cs231n.trials.trial import Arrays
from grading.verdict.reference import reference_functions

# The largest feature maps of a check have a fortieth of it.
NUMBERS_LIMIT = 1 << 22
ARGUMENTS_LIMIT = 8
MESSAGE_LIMIT = 300

# Takes what a child asks, a header and arrays, and returns what it is told.
Serve = Callable[[Any, Arrays], tuple[Any, Arrays]]


class _Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stands for the tensor of this number."""

    tensor: int


class _Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call as a child sends it."""

    call: str
    args: list[_Place | bool | int | float | str | None]
    kwargs: dict[str, _Place | bool | int | float | str | None]


class RefusedError(ValueError):
    """A call that no right solution makes; the message is for its author."""


def served(names: Mapping[str, Callable[..., Any]]) -> Serve:
    """Return what answers calls of these functions.

    Parameters
    ----------
    names : mapping
        The functions by the names under which student code calls them.
    """

    def serve(header: Any, arrays: Arrays) -> tuple[Any, Arrays]:
        try:
            call = msgspec.convert(header, _Call)
            found = _computed(names[call.call], call, arrays)
        except Exception as error:
            kind = next(k.__name__ for k in type(error).__mro__ if hasattr(builtins, k.__name__))
            return {"raised": {"type": kind, "message": str(error)[:MESSAGE_LIMIT]}}, {}
        return {}, {str(number): tensor.detach().numpy() for number, tensor in enumerate(found)}

    return serve


def serving(needed: str) -> Serve | None:
    """Return what answers calls of the right `needed`; None, if nothing is needed."""
    return served({needed: reference_functions()[needed]}) if needed else None


def _computed(function: Callable[..., Any], call: _Call, arrays: Arrays) -> list[torch.Tensor]:
    """Return the result; or, where the gradient of it came along, the gradients of all tensors of real numbers."""
    tensors = _tensors(arrays)
    gradient = tensors.pop("gradient", None)
    _refuse_large_results(function, call, tensors)
    if gradient is None:
        with torch.no_grad():
            return [_tensor(function(*_arguments(call, tensors), **_named(call, tensors)))]
    real = [tensor for tensor in tensors.values() if tensor.is_floating_point()]
    with torch.enable_grad():
        for tensor in real:
            tensor.requires_grad_()
        result = _tensor(function(*_arguments(call, tensors), **_named(call, tensors)))
        found = torch.autograd.grad(result, real, gradient, allow_unused=True)
    return [
        torch.zeros_like(one) if pulled is None else pulled for one, pulled in zip(real, found, strict=True)
    ]


def _tensors(arrays: Arrays) -> dict[str, torch.Tensor]:
    """Return the arrays as tensors of their own, if there are as many and as large ones as a solution sends."""
    if len(arrays) > ARGUMENTS_LIMIT or sum(array.size for array in arrays.values()) > NUMBERS_LIMIT:
        raise RefusedError(f"expected at most {NUMBERS_LIMIT} numbers")
    return {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}


def _refuse_large_results(
    function: Callable[..., Any], call: _Call, tensors: Mapping[str, torch.Tensor]
) -> None:
    """Find the size of the result without computing it: a tall matrix times itself may be of any size."""
    shapes = tuple((name, tensor.shape, tensor.dtype) for name, tensor in tensors.items())
    size = _size_of_result(function, msgspec.json.encode(call), shapes)
    if size > NUMBERS_LIMIT:
        raise RefusedError(f"expected a result of at most {NUMBERS_LIMIT} numbers, got {size}")


@functools.lru_cache(
    maxsize=256
)  # a class asks for the same sizes, and PyTorch takes a millisecond to find one
def _size_of_result(
    function: Callable[..., Any], call: bytes, shapes: tuple[tuple[str, torch.Size, torch.dtype], ...]
) -> int:
    decoded = msgspec.json.decode(call, type=_Call)
    empty = {name: torch.empty(shape, dtype=dtype, device="meta") for name, shape, dtype in shapes}
    return _tensor(function(*_arguments(decoded, empty), **_named(decoded, empty))).numel()


def _arguments(call: _Call, tensors: Mapping[str, torch.Tensor]) -> list[Any]:
    return [_value(value, tensors) for value in call.args]


def _named(call: _Call, tensors: Mapping[str, torch.Tensor]) -> dict[str, Any]:
    return {name: _value(value, tensors) for name, value in call.kwargs.items()}


def _value(value: Any, tensors: Mapping[str, torch.Tensor]) -> Any:
    return tensors[str(value.tensor)] if isinstance(value, _Place) else value


def _tensor(result: Any) -> torch.Tensor:
    if not isinstance(result, torch.Tensor):
        raise RefusedError(f"expected a result that is a tensor, got {type(result).__name__}")
    return result
