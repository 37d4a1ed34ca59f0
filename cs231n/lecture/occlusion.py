"""Occlusion maps: the class probability while a square covers each part of the picture. No gradients needed."""

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.frozen import frozen
from cs231n.language import said
from cs231n.lecture.incremental import Rerun
from cs231n.techniques.targets import Target, Unit, class_values, target_of, unit_values, watched

Corners = NDArray[np.int64]

_WHOLE_PICTURES = 8
"""So many go through a network together where a CPU is fastest."""


@torch.no_grad()
def occlusion(
    network: nn.Module,
    images: Tensor,
    target: Target,
    *,
    patch: int = 48,
    stride: int = 8,
    fill: float = 0.0,
    batch_size: int = 36,
    progress: bool = True,
) -> Tensor:
    """Slide a square over each image and note the probability that is left to the class.

    On a CPU, of each covered copy only what the square can change is computed, see `Rerun`; a network with
    which that cannot be done runs on the copies as they are.

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
        How many covered copies are looked at together.
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

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> occlusion(network, torch.zeros(1, 3, 64, 64), 3, patch=32, stride=16, progress=False).shape
    torch.Size([1, 3, 3])
    """
    height, width = images.shape[2:]
    if patch > min(height, width):
        raise ValueError(
            said(
                "A patch of {patch} pixels does not fit into images of {height} x {width}.",
                patch=patch,
                height=height,
                width=width,
            )
        )
    rows, columns = (math.ceil((side - patch) / stride) + 1 for side in (height, width))
    corners = np.array([(row * stride, column * stride) for row in range(rows) for column in range(columns)])
    order = _side_by_side(corners, height - patch, width - patch, stride)
    heat = torch.empty(len(images), len(corners), device=images.device)
    with frozen(network), tqdm(total=heat.numel(), desc=said("occlusion"), disable=not progress) as bar:
        for index, image in enumerate(images):
            look = _looker(network, image[None], target, patch, fill)
            for start in range(0, len(corners), batch_size):
                some = order[start : start + batch_size]
                output = look(corners[some])
                one = target_of(target, index)
                worth = (
                    unit_values(output, one)
                    if isinstance(one, Unit)
                    else class_values(output, one, probability=True)
                )
                heat[index, torch.from_numpy(some).to(images.device)] = worth.to(heat.dtype)
                bar.update(len(some))
    return heat.view(len(images), rows, columns)


def _side_by_side(corners: Corners, lowest: int, rightmost: int, stride: int) -> Corners:
    """Indices that bring squares together that are about equally far from the edges, where less can change.

    Those that run together have crops of one size, that of the one with the most to compute: three distances
    from the top or bottom and three from a side are 36 squares.
    """
    to_edge = np.minimum(corners, (lowest, rightmost) - corners)
    blocks = to_edge // (3 * stride)
    return np.lexsort((*to_edge.T, *blocks.T))


def _looker(
    network: nn.Module, image: Tensor, target: Target, patch: int, fill: float
) -> Callable[[Corners], Tensor]:
    """Return a function from corners of squares to what the target's layer says of the covered copies."""
    layer = target.layer if isinstance(target, Unit) else ""
    if image.device.type == "cpu":  # elsewhere many small copies cost more than they save
        try:
            rerun = Rerun(network, image, layer)
        except ValueError:
            pass
        else:
            return lambda corners: rerun(*_covered_squares(image, corners, patch, fill))

    def run(corners: Corners) -> Tensor:
        outputs = []
        for some in np.array_split(corners, math.ceil(len(corners) / _WHOLE_PICTURES)):
            with watched(network, layer) as seen:
                network(_covered(image, some, patch, fill))
            outputs.append(seen[-1])
        return torch.cat(outputs)

    return run


def _covered_squares(
    image: Tensor, corners: Corners, patch: int, fill: float
) -> tuple[Tensor, Corners, Corners]:
    """What `Rerun` asks for; where a square hangs over the edge, the one of its size that just does not."""
    tops, lefts = np.minimum(corners, np.array(image.shape[2:]) - patch).T
    squares = [image[0, :, y : y + patch, x : x + patch].clone() for y, x in zip(tops, lefts, strict=True)]
    for square, corner, y, x in zip(squares, corners, tops, lefts, strict=True):
        square[:, corner[0] - y :, corner[1] - x :] = fill
    return torch.stack(squares), tops, lefts


def _covered(image: Tensor, corners: Corners, patch: int, fill: float) -> Tensor:
    copies = image.repeat(len(corners), 1, 1, 1)
    for copy, (top, left) in zip(copies, corners, strict=True):
        copy[:, top : top + patch, left : left + patch] = fill
    return copies.contiguous(memory_format=torch.channels_last)  # convolutions on a CPU are faster so
