"""The grid against every possible assignment."""

from itertools import permutations

import numpy as np
import pytest

from cs231n.techniques.grid import snap_to_grid

RNG = np.random.Generator(np.random.PCG64(0))


def test_the_grid_moves_the_points_least() -> None:
    for _ in range(5):
        points = RNG.standard_normal((6, 2))
        wanted = (points - points.min(0)) / np.ptp(points, axis=0) * (2, 1)
        cells = [(row, column) for row in range(2) for column in range(3)]
        best = min(
            sum(
                (x - column) ** 2 + (y - row) ** 2
                for (x, y), (row, column) in zip(wanted, order, strict=True)
            )
            for order in permutations(cells)
        )
        placed = snap_to_grid(points, 2, 3)
        assert ((wanted - placed[:, ::-1]) ** 2).sum() == pytest.approx(best)
        assert len({tuple(cell) for cell in placed.tolist()}) == 6


def test_points_that_are_a_grid_stay_where_they_are() -> None:
    cells = np.array([(row, column) for row in range(4) for column in range(5)])
    shuffled = RNG.permutation(cells)
    assert snap_to_grid(shuffled[:, ::-1] * 0.3 - 7, 4, 5).tolist() == shuffled.tolist()


def test_some_cells_may_stay_empty_but_not_too_few_exist() -> None:
    assert len({tuple(cell) for cell in snap_to_grid(np.zeros((5, 2)), 2, 3).tolist()}) == 5
    with pytest.raises(ValueError, match="7 points do not fit into 2 x 3"):
        snap_to_grid(np.zeros((7, 2)), 2, 3)
