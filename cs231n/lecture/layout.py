"""Principal component analysis of features."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cs231n.language import said

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PrincipalComponents:
    """What `pca` returns.

    Attributes
    ----------
    points : ndarray of shape (N, K)
        The data in the new axes, centred.
    axes : ndarray of shape (K, D)
        Orthonormal directions, that of the greatest variance first; the entry of largest absolute value
        of each is positive.
    variance : ndarray of shape (K,)
        Of the points along each axis, divided by N - 1.
    """

    points: Array
    axes: Array
    variance: Array


def pca(features: NDArray[np.floating], components: int = 2) -> PrincipalComponents:
    """Project features onto the directions along which they vary most.

    Parameters
    ----------
    features : ndarray of shape (N, D)
        One row for each picture.
    components : int
        K, how many directions: at most min(N, D).

    Returns
    -------
    PrincipalComponents
        In float64.

    Raises
    ------
    ValueError
        If there are not as many directions.

    References
    ----------
    Hotelling, "Analysis of a complex of statistical variables into principal components", 1933; by the
    singular value decomposition of the centred data.

    Examples
    --------
    >>> found = pca(np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]]), 1)
    >>> found.points.flatten().round(6).tolist(), found.variance.round(6).tolist()
    ([-2.0, 0.0, 2.0], [4.0])
    """
    if not 1 <= components <= min(features.shape):
        raise ValueError(
            said(
                "Features of shape {shape} have 1 to {most} components.",
                shape=features.shape,
                most=min(features.shape),
            )
        )
    centred = features.astype(np.float64) - features.mean(axis=0, dtype=np.float64)
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    axes = directions[:components]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(components), largest])[:, None]
    variance = lengths[:components] ** 2 / max(len(features) - 1, 1)
    return PrincipalComponents(centred @ axes.T, axes, variance)
