"""Borrow a network for a while: what is drawn with it leaves no trace in its mode or its gradients."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn


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
