"""Answers to calls of a function that another one needs: student code gets its results, never its text.

The arguments come from student code, so nothing about them is believed: their form, their number and their sizes are
checked before anything is computed, and the size of each step's result before the step.
"""

from __future__ import annotations

import builtins
import contextlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from cs231n.trials.trial import Arrays
from grading.verdict.reference import reference_functions

# The largest feature maps of a check have a fortieth of it.
NUMBERS_LIMIT = 1 << 22
ARGUMENTS_LIMIT = 8
# Operations that make more numbers than their largest argument has, but for those that are told a shape: products of
# matrices, to which PyTorch reduces sums of products of any kind.
PRODUCTS = frozenset(("mm", "bmm", "addmm", "baddbmm"))
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
    if gradient is None:
        with torch.no_grad(), _Bounded():
            return [_tensor(function(*_arguments(call, tensors), **_named(call, tensors)))]
    real = [tensor for tensor in tensors.values() if tensor.is_floating_point()]
    with torch.enable_grad(), _Bounded():
        for tensor in real:
            tensor.requires_grad_()
        result = _tensor(function(*_arguments(call, tensors), **_named(call, tensors)))
        if gradient.shape != result.shape:
            raise RefusedError(f"expected a gradient of shape {tuple(result.shape)}")
        # The same as with `gradient` for an argument, for which PyTorch would import sympy.
        found = torch.autograd.grad((result * gradient).sum(), real, allow_unused=True)
    return [
        torch.zeros_like(one) if pulled is None else pulled for one, pulled in zip(real, found, strict=True)
    ]


def _tensors(arrays: Arrays) -> dict[str, torch.Tensor]:
    """Return the arrays as tensors of their own, if there are as many and as large ones as a solution sends."""
    if len(arrays) > ARGUMENTS_LIMIT or sum(array.size for array in arrays.values()) > NUMBERS_LIMIT:
        raise RefusedError(f"expected at most {NUMBERS_LIMIT} numbers")
    return {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}


class _Bounded(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Refuses an operation that would make too many numbers: a tall matrix times itself may be of any size.

    PyTorch finds sizes itself on the device "meta", but imports its compiler and sympy for that: two seconds.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Leave PyTorch's compiler alone: to shut it off here, PyTorch would import it."""
        return False

    def __torch_dispatch__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        if (size := _size_of_result(func.overloadpacket.__name__, args)) > NUMBERS_LIMIT:
            raise RefusedError(f"expected a result of at most {NUMBERS_LIMIT} numbers, got {size}")
        return func(*args, **(kwargs or {}))


def _size_of_result(operation: str, args: tuple[Any, ...]) -> int:
    """Return how many numbers an operation makes of its arguments."""
    shapes = [arg.shape for arg in args if isinstance(arg, torch.Tensor)]
    if operation in PRODUCTS:
        return math.prod(shapes[-2][:-1]) * shapes[-1][-1]
    lists = [arg for arg in args if isinstance(arg, (list, torch.Size))]
    told = [math.prod(map(abs, sides)) for sides in lists[:1]]  # those after the first are strides
    with contextlib.suppress(ValueError):  # or it is no operation number by number
        told.append(math.prod(np.broadcast_shapes(*shapes)))
    return max(told, default=0)


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
