"""Style transfer: the optimisation around the student's four losses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from cs231n.classifiers.squeezenet import extract_features
from cs231n.datasets.registry import picture
from cs231n.descent import lbfgs
from cs231n.frozen import frozen
from cs231n.image_utils import preprocess
from cs231n.language import said


@dataclass(frozen=True)
class Losses:
    """The four functions a student writes, in one hand.

    Attributes
    ----------
    content_loss : callable
        (content_weight, content_current, content_original) -> scalar.
    gram_matrix : callable
        (features, normalize=True) -> (N, C, C).
    style_loss : callable
        (feats, style_layers, style_targets, style_weights) -> scalar.
    tv_loss : callable
        (img, tv_weight) -> scalar.
    """

    content_loss: Callable[[float, Tensor, Tensor], Tensor]
    gram_matrix: Callable[..., Tensor]
    style_loss: Callable[[list[Tensor], Sequence[int], list[Tensor], Sequence[float]], Tensor]
    tv_loss: Callable[[Tensor, float], Tensor]


@dataclass(frozen=True)
class Settings:
    """What to paint, after whom, and how much each wish weighs.

    Attributes
    ----------
    content, style : str
        Names (or paths) of pictures, as `cs231n.datasets.registry.picture` knows them.
    content_size, style_size : int
        The shorter side of each in pixels. A smaller style picture gives smaller brush strokes.
    content_layer : int
        Index of the module of `model.features` whose output should be kept.
    style_layers : tuple of int
        Indices of the modules whose Gram matrices should match.
    style_weights : tuple of float
        One weight for each style layer.
    content_weight, tv_weight : float
        Weights of the other two losses.
    random_start : bool
        Begin with noise rather than with the content picture.
    second_style : str or None
        A picture to mix in; None paints after `style` alone.
    second_share : float
        How much of the second style there is in the mixture, 0 to 1.
    """

    content: str
    style: str
    content_weight: float
    style_weights: tuple[float, ...]
    tv_weight: float
    content_size: int = 192
    style_size: int = 192
    content_layer: int = 3
    style_layers: tuple[int, ...] = (1, 4, 6, 7)
    random_start: bool = False
    second_style: str | None = None
    second_share: float = 0.5


PRESETS = {
    "marbled": Settings("chelsea", "marbling", 5e-2, (20_000, 500, 12, 1), 5e-2, style_size=512),
    "carved": Settings("china", "woodblock", 3e-2, (200_000, 800, 12, 1), 2e-2, style_size=224),
    "painted": Settings("flower", "flow", 6e-2, (300_000, 1_000, 15, 3), 2e-2, style_size=192),
}
"""The course's three sets of weights, each with pictures that suit it."""


def feature_inversion(settings: Settings) -> Settings:
    """The same settings with only the content left to match, from noise: what does one layer remember?

    Source: Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015.

    Examples
    --------
    >>> settings = feature_inversion(PRESETS["carved"])
    >>> settings.style_weights, settings.random_start
    ((0.0, 0.0, 0.0, 0.0), True)
    """
    return replace(settings, style_weights=(0.0,) * len(settings.style_weights), random_start=True)


def texture_synthesis(settings: Settings) -> Settings:
    """The same settings with only the style left to match, from noise.

    Source: Gatys, Ecker, Bethge, "Texture Synthesis Using Convolutional Neural Networks", NeurIPS 2015.

    Examples
    --------
    >>> settings = texture_synthesis(PRESETS["carved"])
    >>> settings.content_weight, settings.random_start
    (0.0, True)
    """
    return replace(settings, content_weight=0.0, random_start=True)


@dataclass(frozen=True)
class StyleTransfer:
    """The outcome: normalised pictures (1, 3, H, W) and how the losses fell.

    Attributes
    ----------
    content, style, image : Tensor
        What was given, twice, and what was made. `image` has the shape of `content`.
    history : tuple of (float, float, float)
        Content, style and total-variation loss before each iteration.
    second_style : Tensor or None
        What was mixed in.
    """

    settings: Settings
    content: Tensor
    style: Tensor
    image: Tensor
    history: tuple[tuple[float, float, float], ...]
    second_style: Tensor | None = None


def style_transfer(
    settings: Settings,
    losses: Losses,
    model: nn.Module,
    *,
    iterations: int = 200,
    optimizer: Literal["adam", "lbfgs"] = "adam",
    sizes: Sequence[int] = (),
    seed: int = 0,
    progress: bool = True,
) -> StyleTransfer:
    """Change an image until its features match one picture and its Gram matrices another.

    Parameters
    ----------
    settings : Settings
        The pictures and the weights; see `PRESETS`.
    losses : Losses
        The student's four functions.
    model : nn.Module
        The network whose `features` are compared, evaluated only as deep as `settings` ask. Left as found.
    iterations : int
        How many times the losses are evaluated.
    optimizer : {"adam", "lbfgs"}
        The course's Adam (learning rate 3, then 0.1 for the last tenth), or L-BFGS, which takes the
        curvature into account and gives cleaner pictures for the same number of evaluations.
    sizes : sequence of int
        In pixels, the content's shorter side at each stage; `settings.content_size` alone if empty. The
        iterations are shared among them, the picture is enlarged from one to the next, and the style grows
        with it, in proportion to `settings.style_size`: large strokes settle while there are few pixels.
    seed : int
        Fixes the noise of a random start.
    progress : bool
        Show a progress bar with the three losses.

    Returns
    -------
    StyleTransfer

    Raises
    ------
    ValueError
        If there are fewer iterations than sizes.

    References
    ----------
    Gatys, Ecker, Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> def nothing(*arguments, **options):
    ...     return torch.zeros((), requires_grad=True)  # your four functions go here
    >>> losses = Losses(nothing, nothing, nothing, nothing)
    >>> settings = replace(PRESETS["carved"], content_size=32, style_size=32, style_layers=(1, 2, 3, 4))
    >>> result = style_transfer(settings, losses, small_squeezenet(), iterations=2, progress=False)
    >>> result.image.shape == result.content.shape, result.history
    (True, ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))
    """
    sizes = sizes or (settings.content_size,)
    if iterations < len(sizes):
        raise ValueError(
            said(
                "{iterations} iterations are too few for {count} sizes: at least one each.",
                iterations=iterations,
                count=len(sizes),
            )
        )
    pictures = [_load(settings, size) for size in sizes]
    img = _start(pictures[0].content, settings.random_start, seed)
    history: list[tuple[float, float, float]] = []
    bar = tqdm(total=iterations, desc=said("style transfer"), disable=not progress)
    with frozen(model), bar:
        for stage, given in enumerate(pictures):
            img = _enlarged(img, given.content)
            objective = _Objective(settings, losses, model, given, history, bar)
            share = (stage + 1) * iterations // len(sizes) - stage * iterations // len(sizes)
            if optimizer == "adam":
                _adam(img, objective, share)
            else:
                lbfgs(img, objective, share, _keep_visible)
    return StyleTransfer(
        settings, given.content, given.styles[0], img.detach(), tuple(history), *given.styles[1:]
    )


