"""Inputs of checks: pictures, labels, feature maps, Gram matrices, targets that can be reached.

A network of ReLUs and maxima has a gradient with jumps. Where a picture lies at a jump, rounding decides on which
side: a right gradient in another order of summation differs by one percent there, on one seed in fifty. Pictures for
a network are therefore drawn until their gradient is the same all around them (`python -m benchmarks.checks
separation` measures what is left).
"""

from __future__ import annotations

import copy
import functools
import pickle
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import torch

from cs231n.classifiers.small import SEEN_CLASSES, smooth_pictures
from cs231n.trials import networks
from cs231n.trials.evidence import relative_error
from cs231n.trials.trial import Tensor

# How far around a picture its gradient must not jump: ten times what rounding moves an activation by.
AROUND = 1e-5
# Relative to its length. Rounding alone is a tenth of it; a jump may weigh more for one class than for all together.
JUMP = 1e-5

P = ParamSpec("P")
Drawn = TypeVar("Drawn")


def drawn_once(
    draw: Callable[Concatenate[np.random.Generator, P], Drawn],
) -> Callable[Concatenate[np.random.Generator, P], Drawn]:
    """Draw once from generators in the same state: the next is given a copy, and goes on from where the first ended.

    Many checks of a function draw the same inputs from its stream, and to find a picture that is fit takes long.
    """

    @functools.lru_cache(maxsize=64)
    def first(kind: type[np.random.BitGenerator], state: bytes, args: Any, named: Any) -> tuple[Drawn, Any]:
        rng = np.random.Generator(kind())
        rng.bit_generator.state = pickle.loads(state)
        return draw(rng, *args, **dict(named)), rng.bit_generator.state

    @functools.wraps(draw)
    def again(rng: np.random.Generator, /, *args: P.args, **named: P.kwargs) -> Drawn:
        source = rng.bit_generator
        drawn, source.state = first(
            type(source), pickle.dumps(source.state), args, tuple(sorted(named.items()))
        )
        return copy.deepcopy(drawn)  # whoever changes what was drawn for one check leaves the others theirs

    return again


def images(
    rng: np.random.Generator,
    count: int = 1,
    height: int = 64,
    width: int = 64,
    *,
    contrast: float = 1.0,
    requires_grad: bool = False,
) -> Tensor:
    """Return normalised pictures (count, 3, height, width) with detail at several scales."""
    data = (contrast * smooth_pictures(rng, count, height, width)).astype(np.float32)
    return Tensor(data, requires_grad=requires_grad)


@drawn_once
def pictures(
    rng: np.random.Generator,
    count: int = 1,
    height: int = 64,
    width: int = 64,
    *,
    name: str = "",
    contrast: float = 1.0,
    requires_grad: bool = False,
    layout: str = "contiguous",
) -> Tensor:
    """Return images as `images` does, at which the small network's gradient has no jump."""
    drawn: list[np.ndarray] = []
    while len(drawn) < count:
        data = images(rng, 1, height, width, contrast=contrast).data
        if is_steady(torch.from_numpy(data)):
            drawn.append(data)
    return Tensor(np.concatenate(drawn), name=name, requires_grad=requires_grad, layout=layout)


def is_steady(image: torch.Tensor) -> bool:
    """Say whether the small network's gradient at an image (1, 3, H, W) is the same a little beside it."""
    slope = _slope(image)
    return all(
        relative_error(_slope(image + sign * AROUND * step), slope) < JUMP
        for step in _directions(tuple(image.shape))
        for sign in (1, -1)
    )


def _slope(image: torch.Tensor) -> np.ndarray:
    """Return the gradient of the scores of all classes seen together, each with a weight of its own."""
    image = image.detach().requires_grad_()
    seen = _network()(image)[:, :SEEN_CLASSES]
    (slope,) = torch.autograd.grad((seen * torch.linspace(1, 2, SEEN_CLASSES)).sum(), image)
    return slope.numpy()


