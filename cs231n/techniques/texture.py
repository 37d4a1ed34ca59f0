"""Texture synthesis: noise is optimised until its Gram matrices are those of a picture."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.descent import lbfgs
from cs231n.frozen import frozen
from cs231n.language import said
from cs231n.techniques.activations import all_activations
from cs231n.techniques.fourier import canvas
from cs231n.techniques.roughness import roughness

GramMatrix = Callable[[Tensor], Tensor]
"""features (1, C, H, W) -> (1, C, C): `gram_matrix`, written by the student in StyleTransfer."""
Loss = Callable[[Tensor, Tensor], Tensor]
"""(found, wanted) -> scalar, a share of what is wanted: `inversion_loss`, written by the student."""


def texture(
    network: nn.Module,
    images: Tensor,
    target: Sequence[str],
    *,
    gram: GramMatrix,
    loss: Loss,
    size: tuple[int, int] | None = None,
    variation: float = 0.01,
    steps: int = 200,
    seed: int = 0,
    progress: bool = True,
) -> Tensor:
    """Synthesise a picture whose Gram matrices are those of another picture.

    Parameters
    ----------
    network : nn.Module
        Run only as far as the deepest of the layers. Left as it was found.
    images : Tensor of shape (1, 3, H, W)
        The picture whose texture is wanted, normalised as the network reads it.
    target : sequence of str
        Names of the layers whose Gram matrices should agree, each as important as the next.
    gram : callable
        features (1, C, H, W) -> (1, C, C), divided by their number: `gram_matrix`, written by the student.
    loss : callable
        How far one Gram matrix is from another, relative to its size: `inversion_loss`, written by the student.
    size : (int, int), optional
        Height and width of the new picture; those of `images` if not given.
    variation : float
        Weight of the mean absolute difference of neighbouring pixels, against what Gram matrices do not see.
    steps : int
        Evaluations of L-BFGS.
    seed : int
        Fixes the noise to begin with, the same on every device.
    progress : bool
        Show a progress bar with the loss.

    Returns
    -------
    Tensor of shape (1, 3, *size)
        Normalised.

    Raises
    ------
    ValueError
        If no layer is named.

    References
    ----------
    Gatys, Ecker, Bethge, "Texture Synthesis Using Convolutional Neural Networks", NeurIPS 2015; the loss of
    each layer here as a share of the Gram matrix to be reached, so that no layer needs a weight.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> def channel_means(features):
    ...     return features.mean(dim=(2, 3))  # your gram_matrix goes here
    >>> def difference(found, wanted):
    ...     return (found - wanted).abs().mean()  # your inversion_loss goes here
    >>> options = {"gram": channel_means, "loss": difference, "size": (24, 40), "steps": 2, "progress": False}
    >>> texture(network, torch.zeros(1, 3, 32, 32), ["features.1"], **options).shape
    torch.Size([1, 3, 24, 40])
    """
    if not target:
        raise ValueError(said("A texture needs the name of one layer at least."))
    height, width = size or images.shape[2:]
    blank = images.new_zeros((1, 3, height, width))
    painting = canvas(blank, "pixels", seed=seed)
    bar = tqdm(total=steps, desc=said("texture"), disable=not progress)
    with frozen(network), torch.enable_grad(), bar:
        wanted = [gram(output) for output in all_activations(network, images.detach(), target)]

        def objective(_parameters: Tensor) -> Tensor:
            picture = painting.picture()
            found = [gram(output) for output in all_activations(network, picture, target)]
            missed = torch.stack([loss(now, goal) for now, goal in zip(found, wanted, strict=True)]).mean()
            bar.update()
            bar.set_postfix_str(f"{float(missed.detach()):.4f} missed", refresh=False)
            return missed + variation * roughness(picture)

        lbfgs(painting.parameters, objective, steps, lambda _parameters: painting.settle())
    return painting.picture().detach()
