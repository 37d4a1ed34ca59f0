"""Figures of the notebooks, one function for each technique.

Every function returns a `matplotlib.figure.Figure` that pyplot does not know: a notebook shows it once, as
the value of a cell or through `display`, and nothing is left open. Colour maps are perceptually uniform and
readable for the colour-blind.
"""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from numpy.typing import NDArray
from torch import Tensor

from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from cs231n.style_transfer import StyleTransfer
from cs231n.visualization import Visualization

INK, MUTED, ACCENT, PALE = "#1f2933", "#616e7c", "#0072b2", "#d5dbe1"
HEAT = "inferno"
_DPI = 110
_PAGE = 12.5  # inches, the widest that a notebook shows without shrinking


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


def saliency_rows(X: Tensor, saliency: Tensor, titles: Sequence[str]) -> Figure:
    """Pictures above, their saliency maps below.

    Parameters
    ----------
    X : Tensor of shape (N, 3, H, W)
        Normalised pictures.
    saliency : Tensor of shape (N, H, W)
        Nonnegative. Each map is scaled on its own; its brightest half per cent saturates, or a few
        single pixels would leave the rest in the dark.
    titles : sequence of str
        One name for each picture.

    Examples
    --------
    >>> import torch
    >>> X, saliency = torch.zeros(2, 3, 8, 8), torch.rand(2, 8, 8)
    >>> len(saliency_rows(X, saliency, ["cat", "dog"]).axes)
    4
    """
    figure, axes = _panels(2, len(titles), width=2.3 * len(titles), height=4.9)
    maps = saliency.detach().cpu().numpy()
    for column, (image, heat, title) in enumerate(zip(pixels(X), maps, titles, strict=True)):
        _show(axes[0, column], image, _wrap(title, 20))
        axes[1, column].imshow(heat, cmap=HEAT, vmin=0, vmax=float(np.quantile(heat, 0.995)) or 1.0)
    _row_label(axes[0, 0], "picture")
    _row_label(axes[1, 0], "saliency")
    return figure


def fooling(
    X: Tensor,
    X_fooling: Tensor,
    scores: Tensor,
    scores_fooling: Tensor,
    class_names: Mapping[int, str],
    *,
    magnify: float = 10,
) -> Figure:
    """A picture, the one that fools, and what was changed, beside what the network believes of each.

    Parameters
    ----------
    X, X_fooling : Tensor of shape (1, 3, H, W)
        Normalised pictures.
    scores, scores_fooling : Tensor of shape (1, C)
        The network's raw scores of the two.
    class_names : mapping of int to str
        Label to name.
    magnify : float
        How many times stronger the second view of the difference is. In both, gray means no change.

    Examples
    --------
    >>> import torch
    >>> X, scores = torch.zeros(1, 3, 8, 8), torch.tensor([[3.0, 2.0, 1.0]])
    >>> figure = fooling(X, X + 0.1, scores, scores.flip(1), {0: "cat", 1: "dog", 2: "owl"})
    >>> figure.axes[0].get_title()
    'original'
    """
    before, after = pixels(X)[0], pixels(X_fooling)[0]
    change = after - before
    figure, axes = _panels(2, 4, width=11.5, height=4.05, height_ratios=(2.8, 0.95))
    _show(axes[0, 0], before, "original")
    _show(axes[0, 1], after, "fooling image")
    largest = round(float(np.abs(change).max()) * 255)
    _show(axes[0, 2], np.clip(0.5 + change, 0, 1), f"difference (at most {largest} of 255)")
    _show(axes[0, 3], np.clip(0.5 + magnify * change, 0, 1), f"difference, magnified {magnify:g} times")
    _beliefs(axes[1, 0], scores, class_names)
    _beliefs(axes[1, 1], scores_fooling, class_names)
    for empty in axes[1, 2:]:
        empty.set_visible(False)
    return figure


