"""Inputs of the lecture's checks, such that different computations give different results."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cs231n.trials.trial import Tensor

# By how much the distances from a row must differ, relative to the larger: rounding is a thousandth of it.
APART = 5e-3
Layer = tuple[int, int, int]


def filters(
    rng: np.random.Generator,
    count: int,
    height: int,
    width: int,
    *,
    empty: int | None = None,
    layout: str = "contiguous",
) -> Tensor:
    """Return filters (count, 3, height, width), half of them with weights beyond 1; number `empty` is all zero.

    Each filter has a strength of its own, and so has each of its channels; the strongest weight is negative in every
    other one.
    """
    weights = rng.uniform(-1, 1, (count, 3, height, width)) * rng.uniform(0.3, 0.9, (count, 3, 1, 1))
    strength = np.geomspace(0.3, 3, count)[rng.permutation(count)]
    for number, weight in enumerate(weights):
        place = np.unravel_index(rng.integers(weight.size), weight.shape)
        weight[place] = (-1) ** number
        weight *= strength[number]
    if empty is not None:
        weights[empty] = 0
    return Tensor(weights.astype(np.float32), layout=layout)


def points(rng: np.random.Generator, count: int, dimensions: int, *, layout: str = "contiguous") -> Tensor:
    """Return rows (count, dimensions) of which no two are about equally far from a third."""
    while True:
        rows = rng.standard_normal((count, dimensions)) * rng.uniform(0.5, 2, (count, 1)) + 0.5
        distances = np.sort(np.linalg.norm(rows[:, None] - rows, axis=2), axis=1)
        if (np.diff(distances[:, 1:]) > APART * distances[:, 2:]).all():
            return Tensor(rows.astype(np.float32), layout=layout)


def spread_rows(
    rng: np.random.Generator, count: int, dimensions: int, *, layout: str = "contiguous"
) -> Tensor:
    """Return rows (count, dimensions) with a mean far from zero, whose variances fall by half from axis to axis."""
    rank = min(count - 1, dimensions)
    loadings = np.linalg.qr(_centred(rng, count, rank))[0]
    axes = np.linalg.qr(rng.standard_normal((dimensions, rank)))[0]
    rows = (loadings * 4 * 0.7 ** np.arange(rank)) @ axes.T + 2 * rng.standard_normal(dimensions)
    return Tensor(rows.astype(np.float32), layout=layout)


def _centred(rng: np.random.Generator, count: int, rank: int) -> np.ndarray:
    rows: np.ndarray = rng.standard_normal((count, rank))
    centred: np.ndarray = rows - rows.mean(axis=0)
    return centred


def layers(rng: np.random.Generator) -> list[Layer]:
    """Return four layers (kernel, stride, padding) in an order that is not that of the reverse."""
    every: list[Layer] = [(3, 2, 1), (5, 1, 2), (2, 2, 0), (3, 3, 1)]
    return [every[number] for number in rng.permutation(len(every))]


def picture_side(of: list[Layer], side: int) -> int:
    """Return the side of the picture from which layers make a feature map of a given side, no pixel left over."""
    for kernel, stride, padding in reversed(of):
        side = (side - 1) * stride + kernel - 2 * padding
    return side


def neurons(rng: np.random.Generator, places: str) -> Iterator[tuple[object, ...]]:
    """Yield arguments of `receptive_field_box` for neurons "inside" the map or at its "corners".

    The boxes of the former end well inside the picture, those of the latter are clipped.
    """
    for _ in range(2):
        stack = layers(rng)
        rows, columns = 9 + int(rng.integers(3)), 13 + int(rng.integers(4))
        size = (picture_side(stack, rows), picture_side(stack, columns))
        if places == "inside":
            yield 4, 6 + int(rng.integers(2)), stack, *size
        else:
            for row, column in ((0, columns - 1), (rows - 1, 0)):
                yield row, column, stack, *size


def saliency_map(rng: np.random.Generator, height: int, width: int, *, layout: str = "contiguous") -> Tensor:
    """Return a saliency map (height, width) with one bright place; height * width must be a multiple of 20.

    Then the ways to take a percentile that differ in how they count agree, and no pixel lies on one.
    """
    assert height * width % 20 == 0
    rows, columns = np.mgrid[:height, :width]
    top, left = rng.uniform(0.3, 0.7, 2) * (height, width)
    bump = np.exp(-((rows - top) ** 2 + (columns - left) ** 2) / (height * width / 12))
    noise = rng.permutation(height * width).reshape(height, width) / (height * width)
    return Tensor((0.2 * bump * (1 + noise) + 0.05 * noise + 0.01).astype(np.float32), layout=layout)


def gradient_and_input(rng: np.random.Generator, *shape: int, zeros: float = 0.0) -> tuple[Tensor, Tensor]:
    """Return a gradient and a ReLU's input of one shape, both signed; a part of the input is exactly zero."""
    gradient, relu_input = rng.standard_normal((2, *shape)).astype(np.float32)
    relu_input[rng.random(shape) < zeros] = 0
    return Tensor(gradient), Tensor(relu_input)


def spectrum(rng: np.random.Generator, height: int, width: int, *, requires_grad: bool = False) -> Tensor:
    """Return real and imaginary parts (1, 3, height, width // 2 + 1, 2) of random waves."""
    waves = rng.standard_normal((1, 3, height, width // 2 + 1, 2)).astype(np.float32)
    return Tensor(waves, requires_grad=requires_grad)


def scores(
    rng: np.random.Generator, count: int, classes: int, *, offset: float = 0.0, requires_grad: bool = False
) -> tuple[Tensor, Tensor]:
    """Return scores (count, classes) and a target for each row, all of them different: every other target leads."""
    table = 3 * rng.standard_normal((count, classes)) + offset
    targets = rng.permutation(classes)[:count]
    for row, target in enumerate(targets):
        best = int(table[row].argmax()) if row % 2 == 0 else int(table[row].argmin())
        table[row, [best, target]] = table[row, [target, best]]
    return Tensor(table.astype(np.float32), requires_grad=requires_grad), Tensor(targets.astype(np.int64))
