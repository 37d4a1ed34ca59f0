"""A night sky of brush strokes that follow a current: the style with strokes in one direction at every place.

The current runs along the level lines of a height map (smooth noise, a drift from left to right, a hill for
each vortex): level lines never cross or end, so strokes never meet head-on. Three passes of strokes go from
broad to fine, as a painter works; a fourth channel records how thick the paint lies and is lit at the end.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from cs231n.datasets.procedural.canvas import (
    SHIFT,
    Picture,
    canvas_side,
    finished,
    fixed_point,
    generator,
    ramp,
    relief,
)
from cs231n.datasets.procedural.noise import Floats, grid, make_noise, sample_grid

#: The current is computed once on a grid of this side, whatever the size of the picture; strokes look it up.
FIELD_SIDE = 512

NIGHT_TO_STAR = (
    (0.00, (7, 14, 52)),
    (0.12, (16, 36, 104)),
    (0.25, (24, 66, 158)),
    (0.37, (52, 112, 196)),
    (0.48, (112, 170, 222)),
    (0.57, (184, 214, 226)),
    (0.64, (246, 236, 180)),
    (0.71, (253, 212, 78)),
    (0.83, (242, 164, 26)),
    (0.94, (206, 94, 14)),
)
#: The tone no patch of night exceeds without a star nearby: the palest blue.
NIGHT_LIMIT = 0.56


@dataclass(frozen=True)
class Vortex:
    """A whirl of light: its place and radius (picture widths), the tone of its heart, which way it turns."""

    x: float
    y: float
    radius: float
    brightness: float
    turn: float


@dataclass(frozen=True)
class Pass:
    """One layer of strokes; length and width in picture widths."""

    strokes: int
    length: float
    width: float


PASSES = (Pass(7000, 0.090, 0.0160), Pass(22000, 0.062, 0.0094), Pass(24000, 0.042, 0.0054))
#: Points along a stroke.
JOINTS = 7


@dataclass(frozen=True)
class Scene:
    """What the strokes look up: unit direction (2, side, side) and tone (side, side) of every place."""

    direction: Floats
    tone: Floats


def draw(size: int = 512, seed: int = 16) -> Picture:
    """Paint the flow style.

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
    scene = _scene(rng, _vortices(rng))
    canvas = _ground(scene, side)
    for layer in PASSES:
        _paint(canvas, rng, scene, layer)
    return finished(_varnish(canvas, rng, scene), size)


def _vortices(rng: np.random.Generator) -> list[Vortex]:
    """Place one moon, one pale double whirl and a handful of stars, none on top of another."""
    sizes = [0.105, 0.088, 0.075, 0.052, 0.046, 0.042, 0.036, 0.032, 0.028, 0.026]
    vortices: list[Vortex] = []
    for number, radius in enumerate(sizes):
        places = rng.uniform(0.07, 0.93, size=(60, 2))
        gaps = [
            min((np.hypot(x - v.x, y - v.y) - 1.9 * (radius + v.radius) for v in vortices), default=1.0)
            for x, y in places
        ]
        # The first place with room: taking the roomiest would push every star to the border.
        free = next((i for i, gap in enumerate(gaps) if gap > 0), None)
        if free is None:
            continue
        # The second and third are pale whirls of the sky, not stars: they carry the eye between the lights.
        brightness = 0.62 if number in (1, 2) else rng.uniform(0.86, 1.0)
        x, y = places[free]
        vortices.append(Vortex(float(x), float(y), radius, brightness, 1.0 if number % 2 else -1.0))
    return vortices


def _scene(rng: np.random.Generator, vortices: list[Vortex]) -> Scene:
    x, y = grid(FIELD_SIDE)
    hills = 0.055 * sample_grid(make_noise(rng, 3, octaves=2, roughness=0.35), FIELD_SIDE) + 0.22 * y
    glow = np.zeros_like(x)
    for vortex in vortices:
        distance = np.hypot(x - vortex.x, y - vortex.y) / vortex.radius
        # The land is levelled under the vortex first: on a slope its rings would be off-centre or open.
        level = np.exp(-((distance / 1.9) ** 4))
        centre = hills[int(vortex.y * FIELD_SIDE), int(vortex.x * FIELD_SIDE)]
        hills += level * (centre - hills)
        # Wide enough that the current starts to bend well before the light does.
        hills += vortex.turn * 0.75 * vortex.radius * np.exp(-(distance**2) / 4.5)
        glow = np.maximum(glow, _light(vortex, distance))
    slope_y, slope_x = np.gradient(hills)
    direction = np.stack([slope_y, -slope_x])
    direction /= np.hypot(direction[0], direction[1]) + 1e-9
    clouds = sample_grid(make_noise(rng, 3, octaves=3, roughness=0.55), FIELD_SIDE)
    # Bands along the level lines: light and dark streams that run with the strokes.
    streams = np.sin(hills * 150 + 1.2 * clouds)
    night = 0.25 + 0.095 * clouds + 0.085 * streams
    tone = np.maximum(np.clip(night, 0.02, NIGHT_LIMIT), glow)
    return Scene(direction.astype(np.float32), tone.astype(np.float32))


def _light(vortex: Vortex, distance: Floats) -> Floats:
    """Tone around a vortex: a heart, rings that fade outwards, a pale halo that sinks into the night."""
    rings = 0.12 * np.cos(distance * 2 * np.pi * 1.25) * np.exp(-distance / 2.0)
    fall = vortex.brightness - 0.08 - 0.235 * distance**0.95
    return np.asarray(np.where(distance < 2.6, fall + rings, 0.0), np.float32)


