"""Parametrisations of a picture to be optimised: its pixels, or its spectrum in decorrelated colours.

In pixels, the gradient prefers what photographs have least of: fine patterns of shrill colours. The pictures
to choose from are the same; only the coordinates in which one climbs are others.
"""

from collections.abc import Callable
from typing import Literal, Protocol

import torch
from torch import Tensor

from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, clamp_to_colours
from cs231n.language import said

SpectrumToImage = Callable[[Tensor, int, int], Tensor]
"""(spectrum, height, width) -> picture: `spectrum_to_image`, written by the student."""

Parametrisation = Literal["fourier", "pixels"]

# Square root of the covariance of the colours in ImageNet; its columns are light, blue to yellow, green to
# magenta. Source: the code that accompanies Olah et al. 2017, https://github.com/tensorflow/lucid.
_COLOUR_ROOT = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]])
COLOUR_AXES = _COLOUR_ROOT / _COLOUR_ROOT.norm(dim=0).max()
"""Red, green and blue (rows) of three independent directions of colour, each as long as it varies."""

_CONTRAST = 0.25  # of the same source: how much a step of the optimiser shows
_NOISE = {"fourier": 0.01, "pixels": 0.1}


class Canvas(Protocol):
    """A picture to be optimised.

    Attributes
    ----------
    parameters : Tensor
        The leaf whose gradient is to be followed.
    """

    parameters: Tensor

    def picture(self) -> Tensor:
        """Return the picture (1, 3, H, W), normalised, in the graph of the parameters."""
        ...

    def settle(self) -> None:
        """Bring the parameters back, after a step, to a picture that a screen can show."""
        ...


def canvas(
    images: Tensor,
    parametrisation: Parametrisation,
    *,
    seed: int = 0,
    spectrum_to_image: SpectrumToImage | None = None,
) -> Canvas:
    """Put up a canvas with a little noise on what is there.

    Parameters
    ----------
    images : Tensor of shape (1, 3, H, W)
        What is there, normalised; also says the size and the device.
    parametrisation : {"fourier", "pixels"}
        Whether to optimise the spectrum in decorrelated colours, or each colour of each pixel.
    seed : int
        Fixes the noise, the same on every device.
    spectrum_to_image : callable, optional
        Needed for "fourier": `spectrum_to_image`, written by the student.

    Raises
    ------
    ValueError
        If `images` is not one picture, there is no such parametrisation, or "fourier" lacks its function.

    References
    ----------
    Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017, section "Preconditioning and
    Parameterization".

    Examples
    --------
    >>> painting = canvas(torch.zeros(1, 3, 8, 8), "pixels")
    >>> painting.picture().shape
    torch.Size([1, 3, 8, 8])
    """
    if images.ndim != 4 or images.shape[:2] != (1, 3):
        raise ValueError(
            said("One picture (1, 3, H, W) is painted at a time, not {shape}.", shape=tuple(images.shape))
        )
    if parametrisation == "pixels":
        return _Pixels(images, seed)
    if parametrisation == "fourier":
        if spectrum_to_image is None:
            raise ValueError(
                said(
                    'parametrisation="fourier" needs your function: pass spectrum_to_image=spectrum_to_image, '
                    'or choose parametrisation="pixels".'
                )
            )
        return _Waves(images, seed, spectrum_to_image)
    raise ValueError(
        said(
            'The parametrisation is "fourier" or "pixels", not {parametrisation!r}.',
            parametrisation=parametrisation,
        )
    )


def _noise(shape: tuple[int, ...], like: Tensor, seed: int, size: float) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(like) * size


class _Pixels:
    def __init__(self, images: Tensor, seed: int) -> None:
        noise = _noise(tuple(images.shape), images, seed, _NOISE["pixels"])
        self.parameters = (images.detach() + noise).requires_grad_()

    def picture(self) -> Tensor:
        return self.parameters

    def settle(self) -> None:
        clamp_to_colours(self.parameters)


class _Waves:
    def __init__(self, images: Tensor, seed: int, spectrum_to_image: SpectrumToImage) -> None:
        self._to_image = spectrum_to_image
        self._height, self._width = images.shape[2:]
        shape = (1, 3, self._height, self._width // 2 + 1, 2)
        self.parameters = _noise(shape, images, seed, _NOISE["fourier"]).requires_grad_()
        self._axes = COLOUR_AXES.to(images)
        self._mean, self._std = (
            torch.from_numpy(constant).view(1, 3, 1, 1).to(images)
            for constant in (SQUEEZENET_MEAN, SQUEEZENET_STD)
        )
        self._underneath = (images.detach() * self._std + self._mean).logit(eps=1e-3)

    def picture(self) -> Tensor:
        waves = self._to_image(self.parameters, self._height, self._width) * _CONTRAST
        colours = torch.einsum("rc,nchw->nrhw", self._axes, waves)
        return ((self._underneath + colours).sigmoid() - self._mean) / self._std

    def settle(self) -> None:
        """Do nothing: the sigmoid leaves no colours that a screen cannot show."""
