"""Forward pass that reuses cached feature maps where a changed rectangle of the picture cannot reach.

A convolution or a pooling carries a change as far as its window reaches, so in the first layers, which are
the largest, most of every feature map stays what it was. The picture is run once and all its feature maps are
kept; of each changed copy only a crop goes through the layers, with a border from the kept maps, until the
crop has grown to most of the map or meets an operation that is not local. From there on copies run whole.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, fx, nn
from torch.nn import functional as F

from cs231n.language import said
from cs231n.lecture.local_layers import JOINS, PIXELWISE, PIXELWISE_FUNCTIONS, WINDOWS, nodes_up_to, window
from cs231n.techniques.targets import watched

Offsets = NDArray[np.int64]

_MOSTLY = 1.0
"""Where a crop has this share of its map, cutting and pasting costs what it saves."""

_NOISE = 1e-4
"""What rounding may make of a layer's output, relative to its length, when it is computed otherwise."""


@dataclass(frozen=True, eq=False)
class Crops:
    """Copies of one feature map that differ from it within rectangles of one size.

    Attributes
    ----------
    kept : Tensor of shape (1, C, H, W)
        What the map was.
    crops : Tensor of shape (N, C, h, w)
        What the copies have instead of it.
    tops, lefts : ndarray of shape (N,)
        Where.
    """

    kept: Tensor
    crops: Tensor
    tops: Offsets
    lefts: Offsets

    @property
    def share(self) -> float:
        """What part of the map the crops are."""
        return math.prod(self.crops.shape[2:]) / math.prod(self.kept.shape[2:])

    def whole(self) -> Tensor:
        """Return the copies, (N, C, H, W)."""
        corner = np.zeros(len(self.crops), np.int64)
        return self.cut(corner, corner, self.kept.shape[2], self.kept.shape[3])

    def cut(self, tops: Offsets, lefts: Offsets, height: int, width: int, outside: float = 0.0) -> Tensor:
        """Cut other rectangles out of the copies; beyond the map's edge they have the value `outside`."""
        same_size = self.crops.shape[2:] == (height, width)
        if same_size and np.array_equal(tops, self.tops) and np.array_equal(lefts, self.lefts):
            return self.crops
        rows = (tops[:, None] + np.arange(height))[:, :, None]
        columns = (lefts[:, None] + np.arange(width))[:, None, :]
        map_height, map_width = self.kept.shape[2:]
        beyond = (rows < 0) | (rows >= map_height) | (columns < 0) | (columns >= map_width)
        nearest = rows.clip(0, map_height - 1) * map_width + columns.clip(0, map_width - 1)
        pixels = _pixels(self.kept).index_select(0, self._indices(nearest))
        if beyond.any():
            pixels.index_fill_(0, self._indices(np.flatnonzero(beyond)), outside)
        rows, columns = rows - self.tops[:, None, None], columns - self.lefts[:, None, None]
        crop_height, crop_width = self.crops.shape[2:]
        inside = (rows >= 0) & (rows < crop_height) & (columns >= 0) & (columns < crop_width)
        source = (np.arange(len(tops))[:, None, None] * crop_height + rows) * crop_width + columns
        changed = _pixels(self.crops).index_select(0, self._indices(source[inside]))
        pixels.index_copy_(0, self._indices(np.flatnonzero(inside)), changed)
        return pixels.view(len(tops), height, width, -1).permute(0, 3, 1, 2)

    def average(self) -> Tensor:
        """Return the mean of each copy over its pixels, (N, C, 1, 1)."""
        sums = F.pad(
            self.kept[0].double().cumsum(1).cumsum(2), (1, 0, 1, 0)
        )  # over all above and to the left
        top, left = self._indices(self.tops), self._indices(self.lefts)
        bottom, right = top + self.crops.shape[2], left + self.crops.shape[3]
        replaced = sums[:, bottom, right] - sums[:, top, right] - sums[:, bottom, left] + sums[:, top, left]
        total = sums[:, -1, -1] - replaced.T + self.crops.sum((2, 3))
        return (total / math.prod(self.kept.shape[2:])).to(self.kept.dtype)[:, :, None, None]

    def _indices(self, values: Offsets) -> Tensor:
        return torch.from_numpy(values.ravel()).to(self.kept.device)