def filmstrip(result: Visualization, name: str) -> Figure:
    """A visualisation as it grew, the last frame on the right.

    Above each frame stands the probability of the class, or the value of the unit. These pictures are mostly
    gray with rare strong colours, so each is shown with its contrast stretched.

    Parameters
    ----------
    result : Visualization
        What `create_class_visualization` or `visualize` returned.
    name : str
        Of the class, or the unit, that was asked for.

    Examples
    --------
    >>> import torch
    >>> from cs231n.visualization import Frame
    >>> frames = Frame(1, torch.zeros(1, 3, 8, 8), 0.01), Frame(25, torch.zeros(1, 3, 8, 8), 0.9)
    >>> figure = filmstrip(Visualization(3, frames), "tarantula")
    >>> [axis.get_title() for axis in figure.axes]
    ['1 step  ·  1 %', '25 steps  ·  90 %']
    """
    show = _percent if isinstance(result.target, int) else "{:.1f}".format
    frames = [(frame.iteration, frame.image, show(frame.value)) for frame in result.frames]
    figure, axes = _panels(1, len(frames), width=min(2.4 * len(frames), _PAGE), height=2.95)
    for axis, (iteration, image, value) in zip(axes[0], frames, strict=True):
        steps = "1 step" if iteration == 1 else f"{iteration} steps"
        _show(axis, _stretched(pixels(image)[0]), f"{steps}  ·  {value}")
    _heading(figure, name)
    return figure


def style_transfer(result: StyleTransfer, title: str = "") -> Figure:
    """Content, style (or two) and the picture made of them, at equal height.

    Parameters
    ----------
    result : StyleTransfer
        What `cs231n.style_transfer.style_transfer` returned.
    title : str
        A heading; none by default.

    Examples
    --------
    >>> import torch
    >>> from cs231n.style_transfer import PRESETS
    >>> img = torch.zeros(1, 3, 8, 8)
    >>> figure = style_transfer(StyleTransfer(PRESETS["carved"], img, img, img, history=()))
    >>> [axis.get_title() for axis in figure.axes]
    ['content: china', 'style: woodblock', 'result']
    """
    shown = {
        f"content: {result.settings.content}": result.content,
        f"style: {result.settings.style}": result.style,
    }
    if result.second_style is not None:
        shown[f"and style: {result.settings.second_style}"] = result.second_style
    shown["result"] = result.image
    images = [pixels(img)[0] for img in shown.values()]
    ratios = [image.shape[1] / image.shape[0] for image in images]
    height = min(4.0, _PAGE / sum(ratios))
    width = sum(ratios) * height + 0.3
    figure, axes = _panels(1, len(images), width=width, height=height + 0.5, width_ratios=ratios)
    for axis, image, name in zip(axes[0], images, shown, strict=True):
        _show(
            axis, image, _short(name.replace("_", " "), round(image.shape[1] / image.shape[0] * height * 12))
        )
    if title:
        _heading(figure, title)
    return figure


def gallery(images: Sequence[Tensor], titles: Sequence[str], heading: str = "") -> Figure:
    """Pictures in one row.

    Parameters
    ----------
    images : sequence of Tensor, each of shape (1, 3, H, W)
        Normalised pictures; they may differ in shape.
    titles : sequence of str
        One for each picture.
    heading : str
        A line above all of them; none by default.

    Examples
    --------
    >>> import torch
    >>> figure = gallery([torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 12)], ["square", "wide"])
    >>> [axis.get_title() for axis in figure.axes]
    ['square', 'wide']
    """
    shown = [pixels(img)[0] for img in images]
    ratios = [image.shape[1] / image.shape[0] for image in shown]
    height = min(3.0, _PAGE / sum(ratios))
    width = sum(ratios) * height + 0.3
    figure, axes = _panels(1, len(shown), width=width, height=height + 0.55, width_ratios=ratios)
    for axis, image, title in zip(axes[0], shown, titles, strict=True):
        _show(axis, image, title)
    if heading:
        _heading(figure, heading)
    return figure


