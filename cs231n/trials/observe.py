"""Observation of a function: runs a trial on it and records the results. It judges nothing.

The same code observes a student's function (in the sandbox, or in the student's own notebook), the reference
solution and every named mistake. It judges nothing.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from cs231n.sentences import sentence
from cs231n.trials import networks
from cs231n.trials.exceptions import describe
from cs231n.trials.notebook_globals import NETWORK_NAMES
from cs231n.trials.observation import AXES_LIMIT, SHOWN_LIMIT, Observation, onward
from cs231n.trials.trial import Called, Features, Network, OnTheWay, Picture, Pictures, Tensor, Trial, goes_on

# How many operations of the dispatcher one that Python asks for has at most, among those that losses are made of.
PARTS_OF_AN_OPERATION = 8

Functions = Mapping[str, Callable[..., Any]]


def observe(
    trial: Trial, functions: Functions, notebook: dict[str, Any] | None = None, shared: bool = False
) -> Observation:
    """Make the calls of a trial, in order; after one that raised, those that do not depend on it.

    Parameters
    ----------
    trial : Trial
    functions : mapping from name to callable
        The function under test by its canonical name, and those that `Called` arguments need.
    notebook : dict, optional
        Globals of the notebook: the trial's network is put there under `NETWORK_NAMES`, as the set-up cells do.
    shared : bool
        Whether all trials get one network, for functions that are known to leave it as it is.

    Returns
    -------
    Observation
    """
    seen = Observation()
    stage = _Stage(functions, {} if notebook is None else notebook, trial, seen, shared)
    connected = any(map(goes_on, trial.calls))
    for number, arguments in enumerate(trial.calls):
        _reset_global_state()
        facts = _one_call(str(number), trial, arguments, stage, seen.arrays)
        seen.calls.append(facts)
        if facts["raised"] and connected:
            break
    return seen


def _reset_global_state() -> None:
    """What a random start draws, and whether gradients are on, depends on the call alone."""
    torch.set_grad_enabled(True)
    torch.default_generator.manual_seed(0)  # torch.manual_seed also writes a stack trace for each kind of GPU
    np.random.seed(0)
    random.seed(0)


class _Stage:
    """The live objects of one trial."""

    def __init__(
        self, functions: Functions, notebook: dict[str, Any], trial: Trial, seen: Observation, shared: bool
    ) -> None:
        self.functions = functions
        self.notebook = notebook
        self.trial, self.seen = trial, seen
        self.trainable = "network" in trial.watch  # whether the networks' parameters collect gradients
        self.shared = shared
        self.named: dict[str, torch.Tensor] = {}
        self.networks: dict[str, torch.nn.Module] = {}

    def live(self, value: Any) -> Any:
        """Make the object that a word of the trial's vocabulary stands for."""
        match value:
            case Tensor():
                return self._tensor(value)
            case Network(name):
                return self.network(name)
            case Picture():
                return networks.picture(value).clone()
            case Pictures():
                return networks.pictures(value).clone()
            case Features():
                return networks.features(value)
            case Called(function, args):
                return self.functions[function](*(self.live(item) for item in args))
            case OnTheWay(call):
                return self._on_the_way(call)
            case list():
                return [self.live(item) for item in value]
            case _:
                return value

    def _on_the_way(self, call: int) -> Any:
        shown = self.seen.arrays.get(f"{call}/shown")
        if shown is None:
            return self.live(self.trial.calls[call][0])
        image = torch.from_numpy(shown[onward(shown)][None].copy())  # the record must not change with it
        return image.float()

    def network(self, name: str) -> torch.nn.Module:
        if name not in self.networks:
            made = networks.shared(name) if self.shared else networks.network(name)
            self.networks[name] = made if self.shared else made.requires_grad_(self.trainable)
        self.notebook.update(dict.fromkeys(NETWORK_NAMES, self.networks[name]))
        return self.networks[name]

    def _tensor(self, wanted: Tensor) -> torch.Tensor:
        if wanted.name in self.named:
            tensor = self.named[wanted.name]
            tensor.data.copy_(torch.from_numpy(wanted.data))
            return tensor
        tensor = _laid_out(torch.from_numpy(wanted.data.copy()), wanted.layout)
        if wanted.requires_grad:
            tensor.requires_grad_()
        if wanted.grad is not None:
            tensor.grad = torch.from_numpy(wanted.grad.copy())
        if wanted.name:
            self.named[wanted.name] = tensor
        return tensor


def _laid_out(tensor: torch.Tensor, layout: str) -> torch.Tensor:
    if layout == "view":
        room = torch.zeros([side + 2 for side in tensor.shape], dtype=tensor.dtype)
        view = room[tuple(slice(1, -1) for _ in tensor.shape)]
        view.copy_(tensor)
        return view
    if layout == "channels_last":
        return tensor.contiguous(memory_format=torch.channels_last)
    return tensor


def _one_call(
    key: str, trial: Trial, arguments: tuple[Any, ...], stage: _Stage, arrays: dict[str, np.ndarray]
) -> dict[str, Any]:
    facts: dict[str, Any] = {"raised": None, "type": None, "graph": False}
    try:
        args = [stage.live(value) for value in arguments]
        names = [value.name for value in arguments if isinstance(value, Network)] or [trial.network]
        with _watched(key, trial, names, stage, facts, arrays):
            output = stage.functions[trial.function](*args)
        facts["type"] = type(output).__name__
        facts["graph"] = isinstance(output, torch.Tensor) and output.requires_grad
        facts.update(_read(output, f"{key}/output", arrays))
        tensors = dict(_tensors(args))
        if "gradient" in trial.watch and facts["graph"] and f"{key}/output" in arrays:
            _write_gradients(key, output, tensors, arrays)
        if "arguments" in trial.watch:
            _write_arguments(key, tensors, arrays)
        if "network" in trial.watch:
            facts["changed"] = ", ".join(_changed(network) for network in stage.networks.values())
    except KeyboardInterrupt:  # somebody at the keyboard wants this to stop
        raise
    except BaseException as error:  # a student's SystemExit is a failed call, not the end of the grader
        facts["raised"] = describe(error)
    return facts


