"""Figures of the notebooks, one function for each technique.

Every function returns a `matplotlib.figure.Figure` that pyplot does not know: a notebook shows it once, as
the value of a cell or through `display`, and nothing is left open. Colour maps are perceptually uniform and
readable for the colour-blind.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from cs231n.figure_parts import (
    INK,
    PAGE,
    bare_axes,
    label_row,
    percent,
    pixels,
    shortened,
    show_beliefs,
    show_image,
    stretched,
    wrapped,
    write_heading,
)
from cs231n.figure_text import drawn
from cs231n.sentences import sentence
from cs231n.style_transfer import StyleTransfer
from cs231n.visualization import Visualization

HEAT = "inferno"


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
    figure, axes = bare_axes(2, len(titles), width=2.3 * len(titles), height=4.9)
    maps = saliency.detach().cpu().numpy()
    for column, (image, heat, title) in enumerate(zip(pixels(X), maps, titles, strict=True)):
        show_image(axes[0, column], image, wrapped(title, 20))
        axes[1, column].imshow(heat, cmap=HEAT, vmin=0, vmax=float(np.quantile(heat, 0.995)) or 1.0)
    label_row(axes[0, 0], sentence("picture"))
    label_row(axes[1, 0], sentence("saliency"))
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
    figure, axes = bare_axes(2, 4, width=11.5, height=4.05, height_ratios=(2.8, 0.95))
    show_image(axes[0, 0], before, sentence("original"))
    show_image(axes[0, 1], after, sentence("fooling image"))
    largest = round(float(np.abs(change).max()) * 255)
    plain = sentence("difference (at most {largest} of 255)", largest=largest)
    show_image(axes[0, 2], np.clip(0.5 + change, 0, 1), plain)
    strong = sentence("difference, magnified {magnify:g} times", magnify=magnify)
    show_image(axes[0, 3], np.clip(0.5 + magnify * change, 0, 1), strong)
    show_beliefs(axes[1, 0], scores, class_names)
    show_beliefs(axes[1, 1], scores_fooling, class_names)
    for empty in axes[1, 2:]:
        empty.set_visible(False)
    return figure


def filmstrip(result: Visualization, name: str) -> Figure:
    """A visualisation as it grew, the last frame on the right.

    Above each frame stand its iteration and the probability of the class, or the value of the unit. These pictures are
    mostly gray with rare strong colours, so each is shown with its contrast stretched.

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
    ['Iteration 1 / 25\\n1 %', 'Iteration 25 / 25\\n90 %']
    """
    show = percent if isinstance(result.target, int) else "{:.1f}".format
    frames = [(frame.iteration, frame.image, show(frame.value)) for frame in result.frames]
    figure, axes = bare_axes(1, len(frames), width=min(2.4 * len(frames), PAGE), height=3.1)
    for axis, (iteration, image, value) in zip(axes[0], frames, strict=True):
        place = sentence("Iteration {iteration} / {most}", iteration=iteration, most=frames[-1][0])
        show_image(axis, stretched(pixels(image)[0]), f"{drawn(place)}\n{value}")
    write_heading(figure, name)
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
    shown = [
        (sentence("content: {name}", name=result.settings.content), result.content),
        (sentence("style: {name}", name=result.settings.style), result.style),
    ]
    if result.second_style is not None:
        shown.append((sentence("and style: {name}", name=result.settings.second_style), result.second_style))
    shown.append((sentence("result"), result.image))
    images = [pixels(img)[0] for _, img in shown]
    ratios = [image.shape[1] / image.shape[0] for image in images]
    height = min(4.0, PAGE / sum(ratios))
    width = sum(ratios) * height + 0.3
    figure, axes = bare_axes(1, len(images), width=width, height=height + 0.5, width_ratios=ratios)
    for axis, image, (name, _) in zip(axes[0], images, shown, strict=True):
        show_image(
            axis,
            image,
            shortened(drawn(name).replace("_", " "), round(image.shape[1] / image.shape[0] * height * 12)),
        )
    if title:
        write_heading(figure, title)
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
    height = min(3.0, PAGE / sum(ratios))
    width = sum(ratios) * height + 0.3
    figure, axes = bare_axes(1, len(shown), width=width, height=height + 0.55, width_ratios=ratios)
    for axis, image, title in zip(axes[0], shown, titles, strict=True):
        show_image(axis, image, title)
    if heading:
        write_heading(figure, heading)
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
    side = min(2.3, (PAGE - 0.4) / sum(widths))
    height = side * len(shown) + 0.35 + 0.3 * bool(heading)
    figure, axes = bare_axes(
        len(shown), len(widths), width=side * sum(widths) + 0.4, height=height, width_ratios=widths
    )
    for row, images, label in zip(axes, shown, row_labels, strict=True):
        label_row(row[0], label)
        for axis, image in zip(row, images, strict=True):
            show_image(axis, stretched(image) if stretch else image, "")
    for axis, title in zip(axes[0], column_titles, strict=True):
        axis.set_title(drawn(title), fontsize=10, color=INK, pad=4)
    if heading:
        write_heading(figure, heading)
    return figure


def gradients(
    X: Tensor, gradient: Tensor, titles: Sequence[str], label: str = sentence("guided gradient")
) -> Figure:
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
    figure, axes = bare_axes(2, len(titles), width=2.3 * len(titles), height=4.9)
    slopes = gradient.detach().cpu().permute(0, 2, 3, 1).numpy()
    for column, (image, slope, title) in enumerate(zip(pixels(X), slopes, titles, strict=True)):
        show_image(axes[0, column], image, wrapped(title, 20))
        strongest = float(np.quantile(np.abs(slope), 0.995)) or 1.0
        show_image(axes[1, column], np.clip(0.5 + 0.5 * slope / strongest, 0, 1), "")
    label_row(axes[0, 0], sentence("picture"))
    label_row(axes[1, 0], label)
    return figure


def overlays(X: Tensor, heat: Tensor, titles: Sequence[str], label: str = "Grad-CAM") -> Figure:
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

    Examples
    --------
    >>> import torch
    >>> X = torch.zeros(2, 3, 8, 8)
    >>> len(overlays(X, torch.rand(2, 4, 4), ["cat", "dog"]).axes)
    4
    """
    figure, axes = bare_axes(2, len(titles), width=2.3 * len(titles), height=4.9)
    maps = heat.detach().cpu().numpy()
    for column, (image, warmth, title) in enumerate(zip(pixels(X), maps, titles, strict=True)):
        show_image(axes[0, column], image, wrapped(title, 20))
        height, width = image.shape[:2]
        whole = (-0.5, width - 0.5, height - 0.5, -0.5)
        axes[1, column].imshow(image.mean(axis=2), cmap="gray", vmin=0, vmax=1, extent=whole)
        axes[1, column].imshow(warmth, cmap=HEAT, alpha=0.6, extent=whole, interpolation="bilinear")
    label_row(axes[0, 0], sentence("picture"))
    label_row(axes[1, 0], label)
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
    size = sheet.shape[0] / sheet.shape[1] * (PAGE - 1)
    figure, axes = bare_axes(1, 1, width=PAGE - 0.9, height=size + 0.1 + 0.35 * bool(heading))
    show_image(axes[0, 0], sheet, "")
    if heading:
        write_heading(figure, heading)
    return figure


