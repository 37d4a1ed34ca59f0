"""Clamped images: of many values that lay beyond a limit, each is the limit itself afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

# So many values of one colour that are the same, and the largest or smallest of all, are no accident. An image of not
# more than so many different ones is made of something else.
MANY = 5


def limits(pairs: Iterable[tuple[np.ndarray, np.ndarray]]) -> str:
    """Return the limits that images are clamped to, such as "-1, 1.5"; "" if they are not.

    Parameters
    ----------
    pairs : iterable of (3, H, W), (3, H, W)
        Images before and after. One that lies within the limits shows nothing, one beyond them that there are none.
    """
    low: set[float] = set()
    high: set[float] = set()
    within: list[np.ndarray] = []
    for before, after in pairs:
        smallest, largest = (_repeated(after, end) - _repeated(before, end) for end in (np.min, np.max))
        low |= smallest
        high |= largest
        within += [] if smallest or largest else [after]
    if any((low and image.min() < min(low)) or (high and image.max() > max(high)) for image in within):
        return ""
    return ", ".join(f"{limit:.2g}" for limit in sorted(low | high))


def _repeated(image: np.ndarray, end: Callable[[np.ndarray], np.floating]) -> set[float]:
    """Return what is the smallest, or the largest, value of a colour, where many pixels have it."""
    ends = ((colour, end(colour)) for colour in image.astype(np.float32))
    return {
        float(value)
        for colour, value in ends
        if np.count_nonzero(colour == value) >= MANY and np.unique(colour).size > MANY
    }
