"""Makes the inputs of the lecture's checks, such that no two things that could be computed from them are alike."""

from __future__ import annotations

import numpy as np

from cs231n.self_check.trial import Tensor


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

    Each filter has a strength of its own, and so has each of its channels; the largest weight is negative in every
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
