"""Makes the inputs of the checks: pictures, labels, feature maps, Gram matrices, targets that can be reached."""

from __future__ import annotations

import numpy as np
import torch

from cs231n.classifiers.small import NUM_CLASSES, smooth_pictures
from cs231n.self_check import networks
from cs231n.self_check.trial import Tensor


def images(
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
    """Return normalised pictures (count, 3, height, width) with detail at several scales."""
    data = (contrast * smooth_pictures(rng, count, height, width)).astype(np.float32)
    return Tensor(data, name=name, requires_grad=requires_grad, layout=layout)


def labels(rng: np.random.Generator, count: int) -> Tensor:
    """Return int64 labels (count,), all different and in no order."""
    return Tensor(rng.permutation(NUM_CLASSES)[:count].astype(np.int64))


def feature_maps(
    rng: np.random.Generator, *shape: int, name: str = "", requires_grad: bool = False
) -> Tensor:
    """Return feature maps of the given shape (N, C, H, W), nonnegative as those after a ReLU."""
    data = np.maximum(rng.standard_normal(shape), 0).astype(np.float32)
    return Tensor(data, name=name, requires_grad=requires_grad)


def gram_target(rng: np.random.Generator, channels: int) -> Tensor:
    """Return a Gram matrix (1, channels, channels) of random features, as a style target."""
    rows = np.maximum(rng.standard_normal((channels, 40)), 0)
    return Tensor((rows @ rows.T / rows.size)[None].astype(np.float32))


def far_target(rng: np.random.Generator) -> tuple[Tensor, int]:
    """Return a picture and a class that gradient ascent reaches in 4 to 12 steps of length one.

    The class before it and the class itself win by a clear margin at the last two steps, so that float noise
    cannot move the end by a step.
    """
    network = networks.network("small")
    while True:
        picture = images(rng, contrast=1.5)
        image = torch.from_numpy(picture.data)
        target = int(network(image).argmin())
        steps, margin = _ascend(network, image, target, limit=12)
        if 4 <= steps <= 12 and margin > 0.05:
            return picture, target


def _ascend(network: torch.nn.Module, image: torch.Tensor, target: int, limit: int) -> tuple[int, float]:
    """Return the number of steps until `target` wins, and the smaller of the two margins around that moment."""
    before = 0.0
    for step in range(limit + 1):
        image = image.detach().requires_grad_()
        scores = network(image)[0]
        lead = float((scores[target] - scores[torch.arange(len(scores)) != target].max()).detach())
        if lead > 0:
            return step, min(lead, before)
        before = -lead
        (slope,) = torch.autograd.grad(scores[target], image)
        image = image + slope / slope.norm()
    return limit + 1, 0.0
