"""Mistakes made when the box of a receptive field is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants

Layers = Sequence[tuple[int, int, int]]


def _walked(position: int, layers: Layers, first_of: Step, last_of: Step) -> tuple[int, int]:
    first = last = position
    for kernel, stride, padding in layers:
        first, last = first_of(first, kernel, stride, padding), last_of(last, kernel, stride, padding)
    return first, last


def _clipped(low: int, high: int, side: int) -> tuple[int, int]:
    return max(low, 0), min(high, side)


def field(
    place: Step = lambda row, column: (row, column),
    order: Step = lambda layers: layers[::-1],
    first_of: Step = lambda r, kernel, stride, padding: r * stride - padding,
    last_of: Step = lambda r, kernel, stride, padding: r * stride - padding + kernel - 1,
    reach: Step = _walked,
    end: Step = lambda last: last + 1,
    sides: Step = lambda height, width: (height, width),
    clip: Step = _clipped,
    arrange: Step = lambda top, left, bottom, right: (top, left, bottom, right),
) -> Callable[..., Any]:
    """Recipe of receptive_field_box."""

    def receptive_field_box(row: int, column: int, layers: Layers, height: int, width: int) -> Any:
        row, column = place(row, column)
        height, width = sides(height, width)
        first_row, last_row = reach(row, order(layers), first_of, last_of)
        first_column, last_column = reach(column, order(layers), first_of, last_of)
        top, bottom = clip(first_row, end(last_row), height)
        left, right = clip(first_column, end(last_column), width)
        return torch.tensor(arrange(top, left, bottom, right))

    return receptive_field_box


def _by_jumps(own_in_size: bool, own_in_offset: bool) -> dict[str, Step]:
    """The walk from the picture up, in which a layer's own stride may count for its size or its padding already."""

    def reach(position: int, layers: Layers, *_: Step) -> tuple[int, int]:
        jump, size, offset = 1, 1, 0
        for kernel, stride, padding in layers:
            size += (kernel - 1) * jump * (stride if own_in_size else 1)
            offset += padding * jump * (stride if own_in_offset else 1)
            jump *= stride
        return position * jump - offset, position * jump - offset + size - 1

    return {"order": identity, "first_of": identity, "last_of": identity, "reach": reach}


def _around(of: Callable[[int, int, int], tuple[int, int]]) -> dict[str, Step]:
    """The box is laid around the neuron's place times the strides, as if the padding centred it."""

    def reach(position: int, layers: Layers, *_: Step) -> tuple[int, int]:
        jump, size = 1, 1
        for kernel, stride, _padding in layers:
            size += (kernel - 1) * jump
            jump *= stride
        return of(position, jump, size)

    return {"order": identity, "first_of": identity, "last_of": identity, "reach": reach}


