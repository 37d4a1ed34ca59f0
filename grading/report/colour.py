"""Colours of pictures: small palette images, self-contained, and readable by colour-blind people."""

import base64
import io
from functools import cache

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from PIL import Image

Floats = npt.NDArray[np.float32]

HARD_EDGES = 80  # pixels; a picture this small is enlarged with hard edges, the honest way to show it
SIDE = 184  # pixels; pages show pictures at this width
SEQUENTIAL = {"map": "magma", "image": "magma", "matrix": "cividis"}
DIVERGING = "PuOr_r"  # orange above, violet below: told apart by every common colour vision
_NOT_A_NUMBER = (0, 158, 115)  # bluish green: in none of the three colour maps


def fits(values: Floats) -> Floats:
    """Shrink an (H, W) or (H, W, 3) array by averaging so that neither side is above ``SIDE``.

    NaN and infinity stay: whatever they are averaged into is no number either.
    """
    height, width = values.shape[:2]
    share = SIDE / max(height, width)
    if share >= 1:
        return values
    size = max(round(width * share), 1), max(round(height * share), 1)
    planes = [values] if values.ndim == 2 else list(np.moveaxis(values, 2, 0))
    small = [np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BOX)) for plane in planes]
    return small[0] if values.ndim == 2 else np.stack(small, axis=2)


def mapped_png(values: Floats, colours: str, low: float, high: float) -> Markup:
    """Draw an (H, W) array through a colour map as the data URI of a PNG with a palette.

    Parameters
    ----------
    values
        Any floats. Those outside `low` .. `high` are clipped, those that are no number drawn in green.
    colours
        The name of one of matplotlib's colour maps.
    """
    span = high - low
    finite = np.isfinite(values)
    share = (np.where(finite, values, low).astype(np.float64) - low) / (span if span > 0 else 1.0)
    index = np.where(finite, np.rint(np.clip(share, 0, 1) * 254), 255).astype(np.uint8)
    picture = Image.fromarray(index)
    picture.putpalette(_palette(colours))
    return _data_uri(picture)


def rgb_picture(values: Floats) -> Markup:
    """Draw an (H, W, 3) array in [0, 1] as a data URI; what is no number in green.

    A JPEG where pixels are too many to be looked at one by one: a sixth of the size of a PNG.
    """
    finite = np.isfinite(values).all(axis=2, keepdims=True)
    scaled = np.rint(np.clip(np.where(finite, values, 0), 0, 1) * 255)
    picture = Image.fromarray(np.where(finite, scaled, _NOT_A_NUMBER).astype(np.uint8))
    return _data_uri(picture, "PNG" if max(picture.size) <= HARD_EDGES else "JPEG")


@cache
def key_png(colours: str) -> Markup:
    """Draw a colour map itself, from its low end to its high end, one pixel high."""
    return mapped_png(np.linspace(0, 1, 128, dtype=np.float32)[None], colours, 0.0, 1.0)


@cache
def _palette(colours: str) -> bytes:
    import matplotlib  # a third of a second, and most runs of a command draw nothing

    table = np.rint(matplotlib.colormaps[colours](np.linspace(0, 1, 255))[:, :3] * 255).astype(np.uint8)
    return bytes(table.tobytes()) + bytes(_NOT_A_NUMBER)


def _data_uri(picture: Image.Image, kind: str = "PNG") -> Markup:
    buffer = io.BytesIO()
    picture.save(buffer, format=kind, optimize=True, quality=90)
    # Markup: nothing in it needs escaping, and a page must not shorten it as it does long messages.
    return Markup(f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}")
