"""Ink on water, combed and lifted on paper: the style of sharp bands of colour that bend and never cross.

Plain bands are never drawn and then bent. Every pixel is followed backwards through what was done to the bath
(combs, swirls, currents) to the place its ink came from, and takes the colour of the band that lay there.
"""

import numpy as np

from cs231n.datasets.procedural.canvas import Picture, canvas_side, finished, generator, relief
from cs231n.datasets.procedural.noise import Floats, grid, make_noise, sample, sample_grid

INK = {
    "night": (16, 28, 52),
    "sea": (26, 98, 140),
    "turquoise": (62, 174, 190),
    "cream": (248, 236, 212),
    "gold": (242, 178, 44),
    "coral": (226, 74, 66),
    "wine": (122, 22, 52),
}
#: The order in which inks were poured, and how wide each band is: light next to dark, to show every edge.
BANDS: tuple[tuple[str, float], ...] = (
    ("night", 1.0),
    ("cream", 0.35),
    ("turquoise", 1.1),
    ("sea", 0.7),
    ("cream", 1.0),
    ("gold", 0.8),
    ("wine", 0.35),
    ("coral", 1.2),
    ("cream", 0.3),
    ("wine", 0.8),
    ("gold", 0.3),
    ("night", 0.5),
    ("turquoise", 0.5),
    ("cream", 0.8),
    ("coral", 0.6),
    ("gold", 0.45),
)
#: How often the sequence of bands repeats from the top of the bath to the bottom.
REPEATS = 2.5


def draw(size: int = 512, seed: int = 10) -> Picture:
    """Marble a sheet.

    Parameters
    ----------
    size
        Width and height in pixels.
    seed
        Which picture of the style; the same seed always gives the same bytes.

    Returns
    -------
    Picture
        (size, size, 3) uint8 RGB.

    Raises
    ------
    ValueError
        `size` or `seed` is out of range.
    """
    side = canvas_side(size)
    rng = generator(seed)
    x, y = grid(side)
    x, y = _drift(rng, x, y, 0.05, octaves=1)
    x, y = _swirls(rng, x, y)
    x, y = _comb(rng, x, y, teeth=7, pull=0.15)
    y, x = _comb(rng, y, x, teeth=3, pull=0.16)
    x, y = _drift(rng, x, y, 0.085, octaves=2)
    inks = _pour(rng, x, y)
    return finished(_lift(rng, inks), size)


def _drift(
    rng: np.random.Generator, x: Floats, y: Floats, reach: float, octaves: int
) -> tuple[Floats, Floats]:
    """Undo a slow current (domain warping): points move by smooth noise, about `reach` picture widths."""
    return (
        x + reach * sample(make_noise(rng, 3, octaves, roughness=0.4), x, y),
        y + reach * sample(make_noise(rng, 3, octaves, roughness=0.4), x, y),
    )


def _comb(
    rng: np.random.Generator, along: Floats, across: Floats, teeth: int, pull: float
) -> tuple[Floats, Floats]:
    """Undo a comb drawn along one axis, its teeth pulling alternately to and fro.

    A tooth drags the ink it touches by `pull` and its neighbourhood by less, falling off exponentially with
    the distance (Lu, Jaffer, Jin, Zhao and Mao, "Mathematical Marbling", 2012).
    """
    spacing = 1 / teeth
    start = rng.uniform(0, spacing)
    moved = np.zeros_like(along)
    # The hand wavers: a zig-zag, not a ruler; the teeth of one comb waver together.
    place = across - np.float32(start) - 0.02 * np.sin(2 * np.pi * (1.5 * along + rng.uniform()))
    for tooth in range(-2, teeth + 2):
        distance = np.abs(place - tooth * spacing)
        moved += (pull if tooth % 2 else -pull) * np.exp(-distance / np.float32(0.22 * spacing))
    return (along - moved).astype(np.float32), across


def _swirls(rng: np.random.Generator, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Undo a few turns of a stylus: points near its centre are rotated, most at the centre."""
    for _ in range(5):
        centre_x, centre_y = rng.uniform(0.05, 0.95, 2)
        radius = rng.uniform(0.07, 0.16)
        turn = rng.choice([-1, 1]) * rng.uniform(1.5, 3.4)
        dx, dy = x - centre_x, y - centre_y
        angle = turn * np.exp(-(dx**2 + dy**2) / radius**2)
        cosine, sine = np.cos(angle), np.sin(angle)
        x = (centre_x + cosine * dx - sine * dy).astype(np.float32)
        y = (centre_y + sine * dx + cosine * dy).astype(np.float32)
    return x, y


def _pour(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    """Return the ink (..., 3) at each place of the undisturbed bath: bands, then drops thrown on them."""
    widths = np.array([width for _, width in BANDS])
    ends = np.cumsum(widths) / widths.sum()
    colours = np.array([INK[name] for name, _ in BANDS], np.float32)
    place = (REPEATS * (y + 0.055 * sample(make_noise(rng, 2, octaves=2), x, y))) % 1.0
    band = np.searchsorted(ends, place, side="right").clip(0, len(BANDS) - 1)
    inks = colours[band]
    for name, cells, threshold in (
        ("cream", 9, 1.75),
        ("night", 11, 1.85),
        ("gold", 13, 1.9),
        ("coral", 16, 1.9),
    ):
        field = sample(make_noise(rng, cells), x, y)
        inks[field > threshold] = INK["night" if name == "cream" else "cream"]
        inks[field > threshold + 0.12] = INK[name]
    return np.asarray(inks, np.float32)


def _lift(rng: np.random.Generator, inks: Floats) -> Floats:
    """Lay the paper on the bath: ink pools unevenly, the sheet has a tooth."""
    side = inks.shape[0]
    pools = sample_grid(make_noise(rng, 6, octaves=2, roughness=0.6), side)
    tooth = relief(rng.normal(size=(side, side)).astype(np.float32), 0.0012 * side) * (side / 1024)
    light = 1 + 0.035 * pools + 0.15 * tooth
    return np.asarray(inks * light[..., None], np.float32)
