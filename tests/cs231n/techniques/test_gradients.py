"""The techniques that differentiate, against captum."""

import importlib
from types import ModuleType

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cs231n.lecture.complete import guided_backprop
from cs231n.techniques.grad_cam import grad_cam
from cs231n.techniques.integrated_gradients import integrated_gradients
from cs231n.techniques.smooth_grad import smooth_grad
from cs231n.techniques.targets import Unit, watched

TARGETS = torch.tensor([3, 7])


def assert_near(found: Tensor, expected: Tensor) -> None:
    """Up to a hundred-thousandth of the largest value."""
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5 * float(expected.abs().max()))


class Functional(nn.Module):
    """The same network with its ReLUs as modules, as functions, in place, or all of them one module."""

    def __init__(self, relu: str) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convs = nn.ModuleList(nn.Conv2d(i, o, 3, padding=1) for i, o in ((3, 8), (8, 8), (8, 10)))
        if relu == "modules":
            self.relus = nn.ModuleList(nn.ReLU() for _ in range(3))
        elif relu == "one module":
            self.relus = nn.ModuleList([nn.ReLU(inplace=True)] * 3)
        else:
            function = {"F": F.relu, "torch": torch.relu, "in place": torch.relu_, "method": Tensor.relu}[
                relu
            ]
            self.relus = [function] * 3

    def forward(self, x: Tensor) -> Tensor:
        for conv, relu in zip(self.convs, self.relus, strict=True):
            x = relu(conv(x))
        return x.mean((2, 3))


@pytest.fixture
def squeezenet() -> nn.Module:
    """torchvision's, with its ReLUs in place; captum sees only ReLUs that are modules."""
    torch.manual_seed(1)
    network = importlib.import_module("torchvision.models").squeezenet1_1(num_classes=10).eval()
    network.classifier[2] = nn.Identity()  # with random weights this ReLU would silence most classes
    return network


def test_guided_backprop_of_a_class_is_what_captum_says(
    squeezenet: nn.Module, images: Tensor, oracle: ModuleType
) -> None:
    with pytest.warns(UserWarning, match="Setting backward hooks"):
        expected = oracle.GuidedBackprop(squeezenet).attribute(
            images.clone().requires_grad_(), target=TARGETS
        )
    assert (expected != 0).float().mean() > 0.5
    assert_near(guided_backprop(squeezenet, images, TARGETS), expected)


@pytest.mark.parametrize("layer", ["features.4", "features.6.squeeze_activation"])
def test_guided_backprop_of_a_neuron_is_what_captum_says(
    squeezenet: nn.Module, images: Tensor, oracle: ModuleType, layer: str
) -> None:
    with torch.no_grad(), watched(squeezenet, layer) as outputs:
        squeezenet(images)
    channel = int(outputs[0][:, :, 2, 1].amin(dim=0).argmax())
    unit = Unit(layer, channel, (2, 1))  # one that both pictures rouse
    guide = oracle.NeuronGuidedBackprop(squeezenet, squeezenet.get_submodule(layer))
    with pytest.warns(UserWarning, match="Setting backward hooks"):
        expected = guide.attribute(images.clone().requires_grad_(), (channel, 2, 1))
    assert (expected != 0).flatten(1).any(dim=1).all()
    assert_near(guided_backprop(squeezenet, images, unit), expected)


@pytest.mark.parametrize("relu", ["F", "torch", "in place", "method", "one module"])
def test_guided_backprop_knows_a_relu_however_it_is_written(
    images: Tensor, oracle: ModuleType, relu: str
) -> None:
    with pytest.warns(UserWarning, match="Setting backward hooks"):
        expected = oracle.GuidedBackprop(Functional("modules")).attribute(
            images.clone().requires_grad_(), target=TARGETS
        )
    torch.testing.assert_close(guided_backprop(Functional(relu), images, TARGETS), expected)


