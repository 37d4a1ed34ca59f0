"""The canvases: what is on them at first, and what colours they can show."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor

from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from cs231n.lecture.formulas import spectrum_to_image
from cs231n.techniques.fourier import Parametrisation, canvas

GRAY = torch.zeros(1, 3, 12, 17)
complete = partial(canvas, spectrum_to_image=spectrum_to_image)
both = pytest.mark.parametrize("parametrisation", ["fourier", "pixels"])


def colours(picture: Tensor) -> np.ndarray:
    return picture.detach()[0].permute(1, 2, 0).numpy() * SQUEEZENET_STD + SQUEEZENET_MEAN


@both
def test_a_canvas_begins_with_what_is_there_and_a_little_noise(
    images: Tensor, parametrisation: Parametrisation
) -> None:
    image = images[:1].clamp(-1, 1)
    picture = complete(image, parametrisation).picture()
    assert not torch.equal(picture, image)
    torch.testing.assert_close(picture, image, rtol=0, atol=0.6)
    blank = complete(image, parametrisation)
    with torch.no_grad():
        blank.parameters.zero_()
    if parametrisation == "fourier":  # no waves: exactly what is underneath
        torch.testing.assert_close(blank.picture(), image, rtol=0, atol=1e-5)


@both
def test_the_noise_follows_the_seed(parametrisation: Parametrisation) -> None:
    one, same, other = (complete(GRAY, parametrisation, seed=seed).picture() for seed in (3, 3, 4))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


@both
def test_after_settling_every_colour_exists(parametrisation: Parametrisation) -> None:
    wild = complete(GRAY, parametrisation)
    with torch.no_grad():
        wild.parameters.mul_(1e4)
        wild.settle()
    shown = colours(wild.picture())
    assert shown.min() >= -1e-6
    assert shown.max() <= 1 + 1e-6
    assert shown.max() - shown.min() > 0.9


def test_one_wave_on_a_canvas_is_the_wave_in_its_colour() -> None:
    """Underneath the sigmoid, a spectrum in the first channel alone is light: all colours alike rise."""
    one = complete(GRAY, "fourier")
    with torch.no_grad():
        one.parameters.zero_()
        one.parameters[0, 0, 0, 1, 0] = 2.0
    shown = colours(one.picture())
    odds = np.log(shown / (1 - shown)) - np.log(SQUEEZENET_MEAN / (1 - SQUEEZENET_MEAN))
    wave = 2 * 2.0 * np.cos(2 * np.pi * np.arange(17) / 17) * 17 / np.sqrt(12 * 17) / 4
    root = np.array([0.26, 0.27, 0.27])
    expected = np.broadcast_to(wave[None, :, None] * root / np.linalg.norm(root), odds.shape)
    np.testing.assert_allclose(odds, expected, atol=1e-4)


def test_a_students_formula_is_used() -> None:
    asked: list[tuple[int, ...]] = []

    def flat(spectrum: Tensor, height: int, width: int) -> Tensor:
        asked.append((*spectrum.shape, height, width))
        return spectrum.new_zeros(1, 3, height, width)

    picture = canvas(GRAY, "fourier", spectrum_to_image=flat).picture()
    assert asked == [(1, 3, 12, 9, 2, 12, 17)]
    torch.testing.assert_close(picture, GRAY, rtol=0, atol=1e-5)


def test_it_says_what_it_paints() -> None:
    with pytest.raises(ValueError, match="One picture"):
        complete(torch.zeros(2, 3, 8, 8), "fourier")
    with pytest.raises(ValueError, match="not 'oil'"):
        complete(GRAY, "oil")  # type: ignore[arg-type]


def test_waves_without_a_students_function_are_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="pass spectrum_to_image=spectrum_to_image, or choose"):
        canvas(GRAY, "fourier")
