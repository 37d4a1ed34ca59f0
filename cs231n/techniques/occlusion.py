"""Cover a patch of the picture and see whether the network still finds the class: no gradients needed."""

import math

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.frozen import frozen
from cs231n.techniques.targets import Target, target_of, values


@torch.no_grad()
def occlusion(
    network: nn.Module,
    images: Tensor,
    target: Target,
    *,
    patch: int = 48,
    stride: int = 8,
    fill: float = 0.0,
    batch_size: int = 8,
    progress: bool = True,
) -> Tensor:
    """Slide a square over each image and note the probability that is left to the class.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        Whose probability to note; of a `Unit`, its activation.
    patch, stride : int
        Side of the square and its step, in pixels. The last square of a row may hang over the edge.
    fill : float
        The value that covers; 0 is the mean colour.
    batch_size : int
        How many covered copies go through the network together; a CPU is fastest with few.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Tensor of shape (N, rows, columns)
        Entry (r, c) belongs to the square whose upper left corner is pixel (r * stride, c * stride);
        there are ceil((H - patch) / stride) + 1 rows. Low where something important was covered.

    Raises
    ------
    ValueError
        If the square is larger than the images.

    References
    ----------
    Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2.
    """
    height, width = images.shape[2:]
    if patch > min(height, width):
        raise ValueError(f"A patch of {patch} pixels does not fit into images of {height} x {width}.")
    rows, columns = (math.ceil((side - patch) / stride) + 1 for side in (height, width))
    corners = [(row * stride, column * stride) for row in range(rows) for column in range(columns)]
    total = len(images) * len(corners)
    with frozen(network), tqdm(total=total, desc="occlusion", disable=not progress) as bar:
        heat = []
        for index, image in enumerate(images):
            for start in range(0, len(corners), batch_size):
                covered = _covered(image, corners[start : start + batch_size], patch, fill)
                heat.append(values(network, covered, target_of(target, index), probability=True))
                bar.update(len(covered))
    return torch.cat(heat).view(len(images), rows, columns)


def _covered(image: Tensor, corners: list[tuple[int, int]], patch: int, fill: float) -> Tensor:
    copies = image.repeat(len(corners), 1, 1, 1)
    for copy, (top, left) in zip(copies, corners, strict=True):
        copy[:, top : top + patch, left : left + patch] = fill
    return copies.contiguous(memory_format=torch.channels_last)  # convolutions on a CPU are faster so
