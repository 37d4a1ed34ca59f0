"""Gradients that may only pass where they help: sharp pictures of what drives a class or a neuron."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from cs231n.techniques.targets import Target, input_gradient

_RELUS = {F.relu, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_}


class _GuidedReLU(TorchFunctionMode):
    """While it lasts, every ReLU drops the negative part of the gradient that comes back to it.

    It acts on the operation, not on `nn.ReLU`, so that ReLUs written as functions take part, those that
    work in place and those used twice as well, and the network gets no hooks.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if func in _RELUS and result.requires_grad:
            result.register_hook(lambda gradient: gradient.clamp(min=0))
        return result


def guided_backprop(network: nn.Module, images: Tensor, target: Target) -> Tensor:
    """Differentiate with ReLUs that stop negative gradients.

    A ReLU's own derivative lets a gradient pass where its input was positive; here it must also be positive
    itself. What is left are the pixels that raise the target through paths that are active all the way.

    Parameters
    ----------
    network : nn.Module
        Its nonlinearities are ReLUs (others keep their own derivative). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        A class, or a channel or neuron of any layer.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        The guided gradient.

    References
    ----------
    Springenberg, Dosovitskiy, Brox, Riedmiller, "Striving for Simplicity: The All Convolutional Net", ICLR
    Workshop 2015. That such pictures hardly depend on the class: Adebayo et al., NeurIPS 2018.
    """
    with _GuidedReLU():
        return input_gradient(network, images, target)
