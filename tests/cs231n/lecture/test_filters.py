"""Filters as pictures: the colours by a loop, the reason by trying patches."""

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.filters import filters, filters_to_images


def test_each_filter_is_scaled_by_its_own_largest_weight() -> None:
    weight = torch.randn(5, 3, 4, 3, generator=torch.Generator().manual_seed(0)) * torch.logspace(
        -4, 2, 5
    ).view(5, 1, 1, 1)
    weight[3] = 0
    for one, picture in zip(weight, filters_to_images(weight), strict=True):
        largest = max(abs(float(value)) for value in one.flatten()) or 1.0
        expected = torch.tensor([0.5 + 0.5 * float(value) / largest for value in one.flatten()]).view(3, 4, 3)
        torch.testing.assert_close(picture, expected)


def test_the_picture_is_what_the_filter_looks_for(network: nn.Module) -> None:
    """Among patches of one length none gives a larger response than the picture minus gray."""
    weight = network.features[0].weight
    wanted = filters(network) - 0.5
    others = torch.randn(200, *weight.shape[1:], generator=torch.Generator().manual_seed(1))

    def responses(patches: Tensor) -> Tensor:
        return torch.einsum(
            "fchw,pchw->fp", weight, patches / patches.flatten(1).norm(dim=1).view(-1, 1, 1, 1)
        )

    assert (responses(wanted).diagonal() > responses(others).amax(dim=1)).all()


def test_the_network_keeps_its_weights(network: nn.Module) -> None:
    before = network.features[0].weight.clone()
    drawn = filters(network)
    assert not drawn.requires_grad
    drawn.zero_()
    assert torch.equal(network.features[0].weight, before)


def test_a_network_without_colours_is_refused() -> None:
    with pytest.raises(ValueError, match="no convolution of three colours"):
        filters(nn.Sequential(nn.Conv2d(1, 4, 3)))
