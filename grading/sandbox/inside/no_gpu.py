"""Emulation of a GPU: calls for CUDA run on the processor, and torch.compile does nothing."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from grading.sandbox.inside.notes import took_effect
from grading.sandbox.inside.stand_ins import ask_when_missing, stand_in

# What torch.cuda offers under the names of the types on the processor.
_TYPES = (
    "FloatTensor",
    "DoubleTensor",
    "HalfTensor",
    "LongTensor",
    "IntTensor",
    "ShortTensor",
    "ByteTensor",
    "BoolTensor",
)
_SILENT = ("synchronize", "set_device", "empty_cache", "init", "reset_peak_memory_stats")
# These are called by torch.manual_seed, too: no sign that anybody asks for a GPU.
_SEEDS = ("manual_seed", "manual_seed_all")


def stay_on_cpu() -> None:
    """Answer every call for a GPU on the processor, whether this machine has a GPU or not."""
    for name in _TYPES:
        with contextlib.suppress(AttributeError):
            delattr(torch.cuda, name)
    ask_when_missing(torch.cuda, _cpu_type)
    for name in _SILENT:
        stand_in(torch.cuda, name, lambda *_, **__: took_effect("cuda"))
    for name in _SEEDS:
        stand_in(torch.cuda, name, lambda *_, **__: None)
    stand_in(torch.cuda, "is_available", lambda: False)
    stand_in(torch.cuda, "current_device", lambda: 0)
    torch.cuda.device = _AnyDevice  # type: ignore[misc,assignment]
    for owner, name in ((torch.Tensor, "cuda"), (torch.nn.Module, "cuda"), (torch.Tensor, "pin_memory")):
        stand_in(owner, name, _itself)
    for name in ("set_default_tensor_type", "set_default_device", "load"):
        _take_the_processor(torch, name)
    _take_the_processor(torch.nn.Module, "to")
    _Mode().__enter__()  # type: ignore[no-untyped-call]


def do_not_compile() -> None:
    """To compile a function takes a minute, and a compiler, that a few calls never earn back."""

    def left_out(function: Callable[..., Any] | None = None, **_: Any) -> Any:
        took_effect("compile")
        return _same_function if function is None else function

    stand_in(torch, "compile", left_out)
    stand_in(torch.nn.Module, "compile", _same_function)


def _same_function(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
    return function


class _AnyDevice(torch.cuda.device):
    """`with torch.cuda.device(0):` chooses nothing where there is no GPU."""

    def __init__(self, *_: Any) -> None:
        """Choose nothing."""

    def __enter__(self) -> None:
        """Change nothing."""

    def __exit__(self, *_: object) -> None:
        """Change nothing back."""


def _itself(value: Any, *_: Any, **__: Any) -> Any:
    took_effect("cuda")
    return value


def _take_the_processor(owner: Any, name: str) -> None:
    original = getattr(owner, name)
    stand_in(owner, name, lambda *args, **kwargs: original(*_all_on_cpu(args), **_named_on_cpu(kwargs)))


def _cpu_type(name: str) -> Any:
    if name not in _TYPES:
        raise AttributeError(f"module 'torch.cuda' has no attribute {name!r}")
    took_effect("cuda")
    return getattr(torch, name)


class _Mode(TorchFunctionMode):
    """Sees each call of torch, and puts the processor in the place of a GPU among its arguments."""

    def __torch_function__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        kwargs = kwargs or {}
        if func is torch.Tensor.to:
            args = (*args[:1], *map(_numbered, args[1:]))
        if "device" in kwargs:
            kwargs = {**kwargs, "device": _numbered(kwargs["device"])}
        if func is torch.device and args and _is_gpu(args[0]):
            args = args[:1]  # without the number of the GPU
        if any(_is_gpu(value) for value in (*args, *kwargs.values())):
            args, kwargs = _all_on_cpu(args), _named_on_cpu(kwargs)
        return func(*args, **kwargs)


def _numbered(device: Any) -> Any:
    """`img.to(0)` means the first GPU."""
    return torch.device("cuda", device) if type(device) is int else device


def _is_gpu(value: Any) -> bool:
    if isinstance(value, torch.device):
        return value.type in ("cuda", "mps")
    return isinstance(value, str) and re.match(r"(cuda|mps)(:\d+)?$|torch\.cuda\.", value) is not None


def _on_cpu(value: Any) -> Any:
    if not _is_gpu(value):
        return value
    took_effect("cuda")
    if isinstance(value, str) and value.startswith("torch."):
        return value.replace("torch.cuda.", "torch.")
    return torch.device("cpu")


def _all_on_cpu(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_on_cpu(value) for value in values)


def _named_on_cpu(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _on_cpu(value) for name, value in values.items()}
