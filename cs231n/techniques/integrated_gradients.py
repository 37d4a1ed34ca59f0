"""Integrated gradients: attributions that sum to the difference between picture and baseline."""

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from cs231n.language import said
from cs231n.techniques.targets import Target, input_gradient


def integrated_gradients(
    network: nn.Module,
    images: Tensor,
    target: Target,
    *,
    baseline: float | Tensor = 0.0,
    steps: int = 50,
    progress: bool = True,
) -> Tensor:
    """Integrate the gradient on the straight line from a baseline to each image.

    The attributions of an image sum to its target value minus that of the baseline, up to the error of
    the midpoint rule.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        A class, or a channel or neuron of any layer.
    baseline : float or Tensor that broadcasts to (N, 3, H, W)
        The empty picture; 0 is the mean colour.
    steps : int
        How many points of the line, in the middle of as many equal pieces.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        Gradient times distance, with its sign.

    References
    ----------
    Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, section 3.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> images, black = torch.ones(1, 3, 32, 32), torch.zeros(1, 3, 32, 32)
    >>> parts = integrated_gradients(network, images, 3, steps=100, progress=False)
    >>> rise = network(images)[0, 3] - network(black)[0, 3]
    >>> torch.isclose(parts.sum(), rise, rtol=0.05)
    tensor(True)
    """
    origin = torch.as_tensor(baseline, dtype=images.dtype, device=images.device)
    way = images.detach() - origin
    total = torch.zeros_like(way)
    for step in tqdm(range(steps), desc=said("integrated gradients"), disable=not progress):
        total += input_gradient(network, origin + (step + 0.5) / steps * way, target)
    return total / steps * way
