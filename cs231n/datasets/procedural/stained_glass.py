"""A window of coloured glass in lead: the style of bright cells with dark lines of two widths between them.

The panes are Voronoi cells, evened out by Lloyd's algorithm and smaller towards the heart of the window. The
colours come in rings around that heart. Where two rings meet the lead is thicker, so that rings stand out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from cs231n.datasets.procedural.canvas import Picture, canvas_side, finished, generator, relief
from cs231n.datasets.procedural.noise import Floats, grid, make_noise, sample, sample_grid

PANES = 260
#: The panes reach this far beyond the picture, so that those at the border are cut, not squeezed.
MARGIN = 0.1
RELAXATIONS = 6
#: Side of the grid of points that stand for the area of a pane while they are evened out.
AREA_SIDE = 160

#: Colours of the rings from the heart outwards, light to deep in each ring.
RINGS: tuple[tuple[tuple[int, int, int], ...], ...] = (
    ((255, 244, 206), (255, 228, 156), (252, 238, 224)),
    ((255, 206, 58), (250, 182, 34), (255, 226, 120)),
    ((244, 118, 24), (232, 84, 22), (250, 150, 36)),
    ((214, 30, 38), (186, 14, 34), (232, 62, 34)),
    ((140, 10, 44), (112, 16, 66), (206, 30, 40)),
    ((22, 46, 140), (14, 34, 108), (36, 88, 190)),
    ((40, 112, 214), (24, 76, 186), (110, 176, 238)),
    ((18, 142, 150), (12, 106, 122), (92, 194, 186)),
    ((36, 128, 60), (18, 92, 48), (128, 172, 62)),
    ((228, 176, 52), (206, 138, 34), (244, 208, 110)),
    ((190, 42, 34), (150, 22, 34), (226, 104, 36)),
)
RING_WIDTH = 0.076
#: How far the rings swing in and out, relative to their radius: they make a rose, not a target.
PETAL_DEPTH = 0.17
#: Half the width of the lead between panes of one ring, and between rings, in picture widths.
THIN_LEAD, THICK_LEAD = 0.0030, 0.0066
LEAD = np.array([24.0, 23.0, 27.0], np.float32)


@dataclass(frozen=True)
class Window:
    """The panes: their centres (n, 2), the ring of each (n,), and the heart of the window."""

    centres: Floats
    rings: NDArray[np.int64]
    heart: Floats


@dataclass(frozen=True)
class Lookup:
    """Of each pixel (side, side): its pane, the distance to the pane's edge, half the lead's width."""

    pane: NDArray[np.int64]
    distance: Floats
    lead: Floats


def draw(size: int = 512, seed: int = 1) -> Picture:
    """Build the stained-glass style.

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
    window = _window(rng)
    lookup = _look_up(rng, window, side)
    glass = _glass(rng, window, lookup)
    return finished(_leaded(glass, lookup), size)


def _window(rng: np.random.Generator) -> Window:
    heart = rng.uniform(0.4, 0.6, 2)
    x, y = grid(AREA_SIDE)
    area = np.column_stack([x.ravel(), y.ravel()]) * (1 + 2 * MARGIN) - MARGIN
    density = 1 / (0.25 + np.hypot(area[:, 0] - heart[0], area[:, 1] - heart[1])) ** 2
    # Lloyd's algorithm tends to this share of centres, the root of the density, but slowly: start there.
    share = np.sqrt(density) / np.sqrt(density).sum()
    centres = area[rng.choice(len(area), PANES, replace=False, p=share)]
    for _ in range(RELAXATIONS):
        nearest = cKDTree(centres).query(area)[1]
        weight = np.bincount(nearest, density, PANES) + 1e-9
        # A pane that owns no point of the area yet stays where it is.
        moved = np.column_stack([np.bincount(nearest, density * area[:, k], PANES) / weight for k in (0, 1)])
        centres = np.where((weight > 1e-6)[:, None], moved, centres)
    dx, dy = (centres - heart).T
    petals = 1 + PETAL_DEPTH * np.cos(rng.integers(5, 8) * np.arctan2(dy, dx) + rng.uniform(0, 2 * np.pi))
    rings = np.minimum(np.hypot(dx, dy) * petals / RING_WIDTH + 0.3, len(RINGS) - 1).astype(np.int64)
    return Window(centres.astype(np.float32), rings, heart.astype(np.float32))


