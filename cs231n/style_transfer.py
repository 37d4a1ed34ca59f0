"""Repaint one picture in the manner of another: the optimisation around the student's four losses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.classifiers.squeezenet import extract_features
from cs231n.frozen import frozen
from cs231n.image_utils import preprocess
from datasets.registry import picture


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
        Names (or paths) of pictures, as `datasets.registry.picture` knows them.
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


PRESETS = {
    "marbled": Settings("chelsea", "marbling", 5e-2, (20_000, 500, 12, 1), 5e-2, style_size=512),
    "carved": Settings("china", "woodblock", 3e-2, (200_000, 800, 12, 1), 2e-2, style_size=224),
    "painted": Settings("flower", "flow", 6e-2, (300_000, 1_000, 15, 3), 2e-2, style_size=192),
}
"""The course's three sets of weights, each with pictures that suit it."""


def feature_inversion(settings: Settings) -> Settings:
    """The same settings with only the content left to match, from noise: what does one layer remember?

    Source: Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015.
    """
    return replace(settings, style_weights=(0.0,) * len(settings.style_weights), random_start=True)


def texture_synthesis(settings: Settings) -> Settings:
    """The same settings with only the style left to match, from noise.

    Source: Gatys, Ecker, Bethge, "Texture Synthesis Using Convolutional Neural Networks", NeurIPS 2015.
    """
    return replace(settings, content_weight=0.0, random_start=True)


@dataclass(frozen=True)
class StyleTransfer:
    """The outcome: three normalised pictures (1, 3, H, W) and how the losses fell.

    Attributes
    ----------
    content, style, image : Tensor
        What was given, twice, and what was made. `image` has the shape of `content`.
    history : tuple of (float, float, float)
        Content, style and total-variation loss before each iteration.
    """

    settings: Settings
    content: Tensor
    style: Tensor
    image: Tensor
    history: tuple[tuple[float, float, float], ...]


def style_transfer(
    settings: Settings,
    losses: Losses,
    model: nn.Module,
    *,
    iterations: int = 200,
    optimizer: Literal["adam", "lbfgs"] = "adam",
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
    seed : int
        Fixes the noise of a random start.
    progress : bool
        Show a progress bar with the three losses.

    Returns
    -------
    StyleTransfer

    References
    ----------
    Gatys, Ecker, Bethge, "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016.
    """
    content = preprocess(picture(settings.content), size=settings.content_size)
    style = preprocess(picture(settings.style), size=settings.style_size)
    bar = tqdm(total=iterations, desc="style transfer", disable=not progress)
    with frozen(model), bar:
        objective = _Objective(settings, losses, model, content, style, bar)
        img = _start(content, settings.random_start, seed)
        descend = _adam if optimizer == "adam" else _lbfgs
        descend(img, objective, iterations)
    return StyleTransfer(settings, content, style, img.detach(), tuple(objective.history))


class _Objective:
    """The weighted sum of the losses of one image, with its targets and a record of every evaluation."""

    def __init__(
        self,
        settings: Settings,
        losses: Losses,
        model: nn.Module,
        content: Tensor,
        style: Tensor,
        bar: "tqdm[None]",
    ) -> None:
        self.settings, self.losses, self.bar = settings, losses, bar
        deepest = max(settings.content_layer, *settings.style_layers)
        self.layers = nn.Sequential(*list(model.get_submodule("features").children())[: deepest + 1])
        self.history: list[tuple[float, float, float]] = []
        with torch.no_grad():
            self.content_target = extract_features(content, self.layers)[settings.content_layer]
            style_features = extract_features(style, self.layers)
            self.style_targets = [
                losses.gram_matrix(style_features[layer]) for layer in settings.style_layers
            ]

    def __call__(self, img: Tensor) -> Tensor:
        wish, losses = self.settings, self.losses
        features = extract_features(img, self.layers)
        content = losses.content_loss(wish.content_weight, features[wish.content_layer], self.content_target)
        style = losses.style_loss(features, wish.style_layers, self.style_targets, wish.style_weights)
        variation = losses.tv_loss(img, wish.tv_weight)
        self.history.append((_number(content), _number(style), _number(variation)))
        self.bar.update()
        falling = "content {:.0f}, style {:.0f}, tv {:.0f}".format(*self.history[-1])
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


def _adam(img: Tensor, objective: _Objective, iterations: int) -> None:
    """The course's schedule: learning rate 3, from nine tenths on (iteration 180 of 200) 0.1."""
    decay_at = iterations * 9 // 10
    optimizer = torch.optim.Adam([img], lr=3.0)
    for iteration in range(iterations):
        if iteration == decay_at:
            optimizer = torch.optim.Adam([img], lr=0.1)
        with torch.no_grad():
            img.clamp_(-_VISIBLE, _VISIBLE)
        optimizer.zero_grad()
        torch.autograd.backward(objective(img))
        optimizer.step()


def _lbfgs(img: Tensor, objective: _Objective, evaluations: int) -> None:
    """Limited-memory BFGS in rounds of twenty evaluations, the image clamped between them."""
    round_length = 20
    for done in range(0, evaluations, round_length):
        budget = min(round_length, evaluations - done)
        optimizer = torch.optim.LBFGS(
            [img], max_iter=budget, max_eval=budget, tolerance_grad=0, tolerance_change=0
        )

        def evaluate(optimizer: torch.optim.LBFGS = optimizer) -> Tensor:
            optimizer.zero_grad()
            loss = objective(img)
            torch.autograd.backward(loss)
            return loss

        optimizer.step(evaluate)  # type: ignore[no-untyped-call]
        with torch.no_grad():
            img.clamp_(-_VISIBLE, _VISIBLE)
