"""DeepDream: gradient ascent on a layer's activations, from a small copy of the picture to its full size."""

import random
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from cs231n.frozen import frozen
from cs231n.image_utils import clamp_to_colours, jitter
from cs231n.techniques.fourier import COLOUR_AXES

DreamGradient = Callable[[Tensor, nn.Module, str | int], Tensor]
"""(img, network, layer) -> (N, 3, H, W): `dream_gradient`, written by the student."""


@torch.no_grad()
def deepdream(
    network: nn.Module,
    images: Tensor,
    target: str | int,
    *,
    gradient: DreamGradient,
    octaves: int = 4,
    octave_scale: float = 1.4,
    steps: int = 25,
    learning_rate: float = 0.05,
    max_jitter: int = 32,
    seed: int = 0,
    progress: bool = True,
) -> Tensor:
    """Strengthen what a layer finds in a picture, at several sizes from small to full.

    Parameters
    ----------
    network : nn.Module
        Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : str or int
        The layer, as `gradient` takes it: the name of a module, or the number of one of
        `network.features`.
    gradient : callable
        (img, network, target) -> gradient (N, 3, H, W): `dream_gradient`, written by the student.
    octaves : int
        How many sizes: details that were dreamt at one are enlarged to the next.
    octave_scale : float
        How many times larger each is than the one before.
    steps : int
        Steps at each size.
    learning_rate : float
        Root mean square of a step, in the units of normalised pictures.
    max_jitter : int
        Largest shift before each step, in pixels, so that the network's own grid leaves no seams.
    seed : int
        Fixes the shifts.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        Normalised.

    References
    ----------
    Mordvintsev, Olah, Tyka, "Inceptionism: Going Deeper into Neural Networks", Google Research blog 2015;
    the gradient's scales made equal as in Mordvintsev's "DeepDreaming with TensorFlow", 2016; its colours made
    those of photographs as in Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> def brighter(img, network, layer):
    ...     return torch.ones_like(img)  # your dream_gradient goes here
    >>> gray = torch.zeros(1, 3, 48, 64)
    >>> deepdream(network, gray, 3, gradient=brighter, octaves=2, steps=1, progress=False).shape
    torch.Size([1, 3, 48, 64])
    """
    shifts = random.Random(seed)
    height, width = images.shape[2:]
    dreamt = torch.zeros_like(images)
    with frozen(network), tqdm(total=octaves * steps, desc="DeepDream", disable=not progress) as bar:
        for octave in range(octaves):
            shrunk = octave_scale ** (octave + 1 - octaves)
            size = (round(height * shrunk), round(width * shrunk))
            base = _resized(images.detach(), size)
            img = base + _resized(dreamt, size)
            for _ in range(steps):
                dx, dy = (shifts.randint(-max_jitter, max_jitter) for _ in range(2))
                img = jitter(img, dx, dy)
                with torch.enable_grad():
                    ascent = gradient(img, network, target)
                step = natural_colours(equalised(ascent))
                img = jitter(img + learning_rate * step, -dx, -dy)
                clamp_to_colours(img)
                bar.update()
            dreamt = img - base
    return img


def equalised(gradient: Tensor, levels: int = 4) -> Tensor:
    """Make the coarse and the fine parts of a gradient equally strong.

    Parameters
    ----------
    gradient : Tensor of shape (N, 3, H, W)
    levels : int
        How many halvings of the resolution to tell apart.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        The sum of a Laplacian pyramid whose levels have each been divided by their root mean square, divided
        by its own. What is coarser than all levels, a tint, is left out. Zeros stay zeros.

    References
    ----------
    Burt, Adelson, "The Laplacian Pyramid as a Compact Image Code", 1983.

    Examples
    --------
    >>> gradient = torch.randn(1, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    >>> float(equalised(gradient).square().mean().sqrt().round(decimals=3))
    1.0
    """
    total = torch.zeros_like(gradient)
    whole = (gradient.shape[2], gradient.shape[3])
    rounding = (
        _strength(gradient) * torch.finfo(gradient.dtype).eps * 10
    )  # not to be made as loud as the rest
    for _ in range(levels):
        coarse = F.avg_pool2d(gradient, 2, ceil_mode=True)
        fine = gradient - _resized(coarse, (gradient.shape[2], gradient.shape[3]))
        total += _resized(_unit(fine, rounding), whole)
        gradient = coarse
    return _unit(total, rounding)


def natural_colours(change: Tensor) -> Tensor:
    """Let colours change as they vary in photographs: light and dark much, green against magenta little.

    Parameters
    ----------
    change : Tensor of shape (N, 3, H, W)

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        Times the square root of the covariance of colours; its root mean square is 1, or 0 for zeros.

    Examples
    --------
    >>> change = torch.ones(1, 3, 4, 4)
    >>> float(natural_colours(change).square().mean().sqrt().round(decimals=3))
    1.0
    """
    directions, spread, _ = torch.linalg.svd(COLOUR_AXES)
    root = directions @ torch.diag(spread) @ directions.T
    coloured = torch.einsum("rc,nchw->nrhw", root.to(change), change)
    return _unit(coloured, torch.zeros_like(_strength(coloured)))


def _strength(part: Tensor) -> Tensor:
    return part.square().mean(dim=(1, 2, 3), keepdim=True).sqrt()


def _unit(part: Tensor, rounding: Tensor) -> Tensor:
    strength = _strength(part)
    return torch.where(strength > rounding, part / strength, 0)


def _resized(images: Tensor, size: tuple[int, int]) -> Tensor:
    if images.shape[2:] == size:
        return images
    return F.interpolate(images, size=size, mode="bilinear", align_corners=False)
