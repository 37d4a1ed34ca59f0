"""Receptive fields against the pixels that do change a unit."""

import importlib

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.receptive_field import Box, receptive_field
from cs231n.techniques.targets import Unit, values, watched


def support(x: Tensor, maps: Tensor, row: int, column: int) -> Box:
    """The pixels with a gradient from any channel at that position."""
    (gradient,) = torch.autograd.grad(maps[0, :, row, column].sum(), x, retain_graph=True)
    touched = gradient[0].abs().sum(dim=0) > 0
    rows, columns = touched.any(dim=1).nonzero()[:, 0], touched.any(dim=0).nonzero()[:, 0]
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def positive(network: nn.Module) -> nn.Module:
    """Positive weights, or one path could cancel another; means for maxima, so that all of a window counts."""
    for parent in list(network.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.MaxPool2d) and child.dilation == 1:
                mean = nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode)
                setattr(parent, name, mean)
    for parameter in network.parameters():
        parameter.data = torch.rand_like(parameter) + 0.1
    return network.double().eval()


def assert_boxes(network: nn.Module, layer: str, height: int, width: int) -> None:
    field = receptive_field(network, torch.empty(1, 3, height, width), layer)
    x = torch.rand(1, 3, height, width, dtype=torch.float64).requires_grad_()
    with watched(positive(network), layer) as outputs:
        network(x)
    assert field.shape == outputs[0].shape[2:]
    last_row, last_column = field.shape[0] - 1, field.shape[1] - 1
    for row in sorted({0, last_row // 2, last_row}):
        for column in sorted({0, last_column // 2, last_column}):
            assert field.box(row, column) == support(x, outputs[0], row, column), (row, column)


@pytest.mark.parametrize("layer", ["features.2", "features.3", "features.5", "features.12"])
@pytest.mark.parametrize(("height", "width"), [(64, 64), (75, 101)])
def test_boxes_in_squeezenet_are_the_pixels_that_matter(layer: str, height: int, width: int) -> None:
    assert_boxes(importlib.import_module("torchvision.models").squeezenet1_1(), layer, height, width)


@pytest.mark.parametrize("layer", ["layer1.1.conv1", "layer2"])
def test_boxes_follow_shortcuts(layer: str) -> None:
    assert_boxes(importlib.import_module("torchvision.models").resnet18(), layer, 64, 80)


@pytest.mark.parametrize("ceil_mode", [False, True])
@pytest.mark.parametrize("size", range(9, 18))
def test_boxes_end_where_the_feature_map_ends(ceil_mode: bool, size: int) -> None:
    network = nn.Sequential(
        nn.Conv2d(3, 2, (3, 2), stride=(2, 1), padding=(1, 0)),
        nn.MaxPool2d(3, 2, padding=1, ceil_mode=ceil_mode),
        nn.Conv2d(2, 2, 2, dilation=2, padding=2),
        nn.AvgPool2d(2, 3, ceil_mode=ceil_mode),
    )
    for layer in ("1", "2", "3"):
        assert_boxes(network, layer, size, size + 3)


def test_a_change_outside_the_box_leaves_the_unit_as_it_is(network: nn.Module, images: Tensor) -> None:
    field = receptive_field(network, images, "features.3")
    box = field.box(4, 6)
    unit = Unit("features.3", 5, (4, 6))
    inside = torch.zeros(48, 64, dtype=torch.bool)
    inside[box.top : box.bottom, box.left : box.right] = True
    before = values(network, images, unit)
    assert torch.equal(values(network, torch.where(inside, images, 9.0), unit), before)
    assert not torch.equal(values(network, torch.where(inside, -images, images), unit), before)


def test_what_cannot_be_followed_is_told(network: nn.Module, residual: nn.Module, images: Tensor) -> None:
    with pytest.raises(ValueError, match="no layer 'conv9'"):
        receptive_field(residual, images, "conv9")
    with pytest.raises(ValueError, match=r"AdaptiveAvgPool2d \(classifier.1\) is not known"):
        receptive_field(network, images, "classifier.1")
    with pytest.raises(ValueError, match="adaptive_avg_pool2d is not known"):
        receptive_field(residual, images, "fc")
