"""What is true of every technique: targets in one form, and a network left as it was found."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.complete import guided_backprop
from cs231n.lecture.occlusion import occlusion
from cs231n.techniques.grad_cam import grad_cam
from cs231n.techniques.integrated_gradients import integrated_gradients
from cs231n.techniques.smooth_grad import smooth_grad
from cs231n.techniques.targets import Unit, values, watched

Technique = Callable[..., Tensor]
TECHNIQUES = {
    "occlusion": partial(occlusion, patch=24, stride=24, progress=False),
    "guided_backprop": guided_backprop,
    "grad_cam": partial(grad_cam, layer="conv"),
    "smooth_grad": partial(smooth_grad, samples=2, progress=False),
    "integrated_gradients": partial(integrated_gradients, steps=2, progress=False),
}
every_technique = pytest.mark.parametrize("technique", TECHNIQUES.values(), ids=TECHNIQUES)


def state_of(network: nn.Module) -> list[Any]:
    tensors = [tensor.detach().clone() for tensor in network.state_dict().values()]
    parameters = [(p.requires_grad, p.grad is None) for p in network.parameters()]
    hooks = [
        len(module._forward_hooks) + len(module._backward_hooks) + len(module._forward_pre_hooks)
        for module in network.modules()
    ]
    return [[module.training for module in network.modules()], parameters, hooks, tensors]


def assert_untouched(before: list[Any], network: nn.Module) -> None:
    after = state_of(network)
    assert before[:3] == after[:3]
    assert all(torch.equal(old, new) for old, new in zip(before[3], after[3], strict=True))


@every_technique
def test_the_network_and_the_images_are_left_as_they_were(
    technique: Technique, residual: nn.Module, images: Tensor
) -> None:
    residual.conv.bias.requires_grad_(False)
    residual.bn.eval()
    before, copy = state_of(residual), images.clone()
    result = technique(residual, images, 1)
    assert not result.requires_grad
    assert torch.equal(images, copy)
    assert_untouched(before, residual)


@every_technique
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_the_network_is_left_as_it_was_when_interrupted(
    technique: Technique, residual: nn.Module, images: Tensor, error: type[BaseException]
) -> None:
    def stop(*_: object) -> None:
        raise error

    handle = residual.fc.register_forward_hook(stop)
    before = state_of(residual)
    with pytest.raises(error):
        technique(residual, images, 1)
    assert_untouched(before, residual)
    handle.remove()


@every_technique
def test_a_batch_says_what_its_images_say_one_by_one(
    technique: Technique, network: nn.Module, images: Tensor
) -> None:
    if technique is TECHNIQUES["grad_cam"]:
        technique = partial(grad_cam, layer="features.3")
    if technique is TECHNIQUES["smooth_grad"]:
        technique = partial(smooth_grad, samples=2, noise=0.0, progress=False)
    together = technique(network, images, torch.tensor([3, 7]))
    alone = [technique(network, images[i : i + 1], target) for i, target in enumerate((3, 7))]
    torch.testing.assert_close(together, torch.cat(alone), rtol=1e-4, atol=1e-5)


@every_technique
def test_a_neuron_of_a_middle_layer_is_a_target(
    technique: Technique, residual: nn.Module, images: Tensor
) -> None:
    if technique is TECHNIQUES["grad_cam"]:
        technique = partial(grad_cam, layer="bn")
    assert technique(residual, images, Unit("conv", 3, (2, 5))).abs().max() > 0


@every_technique
def test_it_works_where_the_caller_switched_gradients_off(
    technique: Technique, network: nn.Module, images: Tensor
) -> None:
    if technique is TECHNIQUES["grad_cam"]:
        technique = partial(grad_cam, layer="features.3")
    expected = technique(network, images, 2)
    with torch.no_grad():
        assert torch.equal(technique(network, images, 2), expected)


def test_the_values_of_a_target(network: nn.Module, images: Tensor) -> None:
    scores, maps = network(images), network.features(images)
    assert torch.equal(values(network, images, 4), scores[:, 4])
    assert torch.equal(values(network, images, [4, 5]), scores[[0, 1], [4, 5]])
    assert torch.equal(values(network, images, 4, probability=True), scores.softmax(1)[:, 4])
    assert torch.equal(values(network, images, Unit("features", 6, (1, 2))), maps[:, 6, 1, 2])
    torch.testing.assert_close(values(network, images, Unit("features", 6)), maps[:, 6].mean((1, 2)))
    assert torch.equal(values(network, images, Unit("classifier", 4)), scores[:, 4])


def test_a_watched_layer_is_seen_before_a_relu_in_place(residual: nn.Module, images: Tensor) -> None:
    with torch.no_grad(), watched(residual.eval(), "bn") as outputs:
        residual(images)
    assert torch.equal(outputs[0], residual.bn(residual.stem(images)))
    assert outputs[0].min() < 0


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (1000, "classes are 0 to 999"),
        ([1, 2, 3], "2 images need"),
        (Unit("featurs", 0), "no layer 'featurs'"),
    ],
)
def test_a_wrong_target_is_told(network: nn.Module, images: Tensor, target: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        values(network, images, target)
