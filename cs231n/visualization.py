"""What every loop that paints returns: the picture as it grew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor

if TYPE_CHECKING:
    from cs231n.techniques.targets import Unit


@dataclass(frozen=True)
class Frame:
    """One picture on the way.

    Attributes
    ----------
    iteration : int
        How many steps had been taken.
    image : Tensor of shape (1, 3, H, W)
        The normalised picture at that moment, a copy without a graph.
    value : float
        What it was worth: a class's probability, 0 to 1, or a unit's value before its ReLU.
    """

    iteration: int
    image: Tensor
    value: float


@dataclass(frozen=True)
class Visualization:
    """The outcome: which class or unit was asked for, and the pictures from the first to the last."""

    target: int | Unit
    frames: tuple[Frame, ...]

    @property
    def image(self) -> Tensor:
        """The final picture, (1, 3, H, W), normalised."""
        return self.frames[-1].image
