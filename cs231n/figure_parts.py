"""Parts of figures: bare axes, pictures with a title, labels, headings, and bars of probabilities."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray
from torch import Tensor

from cs231n.figure_text import drawn, ready
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD

INK, MUTED, PALE = "#1f2933", "#616e7c", "#d5dbe1"
PAGE = 12.5  # inches, the widest that a notebook shows without shrinking
_DPI = 110


def pixels(img: Tensor) -> NDArray[np.float32]:
    """Turn normalised pictures into something a screen can show.

    Parameters
    ----------
    img : Tensor of shape (N, 3, H, W)
        Normalised with `SQUEEZENET_MEAN` and `SQUEEZENET_STD`.

    Returns
    -------
    ndarray of shape (N, H, W, 3), float32
        RGB in [0, 1]; what lies outside is clipped.

    Examples
    --------
    >>> import torch
    >>> gray = torch.zeros(1, 3, 2, 2)
    >>> pixels(gray).shape
    (1, 2, 2, 3)
    """
    channels_last = img.detach().cpu().permute(0, 2, 3, 1).numpy()
    rgb: NDArray[np.float32] = np.clip(channels_last * SQUEEZENET_STD + SQUEEZENET_MEAN, 0, 1)
    return rgb


class TitledFigure(Figure):
    """A figure whose text in a notebook is its heading, its titles and its labels: part of a report's caption."""

    def __repr__(self) -> str:
        titles = [" ".join(axis.get_title().split()) for axis in self.axes]
        labels = [axis.get_ylabel() for axis in self.axes]
        parts = (
            self.get_suptitle(),
            *(", ".join(dict.fromkeys(filter(None, of))) for of in (titles, labels)),
        )
        return " · ".join(filter(None, parts))


def bare_axes(
    rows: int,
    columns: int,
    *,
    width: float,
    height: float,
    width_ratios: Sequence[float] | None = None,
    height_ratios: Sequence[float] | None = None,
) -> tuple[Figure, NDArray[np.object_]]:
    """A figure with a grid of bare axes: no ticks, no frames."""
    ready()
    spacing = ConstrainedLayoutEngine(w_pad=0.04, h_pad=0.04, wspace=0.01, hspace=0.01)
    figure = TitledFigure(figsize=(width, height), dpi=_DPI, layout=spacing, facecolor="white")
    ratios = {"width_ratios": width_ratios, "height_ratios": height_ratios}
    axes = figure.subplots(rows, columns, squeeze=False, gridspec_kw=ratios)
    for axis in axes.flat:
        axis.set_xticks([])
        axis.set_yticks([])
        axis.spines[:].set_visible(False)
    return figure, axes


def show_image(axis: Axes, image: NDArray[np.float32], title: str) -> None:
    """Show a picture, RGB in [0, 1], under its title."""
    axis.imshow(image, interpolation="antialiased")
    axis.set_title(drawn(title), fontsize=10, color=INK, pad=4)


def stretched(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread the values between the half-per-cent tails over [0, 1], but at most two and a half times.

    A canvas that is still empty is not to look like a picture.
    """
    low, high = np.quantile(image, (0.005, 0.995))
    spread = max(high - low, 0.4)
    stretched: NDArray[np.float32] = np.clip(0.5 + (image - (low + high) / 2) / spread, 0, 1).astype(
        np.float32
    )
    return stretched


def label_row(axis: Axes, text: str) -> None:
    """Write beside a row of pictures what they are."""
    axis.set_ylabel(drawn(text), fontsize=10, color=MUTED, labelpad=4)


def write_heading(figure: Figure, text: str) -> None:
    """Write a line above the whole figure."""
    figure.suptitle(drawn(text), fontsize=12, color=INK, fontweight="bold")


def show_beliefs(axis: Axes, scores: Tensor, class_names: Mapping[int, str]) -> None:
    """The three most probable classes, by scores of shape (1, C), as labelled bars."""
    probabilities, labels = scores.detach()[0].softmax(dim=0).topk(3)
    for rank, (probability, label) in enumerate(zip(probabilities.tolist(), labels.tolist(), strict=True)):
        axis.barh(rank, 1, height=0.82, color="#eef1f4")
        axis.barh(rank, probability, height=0.82, color="#9fc9e2" if rank == 0 else PALE)
        axis.text(0.02, rank, shortened(class_names[label], 26), va="center", fontsize=8.5, color=INK)
        axis.text(0.98, rank, percent(probability), va="center", ha="right", fontsize=8.5, color=INK)
    axis.set_xlim(0, 1)
    axis.set_ylim(2.5, -0.5)


def percent(probability: float) -> str:
    """Return a probability as people read it: 0.25 is "25 %"."""
    return "< 1 %" if probability < 0.005 else f"{probability:.0%}".replace("%", " %")


def wrapped(text: str, width: int) -> str:
    """Return the first two lines of a text of this width."""
    return "\n".join(textwrap.wrap(text, width)[:2])


def shortened(text: str, width: int) -> str:
    """Return a text of this width at most, cut with an ellipsis."""
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
