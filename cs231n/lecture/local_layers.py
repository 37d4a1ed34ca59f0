"""Properties of local layers: which positions of the map before one output depends on, as `torch.fx` traces it."""

import operator
from typing import Any

import torch
from torch import fx, nn
from torch.nn import functional as F

from cs231n.language import said

WINDOWS = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)
"""Layers that slide a window."""

PIXELWISE = (
    nn.ReLU,
    nn.ReLU6,
    nn.SiLU,
    nn.GELU,
    nn.Hardswish,
    nn.Sigmoid,
    nn.Dropout,
    nn.BatchNorm2d,
    nn.Identity,
)
"""Layers, in evaluation mode, whose output at a pixel depends on that pixel alone."""

PIXELWISE_FUNCTIONS = {F.relu, torch.relu, torch.relu_, F.dropout, "relu", "relu_", "clone", "contiguous"}
JOINS = {torch.cat, torch.add, operator.add, operator.iadd, torch.mul, operator.mul, "add", "add_"}
"""Operations that meet several feature maps pixel by pixel."""


def nodes_up_to(graph: fx.Graph, layer: str) -> list[fx.Node]:
    """Return the operations as far as the last one that belongs to a layer; "" is the whole network.

    Raises
    ------
    ValueError
        If the layer takes no part in running the network.
    """
    nodes = [node for node in graph.nodes if node.op != "output"]
    inside = [i for i, node in enumerate(nodes) if layer in _modules_around(node) or not layer]
    if not inside:
        raise ValueError(said("The network does not use its layer {layer!r} when it runs.", layer=layer))
    return nodes[: inside[-1] + 1]


def _modules_around(node: fx.Node) -> set[str]:
    """Names of the modules that an operation belongs to; torch numbers further uses of one: "relu@1"."""
    return {name.partition("@")[0] for name in node.meta.get("nn_module_stack", {})}


def window(module: Any, axis: int) -> tuple[int, int, int, int, bool]:
    """Return (kernel, stride, padding, dilation, ceil_mode) of a layer of `WINDOWS` along an axis.

    Raises
    ------
    ValueError
        If its padding is given by name.
    """

    def along(value: int | tuple[int, int]) -> int:
        return value if isinstance(value, int) else value[axis]

    if isinstance(module.padding, str):
        raise ValueError(
            said(
                "Padding by name ({padding!r}) is not known here; give it in pixels.", padding=module.padding
            )
        )
    settings = (module.kernel_size, module.stride, module.padding, getattr(module, "dilation", 1))
    kernel, stride, padding, dilation = map(along, settings)
    return kernel, stride, padding, dilation, getattr(module, "ceil_mode", False)