def _look_up(rng: np.random.Generator, window: Window, side: int) -> Lookup:
    x, y = grid(side)
    # Glass is cut by hand: edges are not quite straight.
    x = x + 0.006 * sample_grid(make_noise(rng, 7, octaves=2), side)
    y = y + 0.006 * sample_grid(make_noise(rng, 7, octaves=2), side)
    points = np.column_stack([x.ravel(), y.ravel()])
    ranges, panes = cKDTree(window.centres).query(points, k=3)
    first = window.centres[panes[:, 0]]
    edges = []
    for k in (1, 2):
        # Distance to the line halfway between two centres: the same width of lead however far apart they are.
        apart = np.linalg.norm(window.centres[panes[:, k]] - first, axis=1)
        edges.append((ranges[:, k] ** 2 - ranges[:, 0] ** 2) / (2 * apart))
    # A smooth minimum rounds the corners of the panes, where solder fills them.
    sharpness = 260.0
    distance = -np.log(np.exp(-sharpness * edges[0]) + np.exp(-sharpness * edges[1])) / sharpness
    between_rings = window.rings[panes[:, 0]] != window.rings[panes[:, 1]]
    lead = np.where(between_rings, THICK_LEAD, THIN_LEAD)
    shape = (side, side)
    return Lookup(
        panes[:, 0].reshape(shape),
        distance.reshape(shape).astype(np.float32),
        # The step from thin to thick lead happens inside the corner: blurred, it becomes a taper.
        ndimage.gaussian_filter(lead.reshape(shape).astype(np.float32), 0.004 * side),
    )


def _pane_colours(rng: np.random.Generator, window: Window) -> Floats:
    """Pick the colour of each pane (n, 3): of its ring, sometimes of a neighbouring ring."""
    stray = rng.choice([-1, 0, 1], PANES, p=[0.09, 0.82, 0.09])
    rings = np.clip(window.rings + stray, 0, len(RINGS) - 1)
    picks = rng.choice(3, PANES, p=[0.45, 0.3, 0.25])
    colours = np.array([RINGS[ring][pick] for ring, pick in zip(rings, picks, strict=True)], np.float32)
    return np.asarray(colours * rng.uniform(0.78, 1.1, (PANES, 1)), np.float32)


def _glass(rng: np.random.Generator, window: Window, lookup: Lookup) -> Floats:
    """Colour and light the panes (side, side, 3), before the lead."""
    side = lookup.pane.shape[0]
    x, y = grid(side)
    centre = window.centres[lookup.pane]
    dx, dy = x - centre[..., 0], y - centre[..., 1]
    angle = rng.uniform(0, np.pi, PANES).astype(np.float32)[lookup.pane]
    along, across = np.cos(angle) * dx + np.sin(angle) * dy, np.cos(angle) * dy - np.sin(angle) * dx
    # Each pane is cut from another place of the sheet, so that streaks stop at the lead.
    shift = rng.uniform(0, 2, PANES).astype(np.float32)[lookup.pane]
    streaks = sample(
        make_noise(rng, 32, octaves=2, roughness=0.7), shift + 0.16 * along, shift + 1.6 * across
    )
    grain = sample_grid(make_noise(rng, 128), side)
    tilt = rng.uniform(-5.0, 5.0, PANES).astype(np.float32)[lookup.pane]
    depth = 1 - 0.42 * np.exp(-np.maximum(lookup.distance - lookup.lead, 0) / 0.0065)
    sun = np.exp(-((x - window.heart[0]) ** 2 + (y - window.heart[1]) ** 2) / 0.32)
    light = (0.74 + 0.30 * sun) * depth * (1 + tilt * along + 0.13 * streaks + 0.05 * grain)
    # Hammered glass: a relief of its own that glitters a little on the bright side.
    hammered = relief(streaks + 0.8 * grain, 0.002 * side) * (side / 1024)
    glass = _pane_colours(rng, window)[lookup.pane] * light[..., None]
    return np.asarray(glass + 26 * np.clip(hammered, -0.5, 0.5)[..., None] * depth[..., None], np.float32)


def _leaded(glass: Floats, lookup: Lookup) -> Floats:
    """Lay the lead over the glass and let the light bleed over its edge."""
    side = glass.shape[0]
    pixel = 1.0 / side
    covered = np.clip((lookup.lead - lookup.distance) / pixel + 0.5, 0, 1)
    round_came = np.sqrt(np.clip(1 - (lookup.distance / lookup.lead) ** 2, 0, 1)) * lookup.lead * side
    shine = np.clip(relief(round_came.astype(np.float32), 1.0 * side / 1024), -0.8, 1.4)
    came = LEAD * (1 + 0.7 * shine)[..., None]
    picture = glass * (1 - covered[..., None]) + came * covered[..., None]
    bright = np.where(covered[..., None] > 0.5, 0, np.clip(glass, 0, 255))
    bloom = ndimage.gaussian_filter(bright.astype(np.float32), (0.008 * side, 0.008 * side, 0))
    return np.asarray(picture + 0.16 * bloom, np.float32)
