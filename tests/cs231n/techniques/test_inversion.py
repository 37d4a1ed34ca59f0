"""Feature inversion finds a picture that says the same."""

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.complete import invert
from cs231n.techniques.activations import activations
from cs231n.techniques.fourier import Parametrisation
from cs231n.techniques.roughness import roughness


@pytest.mark.parametrize("parametrisation", ["fourier", "pixels"])
def test_the_features_are_found_again(
    network: nn.Module, images: Tensor, parametrisation: Parametrisation
) -> None:
    image = images[:1]
    inverted = invert(
        network,
        image,
        "features.3",
        parametrisation=parametrisation,
        variation=1e-3,
        steps=80,
        progress=False,
    )
    wanted, found, gray = (
        activations(network, x, "features.3") for x in (image, inverted, torch.zeros_like(image))
    )
    assert inverted.shape == image.shape
    assert not inverted.requires_grad
    assert (found - wanted).square().sum() < 0.1 * (gray - wanted).square().sum()


def test_the_variation_grows_with_the_depth(network: nn.Module, images: Tensor) -> None:
    """If it is not given it is in proportion to the pixels between two neurons: 64 / 30 and 64 / 7."""
    for layer, columns in (("features.1", 30), ("features.4", 7)):
        weight = 0.01 * 64 / columns
        default, given = (
            invert(network, images[:1], layer, variation=variation, steps=2, progress=False)
            for variation in (None, weight)
        )
        assert torch.equal(default, given)


def test_more_variation_is_a_smoother_picture(network: nn.Module, images: Tensor) -> None:
    rough, smooth = (
        roughness(invert(network, images[:1], "features.3", variation=weight, steps=30, progress=False))
        for weight in (0.0, 5.0)
    )
    assert smooth < rough / 2


def test_a_students_loss_is_used(network: nn.Module, images: Tensor) -> None:
    shapes: list[tuple[int, ...]] = []

    def miss(feats: Tensor, target: Tensor) -> Tensor:
        shapes.append(tuple(feats.shape))
        assert not target.requires_grad
        return (feats - target).square().mean()

    invert(network, images[:1], "features.3", loss=miss, steps=2, progress=False)
    assert shapes == [tuple(activations(network, images[:1], "features.3").shape)] * 2


def test_the_seed_fixes_the_picture(network: nn.Module, images: Tensor) -> None:
    one, same, other = (
        invert(network, images[:1], "features.3", steps=2, seed=seed, progress=False) for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
