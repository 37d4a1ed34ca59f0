"""Feature visualization: a picture is optimised for the value of a class, a channel or a neuron."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from cs231n.frozen import frozen
from cs231n.image_utils import blur_image
from cs231n.language import said
from cs231n.techniques.activations import activations
from cs231n.techniques.fourier import Parametrisation, SpectrumToImage, canvas
from cs231n.techniques.targets import Unit, unit_values, values
from cs231n.visualization import Frame, Visualization

_BLUR_EVERY = 10


def visualize(
    network: nn.Module,
    images: Tensor,
    target: int | Unit,
    *,
    parametrisation: Parametrisation = "fourier",
    spectrum_to_image: SpectrumToImage | None = None,
    steps: int = 256,
    learning_rate: float = 0.02,
    l2: float = 0.0,
    blur: float = 0.0,
    jitter: float = 16.0,
    scale: tuple[float, float] = (0.8, 1.2),
    rotation: float = 15.0,
    show_every: int = 64,
    seed: int = 0,
    progress: bool = True,
) -> Visualization:
    """Optimise a picture for the value of a class, a channel or a neuron.

    Every step looks at the picture through another random shift, scale and rotation, before a random colour:
    a pattern that raises the target only in one exact place does not grow. With the defaults a class takes 224 pixels
    and 256 steps, a channel 128 and 128.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found.
    images : Tensor of shape (1, 3, H, W)
        Where to begin, normalised; `torch.zeros(1, 3, 224, 224)` is gray.
    target : int or Unit
        A class (its raw score is climbed), a channel (its mean), or a neuron. A unit is climbed before the
        ReLU that its layer ends in, for a silent one has no gradient behind it.
    parametrisation : {"fourier", "pixels"}
        Whether to optimise waves in decorrelated colours, or the pixels.
    spectrum_to_image : callable, optional
        (spectrum, height, width) -> picture; needed for "fourier": `spectrum_to_image`, written by the student.
    steps : int
        Steps of Adam.
    learning_rate : float
        Of Adam.
    l2 : float
        Weight of the squared norm of the normalised picture, which is subtracted from the value.
    blur : float
        Sigma in pixels of a blur after every tenth step; only for "pixels". 0: none.
    jitter : float
        Largest shift along each axis, in pixels. 0: none.
    scale : (float, float)
        Smallest and largest magnification. (1, 1): none.
    rotation : float
        Largest angle, in degrees. 0: none.
    show_every : int
        Keep a frame after every so many steps; the first and the last are always kept.
    seed : int
        Fixes the first noise and the views, the same on every device.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Visualization

    Raises
    ------
    ValueError
        If waves are to be blurred, `images` is not one picture, or "fourier" lacks its function.

    References
    ----------
    Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017. L2: Simonyan, Vedaldi, Zisserman, ICLR
    Workshop 2014; blur: Yosinski et al., ICML Workshop 2015; jitter: Mordvintsev, Olah, Tyka, 2015.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> gray = torch.zeros(1, 3, 32, 32)
    >>> result = visualize(network, gray, 3, parametrisation="pixels", steps=2, progress=False)
    >>> [frame.iteration for frame in result.frames]
    [1, 2]
    """
    if blur and parametrisation != "pixels":
        raise ValueError(
            said('Only parametrisation="pixels" can be blurred; in waves the coarse ones lead anyway.')
        )
    painting = canvas(images, parametrisation, seed=seed, spectrum_to_image=spectrum_to_image)
    views = _Views(jitter, scale, rotation, seed)
    optimizer = torch.optim.Adam([painting.parameters], lr=learning_rate)
    frames = []
    with frozen(network), torch.enable_grad():
        for step in tqdm(range(1, steps + 1), desc=said("visualisation"), disable=not progress):
            optimizer.zero_grad()
            picture = painting.picture()
            worth = _value(network, views.next(picture), target) - l2 * picture.square().sum()
            torch.autograd.backward(-worth)
            optimizer.step()
            painting.settle()
            if blur and step % _BLUR_EVERY == 0:
                blur_image(painting.parameters.detach(), sigma=blur)
            if step in {1, steps} or step % show_every == 0:
                frames.append(_frame(step, painting.picture().detach().clone(), network, target))
    return Visualization(target, tuple(frames))


def _value(network: nn.Module, picture: Tensor, target: int | Unit, probability: bool = False) -> Tensor:
    if isinstance(target, Unit):
        return unit_values(activations(network, picture, target.layer, before_relu=True), target)[0]
    picture = picture.contiguous(memory_format=torch.channels_last)  # faster on a CPU
    return values(network, picture, target, probability=probability)[0]


@torch.no_grad()
def _frame(step: int, picture: Tensor, network: nn.Module, target: int | Unit) -> Frame:
    return Frame(step, picture, float(_value(network, picture, target, probability=True)))


class _Views:
    """Random looks at a picture, each of its size; where one looks past the edge there is a random colour."""

    def __init__(self, jitter: float, scale: tuple[float, float], rotation: float, seed: int) -> None:
        self._jitter, self._scale, self._rotation = jitter, scale, rotation
        self._draws = torch.Generator().manual_seed(seed)
        self._still = not jitter and not rotation and scale == (1, 1)

    def next(self, picture: Tensor) -> Tensor:
        if self._still:
            return picture
        height, width = picture.shape[2:]
        turn, zoom, right, down = (torch.rand(4, generator=self._draws) * 2 - 1).tolist()
        background = torch.randn(1, 3, 1, 1, generator=self._draws).to(picture)
        angle = math.radians(self._rotation * turn)
        low, high = self._scale
        magnification = (low + high) / 2 + (high - low) / 2 * zoom
        cos, sin = math.cos(angle) / magnification, math.sin(angle) / magnification
        # affine_grid counts each axis from -1 to 1: hence height / width, and 2 / width to a pixel
        look = [
            [cos, -sin * height / width, self._jitter * right * 2 / width],
            [sin * width / height, cos, self._jitter * down * 2 / height],
        ]
        places = F.affine_grid(
            torch.tensor([look], dtype=picture.dtype), list(picture.shape), align_corners=False
        )
        return (
            F.grid_sample(picture - background, places.to(picture.device), align_corners=False) + background
        )
