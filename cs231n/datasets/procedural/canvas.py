"""What every style does before and after it draws: check the request, mix colours, shrink the canvas.

Styles draw at `OVERSAMPLING` times the size asked for and shrink by averaging: edges become smooth
however they were made.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cs231n.datasets.procedural.noise import Floats
from cs231n.language import said

Picture = NDArray[np.uint8]

#: Width of the canvas over the width of the finished picture.
OVERSAMPLING = 2
#: Below 32 pixels nothing of a style is left; above 2048 the canvas no longer fits a small machine.
SMALLEST, LARGEST = 32, 2048
#: Binary digits after the point in the coordinates given to OpenCV's drawing functions.
SHIFT = 4


def canvas_side(size: int) -> int:
    """Return the width in pixels of the canvas for a picture of `size` pixels.

    Raises
    ------
    ValueError
        `size` is not a whole number from `SMALLEST` to `LARGEST`.
    """
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or not SMALLEST <= size <= LARGEST:
        raise ValueError(
            said(
                "size is {size!r}: give the width of the picture in whole pixels, {smallest} to {largest}",
                size=size,
                smallest=SMALLEST,
                largest=LARGEST,
            )
        )
    return int(size) * OVERSAMPLING


def generator(seed: int) -> np.random.Generator:
    """Return the PCG64 generator of a seed (NumPy promises the same numbers on every machine).

    Raises
    ------
    ValueError
        `seed` is not a whole number of at least zero.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(said("seed is {seed!r}: give a whole number of at least 0", seed=seed))
    return np.random.Generator(np.random.PCG64(int(seed)))


def finished(canvas: Floats | Picture, size: int) -> Picture:
    """Shrink a canvas (side, side, 3), values 0 to 255, to the picture (size, size, 3) uint8."""
    small = cv2.resize(canvas.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)


def fixed_point(points: NDArray[np.floating], side: int) -> NDArray[np.int32]:
    """Turn picture coordinates (..., 2) into what OpenCV draws with: pixels with `SHIFT` binary digits."""
    pixels = np.rint((points * side - 0.5) * 2**SHIFT)
    return np.asarray(pixels, np.int32)


def ramp(tone: Floats, stops: Sequence[tuple[float, tuple[int, int, int]]]) -> Floats:
    """Colour tones with a gradient.

    Parameters
    ----------
    tone
        Any shape; values outside the stops take the colour at the end.
    stops
        (tone, (red, green, blue)) in ascending order of tone; colours 0 to 255.

    Returns
    -------
    Floats
        `tone.shape` + (3,), values 0 to 255.
    """
    places = [place for place, _ in stops]
    colours = np.array([colour for _, colour in stops], np.float32)
    return np.stack([np.interp(tone, places, colours[:, c]) for c in range(3)], axis=-1).astype(np.float32)


def relief(height: Floats, blur: float) -> Floats:
    """Light a relief from the upper left.

    Parameters
    ----------
    height
        (side, side), any unit.
    blur
        Standard deviation in pixels of the smoothing before the slope is taken: the size of what shows.

    Returns
    -------
    Floats
        (side, side): above zero on slopes that face the light, below zero on those that turn away.
    """
    smooth = ndimage.gaussian_filter(height, blur)
    slope_y, slope_x = np.gradient(smooth)
    return np.asarray(slope_x + slope_y, np.float32)
