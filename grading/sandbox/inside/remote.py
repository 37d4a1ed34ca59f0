"""Functions that the grader computes: student code can call them, and finds no solution behind them.

A function that is asked may need another one that is asked (the style loss needs a Gram matrix), and must not fail for
its author's mistakes there. The right one stays with the grader: its arguments go there, its result and its gradients
come back.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable

# Sends a header and arrays to the grader, and returns its answer.
Ask = Callable[[Any, Mapping[str, np.ndarray]], tuple[Any, Mapping[str, np.ndarray]]]


def function(name: str, ask: Ask) -> Callable[..., Any]:
    """Return a function of this name that the grader computes, differentiable in its tensors.

    It is a partial, of which `inspect` finds no source.
    """
    remote = functools.partial(_called, name, ask)
    remote.__name__ = remote.__qualname__ = name  # type: ignore[attr-defined]
    return remote


def _called(name: str, ask: Ask, /, *args: Any, **kwargs: Any) -> Any:
    tensors: list[torch.Tensor] = []
    call = {
        "call": name,
        "args": [_plain(value, tensors) for value in args],
        "kwargs": {key: _plain(value, tensors) for key, value in kwargs.items()},
    }
    return _Remote.apply(ask, call, *tensors)


def _plain(value: Any, tensors: list[torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        tensors.append(value)
        return {"tensor": len(tensors) - 1}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"expected tensors and numbers, got {type(value).__name__}")


class _Remote(torch.autograd.Function):
    """One call: forward at once, and backward by asking again with the gradient of the result."""

    @staticmethod
    def forward(ctx: Any, ask: Ask, call: dict[str, Any], *tensors: torch.Tensor) -> torch.Tensor:
        """Return the grader's result."""
        ctx.ask, ctx.call = ask, call
        ctx.save_for_backward(*tensors)
        return _asked(ask, call, _arrays(tensors))[0]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients of the tensors, as the grader computes them."""
        arrays = {**_arrays(ctx.saved_tensors), "gradient": gradient.detach().contiguous().numpy()}
        found = iter(_asked(ctx.ask, ctx.call, arrays))
        return (None, None, *(next(found) if t.is_floating_point() else None for t in ctx.saved_tensors))


def _arrays(tensors: tuple[torch.Tensor, ...]) -> dict[str, np.ndarray]:
    return {str(number): tensor.detach().contiguous().numpy() for number, tensor in enumerate(tensors)}


def _asked(ask: Ask, call: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> list[torch.Tensor]:
    header, found = ask(call, arrays)
    if raised := header.get("raised"):
        kind = getattr(builtins, raised["type"], RuntimeError)
        raise kind(raised["message"])
    return [torch.from_numpy(found[str(number)].copy()) for number in range(len(found))]
