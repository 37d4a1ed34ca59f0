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
            "Each row finds itself first, at distance zero. Asked are other rows: how can a row be kept out of its own "
            "list?",
            {"exclude": identity},
        ),
        *variants(
            "neighbours-cosine",
            "Angles instead of distances",
            "You compared directions, which ignores how long the rows are. Asked is the Euclidean distance between "
            "their ends.",
            {"distance": _cosine},
            {"prepared": lambda f: F.normalize(f, dim=1)},
        ),
        Mistake(
            "neighbours-inner-product",
            "Inner products instead of distances",
            "You compared inner products, in which long rows are everybody's neighbours. Asked is the Euclidean "
            "distance.",
            {"distance": lambda f: -f @ f.T},
        ),
        *variants(
            "neighbours-other-norm",
            "Another distance than the Euclidean",
            "Your distance adds absolute differences, or takes the largest of them. Asked is the Euclidean distance: "
            "the root of the sum of squares.",
            {"distance": lambda f: torch.cdist(f, f, p=1)},
            {"distance": lambda f: torch.cdist(f, f, p=torch.inf)},
        ),
        *variants(
            "neighbours-standardised",
            "Features are rescaled before they are compared",
            "You gave every column the same spread before you compared the rows. Asked are distances between the "
            "features as they are.",
            {"prepared": lambda f: (f - f.mean(0)) / f.std(0)},
            {"prepared": lambda f: (f - f.mean(0)) / f.std(0, correction=0)},
        ),
        *variants(
            "neighbours-farthest",
            "The farthest rows instead of the nearest",
            "You sorted from the largest distance down. Asked are the smallest distances.",
            {"order": lambda d: d.argsort(dim=1, descending=True)},
            {
                "exclude": lambda d: d.clone().fill_diagonal_(-torch.inf),
                "order": lambda d: d.argsort(dim=1, descending=True),
            },
        ),
        Mistake(
            "neighbours-nearest-last",
            "The nearest comes last",
            "You found the right rows, but the nearest stands at the end of each list. Asked is the nearest first.",
            {"pick": lambda rows, k: rows[:, :k].flip(1)},
        ),
        Mistake(
            "neighbours-sorted-by-number",
            "Neighbours in the order of their numbers",
            "You found the right rows, but sorted them by their number. Asked is the order of their distance.",
            {"pick": lambda rows, k: rows[:, :k].sort(dim=1).values},
        ),
        Mistake(
            "neighbours-distances",
            "Distances instead of the rows' numbers",
            "You returned how far the neighbours are. Asked is which rows they are: sorting answers with values and "
            "with places.",
            {"order": lambda d: d.sort(dim=1).values},
        ),
        *variants(
            "neighbours-of-row-zero",
            "The neighbours of row 0 only",
            "You compared all rows with the first one. Every row has neighbours of its own: asked is (N, k).",
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
            "Each of your lists has k + 1 entries. Asked are k.",
            {"pick": lambda rows, k: rows[:, : k + 1]},
        ),
        Mistake(
            "neighbours-all",
            "All rows instead of k of them",
            "You returned the whole order. Asked are the first k of each row.",
            {"pick": lambda rows, k: rows},
        ),
        Mistake(
            "neighbours-ranks",
            "Ranks instead of the rows' numbers",
            "Your table says for each row which place it takes. Asked is the reverse: for each place, which row takes "
            "it.",
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
            "Your result has the shape (k, N). Asked is one row for each picture.",
            {"result": lambda found: found.T},
        ),
    ),
)
