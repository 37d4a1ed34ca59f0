"""Grad-CAM: feature maps weighted by their mean gradients. The map is coarse, but it tells classes apart."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cs231n.frozen import frozen
from cs231n.techniques.targets import Target, values, watched


def grad_cam(network: nn.Module, images: Tensor, target: Target, *, layer: str) -> Tensor:
    """Add up the feature maps of a layer, each weighted by its mean gradient.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C). Left as it was found.
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        What to look for. A `Unit` must lie behind `layer`.
    layer : str
        Name of a convolutional layer; the last one shows most ("features.12" in SqueezeNet).

    Returns
    -------
    Tensor of shape (N, H, W)
        Nonnegative, enlarged bilinearly to the images' size.

    References
    ----------
    Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization",
    ICCV 2017, equations 1 and 2.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> grad_cam(network, torch.zeros(2, 3, 64, 64), [3, 7], layer="features.5").shape
    torch.Size([2, 64, 64])
    """
    with frozen(network), torch.enable_grad(), watched(network, layer) as outputs:
        pixels = images.detach().clone().requires_grad_()
        total = values(network, pixels, target).sum()
        maps = outputs[-1]
        (gradient,) = torch.autograd.grad(total, maps)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    evidence = (weights * maps.detach()).sum(dim=1, keepdim=True).clamp(min=0)
    return F.interpolate(evidence, size=images.shape[2:], mode="bilinear", align_corners=False)[:, 0]
