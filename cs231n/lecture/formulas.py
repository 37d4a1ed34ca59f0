"""Formulas that students write and that `cs231n.techniques` takes as arguments."""

import torch
from torch import Tensor, nn

from cs231n.frozen import frozen
from cs231n.techniques.activations import activations


def guided_relu_backward(gradient: Tensor, relu_input: Tensor) -> Tensor:
    """Let a gradient pass a ReLU only where it is positive and the input was.

    Parameters
    ----------
    gradient : Tensor
        With respect to the ReLU's output.
    relu_input : Tensor of the same shape
        What the ReLU was given.

    Returns
    -------
    Tensor of the same shape
        With respect to the ReLU's input.

    References
    ----------
    Springenberg, Dosovitskiy, Brox, Riedmiller, "Striving for Simplicity: The All Convolutional Net", ICLR
    Workshop 2015, equation for R^l in figure 1.

    Examples
    --------
    >>> gradient, relu_input = torch.tensor([2.0, 2.0, -2.0]), torch.tensor([1.0, -1.0, 1.0])
    >>> guided_relu_backward(gradient, relu_input)
    tensor([2., 0., -0.])
    """
    return gradient * ((gradient > 0) & (relu_input > 0))


def spectrum_to_image(spectrum: Tensor, height: int, width: int) -> Tensor:
    """Turn a spectrum into a picture: each frequency divided by its length, then transformed back.

    Parameters
    ----------
    spectrum : Tensor of shape (N, 3, height, width // 2 + 1, 2)
        Real and imaginary parts, in the order of `torch.fft.rfft2`.
    height, width : int
        Of the picture, in pixels.

    Returns
    -------
    Tensor of shape (N, 3, height, width)
        Each frequency, in cycles a pixel, divided by its length (by 1 / max(height, width) at least), so that
        a step of one size changes all scales alike, as in photographs; then transformed back, orthonormally.

    References
    ----------
    Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017, section "Preconditioning and
    Parameterization".

    Examples
    --------
    >>> spectrum_to_image(torch.zeros(1, 3, 8, 6, 2), 8, 10).shape
    torch.Size([1, 3, 8, 10])
    """
    down = torch.fft.fftfreq(height, device=spectrum.device)[:, None]
    across = torch.fft.rfftfreq(width, device=spectrum.device)[None, :]
    length = (down.square() + across.square()).sqrt().clamp(min=1 / max(height, width))
    waves = torch.view_as_complex(spectrum.contiguous()) / length
    image: Tensor = torch.fft.irfft2(waves, s=(height, width), norm="ortho")
    return image


def target_margin(scores: Tensor, target_y: Tensor) -> Tensor:
    """Return the target's score minus the highest of the other scores, (N,).

    Parameters
    ----------
    scores : Tensor of shape (N, C)
    target_y : LongTensor of shape (N,)

    Returns
    -------
    Tensor of shape (N,)
        In the graph of `scores`.

    References
    ----------
    Carlini, Wagner, "Towards Evaluating the Robustness of Neural Networks", IEEE S&P 2017, objective f6.

    Examples
    --------
    >>> target_margin(torch.tensor([[1.0, 5.0, 3.0]]), torch.tensor([1]))
    tensor([2.])
    """
    wanted = scores.gather(1, target_y[:, None])[:, 0]
    others = scores.scatter(1, target_y[:, None], -torch.inf)
    return wanted - others.amax(dim=1)


def dream_gradient(img: Tensor, network: nn.Module, layer: str | int) -> Tensor:
    """Return the gradient of half the squared norm of a layer's activations, (N, 3, H, W).

    Parameters
    ----------
    img : Tensor of shape (N, 3, H, W)
        Normalised pictures. Left as they were, as is the network.
    network : nn.Module
    layer : str or int
        The module's name; a number stands for that module of `network.features`.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        The gradient of half the sum of squares of the layer's activations.

    References
    ----------
    Mordvintsev, Olah, Tyka, "Inceptionism: Going Deeper into Neural Networks", Google Research blog 2015.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> dream_gradient(torch.zeros(1, 3, 32, 32), network, 3).shape
    torch.Size([1, 3, 32, 32])
    """
    name = f"features.{layer}" if isinstance(layer, int) else layer
    with frozen(network), torch.enable_grad():
        pixels = img.detach().clone().requires_grad_()
        loudness = activations(network, pixels, name).square().sum() / 2
        (gradient,) = torch.autograd.grad(loudness, pixels)
    return gradient


def inversion_loss(feats: Tensor, target: Tensor) -> Tensor:
    """Return the squared distance of features from a target, divided by the target's squared norm.

    Parameters
    ----------
    feats, target : Tensor of one shape, (1, C, H, W)

    Returns
    -------
    Tensor
        A scalar: 0 where they agree, 1 for features of zeros.

    References
    ----------
    Mahendran, Vedaldi, "Understanding Deep Image Representations by Inverting Them", CVPR 2015, equation 4.

    Examples
    --------
    >>> target = torch.ones(1, 2, 3, 3)
    >>> inversion_loss(torch.zeros_like(target), target)
    tensor(1.)
    """
    return (feats - target).square().sum() / target.square().sum()


def gram_matrix(features: Tensor, normalize: bool = True) -> Tensor:
    """Return the Gram matrix of feature maps, (N, C, C).

    Parameters
    ----------
    features : Tensor of shape (N, C, H, W)
    normalize : bool
        Divide by the number of neurons, C * H * W.

    Returns
    -------
    Tensor of shape (N, C, C)

    References
    ----------
    Gatys, Ecker, Bethge, "Texture Synthesis Using Convolutional Neural Networks", NeurIPS 2015, equation 1.

    Examples
    --------
    >>> gram_matrix(torch.ones(1, 2, 3, 3), normalize=False)
    tensor([[[9., 9.],
             [9., 9.]]])
    """
    flat = features.flatten(2)
    gram = flat @ flat.transpose(1, 2)
    return gram / features[0].numel() if normalize else gram
