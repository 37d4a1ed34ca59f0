"""A small SqueezeNet-shaped network with seeded weights: the same scores on every machine, in a millisecond.

Checks that need *a* network, but not a trained one, use this. Its weights are drawn with NumPy's PCG64 (whose
stream is fixed by specification; PyTorch's generators promise no such thing between releases).
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from torch import nn

# As many scores as the course's docstrings promise, for code that counts on them; the classes after the first ten are
# never seen: their score is the same for every picture, and so low that it has no part in a softmax.
NUM_CLASSES = 1000
SEEN_CLASSES = 10
_NEVER_SEEN = -100.0
IMAGE_SIZE = 64

# Brings the norm of d score / d image to about 10: as much as the L2 term weighs at the checks' l2_reg.
_SCORE_SPREAD = 6.0


class Fire(nn.Module):
    """Squeeze to few channels, then expand with 1x1 and 3x3 filters side by side (Iandola et al. 2016)."""

    def __init__(self, channels: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, kernel_size=1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, kernel_size=1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, kernel_size=3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (N, channels, H, W) to (N, 2 * expanded, H, W)."""
        x = self.squeeze(x).relu()
        return torch.cat([self.expand1x1(x).relu(), self.expand3x3(x).relu()], dim=1)


class SmallSqueezeNet(nn.Module):
    """Two fire modules between a first convolution and a 1x1 classifier; for images of any size from 16 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, kernel_size=5, stride=2),
            nn.ReLU(),
            nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
            Fire(16, 8, 16),
            nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True),
            Fire(32, 12, 24),
        )
        self.classifier = nn.Sequential(
            nn.Conv2d(48, SEEN_CLASSES, kernel_size=1),
            nn.AdaptiveAvgPool2d((1, 1)),
            nn.Flatten(1),
            nn.ConstantPad1d((0, NUM_CLASSES - SEEN_CLASSES), _NEVER_SEEN),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map images (N, 3, H, W) to scores (N, 1000)."""
        scores: torch.Tensor = self.classifier(self.features(x))
        return scores


def smooth_pictures(rng: np.random.Generator, count: int, height: int, width: int) -> np.ndarray:
    """Draw normalised pictures with detail at several scales, which move the scores as photographs do.

    Parameters
    ----------
    rng : numpy.random.Generator
    count, height, width : int
        Number of pictures and their size in pixels.

    Returns
    -------
    numpy.ndarray
        float32, (count, 3, height, width), about zero mean and unit variance.

    Examples
    --------
    >>> smooth_pictures(np.random.default_rng(0), count=2, height=32, width=48).shape
    (2, 3, 32, 48)
    """
    pictures = 0.6 * rng.standard_normal((count, 3, 1, 1))
    for side, weight in ((1, 0.35), (4, 0.5), (16, 0.7)):
        coarse = weight * rng.standard_normal((count, 3, -(-height // side), -(-width // side)))
        pictures = pictures + coarse.repeat(side, axis=2).repeat(side, axis=3)[:, :, :height, :width]
    return pictures.astype(np.float32)


@functools.cache
def _weights() -> dict[str, torch.Tensor]:
    rng = np.random.Generator(np.random.PCG64(231))
    network = SmallSqueezeNet()
    weights = network.state_dict()
    for name, parameter in weights.items():
        shape = tuple(parameter.shape)
        spread = np.sqrt(2 / np.prod(shape[1:])) if len(shape) > 1 else 0.05
        weights[name] = torch.from_numpy((rng.standard_normal(shape) * spread).astype(np.float32))
    network.load_state_dict(weights)
    weights["classifier.0.weight"], weights["classifier.0.bias"] = _balanced_classifier(network.features, rng)
    return weights


def _balanced_classifier(features: nn.Module, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Directions in the space of decorrelated features, so that each class seen wins on a tenth of the pictures.

    With random directions one class wins on nearly all pictures, and gradient ascent never reaches some others.
    Rounding to 1/256 takes out what float arithmetic differs by between machines.
    """
    with torch.no_grad():
        pictures = torch.from_numpy(smooth_pictures(rng, 256, IMAGE_SIZE, IMAGE_SIZE))
        pooled = torch.cat([features(part).mean((2, 3)) for part in torch.split(pictures, 16)])
    observed = pooled.double().numpy()
    variances, axes = np.linalg.eigh(np.cov(observed.T))
    decorrelate = (axes / np.sqrt(variances + 0.01 * variances.max())) @ axes.T
    directions = rng.standard_normal((SEEN_CLASSES, observed.shape[1]))
    directions = (directions - directions.mean(0)) @ decorrelate
    directions *= _SCORE_SPREAD / (observed @ directions.T).std(0)[:, None]
    weight = np.round(directions * 256) / 256
    bias = np.round(-(weight @ observed.mean(0)) * 256) / 256
    return torch.from_numpy(weight.astype(np.float32))[:, :, None, None], torch.from_numpy(
        bias.astype(np.float32)
    )


def small_squeezenet() -> SmallSqueezeNet:
    """Return the small network, in evaluation mode with frozen parameters.

    Returns
    -------
    SmallSqueezeNet
        Maps images (N, 3, H, W), normalised as for SqueezeNet, to scores (N, 1000).

    Examples
    --------
    >>> network = small_squeezenet()
    >>> network(torch.zeros(2, 3, 64, 64)).shape
    torch.Size([2, 1000])
    """
    network = SmallSqueezeNet()
    network.load_state_dict(_weights())
    return network.eval().requires_grad_(False)
