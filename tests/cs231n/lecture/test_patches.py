"""Maximally activating patches against a search through all neurons."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cs231n.classifiers.small import smooth_pictures
from cs231n.lecture.patches import maximally_activating_patches
from cs231n.techniques.targets import Unit


@pytest.fixture(scope="module")
def many() -> Tensor:
    return torch.from_numpy(smooth_pictures(np.random.Generator(np.random.PCG64(1)), 7, 64, 80))


@pytest.mark.parametrize("border", [0, 1])
@pytest.mark.parametrize("per_image", [1, 2])
def test_they_are_what_a_search_finds(network: nn.Module, many: Tensor, border: int, per_image: int) -> None:
    maps = network.features[:4](many)[:, 5].detach()
    height, width = maps.shape[1:]
    everywhere = sorted(
        (
            (-float(maps[image, row, column]), image, row, column)
            for image in range(len(many))
            for row in range(border, height - border)
            for column in range(border, width - border)
        ),
    )
    expected: list[tuple[int, int, int]] = []
    for _, image, row, column in everywhere:
        if sum(other[0] == image for other in expected) < per_image and len(expected) < 6:
            expected.append((image, row, column))
    found = maximally_activating_patches(
        network, many, Unit("features.3", 5), count=6, per_image=per_image, border=border, batch_size=3
    )
    assert [(patch.image, *patch.position) for patch in found] == expected


def test_the_box_alone_rouses_the_neuron_as_much(network: nn.Module, many: Tensor) -> None:
    for patch in maximally_activating_patches(network, many, Unit("features.3", 5), count=3):
        only = torch.full_like(many[:1], 7.0)
        area = (slice(patch.box.top, patch.box.bottom), slice(patch.box.left, patch.box.right))
        only[0, :, *area] = many[patch.image, :, *area]
        value = network.features[:4](only)[0, 5, *patch.position]
        assert float(value) == pytest.approx(patch.activation, rel=1e-5)


def test_the_network_keeps_its_mode_and_no_hooks(residual: nn.Module, many: Tensor) -> None:
    before = {name: value.clone() for name, value in residual.state_dict().items()}
    maximally_activating_patches(residual, many, Unit("conv", 2))
    assert residual.training
    assert not any(module._forward_hooks for module in residual.modules())
    assert all(torch.equal(value, before[name]) for name, value in residual.state_dict().items())


def test_a_border_that_leaves_nothing_is_refused(network: nn.Module, many: Tensor) -> None:
    with pytest.raises(ValueError, match="border of 8 leaves nothing"):
        maximally_activating_patches(network, many, Unit("features.3", 0), border=8)
