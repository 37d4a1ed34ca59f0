"""A printed sea: the style of rows of waves with carved lines, cream foam and flat inks on paper.

Every wave is a curve that climbs slowly, leans over at the crest and drops: rows of them are printed from the
horizon forwards, each covering the foot of the one behind, as the blocks of a colour print are.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from cs231n.datasets.procedural.canvas import (
    SHIFT,
    Picture,
    canvas_side,
    finished,
    fixed_point,
    generator,
    ramp,
)
from cs231n.datasets.procedural.noise import Floats, grid, make_noise, sample, sample_grid

INK = (20, 30, 56)
CREAM = (247, 239, 217)
PAPER = (
    (0.00, (58, 96, 138)),
    (0.07, (126, 158, 172)),
    (0.16, (226, 214, 182)),
    (0.27, (244, 226, 188)),
    (0.38, (240, 190, 150)),
)
SUN = (206, 62, 44)
#: Inks of the rows, from the horizon to the front.
SEA = (
    (0.00, (168, 204, 204)),
    (0.25, (112, 166, 186)),
    (0.50, (58, 118, 160)),
    (0.75, (28, 76, 130)),
    (1.00, (16, 44, 92)),
)
ROWS = 7
#: Points along one wave.
STEPS = 56
#: Where along a wave its crest stands, 0 to 1.
CREST = 0.6


@dataclass(frozen=True)
class Wave:
    """One wave: its troughs (x), their level (y), its height, in picture widths; its lean in wave lengths."""

    left: float
    right: float
    level: float
    height: float
    lean: float


def draw(size: int = 512, seed: int = 4) -> Picture:
    """Print the woodblock style.

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
    canvas = _sky(rng, side)
    for row in range(ROWS):
        depth = row / (ROWS - 1)
        waves = _row(rng, depth)
        _print_row(canvas, waves, depth)
        _outline(canvas, waves, depth)
        for wave in waves:
            _foam(canvas, rng, wave)
    return finished(_press(rng, canvas), size)


def _sky(rng: np.random.Generator, side: int) -> Picture:
    """Print the paper's gradient and a red sun that fades downwards, as a wiped block does."""
    _, y = grid(side)
    sky = ramp(y + 0.006 * sample_grid(make_noise(rng, 3), side), PAPER)
    mask = np.zeros((side, side), np.uint8)
    centre, radius = (rng.uniform(0.2, 0.8), 0.17), 0.085
    place = fixed_point(np.array(centre), side).tolist()
    cv2.circle(mask, place, round(radius * side * 2**SHIFT), 255, -1, cv2.LINE_AA, SHIFT)
    strength = mask / 255 * np.clip(1.15 - (y - centre[1] + radius) / (2.6 * radius), 0.3, 1)
    canvas = np.asarray(sky + strength[..., None] * (np.array(SUN) - sky), np.uint8)
    for _ in range(5):
        _mist(canvas, rng)
    return canvas


def _mist(canvas: Picture, rng: np.random.Generator) -> None:
    """Draw a bank of mist: a few bars with round ends, one on the other."""
    side = canvas.shape[0]
    x, y = rng.uniform(-0.05, 0.9), rng.uniform(0.05, 0.22)
    for bar in range(rng.integers(2, 4)):
        start = x + rng.uniform(-0.06, 0.06)
        height = y + 0.013 * bar
        bar_ends = np.array([[start, height], [start + rng.uniform(0.12, 0.3), height]])
        ends = fixed_point(bar_ends, side)
        cv2.polylines(
            canvas, [ends], False, (250, 240, 216), max(1, round(0.0105 * side)), cv2.LINE_AA, SHIFT
        )


