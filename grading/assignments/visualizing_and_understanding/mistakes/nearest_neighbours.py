"""Mistakes made when nearest neighbours are looked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional as F

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants


def neighbours(
    prepared: Step = identity,
    distance: Step = lambda f: torch.cdist(f, f, compute_mode="donot_use_mm_for_euclid_dist"),
    exclude: Step = lambda d: d.clone().fill_diagonal_(torch.inf),
    order: Step = lambda d: d.argsort(dim=1),
    pick: Step = lambda sorted_rows, k: sorted_rows[:, :k],
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of nearest_neighbours."""

    def nearest_neighbours(features: torch.Tensor, k: int) -> Any:
        return result(pick(order(exclude(distance(prepared(features)))), k))

    return nearest_neighbours


def _cosine(f: torch.Tensor) -> torch.Tensor:
    rows = F.normalize(f, dim=1)
    return -rows @ rows.T


NEIGHBOURS = Recipe(
    "nearest_neighbours",
    neighbours,
    (
        Mistake(
            "neighbours-counts-itself",
            "A row is its own neighbour",
            "Each row finds itself first, at distance zero. Expected: other rows. How can you keep a row out of its "
            "own list?",
            {"exclude": identity},
        ),
        *variants(
            "neighbours-cosine",
            "Angles instead of distances",
            "You compared angles, which ignores the length of the rows. Expected: the Euclidean distance between "
            "the rows.",
            {"distance": _cosine},
            {"prepared": lambda f: F.normalize(f, dim=1)},
        ),
        Mistake(
            "neighbours-inner-product",
            "Inner products instead of distances",
            "You compared inner products, so long rows become neighbours of all other rows. Expected: the Euclidean "
            "distance.",
            {"distance": lambda f: -f @ f.T},
        ),
        *variants(
            "neighbours-other-norm",
            "Another distance than the Euclidean",
            "Your distance adds absolute differences, or takes the largest of them. Expected: the Euclidean "
            "distance, the square root of the sum of squares.",
            {"distance": lambda f: torch.cdist(f, f, p=1)},
            {"distance": lambda f: torch.cdist(f, f, p=torch.inf)},
        ),
        *variants(
            "neighbours-standardised",
            "Features are rescaled before they are compared",
            "You scaled every column to the same spread before you compared the rows. Expected: distances between "
            "the features as they are.",
            {"prepared": lambda f: (f - f.mean(0)) / f.std(0)},
            {"prepared": lambda f: (f - f.mean(0)) / f.std(0, correction=0)},
        ),
        *variants(
            "neighbours-farthest",
            "The farthest rows instead of the nearest",
            "You sorted from the largest distance down. Expected: the smallest distances.",
            {"order": lambda d: d.argsort(dim=1, descending=True)},
            {
                "exclude": lambda d: d.clone().fill_diagonal_(-torch.inf),
                "order": lambda d: d.argsort(dim=1, descending=True),
            },
        ),
        Mistake(
            "neighbours-nearest-last",
            "The nearest comes last",
            "You found the right rows, but the nearest is at the end of each list. Expected: the nearest first.",
            {"pick": lambda rows, k: rows[:, :k].flip(1)},
        ),
        Mistake(
            "neighbours-sorted-by-number",
            "Neighbours in the order of their numbers",
            "You found the right rows, but sorted them by their number. Expected: sorted by distance.",
            {"pick": lambda rows, k: rows[:, :k].sort(dim=1).values},
        ),
        Mistake(
            "neighbours-distances",
            "Distances instead of the rows' numbers",
            "You returned the distances of the neighbours. Expected: which rows they are. Sorting gives values and "
            "indices.",
            {"order": lambda d: d.sort(dim=1).values},
        ),
        *variants(
            "neighbours-of-row-zero",
            "The neighbours of row 0 only",
            "You compared all rows with the first one. Every row has its own neighbours. Expected shape: (N, k).",
            {"result": lambda found: found[0]},
            {"result": lambda found: found[:1]},
            {"result": lambda found: found[:1].expand(len(found), -1)},
        ),
        Mistake(
            "neighbours-skips-nearest",
            "The nearest neighbour is left out",
            "Your lists begin with the second nearest row. Is the row itself still in the list when you skip the first "
            "entry?",
            {"pick": lambda rows, k: rows[:, 1 : k + 1]},
        ),
        Mistake(
            "neighbours-one-too-many",
            "One neighbour too many",
            "Each of your lists has k + 1 entries. Expected: k.",
            {"pick": lambda rows, k: rows[:, : k + 1]},
        ),
        Mistake(
            "neighbours-all",
            "All rows instead of k of them",
            "You returned all rows in order. Expected: the first k for each row.",
            {"pick": lambda rows, k: rows},
        ),
        Mistake(
            "neighbours-ranks",
            "Ranks instead of the rows' numbers",
            "Your table holds the rank of each row. Expected: the reverse, the row at each rank.",
            {"order": lambda d: d.argsort(dim=1).argsort(dim=1)},
        ),
        Mistake(
            "neighbours-of-columns",
            "Columns are compared instead of rows",
            "You compared the columns of the features. A picture is a row.",
            {"prepared": lambda f: f.T},
        ),
        Mistake(
            "neighbours-transposed",
            "Rows and columns of the result exchanged",
            "Your result has shape (k, N). Expected: one row for each picture.",
            {"result": lambda found: found.T},
        ),
    ),
)
