"""Climbing a class, a channel, a neuron: the value rises, each regulariser does what it says."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from cs231n.lecture.complete import visualize
from cs231n.techniques.activations import activations
from cs231n.techniques.targets import Unit
from cs231n.techniques.visualize import _Views

GRAY = torch.zeros(1, 3, 48, 64)
PLAIN: dict[str, Any] = {"parametrisation": "pixels", "jitter": 0, "scale": (1, 1), "rotation": 0}


def painted(network: nn.Module, target: int | Unit = 3, **options: Any) -> Tensor:
    return visualize(network, GRAY, target, progress=False, **{"steps": 12} | options).image


@pytest.mark.parametrize("options", [{}, {"parametrisation": "pixels"}], ids=["fourier", "pixels"])
@pytest.mark.parametrize(
    "target",
    [3, Unit("features.3", 5), Unit("features.5.squeeze", 2, (1, 3))],
    ids=["class", "channel", "neuron"],
)
def test_the_value_rises(network: nn.Module, target: int | Unit, options: dict[str, Any]) -> None:
    gentle = {"jitter": 2, "rotation": 5, "scale": (0.95, 1.05), "learning_rate": 0.1}
    result = visualize(network, GRAY, target, steps=40, show_every=15, progress=False, **gentle, **options)
    assert [frame.iteration for frame in result.frames] == [1, 15, 30, 40]
    first, *_, last = (frame.value for frame in result.frames)
    assert last > (first + 1 if isinstance(target, Unit) else 0.25), (first, last)  # a class begins at 1e-30
    assert result.image is result.frames[-1].image
    assert not result.image.requires_grad
    rgb = result.image[0].permute(1, 2, 0).numpy() * SQUEEZENET_STD + SQUEEZENET_MEAN
    assert rgb.min() >= -1e-6
    assert rgb.max() <= 1 + 1e-6


def test_one_plain_step_is_adams_against_the_gradient(network: nn.Module) -> None:
    start = torch.linspace(-1, 1, GRAY.numel()).view_as(GRAY)
    img = visualize(network, start, 3, steps=1, l2=0.1, seed=5, progress=False, **PLAIN).image
    x = start + torch.randn(GRAY.shape, generator=torch.Generator().manual_seed(5)) * 0.1
    x.requires_grad_()
    (slope,) = torch.autograd.grad(network(x)[0, 3] - 0.1 * x.square().sum(), x)
    expected = x.detach() + 0.02 * slope / (slope.abs() + 1e-8)  # Adam's first step is the sign of the slope
    torch.testing.assert_close(img, expected, rtol=0, atol=1e-4)


def test_a_silent_unit_is_roused(network: nn.Module) -> None:
    """Behind its ReLU a channel that says nothing has no slope: it is climbed before."""
    with torch.no_grad():
        expand = network.get_submodule("features.3.expand1x1")
        expand.bias -= 3.0  # type: ignore[operator]
        assert not activations(network, GRAY, "features.3")[0, :16].any()
    result = visualize(network, GRAY, Unit("features.3", 5), steps=40, learning_rate=0.1, progress=False)
    assert result.frames[0].value < -1
    assert result.frames[-1].value > result.frames[0].value + 0.5


def test_l2_keeps_the_picture_small(network: nn.Module) -> None:
    free, held = (painted(network, l2=weight, **PLAIN).norm() for weight in (0.0, 10.0))
    assert held < free / 2


def test_blur_leaves_less_of_the_finest_detail(network: nn.Module) -> None:
    sharp, blurred = (painted(network, steps=10, blur=sigma, **PLAIN) for sigma in (0.0, 1.0))
    detail = [float(img.diff(dim=3).abs().mean()) for img in (sharp, blurred)]
    assert detail[1] < detail[0] / 2
    with pytest.raises(ValueError, match=r"Only .* can be blurred"):
        painted(network, blur=1.0)


def test_seeds_fix_the_picture_and_torchs_generator_is_left_alone(network: nn.Module) -> None:
    state = torch.get_rng_state()
    one, same, other = (painted(network, steps=3, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), state)


def test_a_view_that_may_not_move_is_the_picture(images: Tensor) -> None:
    assert torch.equal(_Views(0, (1, 1), 0, seed=0).next(images[:1]), images[:1])


@pytest.mark.parametrize(("height", "width"), [(48, 64), (65, 33)])
def test_a_view_is_a_turn_a_scale_and_a_shift_counted_in_pixels(height: int, width: int) -> None:
    """A dot lands where plane geometry says, on a picture that is not square."""
    picture = torch.zeros(1, 3, height, width)
    row, column = height // 2 + 9, width // 2 - 7
    picture[0, :, row - 1 : row + 2, column - 1 : column + 2] = 100.0
    views = _Views(6.0, (0.8, 1.2), 30.0, seed=4)
    turn, zoom, right, down = (torch.rand(4, generator=torch.Generator().manual_seed(4)) * 2 - 1).tolist()
    seen = views.next(picture)[0].mean(dim=0)
    brightest = (seen > 50).nonzero().float().mean(dim=0).numpy()
    angle, size = np.radians(30.0 * turn), 1 + 0.2 * zoom
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    offset = np.array([row, column]) - middle - 6.0 * np.array([down, right])
    rotated = [
        offset[0] * np.cos(angle) - offset[1] * np.sin(angle),
        offset[0] * np.sin(angle) + offset[1] * np.cos(angle),
    ]
    np.testing.assert_allclose(brightest, middle + size * np.array(rotated), atol=0.8)
