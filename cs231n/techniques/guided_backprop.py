"""Guided backpropagation: gradients that pass each ReLU by a rule."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from cs231n.techniques.activations import RELUS, relu_input, works_in_place
from cs231n.techniques.targets import Target, input_gradient

Rule = Callable[[Tensor, Tensor], Tensor]
"""(gradient with respect to a ReLU's output, the ReLU's input) -> gradient with respect to its input."""


class _RuledReLU(torch.autograd.Function):
    """A ReLU whose derivative is somebody's rule."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, rule: Rule, in_place: bool) -> Tensor:
        ctx.rule = rule
        ctx.save_for_backward(x.clone() if in_place else x)
        if in_place:
            ctx.mark_dirty(x)
            return x.clamp_(min=0)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        (x,) = ctx.saved_tensors
        return ctx.rule(gradients[0], x), None, None


class _GuidedReLU(TorchFunctionMode):
    """While it lasts, gradients come back through every ReLU by a rule.

    It acts on the operation, not on `nn.ReLU`, so that ReLUs written as functions take part, those that
    work in place and those used twice as well, and the network gets no hooks.
    """

    def __init__(self, rule: Rule) -> None:
        super().__init__()
        self.rule = rule

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func not in RELUS:
            return func(*args, **kwargs)
        in_place = works_in_place(func, args, kwargs)
        return _RuledReLU.apply(relu_input(args, kwargs), self.rule, in_place)


def guided_backprop(network: nn.Module, images: Tensor, target: Target, *, rule: Rule) -> Tensor:
    """Differentiate with ReLUs that stop negative gradients.

    A ReLU's own derivative lets a gradient pass where its input was positive; the rule stops more of it. What
    is left are the pixels that raise the target through paths that are active all the way.

    Parameters
    ----------
    network : nn.Module
        Its nonlinearities are ReLUs (others keep their own derivative). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        A class, or a channel or neuron of any layer.
    rule : callable
        (gradient, relu_input) -> gradient, applied at every ReLU: `guided_relu_backward`, written by the student.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        The guided gradient.

    References
    ----------
    Springenberg, Dosovitskiy, Brox, Riedmiller, "Striving for Simplicity: The All Convolutional Net", ICLR
    Workshop 2015. That such pictures hardly depend on the class: Adebayo et al., NeurIPS 2018.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> def straight_through(gradient, relu_input):
    ...     return gradient  # your guided_relu_backward goes here
    >>> guided_backprop(network, torch.zeros(1, 3, 64, 64), 3, rule=straight_through).shape
    torch.Size([1, 3, 64, 64])
    """
    with _GuidedReLU(rule):
        return input_gradient(network, images, target)
