"""Pictures of a graded function: which of the student's and the expected arrays are worth one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cs231n.trials.judges import given
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.vocabulary.function import Function
from grading.verdict.reference import reference_observation

MAPS_SHOWN = 3
MATRIX_SHOWN = 64
LARGE_IMAGE = 192


@dataclass(frozen=True)
class Picture:
    """Arrays of one shape for the report: `yours`, `expected`, and what they are (`kind`, `title`, `input`)."""

    yours: np.ndarray
    expected: np.ndarray
    kind: str
    title: str
    input: np.ndarray | None = None

    def npz(self) -> bytes:
        """Return the arrays as the bytes of an .npz."""
        arrays = {"yours": self.yours, "expected": self.expected, "kind": self.kind, "title": self.title}
        if self.input is not None:
            arrays["input"] = self.input
        buffer = io.BytesIO()
        # numpy would compress as hard as it can: four times as long, for a tenth of the size
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, value in arrays.items():
                with archive.open(f"{name}.npy", "w") as file:
                    np.lib.format.write_array(file, np.asarray(value), allow_pickle=False)
        return buffer.getvalue()


def picture_of(
    function: Function,
    trials: Mapping[str, Trial],
    seen: Mapping[str, object],
) -> Picture | None:
    """Return the picture of a function, or None if it has none or returned an array of another shape."""
    if function.shown is None:
        return None
    array, kind = function.shown.array, function.shown.kind
    trial = trials[function.shown.check]
    observation = seen.get(trial_key(trial))
    if not isinstance(observation, Observation) or array not in observation.arrays:
        return None
    yours, expected = observation.arrays[array], reference_observation(trial).arrays[array]
    if yours.shape != expected.shape:
        return None
    title = next(check.title for check in function.checks if check.id == function.shown.check)
    original = None if kind == "matrix" else _small(given(trial), "image")
    return Picture(_small(yours, kind), _small(expected, kind), kind, title, original)


def _small(values: np.ndarray, kind: str) -> np.ndarray:
    """A few maps and images, large ones at half size (the largest or the mean of 2 x 2); a corner of a matrix."""
    values = np.asarray(values[:MAPS_SHOWN], dtype=np.float32)
    if kind == "matrix":
        return values[:, :MATRIX_SHOWN, :MATRIX_SHOWN]
    if min(values.shape[-2:]) < LARGE_IMAGE:
        return values
    if kind == "map":
        return np.asarray(_blocks(values[:, None]).max((3, 5))[:, 0])
    return np.asarray(_blocks(values).mean((3, 5)))


def _blocks(values: np.ndarray) -> np.ndarray:
    """View images (N, C, H, W) as 2 x 2 blocks: (N, C, H/2, 2, W/2, 2); an odd last row or column is dropped."""
    count, channels, height, width = values.shape
    even = values[:, :, : height // 2 * 2, : width // 2 * 2]
    return even.reshape(count, channels, height // 2, 2, width // 2, 2)
