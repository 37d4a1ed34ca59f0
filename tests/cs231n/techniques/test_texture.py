"""A texture has the Gram matrices of its picture, and not its places."""

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.complete import texture
from cs231n.lecture.formulas import gram_matrix
from cs231n.techniques.activations import all_activations

LAYERS = ("features.3", "features.1")


def missed(network: nn.Module, found: Tensor, wanted: Tensor) -> float:
    """The mean of the layers' shares."""
    grams = [[gram_matrix(output) for output in all_activations(network, x, LAYERS)] for x in (found, wanted)]
    shares = [float((a - b).square().sum() / b.square().sum()) for a, b in zip(*grams, strict=True)]
    return sum(shares) / len(shares)


def test_the_gram_matrices_agree_and_the_pictures_do_not(network: nn.Module, images: Tensor) -> None:
    image = images[:1].clamp(-1, 1)
    made = texture(network, image, LAYERS, steps=60, variation=0.0, progress=False)
    assert missed(network, made, image) < 0.05 * missed(network, torch.zeros_like(image), image)
    assert (made - image).square().mean() > 0.2 * image.square().mean()


def test_it_may_be_larger_than_its_picture(network: nn.Module, images: Tensor) -> None:
    made = texture(network, images[:1], LAYERS, size=(60, 90), steps=60, progress=False)
    assert made.shape == (1, 3, 60, 90)
    assert missed(network, made, images[:1]) < 0.5


def test_steps_are_evaluations_and_the_students_gram_matrix_is_used(
    network: nn.Module, images: Tensor
) -> None:
    seen: list[int] = []

    def gram(features: Tensor) -> Tensor:
        seen.append(features.shape[1])
        return gram_matrix(features)

    texture(network, images[:1], LAYERS, gram=gram, steps=25, progress=False)
    assert seen == [32, 16] * (1 + 25)  # once for the picture


def test_the_seed_fixes_the_texture(network: nn.Module, images: Tensor) -> None:
    one, same, other = (
        texture(network, images[:1], LAYERS, steps=3, seed=seed, progress=False) for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_a_texture_of_no_layer_is_refused(network: nn.Module, images: Tensor) -> None:
    with pytest.raises(ValueError, match="one layer at least"):
        texture(network, images[:1], ())
