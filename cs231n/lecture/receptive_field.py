"""Receptive fields: the pixels that can change a unit, computed from the layers without running them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, fx, nn

from cs231n.language import said
from cs231n.lecture.local_layers import JOINS, PIXELWISE, PIXELWISE_FUNCTIONS, WINDOWS, nodes_up_to, window
from cs231n.techniques.targets import find_layer

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Box:
    """Pixels `top` to `bottom` and `left` to `right`; the ends are not part of it, as in a slice."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class _Reach:
    """For each position of a feature map along one axis, the first and the last pixel that it sees.

    A position that sees nothing but padding has 0 and -1.
    """

    first: Indices
    last: Indices

    def windows(self, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> "_Reach":
        """Return the reach of a convolution or pooling on top; windows end where the feature map ends."""
        size = len(self.first)
        steps = (size + 2 * padding - dilation * (kernel - 1) - 1) / stride
        count = (math.ceil(steps) if ceil_mode else math.floor(steps)) + 1
        if ceil_mode and (count - 1) * stride >= size + padding:
            count -= 1  # a window must begin inside the map or its left padding
        taps = np.arange(count)[:, None] * stride - padding + np.arange(kernel) * dilation
        inside = (taps >= 0) & (taps < size)
        taps = taps.clip(0, size - 1)
        first = np.where(inside, self.first[taps], np.iinfo(np.int64).max).min(axis=1)
        last = np.where(inside, self.last[taps], -1).max(axis=1)
        return _Reach(np.minimum(first, last + 1), last)

    def joined(self, other: "_Reach") -> "_Reach":
        return _Reach(np.minimum(self.first, other.first), np.maximum(self.last, other.last))


_Reaches = tuple[_Reach, _Reach]


@dataclass(frozen=True)
class ReceptiveField:
    """The boxes of all units of a layer, for pictures of one size.

    Attributes
    ----------
    layer : str
        The layer's name.
    shape : (int, int)
        Rows and columns of its feature maps.
    """

    layer: str
    shape: tuple[int, int]
    _rows: _Reach
    _columns: _Reach

    def box(self, row: int, column: int) -> Box:
        """Return the smallest box that holds all pixels which can change a unit at (row, column).

        Where channels differ, as in SqueezeNet's Fire (1x1 and 3x3 filters side by side), it is the largest.
        """
        return Box(
            int(self._rows.first[row]),
            int(self._columns.first[column]),
            int(self._rows.last[row]) + 1,
            int(self._columns.last[column]) + 1,
        )


def receptive_field(network: nn.Module, images: Tensor, layer: str) -> ReceptiveField:
    """Follow the layers' kernels, strides, paddings and dilations from the pixels to a layer.

    Parameters
    ----------
    network : nn.Module
        Convolutions, pooling and what works on each pixel alone, in any arrangement that `torch.fx` can
        trace: branches, shortcuts, concatenations. It is not run.
    images : Tensor of shape (N, 3, H, W)
        Only the size matters.
    layer : str
        The module's name; its output must be feature maps.

    Returns
    -------
    ReceptiveField
        Its boxes end at the picture's edge: padding and what hangs over the edge hold no pixels.

    Raises
    ------
    ValueError
        If there is no such layer, or an operation in front of it is not one of those named.

    References
    ----------
    Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.

    Examples
    --------
    >>> import torch
    >>> network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2))
    >>> receptive_field(network, torch.zeros(1, 3, 10, 10), "1").box(0, 1)
    Box(top=0, left=2, bottom=4, right=6)
    """
    find_layer(network, layer)
    height, width = images.shape[2:]
    reached: dict[fx.Node, _Reaches] = {}
    graph = fx.Tracer().trace(network)
    for node in nodes_up_to(graph, layer):
        if node.op == "placeholder":
            reached[node] = (_Reach(*[np.arange(height)] * 2), _Reach(*[np.arange(width)] * 2))
        else:
            inputs = [reached[source] for source in node.all_input_nodes]
            reached[node] = _through(node, network, inputs)
    rows, columns = reached[node]
    return ReceptiveField(layer, (len(rows.first), len(columns.first)), rows, columns)


def _through(node: fx.Node, network: nn.Module, inputs: list[_Reaches]) -> _Reaches:
    if node.op == "call_module":
        module = network.get_submodule(str(node.target))
        if isinstance(module, WINDOWS):
            rows, columns = (reach.windows(*window(module, axis)) for axis, reach in enumerate(inputs[0]))
            return rows, columns
        if isinstance(module, PIXELWISE):
            return inputs[0]
    elif node.target in PIXELWISE_FUNCTIONS:
        return inputs[0]
    elif node.target in JOINS and inputs:
        rows, columns = inputs[0]
        for other in inputs[1:]:
            rows, columns = rows.joined(other[0]), columns.joined(other[1])
        return rows, columns
    raise ValueError(said("What pixels reach through {node} is not known.", node=_described(node, network)))


def _described(node: fx.Node, network: nn.Module) -> str:
    if node.op == "call_module":
        return f"{type(network.get_submodule(str(node.target))).__name__} ({node.target})"
    target: str | Callable[..., Any] = node.target
    return target if isinstance(target, str) else target.__name__