@pytest.mark.parametrize("relu", ["F", "in place"])
def test_a_rule_replaces_the_relus_own_derivative(images: Tensor, relu: str) -> None:
    """A straight-through rule makes the network linear in its gradient: all convolutions, no ReLU."""
    network = Functional(relu)
    seen: list[Tensor] = []

    def straight(gradient: Tensor, relu_input: Tensor) -> Tensor:
        seen.append(relu_input)
        return gradient

    x = torch.zeros_like(images).requires_grad_()
    linear = x
    for conv in network.convs:
        linear = conv(linear)
    (expected,) = torch.autograd.grad(linear.mean((2, 3))[:, 3].sum(), x)
    torch.testing.assert_close(guided_backprop(network, images, 3, rule=straight), expected)
    torch.testing.assert_close(seen[-1], network.convs[0](images))  # not yet cut at zero


def test_after_guided_backprop_gradients_are_ordinary_again(network: nn.Module, images: Tensor) -> None:
    def slope() -> Tensor:
        x = images.clone().requires_grad_()
        return torch.autograd.grad(network(x)[:, 3].sum(), x)[0]

    before = slope()
    assert not torch.allclose(guided_backprop(network, images, 3), before)
    assert torch.equal(slope(), before)


@pytest.mark.parametrize("layer", ["features.0", "features.3", "features.5"])
def test_grad_cam_is_what_captum_says(
    network: nn.Module, images: Tensor, oracle: ModuleType, layer: str
) -> None:
    coarse = oracle.LayerGradCam(network, network.get_submodule(layer)).attribute(
        images, target=TARGETS, relu_attributions=True
    )
    expected = F.interpolate(coarse.detach(), size=(48, 64), mode="bilinear")[:, 0]
    assert expected.max() > 1e-3
    torch.testing.assert_close(grad_cam(network, images, TARGETS, layer=layer), expected)


def test_grad_cam_of_a_neuron_behind_the_layer(
    network: nn.Module, images: Tensor, oracle: ModuleType
) -> None:
    def neuron(x: Tensor) -> Tensor:
        return network.features(x)[:, 6, 2, 3]

    coarse = oracle.LayerGradCam(neuron, network.features[3]).attribute(images, relu_attributions=True)
    expected = F.interpolate(coarse.detach(), size=(48, 64), mode="bilinear")[:, 0]
    cam = grad_cam(network, images, Unit("features", 6, (2, 3)), layer="features.3")
    torch.testing.assert_close(cam, expected)


def test_smooth_grad_is_what_captum_says_of_the_same_noise(
    network: nn.Module, images: Tensor, oracle: ModuleType
) -> None:
    image = images[:1]
    spread = 0.2 * float(image.max() - image.min())
    torch.manual_seed(5)
    expected = oracle.NoiseTunnel(oracle.Saliency(network)).attribute(
        image, nt_samples=6, nt_samples_batch_size=1, stdevs=spread, target=3, abs=False
    )
    smooth = smooth_grad(network, image, 3, noise=0.2, samples=6, seed=5, progress=False)
    torch.testing.assert_close(smooth, expected.detach(), rtol=1e-4, atol=1e-6)


def test_smooth_grad_follows_its_seed_and_not_torchs(network: nn.Module, images: Tensor) -> None:
    state = torch.get_rng_state()
    one, same, other = (
        smooth_grad(network, images, 3, samples=2, seed=seed, progress=False) for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("baseline", [0.0, -1.0, torch.full((1, 3, 1, 1), 0.5)])
def test_integrated_gradients_are_what_captum_says(
    network: nn.Module, images: Tensor, oracle: ModuleType, baseline: float | Tensor
) -> None:
    origin = torch.zeros_like(images) + baseline
    expected = oracle.IntegratedGradients(network).attribute(
        images, origin, target=TARGETS, n_steps=8, method="riemann_middle"
    )
    attributed = integrated_gradients(network, images, TARGETS, baseline=baseline, steps=8, progress=False)
    torch.testing.assert_close(attributed, expected.detach().float(), rtol=1e-4, atol=1e-6)


def test_integrated_gradients_add_up_to_the_score_gained(network: nn.Module, images: Tensor) -> None:
    attributed = integrated_gradients(network, images, TARGETS, steps=200, progress=False)
    gained = (network(images) - network(torch.zeros_like(images)))[range(2), TARGETS]
    torch.testing.assert_close(attributed.sum((1, 2, 3)), gained, rtol=1e-2, atol=1e-2)
