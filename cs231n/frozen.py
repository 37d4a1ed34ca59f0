"""Context managers that prepare a network for drawing and restore it afterwards: mode, gradients, hooks."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


@contextmanager
def frozen(model: nn.Module) -> Iterator[nn.Module]:
    """Put a network in evaluation mode with fixed parameters, and restore both on leaving.

    Gradients still flow through the network to its input; only its parameters stop collecting them.

    Parameters
    ----------
    model : nn.Module
        Any network. Which of its modules were training and which parameters required gradients is remembered.

    Yields
    ------
    nn.Module
        The same network.

    Examples
    --------
    >>> layer = nn.Linear(2, 1)
    >>> with frozen(layer):
    ...     print(layer.training, layer.weight.requires_grad)
    False False
    >>> layer.training, layer.weight.requires_grad
    (True, True)
    """
    training = {module: module.training for module in model.modules()}
    learning = {parameter: parameter.requires_grad for parameter in model.parameters()}
    model.eval()
    model.requires_grad_(False)
    try:
        yield model
    finally:
        for module, mode in training.items():
            module.training = mode
        for parameter, wanted in learning.items():
            parameter.requires_grad_(wanted)


@contextmanager
def channels_last(model: nn.Module) -> Iterator[nn.Module]:
    """Let a network read its images with the channels last in memory, where a CPU convolves fastest.

    Only the order in memory differs, not the numbers or the shape; gradients arrive at the images in their
    own order. What is computed is the same but for rounding.

    Parameters
    ----------
    model : nn.Module
        Called with images (N, C, H, W) as its first argument.

    Yields
    ------
    nn.Module
        The same network, with a hook until the end.

    Examples
    --------
    >>> network = nn.Conv2d(3, 4, 3)
    >>> with channels_last(network):
    ...     network(torch.zeros(1, 3, 8, 8)).shape
    torch.Size([1, 4, 6, 6])
    """

    def reorder(_module: nn.Module, arguments: tuple[object, ...]) -> tuple[object, ...]:
        images, *others = arguments
        if isinstance(images, Tensor) and images.ndim == 4:
            images = images.contiguous(memory_format=torch.channels_last)
        return (images, *others)

    handle = model.register_forward_pre_hook(reorder)
    try:
        yield model
    finally:
        handle.remove()