def _row(rng: np.random.Generator, depth: float) -> list[Wave]:
    """Choose the waves of a row; nearer rows are longer, higher and lean more."""
    length = 0.18 + 0.26 * depth
    level = 0.325 + 0.66 * depth**1.08
    left = -rng.uniform(0.3, 1.0) * length - 0.1
    waves = []
    while left < 1.1:
        right = left + length * rng.uniform(0.8, 1.25)
        # Now and then one towers over its neighbours.
        height = (right - left) * (rng.uniform(0.36, 0.5) if rng.random() < 0.8 else 0.66)
        waves.append(Wave(left, right, level, height, 0.27 + 0.10 * rng.uniform()))
        left = right
    return waves


def _profile(wave: Wave, along: Floats) -> Floats:
    """Return points (n, 2) of a wave's back and front, `along` 0 (left trough) to 1 (right trough)."""
    back = np.clip(along / CREST, 0, 1) ** 1.9
    front = np.clip((1 - along) / (1 - CREST), 0, 1) ** 1.8
    rise = np.where(along < CREST, back, front)
    length = wave.right - wave.left
    # Leaning grows with the height, so that only the crest hangs over.
    x = wave.left + length * (along + wave.lean * rise**2.6)
    return np.column_stack([x, wave.level - wave.height * rise]).astype(np.float32)


def _crest_line(waves: list[Wave]) -> Floats:
    along = np.linspace(0, 1, STEPS, dtype=np.float32)
    return np.concatenate([_profile(wave, along) for wave in waves])


def _print_row(canvas: Picture, waves: list[Wave], depth: float) -> None:
    """Print the row down to the bottom of the sheet, deeper towards its foot, with its carved bands."""
    side = canvas.shape[0]
    line = _crest_line(waves)
    body = np.concatenate([line, [[line[-1, 0], 1.2], [line[0, 0], 1.2]]])
    mask = np.zeros((side, side), np.uint8)
    cv2.fillPoly(mask, [fixed_point(body, side)], 255, cv2.LINE_AA, SHIFT)
    _, y = grid(side)
    block = ramp((depth - 0.05 + 0.9 * (y[:, :1] - waves[0].level)).astype(np.float32), SEA)
    print_ = np.ascontiguousarray(np.broadcast_to(block, (side, side, 3))).astype(np.uint8)
    for wave in waves:
        _carve(print_, wave, depth)
    share = mask[..., None] / np.float32(255)
    canvas[:] = (canvas + (print_.astype(np.float32) - canvas) * share).astype(np.uint8)


def _carve(canvas: Picture, wave: Wave, depth: float) -> None:
    """Cut bands that follow the outline of a wave: apart in the trough, meeting under the crest."""
    side = canvas.shape[0]
    dark = ramp(np.array([depth + 0.34], np.float32), SEA)[0].tolist() if depth < 0.6 else list(INK)
    light = ramp(np.array([depth - 0.32], np.float32), SEA)[0].tolist()
    along = np.linspace(0, 1, STEPS, dtype=np.float32)
    outline = _profile(wave, along)
    rise = (wave.level - outline[:, 1]) / wave.height
    spread = (1 - 0.86 * rise) * wave.height
    for number in range(13):
        drop = 0.16 + 0.135 * number
        # A cut starts and ends as a point: the knife goes in and comes out.
        width = (0.075 if number % 2 else 0.045) * (0.25 + np.sin(np.pi * along).clip(0) ** 0.7)
        upper = outline + np.column_stack([np.zeros(STEPS), drop * spread])
        lower = outline + np.column_stack([np.zeros(STEPS), (drop + width) * spread])
        blade = np.concatenate([upper, lower[::-1]])
        cv2.fillPoly(canvas, [fixed_point(blade, side)], light if number % 2 else dark, cv2.LINE_AA, SHIFT)


def _outline(canvas: Picture, waves: list[Wave], depth: float) -> None:
    """Draw the edge of a row: ink, a line of cream inside it, ink again."""
    side = canvas.shape[0]
    line = _crest_line(waves)
    width = (0.008 + 0.006 * depth) * side
    for colour, thickness, drop in ((INK, 1.75, 0.4), (CREAM, 1.0, 0.4), (INK, 0.2, 1.35)):
        shifted = line + np.array([0, drop * width / side], np.float32)
        cv2.polylines(
            canvas,
            [fixed_point(shifted, side)],
            False,
            colour,
            max(1, round(thickness * width)),
            cv2.LINE_AA,
            SHIFT,
        )


