"""Random fields without visible grain or grid: every style bends its shapes with them.

A field is a sum of octaves of a random lattice, smoothed by a cubic B-spline. The B-spline has two continuous
derivatives: a field can be differentiated (flow) or used to bend lines (marbling) and no crease shows.
Coordinates are those of the picture, 0 to 1 from edge to edge, so a style looks the same at every size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Floats = NDArray[np.float32]

#: A lattice repeats after this many picture widths: warps that leave the picture meet new values.
PERIOD = 2


@dataclass(frozen=True)
class Noise:
    """A smooth random function of the plane, mean about 0, standard deviation about 1.

    Parameters
    ----------
    lattices
        One square array of random values per octave; each octave is twice as fine as the one before.
    weights
        How much each octave counts.
    """

    lattices: tuple[Floats, ...]
    weights: tuple[float, ...]


def make_noise(rng: np.random.Generator, cells: int, octaves: int = 1, roughness: float = 0.5) -> Noise:
    """Draw a random field.

    Parameters
    ----------
    rng
        Where the lattices come from.
    cells
        Lattice cells across the picture in the first octave: about the number of hills in a row.
    octaves
        How many octaves are added up.
    roughness
        The amplitude of an octave relative to the one before it.

    Returns
    -------
    Noise
        The field, to be read with `sample` or `sample_grid`.
    """
    amplitudes = roughness ** np.arange(octaves)
    amplitudes /= np.sqrt(np.sum(amplitudes**2))
    sides = [PERIOD * cells * 2**octave for octave in range(octaves)]
    lattices = tuple(_lattice(rng, side) for side in sides)
    return Noise(lattices, tuple(float(amplitude) for amplitude in amplitudes))


def _lattice(rng: np.random.Generator, side: int) -> Floats:
    values = rng.normal(size=(side, side))
    # Few values rarely average to zero by themselves: without this some seeds are all hill or valley.
    values -= values.mean()
    # The spline averages neighbours, which leaves 151/315 = 0.479 of the variance along each of the two axes.
    return np.asarray(values / (values.std() * 0.479), np.float32)


def sample(noise: Noise, x: Floats, y: Floats) -> Floats:
    """Read the field at any points.

    Parameters
    ----------
    noise
        The field.
    x, y
        Coordinates of one shape; 0 to 1 is the picture, anything outside it is allowed.

    Returns
    -------
    Floats
        The values, same shape as `x`.
    """
    total = np.zeros(x.shape, np.float32)
    for lattice, weight in zip(noise.lattices, noise.weights, strict=True):
        cells = lattice.shape[0] / PERIOD
        where = np.stack([y * cells, x * cells])
        total += weight * ndimage.map_coordinates(lattice, where, order=3, prefilter=False, mode="grid-wrap")
    return total


def grid(side: int) -> tuple[Floats, Floats]:
    """Return the coordinates x, y of the pixel centres of a square picture, each (side, side), 0 to 1."""
    centres = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x, y = np.meshgrid(centres, centres)
    return x, y


def sample_grid(noise: Noise, side: int) -> Floats:
    """Read the field at every pixel of a (side, side) picture."""
    return sample(noise, *grid(side))
