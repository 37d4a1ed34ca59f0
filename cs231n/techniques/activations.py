"""Outputs of a network's layers, before the ReLU if wanted; layers behind them are not run."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, nullcontext, suppress
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from cs231n.language import said
from cs231n.techniques.targets import find_layer

RELUS = {F.relu, F.relu_, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_}
"""All the functions by which a network can call a ReLU; `nn.ReLU` calls the first."""


def relu_input(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Tensor:
    """Return the tensor that one of `RELUS` was called with.

    Examples
    --------
    >>> relu_input((torch.tensor([-1.0, 2.0]),), {})
    tensor([-1.,  2.])
    """
    given: Tensor = args[0] if args else kwargs["input"]
    return given


def works_in_place(relu: object, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Tell whether a call of one of `RELUS` overwrites its input.

    Examples
    --------
    >>> works_in_place(F.relu, (torch.zeros(2),), {"inplace": True})
    True
    """
    asked = kwargs.get("inplace", args[1] if len(args) > 1 else False)
    return relu in {F.relu_, torch.relu_, Tensor.relu_} or bool(asked)


def activations(network: nn.Module, images: Tensor, layer: str, *, before_relu: bool = False) -> Tensor:
    """Run a network as far as a layer.

    Parameters
    ----------
    network : nn.Module
        In the mode that is wanted; no hook stays.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    layer : str
        The module's name.
    before_relu : bool
        If the layer ends in a ReLU, or in several side by side, return what they were given: there a neuron
        that is silent still has a gradient.

    Returns
    -------
    Tensor of shape (N, C, h, w) or (N, C)
        In the graph of `images`.

    Raises
    ------
    ValueError
        If there is no such layer, or the network does not use it when it runs.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> activations(network, torch.zeros(1, 3, 64, 64), "features.3").shape
    torch.Size([1, 32, 15, 15])
    """
    relus = _BeforeReLU()
    with relus if before_relu else nullcontext():
        (output,) = all_activations(network, images, [layer])
    return relus.before(output)


def all_activations(network: nn.Module, images: Tensor, layers: Sequence[str]) -> list[Tensor]:
    """Run a network once, as far as the last of several layers.

    Parameters
    ----------
    network, images
        As for `activations`.
    layers : sequence of str
        Names of modules, in any order.

    Returns
    -------
    list of Tensor
        One for each layer, in that order, in the graph of `images`.

    Raises
    ------
    ValueError
        As `activations` does.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> outputs = all_activations(network, torch.zeros(1, 3, 64, 64), ["features.0", "features.5"])
    >>> [output.shape[1] for output in outputs]
    [16, 48]
    """
    found: dict[str, Tensor] = {}

    def keep(output: Tensor, layer: str) -> Tensor:
        found[layer] = output
        if len(found) == len(set(layers)):
            raise _FoundAll
        return output.clone()  # the next layer may be a ReLU that works in place

    with ExitStack() as hooks:
        for layer in set(layers):
            hook = find_layer(network, layer).register_forward_hook(
                lambda _module, _arguments, output, layer=layer: keep(output, layer)
            )
            hooks.callback(hook.remove)
        with suppress(_FoundAll):
            network(images.contiguous(memory_format=torch.channels_last))  # faster on a CPU
    for layer in layers:
        if layer not in found:
            raise ValueError(said("The network does not use its layer {layer!r} when it runs.", layer=layer))
    return [found[layer] for layer in layers]


class _FoundAll(Exception):  # noqa: N818 - a message, not an error
    pass


class _BeforeReLU(TorchFunctionMode):
    """While it lasts, remember of every ReLU's output what the input was, also through a concatenation."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[int, tuple[Tensor, Tensor]] = {}  # by id; the output is kept, or its id is reused

    def before(self, output: Tensor) -> Tensor:
        """Return the input of the ReLU that gave this output; of what no ReLU gave, the output itself."""
        return self._known.get(id(output), (output, output))[1]

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func in RELUS:
            given = relu_input(args, kwargs)
            if works_in_place(func, args, kwargs):
                given = given.clone()
            output = func(*args, **kwargs)
            self._known[id(output)] = (output, given)
            return output
        output = func(*args, **kwargs)
        if func is torch.cat and any(id(part) in self._known for part in args[0]):
            parts = [self.before(part) for part in args[0]]
            self._known[id(output)] = (output, torch.cat(parts, *args[1:], **kwargs))
        return output