def scatter(
    planes: Sequence[NDArray[np.floating]],
    labels: NDArray[np.integer],
    titles: Sequence[str],
    heading: str = "",
) -> Figure:
    """Points in the plane, one panel for each way to get there, coloured by their labels.

    Parameters
    ----------
    planes : sequence of ndarray, each of shape (N, 2)
        Coordinates of the same points.
    labels : ndarray of shape (N,), integers
        What each point is; the label also stands at the median of its points.
    titles : sequence of str
        One for each panel.
    heading : str
        A line above; none by default.

    Examples
    --------
    >>> figure = scatter([np.zeros((3, 2)), np.eye(3)[:, :2]], np.array([7, 7, 8]), ["PCA", "t-SNE"])
    >>> [axis.get_title() for axis in figure.axes]
    ['PCA', 't-SNE']
    """
    figure, axes = bare_axes(1, len(planes), width=min(5.6 * len(planes), PAGE), height=5.4)
    for axis, plane, title in zip(axes[0], planes, titles, strict=True):
        axis.set_title(drawn(title), fontsize=10, color=INK, pad=4)
        axis.scatter(*plane.T, c=labels, cmap="tab10", s=7, linewidths=0)
        for label in np.unique(labels):
            middle = np.median(plane[labels == label], axis=0)
            axis.text(
                *middle, str(label), fontsize=13, fontweight="bold", color=INK, ha="center", va="center"
            )
    if heading:
        write_heading(figure, heading)
    return figure