def table(
    rows: Sequence[Sequence[Tensor]],
    row_labels: Sequence[str],
    column_titles: Sequence[str],
    heading: str = "",
    *,
    stretch: bool = False,
) -> Figure:
    """Pictures for comparing: layers down and channels across, or regularisers and classes.

    Parameters
    ----------
    rows : sequence of sequences of Tensor, each of shape (1, 3, H, W)
        Normalised pictures; in a row all have the same height.
    row_labels, column_titles : sequence of str
        One for each row, one for each column.
    heading : str
        A line above all of them; none by default.
    stretch : bool
        Stretch each picture's contrast, as painted pictures need that are mostly gray.

    Examples
    --------
    >>> import torch
    >>> gray = torch.zeros(1, 3, 8, 8)
    >>> figure = table([[gray, gray], [gray, gray]], ["layer 1", "layer 2"], ["cat", "dog"])
    >>> len(figure.axes)
    4
    """
    shown = [[pixels(img)[0] for img in row] for row in rows]
    widths = [image.shape[1] / image.shape[0] for image in shown[0]]
    side = min(2.3, (_PAGE - 0.4) / sum(widths))
    height = side * len(shown) + 0.35 + 0.3 * bool(heading)
    figure, axes = _panels(
        len(shown), len(widths), width=side * sum(widths) + 0.4, height=height, width_ratios=widths
    )
    for row, images, label in zip(axes, shown, row_labels, strict=True):
        _row_label(row[0], label)
        for axis, image in zip(row, images, strict=True):
            _show(axis, _stretched(image) if stretch else image, "")
    for axis, title in zip(axes[0], column_titles, strict=True):
        axis.set_title(title, fontsize=10, color=INK, pad=4)
    if heading:
        _heading(figure, heading)
    return figure


def gradients(X: Tensor, gradient: Tensor, titles: Sequence[str], label: str = "guided gradient") -> Figure:
    """Pictures above, below them gradients with their sign: gray means none.

    Parameters
    ----------
    X, gradient : Tensor of shape (N, 3, H, W)
        Normalised pictures and what belongs to each. Each gradient is scaled on its own; its strongest
        half per cent saturates.
    titles : sequence of str
        One name for each picture.
    label : str
        What the gradients are.

    Examples
    --------
    >>> import torch
    >>> X = torch.zeros(2, 3, 8, 8)
    >>> len(gradients(X, torch.randn(2, 3, 8, 8), ["cat", "dog"]).axes)
    4
    """
    figure, axes = _panels(2, len(titles), width=2.3 * len(titles), height=4.9)
    slopes = gradient.detach().cpu().permute(0, 2, 3, 1).numpy()
    for column, (image, slope, title) in enumerate(zip(pixels(X), slopes, titles, strict=True)):
        _show(axes[0, column], image, _wrap(title, 20))
        strongest = float(np.quantile(np.abs(slope), 0.995)) or 1.0
        _show(axes[1, column], np.clip(0.5 + 0.5 * slope / strongest, 0, 1), "")
    _row_label(axes[0, 0], "picture")
    _row_label(axes[1, 0], label)
    return figure


def overlays(
    X: Tensor, heat: Tensor, titles: Sequence[str], label: str = "Grad-CAM", *, opacity: float = 0.6
) -> Figure:
    """Pictures above, below them heat laid over their grayscale.

    Parameters
    ----------
    X : Tensor of shape (N, 3, H, W)
        Normalised pictures.
    heat : Tensor of shape (N, h, w)
        Bright where it is high; enlarged to the pictures, each map from its lowest to its highest value.
    titles : sequence of str
        One name for each picture.
    label : str
        What the heat is.
    opacity : float
        Of the heat, 0 to 1.

    Examples
    --------
    >>> import torch
    >>> X = torch.zeros(2, 3, 8, 8)
    >>> len(overlays(X, torch.rand(2, 4, 4), ["cat", "dog"]).axes)
    4
    """
    figure, axes = _panels(2, len(titles), width=2.3 * len(titles), height=4.9)
    maps = heat.detach().cpu().numpy()
    for column, (image, warmth, title) in enumerate(zip(pixels(X), maps, titles, strict=True)):
        _show(axes[0, column], image, _wrap(title, 20))
        height, width = image.shape[:2]
        whole = (-0.5, width - 0.5, height - 0.5, -0.5)
        axes[1, column].imshow(image.mean(axis=2), cmap="gray", vmin=0, vmax=1, extent=whole)
        axes[1, column].imshow(warmth, cmap=HEAT, alpha=opacity, extent=whole, interpolation="bilinear")
    _row_label(axes[0, 0], "picture")
    _row_label(axes[1, 0], label)
    return figure


