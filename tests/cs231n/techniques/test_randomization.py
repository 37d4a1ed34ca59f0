"""The sanity check: what it randomises, in which order, and what it can tell apart."""

import copy

import pytest
import torch
from torch import Tensor, nn

from cs231n.techniques.randomization import randomization_check
from cs231n.techniques.targets import Target, input_gradient


def edges(_network: nn.Module, images: Tensor, _target: Target) -> Tensor:
    """A map that never asks the network."""
    return images.diff(dim=3)


def test_gradients_fade_and_an_edge_detector_does_not(network: nn.Module, images: Tensor) -> None:
    gradients = randomization_check(network, images, 3, technique=input_gradient, progress=False)
    assert gradients[0].similarity == pytest.approx((1.0, 1.0))
    assert max(abs(similarity) for similarity in gradients[-1].similarity) < 0.3
    unmoved = randomization_check(network, images, 3, technique=edges, progress=False)
    assert all(step.similarity == pytest.approx((1.0, 1.0)) for step in unmoved)


def test_layers_are_randomised_one_after_another_from_the_last(network: nn.Module, images: Tensor) -> None:
    seen: list[dict[str, Tensor]] = []

    def look(forgetful: nn.Module, images: Tensor, _target: Target) -> Tensor:
        seen.append(copy.deepcopy(forgetful.state_dict()))
        return images

    steps = randomization_check(network, images, 0, technique=look, progress=False)
    layers = [name for name, module in network.named_modules() if isinstance(module, nn.Conv2d)]
    assert [step.layer for step in steps] == ["", *reversed(layers)]
    for count, weights in enumerate(seen):
        changed = {
            name.rpartition(".")[0]
            for name, before in network.state_dict().items()
            if not torch.equal(before, weights[name])
        }
        assert changed == set(layers[::-1][:count])


def test_random_weights_keep_the_scale_of_the_old(network: nn.Module, images: Tensor) -> None:
    last: dict[str, Tensor] = {}

    def look(forgetful: nn.Module, images: Tensor, _target: Target) -> Tensor:
        last.update(forgetful.state_dict())
        return images

    randomization_check(network, images, 0, technique=look, progress=False)
    for name, before in network.state_dict().items():
        if before.ndim == 4:
            assert float(last[name].std() / before.std()) == pytest.approx(1, abs=0.1)


def test_the_given_network_keeps_its_weights_and_the_seed_decides(network: nn.Module, images: Tensor) -> None:
    before = copy.deepcopy(network.state_dict())
    one, same, other = (
        randomization_check(network, images, 3, technique=input_gradient, seed=seed, progress=False)[-1].maps
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_a_constant_map_resembles_nothing(network: nn.Module, images: Tensor) -> None:
    steps = randomization_check(
        network,
        images,
        0,
        technique=lambda _network, images, _target: torch.zeros_like(images),
        progress=False,
    )
    assert all(step.similarity == (0.0, 0.0) for step in steps)