@dataclass(frozen=True)
class _Pictures:
    """What is given, at one size: the content and one style or two."""

    content: Tensor
    styles: tuple[Tensor, ...]


def _load(settings: Settings, size: int) -> _Pictures:
    style_size = round(settings.style_size * size / settings.content_size)
    names = [settings.style, settings.second_style] if settings.second_style else [settings.style]
    styles = tuple(preprocess(picture(name), size=style_size) for name in names)
    return _Pictures(preprocess(picture(settings.content), size=size), styles)


def _enlarged(img: Tensor, content: Tensor) -> Tensor:
    size = (content.shape[2], content.shape[3])
    if img.shape[2:] == size:
        return img
    return F.interpolate(img.detach(), size=size, mode="bicubic").contiguous().requires_grad_()


class _Objective:
    """The weighted sum of the losses of one image, with its targets and a record of every evaluation.

    The network runs as deep as the deepest layer that has a weight; the targets are computed once.
    """

    def __init__(
        self,
        settings: Settings,
        losses: Losses,
        model: nn.Module,
        pictures: _Pictures,
        history: list[tuple[float, float, float]],
        bar: "tqdm[None]",
    ) -> None:
        self.settings, self.losses, self.history, self.bar = settings, losses, history, bar
        weights = dict(zip(settings.style_layers, settings.style_weights, strict=True))
        self.style_weights = {layer: weight for layer, weight in weights.items() if weight}
        used = [*self.style_weights, *([settings.content_layer] if settings.content_weight else [])]
        deepest = max(used, default=-1)
        self.layers = nn.Sequential(*list(model.get_submodule("features").children())[: deepest + 1])
        with torch.no_grad():
            if settings.content_weight:
                self.content_target = extract_features(pictures.content, self.layers)[settings.content_layer]
            if self.style_weights:
                self.style_targets = self._mixture([self._grams(style) for style in pictures.styles])

    def _grams(self, style: Tensor) -> list[Tensor]:
        features = extract_features(style, self.layers)
        return [self.losses.gram_matrix(features[layer]) for layer in self.style_weights]

    def _mixture(self, grams: list[list[Tensor]]) -> list[Tensor]:
        if len(grams) == 1:
            return grams[0]
        share = self.settings.second_share
        return [one + share * (other - one) for one, other in zip(*grams, strict=True)]

    def __call__(self, img: Tensor) -> Tensor:
        wish, losses = self.settings, self.losses
        features = extract_features(img, self.layers)
        content = style = img.new_zeros(())
        if wish.content_weight:
            current = features[wish.content_layer]
            content = losses.content_loss(wish.content_weight, current, self.content_target)
        if self.style_weights:
            layers, weights = list(self.style_weights), list(self.style_weights.values())
            style = losses.style_loss(features, layers, self.style_targets, weights)
        variation = losses.tv_loss(img, wish.tv_weight)
        self.history.append((_number(content), _number(style), _number(variation)))
        self.bar.update()
        losses_now = dict(zip(("content", "style", "tv"), self.history[-1], strict=True))
        falling = said("content {content:.0f}, style {style:.0f}, tv {tv:.0f}", **losses_now)
        self.bar.set_postfix_str(falling, refresh=False)
        return content + style + variation


def _number(loss: Tensor | float) -> float:
    return float(torch.as_tensor(loss).detach())


def _start(content: Tensor, random_start: bool, seed: int) -> Tensor:
    if not random_start:
        return content.clone().requires_grad_()
    return torch.rand(content.shape, generator=torch.Generator().manual_seed(seed)).requires_grad_()


_VISIBLE = 1.5
"""Images are kept within this many standard deviations of the mean colour, as in the course."""


def _keep_visible(img: Tensor) -> None:
    img.clamp_(-_VISIBLE, _VISIBLE)


def _adam(img: Tensor, objective: _Objective, iterations: int) -> None:
    """The course's schedule: learning rate 3, from nine tenths on (iteration 180 of 200) 0.1."""
    decay_at = iterations * 9 // 10
    optimizer = torch.optim.Adam([img], lr=3.0)
    for iteration in range(iterations):
        if iteration == decay_at:
            optimizer = torch.optim.Adam([img], lr=0.1)
        with torch.no_grad():
            _keep_visible(img)
        optimizer.zero_grad()
        torch.autograd.backward(objective(img))
        optimizer.step()