def _pixels(maps: Tensor) -> Tensor:
    """(N, C, H, W) as rows of C, one for each pixel; no copy is made where channels are last in memory."""
    return maps.permute(0, 2, 3, 1).flatten(0, 2)


class Rerun:
    """Forward pass on changed copies of one picture that reuses the picture's cached feature maps.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode; it and its hooks are left alone.
    image : Tensor of shape (1, 3, H, W)
        The picture.
    layer : str
        Whose output is wanted; "" is the network's own.

    Raises
    ------
    ValueError
        If the network cannot be rerun piece by piece: `torch.fx` cannot trace it or misses something, or it
        has hooks, or it changes a feature map in place that is used elsewhere.
    """

    def __init__(self, network: nn.Module, image: Tensor, layer: str = "") -> None:
        if any(module._forward_hooks or module._forward_pre_hooks for module in network.modules()):
            raise ValueError(said("Hooks of the network would not be called."))
        try:
            graph = fx.Tracer().trace(network)
        except Exception as error:  # tracing runs the network's own code, which may raise anything
            raise ValueError(said("The network cannot be traced: {error}", error=error)) from error
        self._nodes = nodes_up_to(graph, layer)
        if not layer and graph.output_node().args[0] is not self._nodes[-1]:
            raise ValueError(said("The network's output is not what it computes last."))
        self._network = network
        self._interpreter = fx.Interpreter(fx.GraphModule(network, graph))
        self._kept: dict[fx.Node, Any] = {}
        for node in self._nodes:
            self._kept[node] = (
                image.contiguous(memory_format=torch.channels_last)
                if node.op == "placeholder"
                else self._first_run(node)
            )
        with watched(network, layer) as outputs:
            network(image)
        missed = (self._kept[node] - outputs[-1]).norm()
        if not missed <= _NOISE * outputs[-1].norm():
            raise ValueError(said("What was traced is not what the network does."))

    def __call__(self, crops: Tensor, tops: Offsets, lefts: Offsets) -> Tensor:
        """Return what the layer says of changed copies of the picture, (N, ...).

        Parameters
        ----------
        crops : Tensor of shape (N, 3, h, w)
            What the copies have in place of the picture's pixels ...
        tops, lefts : ndarray of shape (N,)
            ... from this row and this column on. The rectangles lie within the picture.
        """
        changed: dict[fx.Node, Any] = {}
        for node in self._nodes:
            if node.op == "placeholder":
                changed[node] = Crops(self._kept[node], crops, tops, lefts)
            elif any(source in changed for source in node.all_input_nodes):
                changed[node] = self._rerun(node, changed)
        output: Tensor = _whole(changed[node])
        return output

    def _first_run(self, node: fx.Node) -> Any:
        inputs = {source: self._kept[source] for source in node.all_input_nodes}
        if _works_in_place(node, self._network):
            overwritten = node.all_input_nodes[0]
            if len(overwritten.users) > 1:
                raise ValueError(
                    said("{overwritten} is overwritten and used elsewhere.", overwritten=overwritten)
                )
            inputs[overwritten] = inputs[overwritten].clone()
        return self._apply(node, inputs)

    def _rerun(self, node: fx.Node, changed: dict[fx.Node, Any]) -> Any:
        inputs = {source: changed.get(source, self._kept[source]) for source in node.all_input_nodes}
        if not all(isinstance(value, Crops) for value in inputs.values()):
            return self._apply(node, {source: _whole(value) for source, value in inputs.items()})
        module = self._network.get_submodule(str(node.target)) if node.op == "call_module" else None
        if _slides(module):
            (crops,) = inputs.values()
            result = _slid(module, crops, self._kept[node])
        elif _is_pixelwise(node, module) and len({value.kept.shape[2:] for value in inputs.values()}) == 1:
            aligned = dict(zip(inputs, _aligned(list(inputs.values())), strict=True))
            first = next(iter(aligned.values()))
            pieces = self._apply(node, {source: value.crops for source, value in aligned.items()})
            result = Crops(self._kept[node], pieces, first.tops, first.lefts)
        elif type(module) is nn.AdaptiveAvgPool2d and module.output_size in (1, (1, 1)):
            return next(iter(inputs.values())).average()
        else:
            return self._apply(node, {source: value.whole() for source, value in inputs.items()})
        return result.whole() if result.share >= _MOSTLY else result

    def _apply(self, node: fx.Node, inputs: dict[fx.Node, Any]) -> Any:
        arguments = fx.map_arg(node.args, inputs.__getitem__)
        named = fx.map_arg(node.kwargs, inputs.__getitem__)
        return getattr(self._interpreter, node.op)(node.target, arguments, named)


