"""Running only what changed gives what running everything gives, whatever the layers."""

import copy
import importlib
import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cs231n.classifiers.squeezenet import SqueezeNet
from cs231n.frozen import frozen
from cs231n.lecture.incremental import Crops, Rerun
from cs231n.lecture.occlusion import occlusion
from cs231n.techniques.targets import Unit


class Odd(nn.Module):
    """Whatever is awkward: dilation, strides beyond the kernel, uneven kernels, ceil mode, branches, in place."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, (5, 3), stride=(3, 2), padding=(2, 0))
        self.pool = nn.MaxPool2d(2, stride=3, ceil_mode=True)
        self.dilated = nn.Conv2d(6, 6, 3, padding=2, dilation=2, groups=2)
        self.mean = nn.AvgPool2d(2)
        self.padded_mean = nn.AvgPool2d(3, stride=1, padding=1)
        self.reflected = nn.Conv2d(6, 4, 3, padding=1, padding_mode="reflect")
        self.head = nn.Linear(10, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu_(self.pool(self.first(x)))
        x = torch.cat([self.dilated(x) * 0.5, x], 1)
        left, right = x.chunk(2, 1)
        left = self.padded_mean(self.mean(left + right))
        x = torch.cat([self.reflected(left), left], dim=1)
        return self.head(x.mean((2, 3)))


class Gated(nn.Module):
    """A gate that looks at the whole map, as in squeeze-and-excitation."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.gate = nn.Conv2d(8, 8, 1)
        self.second = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        x = x * self.gate(self.average(x)).sigmoid()
        return self.average(F.relu(self.second(x))).flatten(1)


class Overwriting(nn.Module):
    """Adds to a map in place that is also read before: crops of it would come from what it became."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        y = F.max_pool2d(x, 2)
        x.add_(1.0)
        return y.mean((2, 3)) + x.mean((2, 3))


class Aliasing(nn.Module):
    """Changes in place what has a second name, which tracing takes for a change of one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = same = self.conv(x)
        x += 1.0
        return (x * same).mean((2, 3))


