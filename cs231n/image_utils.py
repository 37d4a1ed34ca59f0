"""Conversion between pictures and the network's input, and small operations on pictures.

Pictures are RGB. The network reads them as ``(value in [0, 1] - SQUEEZENET_MEAN) / SQUEEZENET_STD``.
"""

import os
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from cs231n.datasets.registry import as_rgb, open_picture
from cs231n.language import said

SQUEEZENET_MEAN: npt.NDArray[np.float32] = np.array([0.485, 0.456, 0.406], dtype=np.float32)
SQUEEZENET_STD: npt.NDArray[np.float32] = np.array([0.229, 0.224, 0.225], dtype=np.float32)

# A smaller range than this, of 0..1, is float32's rounding: stretched, a gray picture would become noise
_ROUNDING = 1e-6


def preprocess_image(img: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Normalise a picture for the network.

    Parameters
    ----------
    img : ndarray, (..., H, W, 3)
        RGB, 0 to 255.

    Returns
    -------
    ndarray, same shape, float32

    Examples
    --------
    >>> white = np.full((2, 2, 3), 255)
    >>> preprocess_image(white)[0, 0].round(2)
    array([2.25, 2.43, 2.64], dtype=float32)
    """
    scaled = np.asarray(img, dtype=np.float32) / np.float32(255.0)
    result: npt.NDArray[np.float32] = (scaled - SQUEEZENET_MEAN) / SQUEEZENET_STD
    return result


def deprocess_image(img: npt.NDArray[Any], rescale: bool = False) -> npt.NDArray[np.uint8]:
    """Undo `preprocess_image`, exactly for pictures that came from it.

    Parameters
    ----------
    img : ndarray, (..., H, W, 3)
        Normalised for the network.
    rescale : bool
        Stretch the values to the whole range instead of clipping what lies outside.

    Returns
    -------
    ndarray, same shape, uint8
        RGB, 0 to 255.

    Examples
    --------
    >>> picture = np.arange(12).reshape(2, 2, 3)
    >>> np.array_equal(deprocess_image(preprocess_image(picture)), picture)
    True
    """
    shown = np.asarray(img, dtype=np.float32) * SQUEEZENET_STD + SQUEEZENET_MEAN
    if rescale and np.ptp(shown) > _ROUNDING:
        shown = (shown - shown.min()) / (shown.max() - shown.min())
    pixels: npt.NDArray[np.uint8] = np.rint(np.clip(shown, 0.0, 1.0) * 255.0).astype(np.uint8)
    return pixels


def preprocess(img: Image.Image, size: int = 224) -> torch.Tensor:
    """Turn a picture into a batch of one for the network.

    Parameters
    ----------
    img : PIL.Image.Image
        Any mode; it is converted to RGB.
    size : int
        The length in pixels of the shortest side afterwards; the other keeps the proportions.

    Returns
    -------
    Tensor, (1, 3, h, w), float32
        Normalised.

    Raises
    ------
    ValueError
        If `size` is not positive.

    Examples
    --------
    >>> photo = Image.new("RGB", (300, 200), "white")
    >>> preprocess(photo, size=64).shape
    torch.Size([1, 3, 64, 96])
    """
    if size < 1:
        raise ValueError(
            said("size is the shortest side in pixels and must be at least 1, not {size}.", size=size)
        )
    upright = as_rgb(img)
    resized = upright.resize(_size_with_shortest_side(upright.size, size), Image.Resampling.BILINEAR)
    return torch.from_numpy(preprocess_image(np.asarray(resized)).transpose(2, 0, 1).copy())[None]


def _size_with_shortest_side(width_height: tuple[int, int], size: int) -> tuple[int, int]:
    width, height = width_height
    if width <= height:
        return size, int(size * height / width)
    return int(size * width / height), size


def deprocess(img: torch.Tensor, should_rescale: bool = True) -> Image.Image:
    """Turn a batch of one back into a picture.

    Parameters
    ----------
    img : Tensor, (1, 3, H, W)
        Normalised for the network; on any device, with or without a graph.
    should_rescale : bool
        Stretch the values to the whole range, as the course does, instead of clipping what lies outside.

    Returns
    -------
    PIL.Image.Image
        RGB.

    Raises
    ------
    ValueError
        If `img` is not one image of three channels.

    Examples
    --------
    >>> gray = torch.zeros(1, 3, 4, 6)
    >>> deprocess(gray, should_rescale=False).size
    (6, 4)
    """
    if img.ndim != 4 or img.shape[:2] != (1, 3):
        raise ValueError(
            said(
                "deprocess shows one image of shape (1, 3, H, W), not {shape}: pass X[i:i+1] for one of a "
                "batch.",
                shape=tuple(img.shape),
            )
        )
    mean, std = (torch.from_numpy(constant)[:, None, None] for constant in (SQUEEZENET_MEAN, SQUEEZENET_STD))
    shown = img[0].detach().cpu().float() * std + mean
    if should_rescale and shown.max() - shown.min() > _ROUNDING:
        shown = rescale(shown)
    pixels = (shown.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0)
    return Image.fromarray(pixels.numpy())


def rescale(x: torch.Tensor) -> torch.Tensor:
    """Stretch the values of a tensor to [0, 1]; a constant tensor is returned as it is.

    Examples
    --------
    >>> rescale(torch.tensor([2.0, 3.0, 4.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    low, high = x.min(), x.max()
    return (x - low) / (high - low) if high > low else x


def jitter(X: torch.Tensor, ox: int, oy: int) -> torch.Tensor:
    """Roll images around their edges.

    Parameters
    ----------
    X : Tensor, (N, C, H, W)
    ox, oy : int
        Pixels to the right and down; negative: to the left and up.

    Returns
    -------
    Tensor, (N, C, H, W)
        A new tensor.

    Examples
    --------
    >>> X = torch.arange(4.0).view(1, 1, 1, 4)
    >>> jitter(X, 1, 0).flatten()
    tensor([3., 0., 1., 2.])
    """
    return torch.roll(X, shifts=(oy, ox), dims=(2, 3))


def blur_image(X: torch.Tensor, sigma: float = 1) -> torch.Tensor:
    """Blur images with a Gaussian, in place.

    Parameters
    ----------
    X : Tensor, (N, C, H, W)
        Changed. Edges are mirrored.
    sigma : float
        In pixels; 0 changes nothing.

    Returns
    -------
    Tensor
        `X` itself.

    Examples
    --------
    >>> X = torch.zeros(1, 1, 5, 5)
    >>> X[0, 0, 2, 2] = 1
    >>> bool(blur_image(X, sigma=1)[0, 0, 2, 2] < 0.2)
    True
    """
    if sigma <= 0:
        return X
    from scipy.ndimage import gaussian_filter  # slow to import, and few callers blur

    blurred = gaussian_filter(X.detach().cpu().numpy(), (0, 0, sigma, sigma), mode="reflect")
    with torch.no_grad():
        X.copy_(torch.from_numpy(blurred))
    return X


def load_image(filename: str | os.PathLike[str], size: int | None = None) -> npt.NDArray[np.uint8]:
    """Read a picture file.

    Parameters
    ----------
    filename : str or path
    size : int, optional
        The length in pixels of the shortest side afterwards; the file's own size if not given.

    Returns
    -------
    ndarray, (H, W, 3), uint8
        RGB, 0 to 255.

    Raises
    ------
    cs231n.datasets.registry.DataError
        If there is no such file or it is not a picture.

    Examples
    --------
    >>> Image.new("RGB", (60, 40)).save("photo.png")
    >>> load_image("photo.png", size=20).shape
    (20, 30, 3)
    """
    image = open_picture(filename)
    if size is not None:
        image = image.resize(_size_with_shortest_side(image.size, size), Image.Resampling.BILINEAR)
    return np.asarray(image).copy()


@torch.no_grad()
def clamp_to_colours(img: torch.Tensor) -> None:
    """Limit a normalised picture, in place, to what a screen can show.

    Parameters
    ----------
    img : Tensor of shape (N, 3, H, W)
        Normalised with `SQUEEZENET_MEAN` and `SQUEEZENET_STD`; afterwards its colours lie in [0, 1] once
        that is undone.

    Examples
    --------
    >>> img = torch.full((1, 3, 1, 1), 100.0)
    >>> clamp_to_colours(img)
    >>> deprocess(img, should_rescale=False).getpixel((0, 0))
    (255, 255, 255)
    """
    for channel, (mean, std) in enumerate(zip(SQUEEZENET_MEAN, SQUEEZENET_STD, strict=True)):
        img[:, channel].clamp_(min=float(-mean / std), max=float((1.0 - mean) / std))
