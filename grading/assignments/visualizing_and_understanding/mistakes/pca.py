"""Mistakes made in principal component analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants


def _axes(rows: torch.Tensor, k: int) -> torch.Tensor:
    directions: torch.Tensor = torch.linalg.svd(rows, full_matrices=False)[2]
    return directions[:k].T


def components(
    given: Step = identity,
    centre: Step = lambda f: f - f.mean(0),
    decomposed: Step = lambda raw, centred: centred,
    axes: Step = _axes,
    projected: Step = lambda raw, centred: centred,
    onto: Step = lambda rows, axes: rows @ axes,
    scale: Step = identity,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of pca."""

    def pca(features: torch.Tensor, k: int) -> Any:
        raw = given(features)
        centred = centre(raw)
        return result(scale(onto(projected(raw, centred), axes(decomposed(raw, centred), k))))

    return pca


def _by_eigenvalue(rows: torch.Tensor) -> torch.Tensor:
    """Return the axes as columns, the smallest variance first, as eigh has them."""
    directions: torch.Tensor = torch.linalg.eigh(rows.T @ rows)[1]
    return directions


def _smallest(rows: torch.Tensor, k: int) -> torch.Tensor:
    directions: torch.Tensor = torch.linalg.svd(rows, full_matrices=False)[2]
    return directions[-k:].T


def _spread(coordinates: torch.Tensor, correction: int) -> torch.Tensor:
    return coordinates.std(0, correction=correction)


PCA = Recipe(
    "pca",
    components,
    (
        Mistake(
            "pca-not-centred",
            "The rows are not centred",
            "You decomposed the features as they are, so the first axis points to their mean. Variance is measured "
            "around the mean: what has to be done with the rows first?",
            {"centre": identity, "decomposed": lambda raw, _: raw, "projected": lambda raw, _: raw},
        ),
        Mistake(
            "pca-centred-for-axes-only",
            "The coordinates are of rows that are not centred",
            "Your axes are right, but you projected the features as they were. Expected: the coordinates of the "
            "centred rows.",
            {"projected": lambda raw, _: raw},
        ),
        Mistake(
            "pca-axes-of-uncentred",
            "The axes are those of rows that are not centred",
            "You projected centred rows, but onto axes that were found before centring. Both need the same rows.",
            {"decomposed": lambda raw, _: raw},
        ),
        *variants(
            "pca-centred-otherwise",
            "Another mean is subtracted than that of each column",
            "You subtracted the mean of each row, or one number from all. Each column has its own mean, over the "
            "pictures.",
            {"centre": lambda f: f - f.mean(1, keepdim=True)},
            {"centre": lambda f: f - f.mean()},
        ),
        *variants(
            "pca-standardised",
            "Columns are divided by their spread first",
            "You scaled every column to the same spread before you computed the axes. Expected: centred columns, "
            "not scaled.",
            *({"centre": lambda f, c=c: (f - f.mean(0)) / f.std(0, correction=c)} for c in (0, 1)),
        ),
        *variants(
            "pca-smallest-variance",
            "The directions of smallest variance",
            "You kept the directions in which the rows vary least. In which order does the decomposition return them?",
            {"axes": lambda rows, k: _by_eigenvalue(rows)[:, :k]},
            {"axes": _smallest},
        ),
        Mistake(
            "pca-order-reversed",
            "The greatest variance comes last",
            "You kept the right directions in the wrong order: the greatest variance should come first.",
            {"axes": lambda rows, k: _axes(rows, k).flip(1)},
        ),
        Mistake(
            "pca-skips-first",
            "The first direction is left out",
            "You left out the direction of greatest variance and began with the second.",
            {"axes": lambda rows, k: torch.linalg.svd(rows, full_matrices=False)[2][1 : k + 1].T},
        ),
        Mistake(
            "pca-keeps-all",
            "All directions instead of k",
            "You returned all coordinates. Expected: the coordinates on the first k axes.",
            {"axes": lambda rows, _: torch.linalg.svd(rows, full_matrices=False)[2].T},
        ),
        Mistake(
            "pca-columns-of-transposed",
            "Columns of the transposed axes instead of its rows",
            "The decomposition returns the axes as rows, and you took columns. The shapes fit only where the matrix "
            "is square, and the result is wrong there, too.",
            {"axes": lambda rows, k: torch.linalg.svd(rows, full_matrices=False)[2][:, :k]},
        ),
        Mistake(
            "pca-of-columns",
            "Columns are taken for pictures",
            "You exchanged rows and columns, so your result has one row for each feature. A picture is a row.",
            {"given": lambda f: f.T},
        ),
        *variants(
            "pca-whitened",
            "The coordinates are whitened",
            "All your columns vary equally. Expected: the coordinates themselves, with the largest spread first. Do "
            "not divide by a spread or a singular value.",
            {"scale": lambda z: z / _spread(z, 1)},
            {"scale": lambda z: z / _spread(z, 0)},
            {"scale": lambda z: z / z.norm(dim=0)},
        ),
        *variants(
            "pca-divided",
            "The coordinates are divided by a number",
            "Your coordinates are right except for a factor, such as the number of rows or its square root. "
            "Expected: the coordinates as the projection gives them.",
            {"scale": lambda z: z / (len(z) - 1) ** 0.5},
            {"scale": lambda z: z / len(z) ** 0.5},
            {"scale": lambda z: z / (len(z) - 1)},
            {"scale": lambda z: z / len(z)},
            {"scale": lambda z: z / z.abs().max()},
            {"scale": lambda z: z / z[:, 0].norm()},
        ),
        Mistake(
            "pca-scaled-twice",
            "The coordinates are multiplied by the singular values once more",
            "The projection of the rows onto the axes already has the right size. You multiplied it by the singular "
            "values as well.",
            {"scale": lambda z: z * z.norm(dim=0)},
        ),
        *variants(
            "pca-returns-axes",
            "The axes instead of the coordinates",
            "You returned the directions themselves. Expected: the position of each row along them, one row for "
            "each picture.",
            {"onto": lambda rows, axes: axes},
            {"onto": lambda rows, axes: axes.T},
        ),
        Mistake(
            "pca-first-columns",
            "The first columns of the centred features",
            "You kept the first k features. The directions of greatest variance combine all features.",
            {"onto": lambda rows, axes: rows[:, : axes.shape[1]]},
        ),
        Mistake(
            "pca-singular-values",
            "The singular values instead of the coordinates",
            "You returned how far the rows spread along each axis. Expected: the position of each row.",
            {"onto": lambda rows, axes: (rows @ axes).norm(dim=0)},
        ),
        Mistake(
            "pca-transposed",
            "Rows and columns of the result exchanged",
            "Your result has shape (k, N). Expected: one row for each picture.",
            {"result": torch.t},
        ),
    ),
)
