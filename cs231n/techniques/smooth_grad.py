"""SmoothGrad: the mean gradient over noisy copies of a picture."""

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.techniques.targets import Target, input_gradient


def smooth_grad(
    network: nn.Module,
    images: Tensor,
    target: Target,
    *,
    noise: float = 0.15,
    samples: int = 50,
    seed: int = 0,
    progress: bool = True,
) -> Tensor:
    """Average the gradient over copies with Gaussian noise.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        A class, or a channel or neuron of any layer.
    noise : float
        Standard deviation of the noise, as a share of each image's range from darkest to brightest value.
    samples : int
        How many noisy copies.
    seed : int
        Fixes the noise, the same on every device.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        The mean gradient, with its sign.

    References
    ----------
    Smilkov, Thorat, Kim, Viégas, Wattenberg, "SmoothGrad: removing noise by adding noise", 2017.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> smooth_grad(network, torch.zeros(1, 3, 64, 64), 3, samples=2, progress=False).shape
    torch.Size([1, 3, 64, 64])
    """
    generator = torch.Generator().manual_seed(seed)
    spread = noise * (images.amax(dim=(1, 2, 3), keepdim=True) - images.amin(dim=(1, 2, 3), keepdim=True))
    total = torch.zeros_like(images)
    for _ in tqdm(range(samples), desc="SmoothGrad", disable=not progress):
        draw = torch.randn(images.shape, generator=generator, dtype=images.dtype).to(images.device)
        total += input_gradient(network, images.detach() + spread.detach() * draw, target)
    return total / samples