class TwoWays(nn.Module):
    """Decides by the numbers it sees, which cannot be traced."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x).mean((2, 3))
        return x if bool(x.sum() > 0) else -x


def vgg() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(8, 8, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2, 2),
        nn.Conv2d(8, 12, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2, 2),
        nn.AdaptiveAvgPool2d((3, 3)),
        nn.Flatten(),
        nn.Linear(108, 7),
    )


def of_torchvision(name: str) -> nn.Module:
    """Imported where it is used: it takes a second, and every worker collects all tests."""
    models = importlib.import_module("torchvision.models")
    return getattr(models, name)(num_classes=12)


NETWORKS = {
    "the kit's SqueezeNet": lambda: SqueezeNet(num_classes=12),
    "torchvision's SqueezeNet": lambda: of_torchvision("squeezenet1_1"),
    "ResNet-18": lambda: of_torchvision("resnet18"),
    "like VGG": vgg,
    "odd": Odd,
    "gated": Gated,
    "overwriting": Overwriting,
    "aliasing": Aliasing,
    "two ways": TwoWays,
}
REFUSED = {
    "overwriting": "is overwritten",
    "aliasing": "not what the network does",
    "two ways": "cannot be traced",
}
CAN_BE_RERUN = set(NETWORKS) - set(REFUSED)


def network_and_image(name: str, height: int = 71, width: int = 90) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    return NETWORKS[name]().eval(), torch.randn(1, 3, height, width)


def one_at_a_time(
    network: nn.Module, image: Tensor, target: int, patch: int, stride: int, fill: float
) -> Tensor:
    rows, columns = (math.ceil((side - patch) / stride) + 1 for side in image.shape[2:])
    heat = torch.empty(rows, columns)
    with torch.no_grad():
        for row in range(rows):
            for column in range(columns):
                covered = image.clone()
                top, left = row * stride, column * stride
                covered[:, :, top : top + patch, left : left + patch] = fill
                heat[row, column] = network(covered).softmax(1)[0, target]
    return heat


@pytest.mark.sample("name")
@pytest.mark.parametrize(("patch", "stride"), [(27, 17), (23, 11), (1, 29), (9, 31), (71, 7)])
@pytest.mark.parametrize("name", NETWORKS)
def test_occlusion_is_what_a_loop_over_patches_finds(name: str, patch: int, stride: int) -> None:
    network, image = network_and_image(name)
    heat = occlusion(network, image, 3, patch=patch, stride=stride, fill=0.7, batch_size=7, progress=False)
    expected = one_at_a_time(network, image, 3, patch, stride, 0.7)
    torch.testing.assert_close(heat[0], expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", sorted(CAN_BE_RERUN))
def test_every_layer_of_every_copy_is_right(name: str) -> None:
    network, image = network_and_image(name, 60, 75)
    tops, lefts = np.array([0, 13, 50, 7]), np.array([65, 0, 31, 22])
    crops = torch.randn(4, 3, 10, 10)
    copies = image.repeat(4, 1, 1, 1)
    for one, crop, top, left in zip(copies, crops, tops, lefts, strict=True):
        one[:, top : top + 10, left : left + 10] = crop
    layers = [layer for layer, module in network.named_modules() if not list(module.children())]
    for layer in layers[:: max(1, len(layers) // 12)]:
        expected: list[Tensor] = []
        handle = network.get_submodule(layer).register_forward_hook(
            lambda _module, _inputs, output, expected=expected: expected.append(output.clone())
        )
        with torch.no_grad():
            network(copies)
            handle.remove()
            found = Rerun(network, image, layer)(crops, tops, lefts)
        torch.testing.assert_close(found, expected[-1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_rerun_is_refused(name: str) -> None:
    network, image = network_and_image(name)
    with torch.no_grad(), pytest.raises(ValueError, match=REFUSED[name]):
        Rerun(network, image)


def test_a_network_with_hooks_runs_whole_so_that_they_are_called() -> None:
    network, image = network_and_image("like VGG")
    handle = network[0].register_forward_hook(lambda _module, _inputs, output: output * 2)
    heat = occlusion(network, image, 3, patch=23, stride=11, progress=False)
    torch.testing.assert_close(heat[0], one_at_a_time(network, image, 3, 23, 11, 0.0), rtol=1e-4, atol=1e-6)
    handle.remove()


def test_of_the_first_layers_only_the_changed_part_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    network, image = network_and_image("the kit's SqueezeNet", 128, 128)
    pixels = {"whole": 0, "crops": 0}
    convolve = F.conv2d

    def counting(x: Tensor, *arguments: object, **named: object) -> Tensor:
        pixels[mode] += math.prod(x.shape)
        return convolve(x, *arguments, **named)

    squares = torch.zeros(4, 3, 24, 24), np.array([40] * 4), np.array([30, 40, 50, 60])
    mode = "crops"
    with torch.no_grad():
        rerun = Rerun(network, image, "features.7")
        monkeypatch.setattr(F, "conv2d", counting)
        rerun(*squares)
        mode = "whole"
        network.features[:8](image.repeat(4, 1, 1, 1))
    assert 0 < pixels["crops"] < pixels["whole"] / 3


def test_the_activation_of_a_neuron_can_be_asked_for() -> None:
    network, image = network_and_image("ResNet-18")
    unit = Unit("layer2.0.conv2", 5, (3, 4))
    heat = occlusion(network, image, unit, patch=20, stride=20, progress=False)
    covered = image.clone()
    covered[:, :, 20:40, 40:60] = 0
    with torch.no_grad(), frozen(network):
        x = network.layer1(network.maxpool(network.relu(network.bn1(network.conv1(covered)))))
        block = network.layer2[0]
        x = block.conv2(block.relu(block.bn1(block.conv1(x))))
    torch.testing.assert_close(heat[0, 1, 2], x[0, 5, 3, 4], rtol=1e-4, atol=1e-5)


def test_the_network_and_the_picture_are_left_alone() -> None:
    network, image = network_and_image("ResNet-18")
    network.train()
    state, before = copy.deepcopy(network.state_dict()), image.clone()
    occlusion(network, image, 3, patch=30, stride=30, progress=False)
    assert network.training
    assert torch.equal(image, before)
    assert all(torch.equal(value, state[name]) for name, value in network.state_dict().items())


def test_the_average_of_crops_is_that_of_the_whole_copies() -> None:
    torch.manual_seed(0)
    crops = Crops(torch.randn(1, 5, 9, 8), torch.randn(3, 5, 4, 3), np.array([0, 2, 5]), np.array([5, 1, 0]))
    expected = crops.whole().mean((2, 3), keepdim=True)
    torch.testing.assert_close(crops.average(), expected, rtol=1e-5, atol=1e-6)
