"""Segmentation with GrabCut, seeded by a saliency map."""

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from cs231n.language import said

_BLUR = 4.0  # pixels; saliency flickers from pixel to pixel
_SURE_BACKGROUND, _PROBABLY, _SURELY = 0.30, 0.75, 0.95


def grabcut(
    image: NDArray[np.uint8], saliency: Tensor, *, rounds: int = 5, seed: int = 0
) -> NDArray[np.bool_]:
    """Cut out the object of a picture, with a saliency map in place of a user's strokes.

    The blurred map's strongest 5 per cent are surely the object, the next 20 probably; the weakest 30 are
    surely background, the rest probably. GrabCut then fits colour models to both and cuts between them.

    Parameters
    ----------
    image : ndarray of shape (H, W, 3), uint8
        RGB, not normalised.
    saliency : Tensor of shape (H, W)
        Nonnegative.
    rounds : int
        How often to refit the colours and cut again.
    seed : int
        Of OpenCV's random generator, with which the colour models start.

    Returns
    -------
    ndarray of shape (H, W), bool
        Where the object is.

    Raises
    ------
    ValueError
        If picture and map differ in size, or the map is constant: then it says nothing of an object.

    References
    ----------
    Rother, Kolmogorov, Blake, "GrabCut", SIGGRAPH 2004; seeded from saliency as in Simonyan, Vedaldi,
    Zisserman, ICLR Workshop 2014, section 3.2.

    Examples
    --------
    >>> import torch
    >>> image = np.zeros((40, 40, 3), np.uint8)
    >>> image[10:30, 10:30] = 255
    >>> saliency = torch.from_numpy(image[:, :, 0] / 255.0)
    >>> bool(grabcut(image, saliency)[20, 20])
    True
    """
    heat = saliency.detach().cpu().numpy().astype(np.float32)
    if heat.shape != image.shape[:2]:
        raise ValueError(
            said(
                "A saliency map of {shape} does not belong to a picture of {size}.",
                shape=heat.shape,
                size=image.shape[:2],
            )
        )
    if np.ptp(heat) == 0:
        raise ValueError(said("The saliency map is constant: it does not say where the object is."))
    mask = _strokes(cv2.GaussianBlur(heat, (0, 0), _BLUR).astype(np.float32))
    cv2.setRNGSeed(seed)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(image[:, :, ::-1])
    whole = (0, 0, image.shape[1], image.shape[0])  # not used where a mask is given
    cv2.grabCut(bgr, mask, whole, background, foreground, rounds, cv2.GC_INIT_WITH_MASK)
    return np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD))


def _strokes(heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """OpenCV's four labels by the rank of each pixel's saliency."""
    background, probably, surely = np.quantile(heat, (_SURE_BACKGROUND, _PROBABLY, _SURELY))
    mask = np.full(heat.shape, cv2.GC_PR_BGD, np.uint8)
    mask[heat <= background] = cv2.GC_BGD
    mask[heat > probably] = cv2.GC_PR_FGD
    mask[heat > surely] = cv2.GC_FGD
    return mask