def mosaic(X: Tensor, cells: NDArray[np.int64], heading: str = "") -> Figure:
    """Small pictures, each in its cell of a grid, without gaps.

    Parameters
    ----------
    X : Tensor of shape (N, 3, h, w)
        Normalised pictures.
    cells : ndarray of shape (N, 2)
        Row and column of each, as `snap_to_grid` returns them; cells without a picture stay white.
    heading : str
        A line above; none by default.

    Examples
    --------
    >>> import torch
    >>> X = torch.zeros(3, 3, 8, 8)
    >>> figure = mosaic(X, np.array([[0, 0], [0, 1], [1, 1]]), "three of four cells")
    >>> len(figure.axes)
    1
    """
    images = pixels(X)
    height, width = images.shape[1:3]
    rows, columns = cells.max(axis=0) + 1
    sheet = np.ones((rows * height, columns * width, 3), dtype=np.float32)
    for image, (row, column) in zip(images, cells, strict=True):
        sheet[row * height : (row + 1) * height, column * width : (column + 1) * width] = image
    size = sheet.shape[0] / sheet.shape[1] * (_PAGE - 1)
    figure, axes = _panels(1, 1, width=_PAGE - 0.9, height=size + 0.1 + 0.35 * bool(heading))
    _show(axes[0, 0], sheet, "")
    if heading:
        _heading(figure, heading)
    return figure


def _panels(
    rows: int,
    columns: int,
    *,
    width: float,
    height: float,
    width_ratios: Sequence[float] | None = None,
    height_ratios: Sequence[float] | None = None,
) -> tuple[Figure, NDArray[np.object_]]:
    """A figure with a grid of bare axes: no ticks, no frames."""
    spacing = ConstrainedLayoutEngine(w_pad=0.04, h_pad=0.04, wspace=0.01, hspace=0.01)
    figure = Figure(figsize=(width, height), dpi=_DPI, layout=spacing, facecolor="white")
    ratios = {"width_ratios": width_ratios, "height_ratios": height_ratios}
    axes = figure.subplots(rows, columns, squeeze=False, gridspec_kw=ratios)
    for axis in axes.flat:
        axis.set_xticks([])
        axis.set_yticks([])
        axis.spines[:].set_visible(False)
    return figure, axes


def _show(axis: Axes, image: NDArray[np.float32], title: str) -> None:
    axis.imshow(image, interpolation="antialiased")
    axis.set_title(title, fontsize=10, color=INK, pad=4)


def _stretched(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread the values between the half-per-cent tails over [0, 1], but at most two and a half times.

    A canvas that is still empty is not to look like a picture.
    """
    low, high = np.quantile(image, (0.005, 0.995))
    spread = max(high - low, 0.4)
    stretched: NDArray[np.float32] = np.clip(0.5 + (image - (low + high) / 2) / spread, 0, 1).astype(
        np.float32
    )
    return stretched


def _row_label(axis: Axes, text: str) -> None:
    axis.set_ylabel(text, fontsize=10, color=MUTED, labelpad=4)


def _heading(figure: Figure, text: str) -> None:
    figure.suptitle(text, fontsize=12, color=INK, fontweight="bold")


def _beliefs(axis: Axes, scores: Tensor, class_names: Mapping[int, str], count: int = 3) -> None:
    """The most probable classes as labelled bars."""
    probabilities, labels = scores.detach()[0].softmax(dim=0).topk(count)
    for rank, (probability, label) in enumerate(zip(probabilities.tolist(), labels.tolist(), strict=True)):
        axis.barh(rank, 1, height=0.82, color="#eef1f4")
        axis.barh(rank, probability, height=0.82, color="#9fc9e2" if rank == 0 else PALE)
        axis.text(0.02, rank, _short(class_names[label], 26), va="center", fontsize=8.5, color=INK)
        axis.text(0.98, rank, _percent(probability), va="center", ha="right", fontsize=8.5, color=INK)
    axis.set_xlim(0, 1)
    axis.set_ylim(count - 0.5, -0.5)


def _percent(probability: float) -> str:
    return "< 1 %" if probability < 0.005 else f"{probability:.0%}".replace("%", " %")


def _wrap(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width)[:2])


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
