"""The figures: every panel is there, nothing overlaps, and what is drawn is what was given."""

import functools
import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from torch import Tensor

from cs231n import plots
from cs231n.figure_parts import pixels
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from cs231n.style_transfer import Settings, StyleTransfer
from cs231n.techniques.targets import Unit
from cs231n.visualization import Frame, Visualization

NAMES = {label: f"a class with quite a long name, number {label}" for label in range(10)}


def picture(height: int = 40, width: int = 60, seed: int = 0) -> Tensor:
    rgb = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))
    mean, std = (torch.from_numpy(c).view(1, 3, 1, 1) for c in (SQUEEZENET_MEAN, SQUEEZENET_STD))
    return (rgb - mean) / std


def figures() -> Iterator[tuple[str, Figure]]:
    X = torch.cat([picture(40, 40, seed) for seed in range(5)])
    yield "saliency", plots.saliency_rows(X, torch.rand(5, 40, 40), list(NAMES.values())[:5])
    yield "one saliency map", plots.saliency_rows(X[:1], torch.zeros(1, 40, 40), ["black"])
    scores = torch.linspace(0, 4, 10)[None]
    yield "fooling", plots.fooling(X[:1], X[:1] + 0.01, scores, scores.flip(1), NAMES)
    frames = tuple(
        Frame(step, X[:1], probability) for step, probability in ((1, 1e-4), (25, 0.4), (100, 0.998))
    )
    yield "filmstrip", plots.filmstrip(Visualization(3, frames), NAMES[3])
    settings = Settings("grace_hopper", "stained_glass", 1.0, (1.0,), 1.0, style_layers=(1,))
    wide, tall = picture(40, 70), picture(70, 40)
    yield "style transfer", plots.style_transfer(StyleTransfer(settings, wide, tall, wide, ()), "a heading")
    yield "tall style transfer", plots.style_transfer(StyleTransfer(settings, tall, wide, tall, ()))
    mixed = StyleTransfer(settings, wide, tall, wide, (), tall)
    yield (
        "two styles",
        plots.style_transfer(replace(mixed, settings=replace(settings, second_style="woodblock"))),
    )
    stages = tuple(Frame(step, X[:1], value) for step, value in ((1, -0.3), (64, 17.25)))
    yield "filmstrip of a channel", plots.filmstrip(Visualization(Unit("features.3", 5), stages), "channel 5")
    rows = [[wide, tall], [wide, tall], [wide, tall]]
    yield (
        "table",
        plots.table(rows, ["features.3", "features.6", "features.9"], ["one", "other"], "a heading"),
    )
    yield "stretched table", plots.table([list(X[:, None])], ["noise"], "abcde", stretch=True)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    yield "scatter", plots.scatter([corners, -corners], np.array([7, 7, 8]), ["PCA", "t-SNE"], "digits")
    yield (
        "gradients",
        plots.gradients(X[:2], torch.randn(2, 3, 40, 40), ["one", "a picture with a long name"]),
    )
    yield "overlays", plots.overlays(X[:2], torch.rand(2, 5, 6), ["one", "other"], "occlusion")
    yield "mosaic", plots.mosaic(X, np.array([[0, 0], [0, 1], [1, 0], [1, 2], [2, 1]]), "by features")
    yield "gallery", plots.gallery([wide, tall, wide], ["china", "grace_hopper", "stained_glass"], "content")


@functools.cache
def drawn() -> dict[str, Figure]:
    return dict(figures())


FIGURES = (
    "saliency",
    "one saliency map",
    "fooling",
    "filmstrip",
    "style transfer",
    "tall style transfer",
    "two styles",
    "filmstrip of a channel",
    "table",
    "stretched table",
    "scatter",
    "gradients",
    "overlays",
    "mosaic",
    "gallery",
)


def test_every_figure_is_looked_at() -> None:
    assert tuple(drawn()) == FIGURES


@pytest.mark.parametrize("name", FIGURES)
def test_no_two_texts_overlap_and_none_is_cut_off(name: str) -> None:
    figure = drawn()[name]
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
    page = figure.bbox
    assert boxes
    for text, box in boxes:
        assert box.x0 >= page.x0 - 1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y0 >= page.y0 - 1, text
        assert box.y1 <= page.y1 + 1, text
    for (one, first), (two, second) in itertools.combinations(boxes, 2):
        assert not first.overlaps(second), f"{name}: {one!r} and {two!r}"


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_fits_the_page_of_a_notebook(name: str) -> None:
    assert drawn()[name].get_figwidth() <= 13


def test_figures_are_not_left_open() -> None:
    before = pyplot.get_fignums()
    list(figures())
    assert pyplot.get_fignums() == before


