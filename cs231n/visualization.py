"""Data classes of visualizations: the unit that is visualized, and the frames of the result."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Unit:
    """A channel of a layer, or a single neuron of it.

    Attributes
    ----------
    layer : str
        The module's name inside the network, as in `network.get_submodule("features.12")`.
    channel : int
        Which of its feature maps (of its outputs, if the layer has no feature maps).
    position : (int, int) or None
        Row and column in the feature map; None averages over the whole map.
    """

    layer: str
    channel: int
    position: tuple[int, int] | None = None


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
