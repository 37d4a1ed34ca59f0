"""Lets code of older PyTorch, and code for a faster machine, run here: what fails for its age or its machine alone.

Each translation is noted when it takes effect, so that a result can say so. `Variable`, `volatile` and
`size_average` need none: PyTorch still takes them.
"""

from __future__ import annotations

import contextlib
import functools
import re
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

_OLD = "an old PyTorch idiom was translated: "
NOTES = {
    "data[0]": _OLD + "the number in a tensor taken as .data[0]",
    "index[0, 0]": _OLD + "an index kept as a matrix, index[0, 0]",
    "retain_variables": _OLD + "retain_variables",
    "Variable": _OLD + "Variable of integers that requires a gradient",
    "np.float": "an old NumPy idiom was translated: np.float and its like",
    "cuda": "the code asks for a GPU; it ran on the processor",
    "compile": "torch.compile was left out: it changes how fast a function runs, not what it returns",
}
_used: set[str] = set()
_installed: set[str] = set()  # keys of `_CHANGES`


def used() -> list[str]:
    """Return the keys of `NOTES` that have taken effect since the last `forget`."""
    return sorted(_used)


def forget() -> None:
    """Begin a new function: what took effect for the one before is not said of it."""
    _used.clear()


def needed(texts: Iterable[str]) -> set[str]:
    """Return which changes of PyTorch a student's texts make necessary, by what in them is a sign of it."""
    text = "\n".join(texts)
    return {sign for sign in _CHANGES if re.search(sign, text)}


def install(texts: Iterable[str]) -> None:
    """Change PyTorch in this process, as far as the student's texts make it necessary."""
    new = needed(texts) - _installed
    for sign, change in _CHANGES.items():  # always in this order
        if sign in new:
            change()
    _installed.update(new)


def _take_retain_variables() -> None:
    backward = torch.Tensor.backward

    @functools.wraps(backward)
    def patched(self: torch.Tensor, *args: Any, retain_variables: bool | None = None, **kwargs: Any) -> None:
        if retain_variables is not None:
            _used.add("retain_variables")
            kwargs.setdefault("retain_graph", retain_variables)
        backward(self, *args, **kwargs)  # type: ignore[no-untyped-call]

    _set(torch.Tensor, "backward", patched)


def _index_single_numbers() -> None:
    """`loss.data[0]`, and `scores.max(1)[1][0, 0]`: before 0.4 a single number was a vector, and max kept its axis."""
    getitem = torch.Tensor.__getitem__

    def patched(self: torch.Tensor, index: Any) -> Any:
        try:
            return getitem(self, index)
        except IndexError:
            zeros = index if isinstance(index, tuple) else (index,)
            if self.numel() != 1 or any(type(i) is not int or i not in (0, -1) for i in zeros):
                raise
            _used.add("index[0, 0]" if len(zeros) > 1 else "data[0]")
            return self.reshape(()) if self.requires_grad else self.item()

    _set(torch.Tensor, "__getitem__", patched)


def _allow_integer_variables() -> None:
    """`Variable(y, requires_grad=True)` of labels was allowed, and meant nothing."""
    original = torch.autograd.Variable

    class Meta(type(original)):  # type: ignore[misc]
        def __call__(cls, data: Any = None, requires_grad: bool = False, **kwargs: Any) -> Any:
            if requires_grad and isinstance(data, torch.Tensor) and not data.is_floating_point():
                _used.add("Variable")
                requires_grad = False
            return original(data, requires_grad=requires_grad, **kwargs)

        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, torch.Tensor)

    _set(torch.autograd, "Variable", Meta("Variable", (original,), {}))


def _restore_numpy_names() -> None:
    def missing(name: str) -> Any:
        if name not in ("float", "int", "bool", "object"):
            raise AttributeError(f"module 'numpy' has no attribute {name!r}")
        _used.add("np.float")
        return {"float": float, "int": int, "bool": bool, "object": object}[name]

    _ask_when_missing(np, missing)


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


