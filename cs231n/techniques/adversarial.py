"""Targeted adversarial examples: a small change with a given margin that survives rounding to 8 bits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.frozen import channels_last, frozen
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD
from cs231n.language import said
from cs231n.techniques.targets import class_ids

Margin = Callable[[Tensor, Tensor], Tensor]
"""(scores (N, C), target_y (N,)) -> (N,): by how much the target is ahead; differentiable."""

# Scores of a picture differ by less with how many others it is shown: the margin asked for holds in any batch.
_ROUNDING = 1e-4
_OVERSHOOT = 1.02  # of the last, short step: the margin is not quite as linear as it is taken for


@dataclass(frozen=True)
class Adversarial:
    """What `adversarial` returns, N of each.

    Attributes
    ----------
    images : Tensor of shape (N, 3, H, W)
        The adversarial pictures, normalised, within the colours that exist.
    target_y : LongTensor of shape (N,)
        What they should be taken for.
    steps : LongTensor of shape (N,)
        How many steps each took.
    margins, rounded_margins : Tensor of shape (N,)
        By how much the target's score exceeds all others: of `images`, and of what is left of them in a file
        of 8 bits a colour.
    l2, largest : Tensor of shape (N,)
        How far each is from its original, in 8-bit levels of colour (0 to 255): the Euclidean length of the
        change, and the largest change of a single value.
    """

    images: Tensor
    target_y: Tensor
    steps: Tensor
    margins: Tensor
    rounded_margins: Tensor
    l2: Tensor
    largest: Tensor

    @property
    def fooled(self) -> Tensor:
        """Whether each is taken for its target, (N,)."""
        return self.margins > 0

    @property
    def survives_8_bits(self) -> Tensor:
        """Whether it still is, once rounded, (N,)."""
        return self.rounded_margins > 0


def adversarial(
    network: nn.Module,
    images: Tensor,
    target: int | Sequence[int] | Tensor,
    *,
    margin: Margin,
    confidence: float = 1.0,
    step: float = 0.25,
    iterations: int = 400,
    batch_size: int = 8,
    progress: bool = True,
) -> Adversarial:
    """Change pictures little, until the network takes each for its target by a margin.

    From the picture itself, in steps along the gradient of the margin. A step is no longer than needed if the
    margin went on as it begins, so that the last one does not overshoot. A picture that is there stays.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised with `SQUEEZENET_MEAN` and `SQUEEZENET_STD`. Left as they were.
    target : int, sequence of int or Tensor
        What to be taken for: one class, or one for each image.
    margin : callable
        (scores, target_y) -> (N,): `target_margin`, written by the student.
    confidence : float
        By how much the target's score shall exceed every other. Rounding takes some of it: with SqueezeNet's
        scores, 10 survives a file of 8 bits where 1 and 3 do not.
    step : float
        The longest step, as a Euclidean length in normalised units. Short ones find nearer pictures.
    iterations : int
        How many steps at most.
    batch_size : int
        How many go through the network together; a CPU is fastest with few.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Adversarial
        A picture that was not fooled within the iterations has a margin below `confidence`.

    References
    ----------
    Szegedy et al., "Intriguing properties of neural networks", ICLR 2014; the margin as in Carlini, Wagner,
    "Towards Evaluating the Robustness of Neural Networks", IEEE S&P 2017; steps that take the network for
    linear as in Moosavi-Dezfooli, Fawzi, Frossard, "DeepFool", CVPR 2016.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> def score_ahead(scores, target_y):
    ...     return scores[:, 3] - scores[:, 0]  # your target_margin goes here
    >>> found = adversarial(network, torch.zeros(1, 3, 32, 32), 3, margin=score_ahead, progress=False)
    >>> found.images.shape, bool(found.margins[0] >= 1.0)
    (torch.Size([1, 3, 32, 32]), True)
    """
    found, steps, margins, rounded = [], [], [], []
    with frozen(network), channels_last(network):
        with torch.no_grad():
            target_y = class_ids(
                target, torch.cat([network(some) for some in torch.split(images, batch_size)])
            )
        bar = tqdm(total=len(images), desc=said("adversarial"), disable=not progress)
        with bar:
            for some, wanted in zip(
                torch.split(images, batch_size), torch.split(target_y, batch_size), strict=True
            ):
                fooling, taken = _ascend(network, some, wanted, margin, confidence, step, iterations)
                found.append(fooling)
                steps.append(taken)
                with torch.no_grad():
                    margins.append(margin(network(fooling), wanted))
                    rounded.append(margin(network(round_to_8_bits(fooling)), wanted))
                bar.update(len(some))
    result = torch.cat(found)
    l2, largest = distances(images, result)
    return Adversarial(
        result, target_y, torch.cat(steps), torch.cat(margins), torch.cat(rounded), l2, largest
    )


def _ascend(
    network: nn.Module,
    images: Tensor,
    target_y: Tensor,
    margin: Margin,
    confidence: float,
    step: float,
    iterations: int,
) -> tuple[Tensor, Tensor]:
    """The steps of one batch: the pictures afterwards, and how many each took."""
    darkest, brightest = _colour_limits(images)
    result = images.detach().clone()
    taken = torch.zeros(len(images), dtype=torch.long, device=images.device)
    going = torch.arange(len(images), device=images.device)
    for _ in range(iterations):
        with torch.enable_grad():
            pixels = result[going].requires_grad_()
            margins = margin(network(pixels), target_y[going])
            (gradient,) = torch.autograd.grad(margins.sum(), pixels)
        missing = confidence + _ROUNDING - margins.detach()
        behind = missing > 0
        if not behind.any():
            break
        going, pixels, gradient = going[behind], pixels.detach()[behind], gradient[behind]
        slope = gradient.flatten(1).norm(dim=1).clamp(min=1e-12)
        length = (_OVERSHOOT * missing[behind] / slope).clamp(max=step)
        moved = pixels + (length / slope)[:, None, None, None] * gradient
        result[going] = moved.clamp(darkest, brightest)
        taken[going] += 1
    return result, taken


def round_to_8_bits(images: Tensor) -> Tensor:
    """Return what is left of pictures that are saved with 8 bits a colour, as any file does.

    Parameters
    ----------
    images : Tensor of shape (N, 3, H, W)
        Normalised with `SQUEEZENET_MEAN` and `SQUEEZENET_STD`.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        Normalised; levels 0 to 255 once that is undone.

    Examples
    --------
    >>> images = torch.zeros(1, 3, 2, 2)
    >>> rounded = round_to_8_bits(images)
    >>> bool((rounded - images).abs().max() < 0.5 / 255 / 0.22)
    True
    """
    mean, std = _constants(images)
    return ((_levels(images).round().clamp(0, 255) / 255) - mean) / std


def distances(images: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Measure how far pictures are from others in 8-bit levels of colour (0 to 255).

    Parameters
    ----------
    images, others : Tensor of shape (N, 3, H, W)
        Normalised with `SQUEEZENET_MEAN` and `SQUEEZENET_STD`.

    Returns
    -------
    l2, largest : Tensor of shape (N,)
        The Euclidean length of the change, and the largest change of a single value.

    Examples
    --------
    >>> l2, largest = distances(torch.zeros(1, 3, 2, 2), torch.full((1, 3, 2, 2), 0.01))
    >>> largest.round(decimals=2)
    tensor([0.5800])
    """
    change = (_levels(others) - _levels(images)).flatten(1)
    return change.norm(dim=1), change.abs().amax(dim=1)


def _levels(images: Tensor) -> Tensor:
    mean, std = _constants(images)
    return (images * std + mean) * 255


def _colour_limits(images: Tensor) -> tuple[Tensor, Tensor]:
    mean, std = _constants(images)
    return -mean / std, (1 - mean) / std


def _constants(images: Tensor) -> tuple[Tensor, Tensor]:
    mean, std = (
        torch.from_numpy(constant).to(images).view(1, 3, 1, 1)
        for constant in (SQUEEZENET_MEAN, SQUEEZENET_STD)
    )
    return mean, std
