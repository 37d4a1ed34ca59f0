"""Nearest neighbours of pictures in a network's feature space."""

import torch
from torch import Tensor, nn

from cs231n.frozen import frozen
from cs231n.language import said
from cs231n.techniques.targets import watched


def features(network: nn.Module, images: Tensor, layer: str, *, batch_size: int = 32) -> Tensor:
    """Describe each image by what a layer says of it.

    Parameters
    ----------
    network : nn.Module
        Any network. Left as it was found. `nn.Identity()` describes images by their pixels.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    layer : str
        The module's name; "" is the network's own output.
    batch_size : int
        How many images go through the network together.

    Returns
    -------
    Tensor of shape (N, D)
        The layer's outputs, flattened.

    Examples
    --------
    >>> features(nn.Identity(), torch.zeros(2, 3, 4, 4), "").shape
    torch.Size([2, 48])
    """
    with frozen(network), torch.no_grad(), watched(network, layer) as outputs:
        rows = []
        for some in torch.split(images, batch_size):
            network(some)
            rows.append(outputs.pop().flatten(1))
    return torch.cat(rows)


def nearest_neighbours(
    network: nn.Module, images: Tensor, layer: str, *, count: int = 5, batch_size: int = 32
) -> Tensor:
    """For each image find the others that are nearest in the features of a layer.

    Parameters
    ----------
    network, images, layer, batch_size
        As for `features`.
    count : int
        How many neighbours, at most N - 1.

    Returns
    -------
    Tensor of shape (N, count), int64
        Indices into `images`, the nearest first, by Euclidean distance; an image is not its own neighbour.

    Raises
    ------
    ValueError
        If there are not that many other images.

    References
    ----------
    Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks",
    NeurIPS 2012, section 6.1.

    Examples
    --------
    >>> images = torch.tensor([0.0, 1.0, 5.0]).view(3, 1, 1, 1)
    >>> nearest_neighbours(nn.Identity(), images, "", count=1).flatten()
    tensor([1, 0, 1])
    """
    if not 1 <= count < len(images):
        raise ValueError(
            said(
                "{count} images have 1 to {most} neighbours each, not {asked}.",
                count=len(images),
                most=len(images) - 1,
                asked=count,
            )
        )
    described = features(network, images, layer, batch_size=batch_size)
    distances = torch.cdist(described, described, compute_mode="donot_use_mm_for_euclid_dist")
    distances.fill_diagonal_(torch.inf)
    return distances.argsort(dim=1, stable=True)[:, :count]
