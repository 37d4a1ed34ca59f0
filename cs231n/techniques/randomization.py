"""Randomization check of attributions: a map must change when the network's weights become random."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.language import said
from cs231n.techniques.targets import Target

Technique = Callable[[nn.Module, Tensor, Target], Tensor]
"""(network, images, target) to maps of shape (N, ...)."""


@dataclass(frozen=True)
class Randomized:
    """The maps of a network whose layers from `layer` to the last are random.

    Attributes
    ----------
    layer : str
        Name of the layer randomised last; "" for the network as it was given.
    maps : Tensor of shape (N, ...)
        What the technique returned.
    similarity : tuple of float
        For each image, Spearman's rank correlation of the absolute values with the first maps, -1 to 1;
        0 where a map is constant.
    """

    layer: str
    maps: Tensor
    similarity: tuple[float, ...]


def randomization_check(
    network: nn.Module,
    images: Tensor,
    target: Target,
    *,
    technique: Technique,
    seed: int = 0,
    progress: bool = True,
) -> tuple[Randomized, ...]:
    """Randomise a copy of the network, layer by layer from the scores down, and draw the maps each time.

    Random weights are normal with the mean and the standard deviation that the layer's weights had, so that
    the scale of activations and gradients stays.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found: a copy is randomised.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        Handed to `technique`.
    technique : callable
        Any technique of this package (its options bound with `functools.partial`), or a student's own.
    seed : int
        Fixes the random weights, the same on every device.
    progress : bool
        Show a progress bar.

    Returns
    -------
    tuple of Randomized
        First the network as given, then one for each convolutional or linear layer, the last layer first.

    References
    ----------
    Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3 (cascading randomisation).

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> from cs231n.techniques import grad_cam
    >>> technique = lambda network, images, target: grad_cam(network, images, target, layer="features.5")
    >>> images = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    >>> steps = randomization_check(network, images, 3, technique=technique, progress=False)
    >>> [step.layer for step in steps[:3]]
    ['', 'classifier.0', 'features.5.expand3x3']
    """
    forgetful = copy.deepcopy(network)
    generator = torch.Generator().manual_seed(seed)
    first = technique(forgetful, images, target)
    steps = [Randomized("", first, _similarity(first, first))]
    layers = [name for name, module in network.named_modules() if isinstance(module, _LAYERS)]
    for name in tqdm(layers[::-1], desc=said("randomised layers"), disable=not progress):
        for parameter in forgetful.get_submodule(name).parameters():
            _redraw(parameter, generator)
        maps = technique(forgetful, images, target)
        steps.append(Randomized(name, maps, _similarity(maps, first)))
    return tuple(steps)


_LAYERS = (nn.Conv2d, nn.Linear)


@torch.no_grad()
def _redraw(parameter: nn.Parameter, generator: torch.Generator) -> None:
    draw = torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype).to(parameter.device)
    parameter.copy_(parameter.mean() + parameter.std(correction=0) * draw)


def _similarity(maps: Tensor, first: Tensor) -> tuple[float, ...]:
    from scipy.stats import spearmanr  # slow to import, and only this needs it

    pairs = zip(_strengths(maps), _strengths(first), strict=True)
    return tuple(
        0.0 if np.ptp(one) == 0 or np.ptp(other) == 0 else float(spearmanr(one, other).statistic)
        for one, other in pairs
    )


def _strengths(maps: Tensor) -> np.ndarray:
    values: np.ndarray = maps.detach().abs().flatten(1).cpu().numpy()
    return values