def _stay_on_cpu() -> None:
    """Answer every call for a GPU on the processor, whether this machine has a GPU or not."""
    for name in _TYPES:
        with contextlib.suppress(AttributeError):
            delattr(torch.cuda, name)
    _ask_when_missing(torch.cuda, _cpu_type)
    for name in _SILENT:
        _set(torch.cuda, name, _nothing)
    for name in _SEEDS:
        _set(torch.cuda, name, lambda *_: None)
    _set(torch.cuda, "is_available", lambda: False)
    _set(torch.cuda, "current_device", lambda: 0)
    _set(torch.cuda, "device", lambda *_: contextlib.nullcontext())
    _set(torch.Tensor, "cuda", _same)
    _set(torch.nn.Module, "cuda", _same)
    set_default = torch.set_default_tensor_type
    _set(torch, "set_default_tensor_type", lambda kind: set_default(_on_cpu(kind)))
    set_device = torch.set_default_device
    _set(torch, "set_default_device", lambda device: set_device(_on_cpu(device)))
    move = torch.nn.Module.to
    _set(
        torch.nn.Module,
        "to",
        lambda self, *args, **kwargs: move(self, *_all_on_cpu(args), **_named_on_cpu(kwargs)),
    )
    _Mode().__enter__()  # type: ignore[no-untyped-call]


def _do_not_compile() -> None:
    """To compile a function takes a minute, and a compiler, that a few calls never earn back."""

    def left_out(function: Callable[..., Any] | None = None, **_: Any) -> Any:
        _used.add("compile")
        return _same_function if function is None else function

    _set(torch, "compile", left_out)
    _set(torch.nn.Module, "compile", _same_function)


def _same_function(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
    return function


def _nothing(*_: Any, **__: Any) -> None:
    _used.add("cuda")


def _same(value: Any, *_: Any, **__: Any) -> Any:
    _used.add("cuda")
    return value


def _cpu_type(name: str) -> Any:
    if name not in _TYPES:
        raise AttributeError(f"module 'torch.cuda' has no attribute {name!r}")
    _used.add("cuda")
    return getattr(torch, name)


class _Mode(TorchFunctionMode):
    """Sees each call of torch, and puts the processor in the place of a GPU among its arguments."""

    def __torch_function__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        kwargs = kwargs or {}
        if any(_is_gpu(value) for value in (*args, *kwargs.values())):
            args, kwargs = _all_on_cpu(args), _named_on_cpu(kwargs)
        return func(*args, **kwargs)


def _is_gpu(value: Any) -> bool:
    if isinstance(value, torch.device):
        return value.type in ("cuda", "mps")
    return isinstance(value, str) and re.match(r"(cuda|mps)(:\d+)?$|torch\.cuda\.", value) is not None


def _on_cpu(value: Any) -> Any:
    if not _is_gpu(value):
        return value
    _used.add("cuda")
    if isinstance(value, str) and value.startswith("torch."):
        return value.replace("torch.cuda.", "torch.")
    return torch.device("cpu")


def _all_on_cpu(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_on_cpu(value) for value in values)


def _named_on_cpu(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _on_cpu(value) for name, value in values.items()}


def _ask_when_missing(module: types.ModuleType, answer: Callable[[str], Any]) -> None:
    """Let `answer` say what an unknown attribute of a module is, before what the module itself says."""
    before = vars(module).get("__getattr__")

    def missing(name: str) -> Any:
        try:
            return answer(name)
        except AttributeError:
            if before is None:
                raise
            return before(name)

    _set(module, "__getattr__", missing)


_CHANGES: dict[str, Callable[[], None]] = {
    r"retain_variables": _take_retain_variables,
    r"\[\s*0\s*(,\s*0\s*)?\]": _index_single_numbers,
    r"Variable": _allow_integer_variables,
    r"\bnp\.(float|int|bool|object)\b": _restore_numpy_names,
    r"(?i:cuda|\bmps\b|gpu)": _stay_on_cpu,
    r"compile": _do_not_compile,
}


def _set(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)