def test_pixels_undoes_the_normalisation() -> None:
    rgb = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(3))
    mean, std = (torch.from_numpy(c).view(1, 3, 1, 1) for c in (SQUEEZENET_MEAN, SQUEEZENET_STD))
    shown = pixels((rgb - mean) / std)
    assert shown.shape == (2, 4, 5, 3)
    np.testing.assert_allclose(shown, rgb.permute(0, 2, 3, 1).numpy(), atol=1e-6)


def test_the_difference_is_drawn_around_gray_and_magnified() -> None:
    X = torch.zeros(1, 3, 8, 8)
    changed = X.clone()
    changed[0, 0, 2, 3] = 0.1  # 0.1 * 0.229 of full red
    scores = torch.zeros(1, 10)
    figure = plots.fooling(X, changed, scores, scores, NAMES, magnify=10)
    plain, magnified = (figure.axes[panel].images[0].get_array() for panel in (2, 3))
    assert plain[2, 3, 0] == pytest.approx(0.5 + 0.0229, abs=1e-4)
    assert magnified[2, 3, 0] == pytest.approx(0.5 + 0.229, abs=1e-4)
    assert (np.delete(np.asarray(magnified).reshape(-1), (2 * 8 + 3) * 3) == 0.5).all()
    assert figure.axes[2].get_title() == "difference (at most 6 of 255)"


def test_each_saliency_map_has_its_own_scale() -> None:
    maps = torch.rand(2, 30, 30, generator=torch.Generator().manual_seed(0)) * torch.tensor(
        [1.0, 1000.0]
    ).view(2, 1, 1)
    figure = plots.saliency_rows(torch.cat([picture(30, 30)] * 2), maps, ["faint", "strong"])
    limits = [axis.images[0].get_clim() for axis in figure.axes[2:]]
    assert [low for low, _ in limits] == [0, 0]
    assert limits[0][1] == pytest.approx(1, abs=0.02)
    assert limits[1][1] == pytest.approx(1000, abs=20)


def test_a_gradient_is_drawn_around_gray_with_its_sign() -> None:
    gradient = torch.zeros(1, 3, 10, 10)
    gradient[0, 0] = 2.0
    gradient[0, 1, 4, 4] = -1.0
    shown = np.asarray(
        plots.gradients(torch.zeros(1, 3, 10, 10), gradient, ["x"]).axes[1].images[0].get_array()
    )
    assert (shown[..., 0] == 1).all()
    assert shown[4, 4, 1] == pytest.approx(0.25)
    assert (shown[..., 2] == 0.5).all()


def test_a_mosaic_puts_each_picture_into_its_cell() -> None:
    X = torch.cat([picture(4, 5, seed) for seed in range(3)])
    cells = np.array([[1, 0], [0, 2], [1, 1]])
    sheet = np.asarray(plots.mosaic(X, cells).axes[0].images[0].get_array())
    assert sheet.shape == (8, 15, 3)
    for image, (row, column) in zip(pixels(X), cells, strict=True):
        np.testing.assert_allclose(
            sheet[row * 4 : row * 4 + 4, column * 5 : column * 5 + 5], image, atol=1e-6
        )
    assert (sheet[:4, :5] == 1).all()


def test_heat_lies_over_the_whole_picture() -> None:
    figure = plots.overlays(picture(40, 60), torch.rand(1, 3, 4), ["x"])
    below, above = figure.axes[1].images
    assert below.get_extent() == above.get_extent() == [-0.5, 59.5, 39.5, -0.5]


def test_the_frames_of_a_unit_bear_its_value_and_those_of_a_class_its_probability() -> None:
    stages = (Frame(1, picture(), 0.25), Frame(9, picture(), 0.75))
    for target, titles in (
        (3, ["Iteration 1 / 9\n25 %", "Iteration 9 / 9\n75 %"]),
        (Unit("features.3", 5), ["Iteration 1 / 9\n0.2", "Iteration 9 / 9\n0.8"]),
    ):
        figure = plots.filmstrip(Visualization(target, stages), "x")
        assert [axis.get_title() for axis in figure.axes] == titles


def test_contrast_is_stretched_but_an_empty_canvas_stays_gray() -> None:
    full, faint = (
        np.asarray(plots.table([[torch.zeros(1, 3, 20, 20) + size * picture(20, 20)]], "r", "c", stretch=True)
        .axes[0].images[0].get_array())
        for size in (0.7, 0.01)
    )  # fmt: skip
    assert np.ptp(full) == 1
    assert np.ptp(faint) < 0.3


def test_a_figure_says_in_words_what_it_shows() -> None:
    stages = (Frame(1, picture(), 0.25), Frame(9, picture(), 0.75))
    words = repr(plots.filmstrip(Visualization(3, stages), "tarantula"))
    assert words == "tarantula · Iteration 1 / 9 25 %, Iteration 9 / 9 75 %"
    shown = repr(plots.saliency_rows(torch.zeros(2, 3, 8, 8), torch.rand(2, 8, 8), ["cat", "dog"]))
    assert shown == "cat, dog · picture, saliency"