BOX = Recipe(
    "receptive_field_box",
    field,
    (
        *variants(
            "box-not-clipped",
            "The box leaves the picture",
            "Your box reaches beyond the picture at one edge or at all of them. Padding holds no pixels: clip the "
            "box to the picture.",
            {"clip": lambda low, high, side: (low, high)},
            {"clip": lambda low, high, side: (max(low, 0), high)},
            {"clip": lambda low, high, side: (low, min(high, side))},
        ),
        Mistake(
            "box-clipped-short",
            "Clipped one pixel short of the edge",
            "Your box ends before the last row and column of the picture. Ends are exclusive: the largest end is "
            "the height or width of the picture.",
            {"clip": lambda low, high, side: (max(low, 0), min(high, side - 1))},
        ),
        Mistake(
            "box-sides-swapped",
            "Rows are clipped to the width",
            "You clipped rows to the width and columns to the height. In a square picture the mistake does not show.",
            {"sides": lambda height, width: (width, height)},
        ),
        *variants(
            "box-ignores-padding",
            "The padding is left out",
            "Your box starts where it would start without padding. Padding moves the window of every neuron up and "
            "to the left.",
            {
                "first_of": lambda r, k, s, p: r * s,
                "last_of": lambda r, k, s, p: r * s + k - 1,
            },
        ),
        Mistake(
            "box-adds-padding",
            "The padding moves the box the wrong way",
            "You added the padding. The first window begins inside the padding, before the picture. Which sign does "
            "that give?",
            {
                "first_of": lambda r, k, s, p: r * s + p,
                "last_of": lambda r, k, s, p: r * s + p + k - 1,
            },
        ),
        Mistake(
            "box-ignores-stride",
            "The stride is left out",
            "Your box moves by one pixel from neuron to neuron. With a stride, neighbours in one layer are further "
            "apart in the layer below.",
            {
                "first_of": lambda r, k, s, p: r - p,
                "last_of": lambda r, k, s, p: r - p + k - 1,
            },
        ),
        Mistake(
            "box-layers-from-the-wrong-end",
            "The layers are walked in the wrong order",
            "The neuron is in the last layer, and the list begins at the picture: you started from the wrong end.",
            {"order": identity},
        ),
        *variants(
            "box-one-layer",
            "Only one of the layers counts",
            "Your box is what one layer sees. Each layer sees a window of the layer below, and so on down to the "
            "picture.",
            {"order": lambda layers: layers[-1:]},
            {"order": lambda layers: layers[:1]},
        ),
        *variants(
            "box-end-included",
            "The last row and column are included in the end",
            "Your box names the last pixel that is seen. Expected, as in a slice: the first pixel that is not seen.",
            {"end": identity},
            {"end": identity, "clip": lambda low, high, side: (max(low, 0), min(high, side - 1))},
        ),
        Mistake(
            "box-window-too-long",
            "Windows one pixel too long",
            "In each layer your window ends one position too late, which adds up. A window of three that begins at 5 "
            "ends with 7.",
            {"last_of": lambda r, k, s, p: r * s - p + k},
        ),
        *variants(
            "box-own-stride",
            "A layer's own stride counts for its own window",
            "You multiplied a layer's window, or its padding, by its own stride. The window covers neighbours in "
            "the layer below: only the strides of the layers below count.",
            _by_jumps(True, True),
            _by_jumps(True, False),
            _by_jumps(False, True),
        ),
        *variants(
            "box-around-the-centre",
            "The box is laid around the neuron's place times the strides",
            "You multiplied the neuron's place by the strides and centred the box there. Where a window begins "
            "depends on the padding of each layer.",
            _around(lambda r, jump, size: (r * jump - size // 2, r * jump + size // 2)),
            _around(lambda r, jump, size: (r * jump - size // 2, r * jump - size // 2 + size - 1)),
            _around(lambda r, jump, size: (r * jump, r * jump)),
        ),
        *variants(
            "box-other-order",
            "The four numbers are in another order",
            "Your numbers are right, but in the wrong order. Expected: top, left, bottom, right.",
            {"arrange": lambda top, left, bottom, right: (left, top, right, bottom)},
            {"arrange": lambda top, left, bottom, right: (top, bottom, left, right)},
            {"arrange": lambda top, left, bottom, right: (left, right, top, bottom)},
        ),
        Mistake(
            "box-row-for-column",
            "Row and column of the neuron exchanged",
            "You used the neuron's column for the rows of the box, and its row for the columns.",
            {"place": lambda row, column: (column, row)},
        ),
        Mistake(
            "box-size-instead-of-end",
            "Height and width of the box instead of its end",
            "Your last two numbers say how large the box is. Expected: where it ends.",
            {"arrange": lambda top, left, bottom, right: (top, left, bottom - top, right - left)},
        ),
        Mistake(
            "box-centre",
            "The centre of the box instead of the box",
            "You returned the centre of what the neuron sees. Expected: the box, four numbers.",
            {"arrange": lambda top, left, bottom, right: ((top + bottom) // 2, (left + right) // 2)},
        ),
    ),
)