def _ground(scene: Scene, side: int) -> Picture:
    """Cover the canvas with the tones and no paint: what shows between strokes."""
    tone = cv2.resize(scene.tone, (side, side), interpolation=cv2.INTER_LINEAR)
    canvas = np.zeros((side, side, 4), np.uint8)
    canvas[..., :3] = ramp(tone - 0.08, NIGHT_TO_STAR)
    return canvas


def _lookup(field: Floats, points: Floats) -> Floats:
    """Read the last two axes of `field` at points (..., 2), nearest neighbour, clamped at the border."""
    index = np.clip((points * FIELD_SIDE).astype(np.int32), 0, FIELD_SIDE - 1)
    return field[..., index[..., 1], index[..., 0]]


def _trace(scene: Scene, starts: Floats, lengths: Floats) -> Floats:
    """Follow the current: starts (n, 2) and lengths (n,) to joints (n, JOINTS, 2)."""
    joints = np.empty((len(starts), JOINTS, 2), np.float32)
    joints[:, 0] = starts
    for j in range(1, JOINTS):
        heading = _lookup(scene.direction, joints[:, j - 1]).T
        joints[:, j] = joints[:, j - 1] + heading * (lengths / (JOINTS - 1))[:, None]
    return joints


def _outline(joints: Floats, widths: Floats) -> Floats:
    """Turn joints (n, JOINTS, 2) into brush marks (n, 2 * JOINTS, 2), broad at the start, thin at the end."""
    along = np.gradient(joints, axis=1)
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    across /= np.linalg.norm(across, axis=-1, keepdims=True) + 1e-9
    profile = np.interp(np.linspace(0, 1, JOINTS), [0, 0.17, 0.6, 1], [0.55, 1.0, 0.85, 0.22])
    half = across * (profile[None, :, None] * widths[:, None, None] / 2)
    return np.concatenate([joints + half, (joints - half)[:, ::-1]], axis=1).astype(np.float32)


def _paint(canvas: Picture, rng: np.random.Generator, scene: Scene, layer: Pass) -> None:
    """Lay one pass of strokes on the canvas."""
    n = layer.strokes
    starts = rng.uniform(-0.03, 1.03, size=(n, 2)).astype(np.float32)
    tone = _lookup(scene.tone, starts)
    # Strokes in the lights are shorter, or the rings of a small star would be polygons.
    lengths = layer.length * rng.uniform(0.6, 1.25, n) * np.where(tone > 0.5, 0.6, 1.0)
    widths = (layer.width * rng.uniform(0.7, 1.3, n)).astype(np.float32)
    joints = _trace(scene, starts, lengths.astype(np.float32))
    marks = fixed_point(_outline(joints, widths), canvas.shape[0])
    colours = np.column_stack([_colours(rng, tone), rng.uniform(60, 255, n)])
    for mark, colour in zip(marks, colours.tolist(), strict=True):
        cv2.fillPoly(canvas, [mark], colour, cv2.LINE_AA, SHIFT)


def _colours(rng: np.random.Generator, tone: Floats) -> Floats:
    """Mix a colour for each stroke: the tone of its place, stirred, now and then from another pot."""
    n = len(tone)
    stirred = tone + rng.normal(0, 0.055, n)
    pot = rng.random(n)
    stirred = np.where((pot < 0.05) & (tone < 0.5), stirred + 0.2, stirred)
    stirred = np.where(pot > 0.95, stirred - 0.16, stirred)
    colours = ramp(stirred.astype(np.float32), NIGHT_TO_STAR) + rng.normal(0, 5, (n, 3))
    # Hints of green and violet keep the blues from being one blue.
    hint = rng.random(n)
    night = (tone < 0.45)[:, None]
    colours += np.where(night & (hint < 0.08)[:, None], (-6, 26, -18), (0, 0, 0))
    colours += np.where(night & (hint > 0.93)[:, None], (30, -6, 10), (0, 0, 0))
    return np.clip(colours, 0, 255).astype(np.float32)


def _varnish(canvas: Picture, rng: np.random.Generator, scene: Scene) -> Floats:
    """Light the paint: stroke edges from the thickness channel, bristle marks along the current."""
    side = canvas.shape[0]
    edges = relief(canvas[..., 3].astype(np.float32), 0.0012 * side) / 255
    bristles = relief(_bristles(rng, scene, side), 0.0008 * side)
    light = 1 + np.clip(1.1 * edges + 0.35 * bristles, -0.4, 0.4)
    return np.asarray(canvas[..., :3] * light[..., None], np.float32)


def _bristles(rng: np.random.Generator, scene: Scene, side: int) -> Floats:
    """Smear white noise along the current (line integral convolution, Cabral and Leedom 1993)."""
    heading = [cv2.resize(part, (side, side), interpolation=cv2.INTER_LINEAR) for part in scene.direction]
    grain = rng.normal(size=(side, side)).astype(np.float32)
    total = grain.copy()
    column, row = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
    for step in range(1, 13):
        reach = step * side / 1024 * 1.5
        total += cv2.remap(grain, column + reach * heading[0], row + reach * heading[1], cv2.INTER_NEAREST)
    return np.asarray(total / total.std(), np.float32)
