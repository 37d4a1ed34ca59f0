"""Assignment of points to the cells of a grid, so that pictures do not overlap."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from cs231n.language import said


def snap_to_grid(points: NDArray[np.floating], rows: int, columns: int) -> NDArray[np.int64]:
    """Give each point a cell of a grid of its own, so that all move as little as possible.

    Parameters
    ----------
    points : ndarray of shape (N, 2)
        x to the right, y downwards; stretched to fill the grid first.
    rows, columns : int
        Size of the grid: at least N cells.

    Returns
    -------
    ndarray of shape (N, 2), int64
        Row and column of each point; the sum of squared distances is the smallest possible.

    Raises
    ------
    ValueError
        If there are more points than cells.

    References
    ----------
    Kuhn, "The Hungarian method for the assignment problem", 1955.

    Examples
    --------
    >>> points = np.array([[0.0, 0.0], [0.1, 0.0], [5.0, 5.0]])
    >>> snap_to_grid(points, 2, 2).tolist()
    [[0, 0], [0, 1], [1, 1]]
    """
    if len(points) > rows * columns:
        raise ValueError(
            said(
                "{count} points do not fit into {rows} x {columns} cells.",
                count=len(points),
                rows=rows,
                columns=columns,
            )
        )
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.where(high > low, high - low, 1)
    wanted = (points - low) / extent * (columns - 1, rows - 1)
    cells = np.stack([np.arange(rows * columns) % columns, np.arange(rows * columns) // columns], axis=1)
    costs = ((wanted[:, None] - cells[None]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(costs)
    placed: NDArray[np.int64] = cells[chosen][:, ::-1].astype(np.int64)
    return placed
