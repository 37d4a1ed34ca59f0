"""Style pictures drawn by code, so that style transfer needs no artwork, no licence and no download.

Each style is a module with one function `draw(size, seed)`: seeded, always the same bytes, a second or two.
"""

from collections.abc import Callable

from cs231n.datasets.procedural import flow, marbling, stained_glass, woodblock
from cs231n.datasets.procedural.canvas import Picture
from cs231n.language import said

#: Name of each style and the function that draws it; without arguments it gives the kit's own picture.
DRAW: dict[str, Callable[..., Picture]] = {
    "flow": flow.draw,
    "stained_glass": stained_glass.draw,
    "woodblock": woodblock.draw,
    "marbling": marbling.draw,
}


def draw(style: str, size: int = 512, seed: int | None = None) -> Picture:
    """Draw a style by name.

    Parameters
    ----------
    style
        One of `DRAW`.
    size
        Width and height in pixels.
    seed
        Which picture of the style; None is the one the kit shows.

    Returns
    -------
    Picture
        (size, size, 3) uint8 RGB.

    Raises
    ------
    ValueError
        No style has that name, or `size` or `seed` is out of range.
    """
    if style not in DRAW:
        raise ValueError(
            said(
                "there is no procedural style {style!r}: choose one of {names}",
                style=style,
                names=", ".join(DRAW),
            )
        )
    return DRAW[style](size) if seed is None else DRAW[style](size, seed)
