"""Mistakes made in occlusion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.cached_forward import remembered
from grading.assignments.vocabulary.detector import Kind, detector
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.seen import Seen


def _probability(scores: torch.Tensor, y: int, _whole: torch.Tensor) -> torch.Tensor:
    return scores.softmax(1)[:, y]


def _filled(value: float, channels: slice = slice(None)) -> Step:
    def cover(copy: torch.Tensor, top: int, left: int, patch: int) -> None:
        copy[channels, max(top, 0) : top + patch, max(left, 0) : left + patch] = value

    return cover


_GRAY = _filled(0)


def occlusion(
    places: Step = lambda side, patch, stride: (side - patch) // stride + 1,
    corner: Step = lambda number, patch, stride: number * stride,
    swap: Step = lambda top, left: (top, left),
    side: Step = identity,
    cover: Step = _GRAY,
    start: Step = lambda X, before, column: X.clone(),
    value: Step = _probability,
    arrange: Step = lambda values, rows, columns: values.reshape(rows, columns),
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of occlusion_map."""

    @torch.no_grad()
    def occlusion_map(X: torch.Tensor, y: int, model: torch.nn.Module, patch: int, stride: int) -> Any:
        rows, columns = (places(length, patch, stride) for length in X.shape[2:])

        def covered() -> torch.Tensor:
            copies, copy = [], X
            for row in range(rows):
                for column in range(columns):
                    copy = start(X, copy, column)
                    corners = (corner(row, patch, stride), corner(column, patch, stride))
                    cover(copy[0], *swap(*corners), side(patch))
                    copies.append(copy)
            scores: torch.Tensor = model(torch.cat(copies))
            return scores

        covering = (places, corner, swap, side, cover, start, patch, stride)
        scores = remembered(model, covering, X, covered)
        return result(
            arrange(value(scores, y, remembered(model, "whole", X, lambda: model(X))), rows, columns)
        )

    return occlusion_map


def _inverse(copy: torch.Tensor, top: int, left: int, patch: int) -> None:
    kept = copy[:, top : top + patch, left : left + patch].clone()
    copy.zero_()
    copy[:, top : top + patch, left : left + patch] = kept


def _mean(copy: torch.Tensor, top: int, left: int, patch: int) -> None:
    copy[:, top : top + patch, left : left + patch] = copy.mean((1, 2), keepdim=True)


def _black(copy: torch.Tensor, top: int, left: int, patch: int) -> None:
    black = torch.tensor([-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225])
    copy[:, top : top + patch, left : left + patch] = black.reshape(3, 1, 1)