@functools.cache
def _network(dtype: torch.dtype = torch.float32) -> torch.nn.Module:
    return networks.network("small").to(dtype)


@functools.cache
def _directions(shape: tuple[int, ...]) -> tuple[torch.Tensor, ...]:
    rng = np.random.Generator(np.random.PCG64(0))
    return tuple(torch.from_numpy(rng.standard_normal(shape).astype(np.float32)) for _ in range(2))


def labels(rng: np.random.Generator, count: int) -> Tensor:
    """Return int64 labels (count,), all different and in no order."""
    return Tensor(rng.permutation(SEEN_CLASSES)[:count].astype(np.int64))


def least_likely(picture: Tensor) -> int:
    """Return which of the classes seen has the lowest score for a picture (1, 3, H, W)."""
    scores = networks.scores("small", torch.from_numpy(picture.data))
    return int(scores[:, :SEEN_CLASSES].argmin())


def feature_maps(
    rng: np.random.Generator, *shape: int, name: str = "", requires_grad: bool = False, signed: bool = False
) -> Tensor:
    """Return feature maps of the given shape (N, C, H, W): nonnegative as after a ReLU, or `signed` as before it."""
    return Tensor(_features(rng, shape, signed).astype(np.float32), name=name, requires_grad=requires_grad)


def _features(rng: np.random.Generator, shape: tuple[int, ...], signed: bool) -> np.ndarray:
    values = rng.standard_normal(shape)
    return values if signed else np.maximum(values, 0)


def gram_target(rng: np.random.Generator, channels: int, signed: bool = False) -> Tensor:
    """Return a Gram matrix (1, channels, channels) of random features, as a style target."""
    rows = _features(rng, (channels, 40), signed)
    return Tensor((rows @ rows.T / rows.size)[None].astype(np.float32))


@drawn_once
def far_target(rng: np.random.Generator) -> tuple[Tensor, int]:
    """Return a picture and a class that gradient ascent reaches in 4 to 8 steps of length one.

    The class before it and the class itself win by a clear margin at the last two steps, and no picture on the way
    lies at a jump of the gradient, so that float noise can neither turn a step nor move the end by one.
    """
    while True:
        picture = images(rng, contrast=1.5)
        image = torch.from_numpy(picture.data)
        target = least_likely(picture)
        way, margin = _ascend(image, target, most=8)
        if 4 <= len(way) - 1 <= 8 and margin > 0.05 and all(map(is_steady, way)):
            return picture, target


@drawn_once
def distant_target(rng: np.random.Generator) -> tuple[Tensor, int]:
    """Return a picture and a class that gradient ascent reaches in 20 to 26 steps of length one.

    So long a way meets jumps of the gradient; what rounding makes of them moves a score by less than the margins at
    the end, and float64 takes as many steps to the same place.
    """
    while True:
        picture = images(rng, 1, 48, 48, contrast=2.5)
        image, target = torch.from_numpy(picture.data), least_likely(picture)
        way, margin = _ascend(image, target, most=26)
        if len(way) - 1 < 20 or margin < 0.3:
            continue
        precise, _ = _ascend(image.double(), target, most=26)
        if len(precise) == len(way) and relative_error(way[-1].numpy(), precise[-1].numpy()) < 1e-4:
            return picture, target


def _ascend(image: torch.Tensor, target: int, most: int) -> tuple[list[torch.Tensor], float]:
    """Return the images from the start until `target` wins, and the smaller of the two margins around that moment.

    The margin is 0 if it takes more than `most` steps.
    """
    way, before = [image], 0.0
    while len(way) <= most + 1:
        image = way[-1].detach().requires_grad_()
        scores = _network(image.dtype)(image)[0]
        lead = float((scores[target] - scores[torch.arange(len(scores)) != target].max()).detach())
        if lead > 0:
            return way, min(lead, before)
        before = -lead
        (slope,) = torch.autograd.grad(scores[target], image)
        way.append((image + slope / slope.norm()).detach())
    return way, 0.0
