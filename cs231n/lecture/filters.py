"""Filters of the first layer as pictures."""

from torch import Tensor, nn

from cs231n.language import said


def filters(network: nn.Module) -> Tensor:
    """Draw the filters of a network's first convolution.

    A filter answers with the inner product of itself and the pixels below it; among patches of one length the
    largest is with the patch that is proportional to the filter. So its picture is what it looks for.

    Parameters
    ----------
    network : nn.Module
        Its first convolution reads three colours. Left as it was found.

    Returns
    -------
    Tensor of shape (F, 3, h, w)
        See `filters_to_images`.

    Raises
    ------
    ValueError
        If there is no convolution of three colours.

    References
    ----------
    Krizhevsky, Sutskever, Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NeurIPS
    2012, figure 3.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> filters(network).shape
    torch.Size([16, 3, 5, 5])
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.in_channels == 3 and module.groups == 1:
            return filters_to_images(module.weight.detach())
    raise ValueError(said("The network has no convolution of three colours: its filters are no pictures."))


def filters_to_images(weight: Tensor) -> Tensor:
    """Map weights to colours: gray is zero, and each filter uses the whole range in one direction.

    Parameters
    ----------
    weight : Tensor of shape (F, 3, h, w)

    Returns
    -------
    Tensor of shape (F, 3, h, w)
        In [0, 1]: 0.5 + 0.5 w / max |w|, the maximum taken over each filter alone. A filter of zeros is gray.

    Examples
    --------
    >>> import torch
    >>> filters_to_images(torch.tensor([-2.0, 0.0, 1.0]).view(1, 3, 1, 1)).flatten()
    tensor([0.0000, 0.5000, 0.7500])
    """
    largest = weight.abs().amax(dim=(1, 2, 3), keepdim=True)
    return 0.5 + 0.5 * weight / largest.where(largest > 0, 1.0)
