"""Cache of scores and gradients of a network: many wrong solutions start from the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import torch

_known: WeakKeyDictionary[torch.nn.Module, dict[Any, torch.Tensor]] = WeakKeyDictionary()
# A trial has a few pictures and a recipe some ten objectives; more than this means that the trials have changed.
LIMIT = 2000


def remembered(
    model: torch.nn.Module, what: Any, images: torch.Tensor, compute: Callable[[], torch.Tensor]
) -> torch.Tensor:
    """Return `compute()`, or its cached result for the same network, pictures and `what`.

    Parameters
    ----------
    model : torch.nn.Module
        What it is computed with; forgotten together with it.
    what : hashable
        Names what is computed of the pictures, with all that it depends on beside them.
    images : torch.Tensor
    compute : callable
        Its result is shared: nobody writes into it.
    """
    of_model = _known.setdefault(model, {})
    pixels = images.detach().contiguous().numpy()
    key = (what, pixels.shape, hashlib.blake2b(pixels.tobytes(), digest_size=16).digest())
    if key not in of_model:
        if len(of_model) >= LIMIT:
            of_model.clear()
        of_model[key] = compute()
    return of_model[key]


def gradient(
    model: torch.nn.Module,
    objective: Callable[..., torch.Tensor],
    images: torch.Tensor,
    target: torch.Tensor | int,
) -> torch.Tensor:
    """Return the gradient of `objective(scores, target)` with respect to the pictures."""

    def compute() -> torch.Tensor:
        leaf = images.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(objective(model(leaf), target), leaf)
        return slope

    wanted = tuple(target.tolist()) if isinstance(target, torch.Tensor) else target
    return remembered(model, (objective, wanted), images, compute)


def guarded(guard: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the norm with a small number added, which shows where a gradient vanishes."""
    return lambda slope: slope.norm() + guard
