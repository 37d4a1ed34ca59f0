"""Adapters for functions of older years and other courses: called as the canonical function is called."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import torch

# Arguments that some years' notebooks pass beside the canonical ones.
_EXTRA = {
    "dtype": torch.FloatTensor,
    "device": torch.device("cpu"),
    "max_iter": 100,
    "num_iterations": 100,
    "verbose": False,
}


def completed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give arguments that the function requires beyond the canonical ones."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return function
    extra = {p.name: _EXTRA[p.name] for p in parameters if p.name in _EXTRA and p.default is p.empty}
    return functools.partial(function, **extra) if extra else function


def method(holder: Any, name: str, served: Mapping[str, Callable[..., Any]]) -> Callable[..., Any]:
    """Return a function that is a method of the class `holder`.

    Methods with the names of `served` are those: a mistake in one costs once, in a class as among functions.
    """
    for other, function in served.items():
        if hasattr(holder, other):
            setattr(holder, other, staticmethod(function))
    static = isinstance(inspect.getattr_static(holder, name), staticmethod | classmethod)
    found: Callable[..., Any] = getattr(holder if static else _instance(holder, name), name)
    return found


def _instance(holder: Any, name: str) -> Any:
    """Make an object of the class; a method that is written without self belongs to the class.

    A constructor that wants arguments, or a network from the internet, is left out: few methods need what it makes.
    """
    first = next(iter(inspect.signature(getattr(holder, name)).parameters), "")
    if first != "self":
        return holder
    try:
        return holder()
    except Exception:
        return object.__new__(holder)
