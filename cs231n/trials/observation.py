"""What is seen of a function in a trial, as plain numbers and texts, and how much of it is kept.

It needs no PyTorch: the grader's side of the sandbox reads observations before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# How many images that a network is shown are kept; a fooling image takes at most some forty steps. A record that is
# full is cut: what comes after its last image is not known.
SHOWN_LIMIT = 128
# No result has nearly as many axes, and beyond 32 NumPy can no longer walk through an array.
AXES_LIMIT = 16
# Characters of an exception's message.
MESSAGE_LIMIT = 400
# After so many steps, if there are more, a call starts again (`OnTheWay`).
STEPS_BEFORE = 3


@dataclass
class Observation:
    """What was seen in a trial.

    Attributes
    ----------
    calls : list of dict
        For each call made: `raised` (None, or what `describe` says of the exception), `type` of the result,
        `graph` (whether the result is attached to one), `shown` (how many images the first layer saw),
        `operations` (how many tensor operations ran), `changed` (what of the network is not as it was, in words):
        these where watched.
    arrays : dict of arrays
        "K/output" of call K; where watched "K/gradient/PATH", "K/after/PATH", "K/grad/PATH", "K/shown". PATH is
        the place of an argument: "0", or "1.3" for the fourth item of the second.
    """

    calls: list[dict[str, Any]] = field(default_factory=list)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    def only(self, calls: Sequence[int]) -> Observation:
        """Return what was seen of some calls, as if no others had been made; what was not made raised before."""
        made = [self.calls[min(number, len(self.calls) - 1)] for number in calls]
        arrays = {}
        for key, array in self.arrays.items():
            number, _, name = key.partition("/")
            if int(number) in calls:
                arrays[f"{calls.index(int(number))}/{name}"] = array
        return Observation(made, arrays)

    def followed_by(self, other: Observation) -> Observation:
        """Return what was seen of these calls and then of others, as of one trial."""
        arrays = {}
        for key, array in other.arrays.items():
            number, _, name = key.partition("/")
            arrays[f"{int(number) + len(self.calls)}/{name}"] = array
        return Observation([*self.calls, *other.calls], self.arrays | arrays)


def is_cut(shown: np.ndarray) -> bool:
    """Say whether a record of images is full: then it is not known what came after the last of them."""
    return len(shown) >= SHOWN_LIMIT


def onward(shown: np.ndarray) -> int:
    """Return the number of the image from which a call starts again, and before which others came if there are any.

    The last one is never taken: from there the function took no step.
    """
    return max(0, min(STEPS_BEFORE, len(shown) - 2))
