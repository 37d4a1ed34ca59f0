"""DeepDream against its loop written out, and its pyramid against what it promises."""

import random

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cs231n.image_utils import clamp_to_colours
from cs231n.lecture.complete import deepdream
from cs231n.lecture.formulas import dream_gradient
from cs231n.techniques.activations import activations
from cs231n.techniques.deepdream import equalised, natural_colours
from cs231n.techniques.fourier import COLOUR_AXES


def test_the_layer_gets_louder_in_colours_that_exist(network: nn.Module, images: Tensor) -> None:
    dream = deepdream(network, images, 3, octaves=2, steps=6, max_jitter=8, progress=False)
    quiet, loud = (activations(network, x, "features.3").square().sum((1, 2, 3)) for x in (images, dream))
    assert (loud > 1.5 * quiet).all()
    clamped = dream.clone()
    clamp_to_colours(clamped)
    assert torch.equal(dream, clamped)


def test_it_is_its_loop_written_out(network: nn.Module, images: Tensor) -> None:
    image = images[:1]
    dream = deepdream(
        network, image, "features.3", octaves=2, octave_scale=2, steps=2, learning_rate=0.1, max_jitter=4, seed=7,
        progress=False,
    )  # fmt: skip
    shifts = random.Random(7)

    def step(img: Tensor) -> Tensor:
        dx, dy = shifts.randint(-4, 4), shifts.randint(-4, 4)
        img = torch.roll(img, (dy, dx), dims=(2, 3))
        img = img + 0.1 * natural_colours(equalised(dream_gradient(img, network, 3)))
        img = torch.roll(img, (-dy, -dx), dims=(2, 3))
        clamp_to_colours(img)
        return img

    small = F.interpolate(image, size=(24, 32), mode="bilinear")
    change = step(step(small)) - small
    enlarged = image + F.interpolate(change, size=(48, 64), mode="bilinear")
    torch.testing.assert_close(dream, step(step(enlarged)))


def test_a_students_gradient_is_used_as_it_is_asked_for(network: nn.Module, images: Tensor) -> None:
    asked: list[object] = []

    def still(img: Tensor, model: nn.Module, layer: str | int) -> Tensor:
        asked.append((img.shape[2], model is network, layer))
        return torch.zeros_like(img)

    clamp_to_colours(images := images.clone())
    dream = deepdream(network, images, 5, gradient=still, octaves=2, octave_scale=2, steps=2, progress=False)
    assert asked == [(24, True, 5)] * 2 + [(48, True, 5)] * 2
    torch.testing.assert_close(dream, images, rtol=0, atol=1e-6)


def test_coarse_and_fine_waves_come_out_equally_strong() -> None:
    x = torch.arange(64.0)
    fine, coarse = torch.cos(torch.pi * x), torch.sin(2 * torch.pi * (x + 0.5) / 16)
    gradient = (100 * fine[None, :] + coarse[:, None]).expand(1, 3, 64, 64)
    both = equalised(gradient)
    assert float(both.square().mean()) == pytest.approx(1, abs=1e-4)
    down, across = (float(both[0, 0].mean(dim=axis).square().mean()) for axis in (1, 0))
    assert 0.2 < down / across < 5  # one to twenty thousand before


def test_a_tint_is_left_out_and_nothing_stays_nothing() -> None:
    assert not equalised(torch.full((1, 3, 40, 56), 3.0)).any()
    assert not equalised(torch.zeros(2, 3, 9, 20)).any()


def test_colours_keep_their_axes_and_shrill_ones_are_held_back() -> None:
    """Noise of independent colours gets the covariance of photographs, up to a factor."""
    noise = torch.randn(1, 3, 200, 200, generator=torch.Generator().manual_seed(0))
    coloured = natural_colours(noise)
    assert float(coloured.square().mean()) == pytest.approx(1, abs=1e-4)
    found, expected = torch.cov(coloured[0].flatten(1)), COLOUR_AXES @ COLOUR_AXES.T
    torch.testing.assert_close(found / found.trace(), expected / expected.trace(), rtol=0, atol=0.01)
    gray = torch.ones(1, 3, 4, 4)
    shrill = torch.tensor([1.0, -1.0, 1.0]).view(1, 3, 1, 1).expand_as(gray)
    light, magenta = natural_colours(gray + shrill)[0, :, 0, 0].reshape(3)[[0, 1]]
    assert 0 < light - magenta < light
    assert not natural_colours(torch.zeros(1, 3, 4, 4)).any()


def test_a_formula_may_differentiate_as_it_does_outside(network: nn.Module, images: Tensor) -> None:
    def mine(img: Tensor, network: nn.Module, layer: str) -> Tensor:
        img = img.clone().requires_grad_()
        (slope,) = torch.autograd.grad(network(img).square().sum(), img)
        return slope

    dreamt = deepdream(network, images, "", gradient=mine, octaves=1, steps=2, progress=False)
    assert not torch.equal(dreamt, images)