OCCLUSION = Recipe(
    "occlusion_map",
    occlusion,
    (
        Mistake(
            "occlusion-raw-score",
            "The raw score instead of the probability",
            "Your heatmap holds raw scores. Expected: the probability, which also depends on the other classes.",
            {"value": lambda s, y, _: s[:, y]},
        ),
        *variants(
            "occlusion-log-probability",
            "The logarithm of the probability, or the loss",
            "Your heatmap holds logarithms of probabilities, or losses, which differ only in sign. Expected: the "
            "probability itself.",
            {"value": lambda s, y, _: s.log_softmax(1)[:, y]},
            {"value": lambda s, y, _: -s.log_softmax(1)[:, y]},
        ),
        *variants(
            "occlusion-drop",
            "How much the probability falls instead of the probability",
            "Your heatmap holds the drop of the probability. Expected: the probability that is left.",
            {"value": lambda s, y, whole: whole.softmax(1)[0, y] - s.softmax(1)[:, y]},
            {"value": lambda s, y, whole: s.softmax(1)[:, y] - whole.softmax(1)[0, y]},
            {"value": lambda s, y, whole: 1 - s.softmax(1)[:, y]},
        ),
        Mistake(
            "occlusion-sigmoid",
            "A sigmoid instead of a softmax",
            "You mapped the score of the class into (0, 1) by itself. A softmax compares it with all other classes.",
            {"value": lambda s, y, _: s[:, y].sigmoid()},
        ),
        Mistake(
            "occlusion-largest",
            "The largest probability instead of the class's",
            "You stored the probability of the class that wins. Expected: the probability of class y, whichever "
            "class wins.",
            {"value": lambda s, y, _: s.softmax(1).amax(1)},
        ),
        Mistake(
            "occlusion-other-class",
            "The class that wins without a square instead of y",
            "You stored the probability of the class that the network predicts for the whole picture. Expected: the "
            "probability of class y.",
            {"value": lambda s, y, whole: s.softmax(1)[:, whole.argmax()]},
        ),
        Mistake(
            "occlusion-winner",
            "Which class wins instead of a probability",
            "Your heatmap holds class indices. Expected: the probability of class y.",
            {"value": lambda s, y, _: s.argmax(1)},
        ),
        Mistake(
            "occlusion-softmax-over-batch",
            "The softmax runs over the pictures of the batch",
            "Your softmax sums to one over the covered copies. It should sum to one over the classes of each copy.",
            {"value": lambda s, y, _: s.softmax(0)[:, y]},
        ),
        *variants(
            "occlusion-squares-stay",
            "Squares of earlier places are still there",
            "The picture is not restored: each copy is also covered at all earlier places. Start from the original "
            "for every place.",
            {"start": lambda X, before, column: before.clone()},
            {"start": lambda X, before, column: (before if column else X).clone()},
        ),
        *variants(
            "occlusion-one-channel",
            "Only one colour is covered",
            "You set one of the three colours to zero. Expected: a gray square, which is zero in all three.",
            *({"cover": _filled(0, slice(c, c + 1))} for c in range(3)),
        ),
        *variants(
            "occlusion-other-colour",
            "The square has another colour",
            "You filled the square with another value. Expected: 0, which is the mean colour in a normalised "
            "picture.",
            *({"cover": _filled(value)} for value in (1.0, 0.5, -1.0)),
            {"cover": _mean},
            {"cover": _black},
        ),
        Mistake(
            "occlusion-keeps-the-square",
            "All but the square is covered",
            "You covered everything except the square. Expected: only the square is covered.",
            {"cover": _inverse},
        ),
        *variants(
            "occlusion-transposed",
            "Rows and columns of the heatmap exchanged",
            "Entry (r, c) of your heatmap belongs to another place than row r, column c. Which of your two loops runs "
            "faster, and does the shape that you give to the values agree?",
            {"arrange": lambda values, rows, columns: values.reshape(rows, columns).T},
            {"arrange": lambda values, rows, columns: values.reshape(columns, rows)},
            {"arrange": lambda values, rows, columns: values.reshape(columns, rows).T},
        ),
        Mistake(
            "occlusion-corners-swapped",
            "Row and column of the square exchanged",
            "You use the row's position for the left edge of the square and the column's for the upper one.",
            {"swap": lambda top, left: (left, top)},
        ),
        Mistake(
            "occlusion-flat",
            "A list instead of a map",
            "Your values are right, but they are in one row. Expected shape: (rows, columns).",
            {"arrange": lambda values, rows, columns: values},
        ),
        *variants(
            "occlusion-square-size",
            "The square is one pixel too large or too small",
            "Your square is not patch pixels wide. A slice ends before its second index.",
            {"side": lambda patch: patch + 1},
            {"side": lambda patch: patch - 1},
        ),
        *variants(
            "occlusion-square-shifted",
            "The squares stand at other places",
            "Your square does not begin at (r * stride, c * stride): that pixel is its upper left corner, not its "
            "centre and not the one beside it.",
            {"corner": lambda number, patch, stride: number * stride - patch // 2},
            {"corner": lambda number, patch, stride: number * stride + 1},
            {"corner": lambda number, patch, stride: number * patch},
            {"corner": lambda number, patch, stride: number},
        ),
        *variants(
            "occlusion-other-places",
            "Another number of places",
            "Your heatmap has too many or too few rows and columns. The first square begins at 0, and the last one "
            "must still fit: count them for a picture of 10 pixels, a patch of 4 and a stride of 3.",
            {"places": lambda side, patch, stride: (side - patch) // stride},
            {"places": lambda side, patch, stride: -(-(side - patch) // stride)},
            {"places": lambda side, patch, stride: side // stride},
            {"places": lambda side, patch, stride: -(-side // stride)},
            {"places": lambda side, patch, stride: -(-(side - patch) // stride) + 1},
            {"places": lambda side, patch, stride: side // patch},
        ),
    ),
)


@detector(
    "occlusion_map",
    "occlusion-one-at-a-time",
    "One covered copy at a time goes through the network",
    "Your heatmap takes one call of the network for each of its entries. A network takes a batch: several covered "
    "copies can go through it together.",
    kind=Kind.ABOUT_RESULTS,
)
def one_at_a_time(seen: Seen) -> bool:
    """The network was called for each entry of every result."""
    counts = [
        (facts["shown"], observation.arrays[f"{number}/output"].size)
        for _, observation in seen
        for number, facts in enumerate(observation.calls)
        if f"{number}/output" in observation.arrays and "shown" in facts
    ]
    return bool(counts) and all(calls >= entries for calls, entries in counts)