def _whole(value: Any) -> Any:
    return value.whole() if isinstance(value, Crops) else value


def _works_in_place(node: fx.Node, network: nn.Module) -> bool:
    if node.op == "call_module":
        return bool(getattr(network.get_submodule(str(node.target)), "inplace", False))
    name = node.target if isinstance(node.target, str) else node.target.__name__
    return name.endswith("_") or name in ("iadd", "imul", "setitem") or bool(node.kwargs.get("inplace"))


def _slides(module: Any) -> bool:
    """Whether a module is a window over feature maps that a crop with a border can stand in for."""
    if type(module) not in WINDOWS or isinstance(module.padding, str):
        return False
    if type(module) is nn.AvgPool2d:  # at a border its divisor may change
        return window(module, 0)[2] == window(module, 1)[2] == 0 and not module.ceil_mode
    return getattr(module, "padding_mode", "zeros") == "zeros"


def _is_pixelwise(node: fx.Node, module: Any) -> bool:
    if module is not None:
        return type(module) in PIXELWISE
    if node.target is torch.cat:
        return bool(node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else 0) == 1)
    return node.target in PIXELWISE_FUNCTIONS or node.target in JOINS


def _slid(module: Any, crops: Crops, kept: Tensor) -> Crops:
    """Slide a convolution or pooling over crops, as far as the change reaches."""
    tops, from_tops, from_height = _reached(module, 0, crops.tops, crops.crops.shape[2], kept.shape[2])
    lefts, from_lefts, from_width = _reached(module, 1, crops.lefts, crops.crops.shape[3], kept.shape[3])
    outside = -math.inf if type(module) is nn.MaxPool2d else 0.0
    seen = crops.cut(from_tops, from_lefts, from_height, from_width, outside)
    if isinstance(module, nn.Conv2d):
        pieces = F.conv2d(seen, module.weight, module.bias, module.stride, 0, module.dilation, module.groups)
    elif isinstance(module, nn.MaxPool2d):
        pieces = F.max_pool2d(seen, module.kernel_size, module.stride, 0, module.dilation)
    else:
        pieces = module(seen)
    return Crops(kept, pieces, tops, lefts)


def _reached(
    module: Any, axis: int, starts: Offsets, size: int, map_size: int
) -> tuple[Offsets, Offsets, int]:
    """Along one axis: where the outputs that see a change begin, and where and how long is what these see.

    They are as many as in of the copy with the most; the others begin earlier where the map would end.
    """
    kernel, stride, padding, dilation, _ = window(module, axis)
    extent = dilation * (kernel - 1) + 1
    first = np.maximum(-((extent - 1 - padding - starts) // stride), 0)
    last = np.minimum((starts + size - 1 + padding) // stride, map_size - 1)
    count = max(int((last - first).max()) + 1, 1)
    first = np.minimum(first, map_size - count)
    return first, first * stride - padding, (count - 1) * stride + extent


def _aligned(several: list[Crops]) -> list[Crops]:
    """Cut crops of maps of one size anew, so that all have the same rectangles."""
    tops = np.min([crops.tops for crops in several], axis=0)
    lefts = np.min([crops.lefts for crops in several], axis=0)
    height = max(int((crops.tops + crops.crops.shape[2] - tops).max()) for crops in several)
    width = max(int((crops.lefts + crops.crops.shape[3] - lefts).max()) for crops in several)
    map_height, map_width = several[0].kept.shape[2:]
    tops, lefts = np.minimum(tops, map_height - height), np.minimum(lefts, map_width - width)
    return [Crops(crops.kept, crops.cut(tops, lefts, height, width), tops, lefts) for crops in several]
