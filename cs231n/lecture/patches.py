"""Maximally activating patches: the pieces of many pictures at which a channel's activation is largest."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cs231n.frozen import frozen
from cs231n.language import said
from cs231n.lecture.receptive_field import Box, receptive_field
from cs231n.techniques.targets import Unit, watched


@dataclass(frozen=True)
class Patch:
    """A piece of a picture.

    Attributes
    ----------
    image : int
        Index of the picture.
    position : (int, int)
        Row and column of the neuron in its feature map.
    activation : float
        The neuron's value.
    box : Box
        Its receptive field: the pixels that it sees.
    """

    image: int
    position: tuple[int, int]
    activation: float
    box: Box


def maximally_activating_patches(
    network: nn.Module,
    images: Tensor,
    target: Unit,
    *,
    count: int = 9,
    per_image: int = 2,
    border: int = 1,
    batch_size: int = 8,
) -> tuple[Patch, ...]:
    """Find the neurons of a channel that fire most, and what they look at.

    Parameters
    ----------
    network : nn.Module
        As for `receptive_field`. Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them; the larger, the more neurons there are to choose from.
    target : Unit
        A layer's channel; its position is not used.
    count : int
        How many patches at most.
    per_image : int
        How many of one picture at most, or a single picture could fill the list.
    border : int
        Rows and columns of the feature map to leave out at each edge, where padding is seen.
    batch_size : int
        How many images go through the network together.

    Returns
    -------
    tuple of Patch
        The strongest first; among equals the first picture, row, column.

    Raises
    ------
    ValueError
        If the border leaves nothing of the feature map.

    References
    ----------
    Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4;
    Springenberg et al., ICLR Workshop 2015.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> images = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    >>> found = maximally_activating_patches(network, images, Unit("features.3", 5), count=3)
    >>> len(found), found[0].activation >= found[1].activation
    (3, True)
    """
    field = receptive_field(network, images, target.layer)
    if min(field.shape) <= 2 * border:
        raise ValueError(
            said(
                "A border of {border} leaves nothing of feature maps of {shape}.",
                border=border,
                shape=field.shape,
            )
        )
    with frozen(network), torch.no_grad(), watched(network, target.layer) as outputs:
        maps = []
        for some in torch.split(images, batch_size):
            network(some)
            maps.append(outputs.pop()[:, target.channel].cpu())
    inner = torch.cat(maps)[:, border : field.shape[0] - border, border : field.shape[1] - border]
    strongest, places = inner.flatten(1).sort(dim=1, descending=True, stable=True)
    candidates = [
        Patch(image, position, float(activation), field.box(*position))
        for image, (activations, indices) in enumerate(zip(strongest, places, strict=True))
        for activation, index in zip(activations[:per_image], indices[:per_image].tolist(), strict=True)
        for position in [(index // inner.shape[2] + border, index % inner.shape[2] + border)]
    ]
    return tuple(sorted(candidates, key=lambda patch: -patch.activation)[:count])