def _foam(canvas: Picture, rng: np.random.Generator, wave: Wave) -> None:
    """Break the crest: fingers that curl over the front, bubbles along the top, spray ahead of it."""
    length = wave.right - wave.left
    for along in np.linspace(CREST + 0.11, CREST - 0.06, 7):
        _finger(canvas, rng, wave, float(along))
    count = 8 + round(32 * length)
    along = np.clip(rng.normal(CREST - 0.035, 0.05, count), 0.3, 0.9).astype(np.float32)
    places = _profile(wave, along) + rng.normal(0, 0.035 * length, (count, 2)) * (0.6, 1.0)
    radii = length * rng.uniform(0.008, 0.032, count)
    # The largest first: small bubbles lie on large ones.
    order = np.argsort(-radii)
    for place, radius in zip(places[order], radii[order], strict=True):
        _bubble(canvas, place, float(radius), length)
    tip = _profile(wave, np.array([CREST], np.float32))[0]
    for _ in range(9):
        place = tip + length * np.array([rng.uniform(0.0, 0.34), rng.normal(-0.05, 0.06)])
        _bubble(canvas, place, float(length * rng.uniform(0.004, 0.013)), length)


def _bubble(canvas: Picture, place: NDArray[np.floating], radius: float, length: float) -> None:
    """Draw one disc of cream with a rim of ink, thinner on the short waves of the distance."""
    side = canvas.shape[0]
    centre = fixed_point(np.asarray(place), side).tolist()
    rim = 0.0008 + 0.0042 * length
    for colour, r in ((INK, radius + rim), (CREAM, radius)):
        cv2.circle(canvas, centre, max(8, round(r * side * 2**SHIFT)), colour, -1, cv2.LINE_AA, SHIFT)


def _finger(canvas: Picture, rng: np.random.Generator, wave: Wave, along: float) -> None:
    """Draw one hooked finger of foam that starts on the crest line at `along`."""
    side = canvas.shape[0]
    length = wave.right - wave.left
    root = _profile(wave, np.array([along], np.float32))[0]
    reach = length * rng.uniform(0.13, 0.22)
    t = np.linspace(0, 1, 12)
    # It leaves forwards and curls down and back, the more so the further down the front it grows.
    turn = -0.35 + 2.9 * t**1.3 + 4.0 * (along - CREST)
    steps = np.column_stack([np.cos(turn), np.sin(turn)]) * reach / len(t)
    spine = root + np.cumsum(steps, axis=0) - steps[0] * 2
    across = np.column_stack([-np.sin(turn), np.cos(turn)])
    half = (0.17 * reach * (1 - t) ** 0.8)[:, None] * across
    blade = fixed_point(np.concatenate([spine + half, (spine - half)[::-1]]), side)
    rim = (0.0016 + 0.0084 * length) * side
    cv2.polylines(canvas, [blade], True, INK, max(1, round(rim)), cv2.LINE_AA, SHIFT)
    cv2.fillPoly(canvas, [blade], CREAM, cv2.LINE_AA, SHIFT)


def _press(rng: np.random.Generator, canvas: Picture) -> Floats:
    """Print on real paper: the grain of the block runs across, and specks of paper show through the ink."""
    side = canvas.shape[0]
    x, y = grid(side)
    bent = y + 0.02 * sample_grid(make_noise(rng, 2), side)
    grain = sample(make_noise(rng, 110), 0.03 * x, bent)
    specks = np.clip(sample_grid(make_noise(rng, 240), side) - 1.6, 0, 1)[..., None]
    printed = canvas * (1 + 0.03 * grain)[..., None]
    return np.asarray(printed + 0.13 * specks * (np.array(CREAM) - printed), np.float32)
