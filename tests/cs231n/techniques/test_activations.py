"""A layer's activations against the network run piece by piece, before and after its ReLUs."""

import importlib

import pytest
import torch
from torch import Tensor, nn

from cs231n.techniques.activations import activations, all_activations


def of_torchvision(name: str) -> nn.Module:
    """Imported where it is used: it takes a second, and every worker collects all tests."""
    network: nn.Module = getattr(importlib.import_module("torchvision.models"), name)()
    return network.eval()


@pytest.mark.parametrize("layer", [0, 1, 3, 5])
def test_they_are_what_the_layer_says(network: nn.Module, images: Tensor, layer: int) -> None:
    expected = network.get_submodule("features")[: layer + 1](images)
    torch.testing.assert_close(activations(network, images, f"features.{layer}"), expected)


def test_several_layers_take_one_run(network: nn.Module, images: Tensor) -> None:
    runs: list[int] = []
    network.get_submodule("features.0").register_forward_hook(lambda *_: runs.append(1))
    found = all_activations(network, images, ["features.4", "features.1", "features.4"])
    assert len(runs) == 1
    for output, layer in zip(found, ("features.4", "features.1", "features.4"), strict=True):
        torch.testing.assert_close(output, activations(network, images, layer))


def test_a_relu_in_place_behind_a_layer_does_not_change_what_it_said(images: Tensor) -> None:
    network = of_torchvision("squeezenet1_1")
    before, after = all_activations(network, images, ["features.0", "features.1"])
    assert (before < 0).any()
    assert torch.equal(before.relu(), after)


def test_no_layer_behind_runs_and_no_hook_stays(network: nn.Module, images: Tensor) -> None:
    def too_deep(*_: object) -> None:
        raise AssertionError("a layer ran that nobody asked for")

    handle = network.get_submodule("features.4").register_forward_hook(too_deep)
    activations(network, images, "features.3", before_relu=True)
    handle.remove()
    assert not any(module._forward_hooks for module in network.modules())
    network(images)


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        pytest.param("squeezenet1_1", "features.4", id="two ReLUs in place, concatenated"),
        pytest.param("vgg11", "features.4", id="the ReLU itself"),
        pytest.param("resnet18", "layer1.0", id="a ReLU after a shortcut"),
    ],
)
def test_before_the_relu_they_are_what_the_relu_turns_into_the_layers_output(
    name: str, layer: str, images: Tensor
) -> None:
    torch.manual_seed(0)
    network = of_torchvision(name)
    x = images.clone().requires_grad_()
    before, after = (activations(network, x, layer, before_relu=b) for b in (True, False))
    assert (before < 0).any()
    assert torch.equal(before.relu(), after)
    (gradient,) = torch.autograd.grad(before.sum(), x)
    assert gradient.any()


def test_a_layer_without_a_relu_has_nothing_before_it(network: nn.Module, images: Tensor) -> None:
    for layer in ("features.0", "features.2"):
        before, after = (activations(network, images, layer, before_relu=b) for b in (True, False))
        assert torch.equal(before, after)


def test_a_layer_that_never_runs_is_refused(network: nn.Module, images: Tensor) -> None:
    network.add_module("spare", nn.ReLU())
    with pytest.raises(ValueError, match="does not use its layer 'spare'"):
        activations(network, images, "spare")