@contextlib.contextmanager
def _watched(
    key: str,
    trial: Trial,
    watched: list[str],
    stage: _Stage,
    facts: dict[str, Any],
    arrays: dict[str, np.ndarray],
) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        counter = stack.enter_context(_Operations()) if "operations" in trial.watch else None
        if counter:
            stack.enter_context(counter.below)
        shown = _Shown()
        if "shown" in trial.watch:
            for name in watched:
                layer = networks.first_layer(stage.network(name))
                handle = layer.register_forward_pre_hook(lambda _, inputs: shown.add(inputs[0]))
                stack.callback(handle.remove)
        try:
            yield
        finally:
            if counter:
                facts["operations"] = counter.count
            if len({image.shape for image in shown.kept}) == 1:
                arrays[f"{key}/shown"] = torch.cat(shown.kept).numpy()
            if "shown" in trial.watch:
                facts["shown"] = shown.count


class _Shown:
    """How often a network was asked, and the images it was shown: not again the last one, nor the first."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[torch.Tensor] = []

    def add(self, image: torch.Tensor) -> None:
        """Take an image down, as it is now."""
        self.count += 1
        known = (self.kept[0], self.kept[-1]) if self.kept else ()
        if len(self.kept) < SHOWN_LIMIT and not any(_is_same(image, other) for other in known):
            self.kept.append(image.detach().clone(memory_format=torch.contiguous_format))


def _is_same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return one.dtype == other.dtype and torch.equal(one, other)


class _Operations(TorchFunctionMode):
    """Counts the tensor operations that Python asks for: a loop over pixels shows as a number that grows.

    `below` sees those that PyTorch carries out, also of code that hides what it asks for. One operation that Python
    asks for may be several there, so that only what is far more than was asked for counts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.below = _CarriedOut()

    @property
    def count(self) -> int:
        """How many operations ran, hidden or not."""
        hidden = self.below.count > PARTS_OF_AN_OPERATION * (self.asked + 1)
        return self.below.count if hidden else self.asked

    def __torch_function__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        self.asked += 1
        return func(*args, **(kwargs or {}))


class _CarriedOut(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the operations that PyTorch's dispatcher carries out."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Leave PyTorch's compiler alone: to shut it off here, PyTorch would import it, and sympy: seconds."""
        return False

    def __torch_dispatch__(  # type: ignore[no-untyped-def]
        self, func, types, args=(), kwargs=None
    ):
        self.count += 1
        return func(*args, **(kwargs or {}))


def _read(output: Any, key: str, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """Write a result down as an array, if it is one or a number."""
    if isinstance(output, torch.Tensor):
        plain = output.detach().cpu()
        if plain.dtype == torch.bfloat16:
            plain = plain.float()
        array = np.array(plain.resolve_conj().numpy(), order="C")  # a copy: the next call may change it
        array = array.reshape(tuple(plain.shape))
    elif isinstance(output, (np.ndarray, np.generic, bool, int, float)):
        array = np.array(output, order="C")
    else:
        return {}
    if array.dtype.kind not in "fiub":
        return {"unreadable": str(array.dtype)}
    if array.ndim > AXES_LIMIT:
        return {"unreadable": f"{array.ndim} axes"}
    arrays[key] = array
    return {"dtype": str(array.dtype)}


def _tensors(args: list[Any], path: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    for number, value in enumerate(args):
        here = f"{path}.{number}" if path else str(number)
        if isinstance(value, torch.Tensor):
            yield here, value
        elif isinstance(value, list):
            yield from _tensors(value, here)


def _write_gradients(
    key: str, output: torch.Tensor, tensors: dict[str, torch.Tensor], arrays: dict[str, np.ndarray]
) -> None:
    """Pull one fixed, uneven weighting of the output back to the arguments that require a gradient."""
    wanted = {path: tensor for path, tensor in tensors.items() if tensor.requires_grad}
    if not wanted:
        return  # the graph is of the function's own making, as in `loss = Variable(zeros, requires_grad=True)`
    weighting = torch.linspace(0.5, 1.5, output.numel(), dtype=output.dtype).reshape(output.shape)
    pulled = torch.autograd.grad((output * weighting).sum(), list(wanted.values()), allow_unused=True)
    for path, gradient in zip(wanted, pulled, strict=True):
        if gradient is not None:
            _read(gradient, f"{key}/gradient/{path}", arrays)


def _write_arguments(key: str, tensors: dict[str, torch.Tensor], arrays: dict[str, np.ndarray]) -> None:
    for path, tensor in tensors.items():
        _read(tensor, f"{key}/after/{path}", arrays)
        if tensor.is_leaf and tensor.grad is not None:
            _read(tensor.grad, f"{key}/grad/{path}", arrays)


def _changed(network: torch.nn.Module) -> str:
    """Return in words what a call has left behind in a network; "" if nothing."""
    hooked = any(m._forward_hooks or m._forward_pre_hooks or m._backward_hooks for m in network.modules())
    hold_gradients = any(parameter.grad is not None for parameter in network.parameters())
    if hooked and hold_gradients:
        return sentence("hooks are left in it and its parameters hold gradients")
    if hooked:
        return sentence("hooks are left in it")
    return sentence("its parameters hold gradients") if hold_gradients else ""
