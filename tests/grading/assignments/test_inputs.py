"""Inputs of checks lie where a right answer is right in any order of summation, and nowhere near a wrong one."""

import copy
from collections.abc import Callable

import numpy as np
import pytest
import torch

from cs231n.trials import networks
from cs231n.trials.evidence import relative_error
from cs231n.trials.trial import Tensor
from grading.assignments.vocabulary.check import generator
from grading.assignments.vocabulary.inputs import (
    distant_target,
    drawn_once,
    far_target,
    feature_maps,
    gram_target,
    images,
    is_steady,
    pictures,
)

SMALL = networks.network("small")
PRECISE = copy.deepcopy(SMALL).double()


def slope(data: np.ndarray, network: torch.nn.Module, kind: torch.dtype) -> np.ndarray:
    image = torch.from_numpy(data).to(kind).requires_grad_()
    (gradient,) = torch.autograd.grad(network(image)[:, 3].sum(), image)
    return gradient.numpy()


def off_by(data: np.ndarray) -> float:
    """How far a gradient in float32 is from that in float64."""
    return relative_error(slope(data, SMALL, torch.float32), slope(data, PRECISE, torch.float64))


def test_rounding_turns_the_gradient_at_some_images_and_at_no_picture() -> None:
    drawn = images(generator("steady", "test"), 150).data
    turned = [image[None] for image in drawn if off_by(image[None]) > 1e-4]
    assert turned, "150 images, and none lies at a jump of the gradient: draw more"
    assert not any(is_steady(torch.from_numpy(image)) for image in turned)
    kept = pictures(generator("steady", "test"), 60).data
    assert max(off_by(picture[None]) for picture in kept) < 1e-5


def test_pictures_are_the_images_that_are_left() -> None:
    every = images(generator("left", "test"), 1, 40, 40)
    alone = pictures(generator("left", "test"), 1, 40, 40, name="img", requires_grad=True)
    assert alone.data.shape == every.data.shape == (1, 3, 40, 40)
    assert alone.data.dtype == np.float32
    assert (alone.name, alone.requires_grad) == ("img", True)


def test_generators_in_one_state_draw_once_and_go_on_alike() -> None:
    states = []

    @drawn_once
    def pair(rng: np.random.Generator, high: int, *, low: int = 0) -> list[int]:
        states.append(rng.bit_generator.state)
        return [int(rng.integers(low, high)), int(rng.integers(low, high))]

    first, second, plain = (generator("once", "test") for _ in range(3))
    expected = [int(plain.integers(0, 1000)) for _ in range(2)]
    pair(first, 1000).clear()  # what is given is nobody else's
    assert pair(second, 1000) == expected
    assert len(states) == 1
    assert first.random() == second.random() == plain.random()
    assert pair(first, 1000) != expected  # in another state it draws
    for named in ({"low": 1}, {"low": 2}):
        pair(generator("once", "test"), 1000, **named)
    pair(generator("once", "another test"), 1000)
    pair(np.random.Generator(np.random.MT19937(0)), 1000)
    assert len(states) == 6


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("drawn", "steps", "near"), [(far_target, range(4, 9), 1e-5), (distant_target, range(20, 27), 1e-4)]
)
def test_float64_takes_the_same_way_to_a_target_that_is_so_many_steps_away(
    drawn: Callable[..., tuple[Tensor, int]], steps: range, near: float, seed: int
) -> None:
    picture, target = drawn(np.random.Generator(np.random.PCG64(seed)))
    ends = []
    for network, kind in ((SMALL, torch.float32), (PRECISE, torch.float64)):
        image, taken = torch.from_numpy(picture.data).to(kind), 0
        while network(image).argmax() != target:
            gradient = torch.from_numpy(slope_of(image, target, network))
            image, taken = image + gradient / gradient.norm(), taken + 1
        ends.append((taken, image.double().numpy()))
    assert ends[0][0] == ends[1][0] in steps
    assert relative_error(ends[0][1], ends[1][1]) < near


def slope_of(image: torch.Tensor, target: int, network: torch.nn.Module) -> np.ndarray:
    image = image.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(network(image)[0, target], image)
    return gradient.numpy()


def test_features_are_as_after_a_relu_or_as_before_it() -> None:
    rng = generator("features", "test")
    after, before = feature_maps(rng, 2, 3, 4, 5).data, feature_maps(rng, 2, 3, 4, 5, signed=True).data
    assert (after >= 0).all()
    assert (after == 0).any()
    assert (before < 0).any()
    assert (gram_target(rng, 6).data >= 0).all()
    assert (gram_target(rng, 6, signed=True).data < 0).any()
