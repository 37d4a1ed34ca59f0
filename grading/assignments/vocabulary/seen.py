"""What was seen of a function, as detectors and explanations read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cs231n.trials.judges import given
from cs231n.trials.observation import Observation
from cs231n.trials.trial import OnTheWay, Trial

# Relative error up to which two functions count as having done the same where a network is asked: a gradient may jump
# where rounding falls otherwise.
ALIKE = 1e-2

# All that was tried on a function, and what was seen.
Seen = Sequence[tuple[Trial, Observation]]
# Says what a candidate does in a trial.
Observe = Callable[[Callable[..., Any], Trial], Observation]


def start_of(trial: Trial, call: int, seen: Observation) -> np.ndarray | None:
    """Return the image that a call starts from, (1, 3, H, W).

    One that an earlier call had on its way stands nowhere in the trial: it is what the network was shown first, None if
    it was shown nothing.
    """
    if not isinstance(trial.calls[call][0], OnTheWay):
        return given(trial, call)
    shown = seen.arrays.get(f"{call}/shown")
    return None if shown is None else shown[:1]
