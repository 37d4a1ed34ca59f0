"""Targets of techniques: the score of a class, or a unit of any layer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from cs231n.frozen import frozen
from cs231n.language import said
from cs231n.visualization import Unit as Unit

Target = int | Sequence[int] | Tensor | Unit
"""A class for all images, a class for each image (N,), or a `Unit`."""


def find_layer(network: nn.Module, layer: str) -> nn.Module:
    """Return the module of that name; "" is the network itself.

    Raises
    ------
    ValueError
        If there is none; the message lists the names to choose from.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> find_layer(network, "features.0")
    Conv2d(3, 16, kernel_size=(5, 5), stride=(2, 2))
    """
    try:
        return network.get_submodule(layer)
    except AttributeError:
        names = ", ".join(name for name, _ in network.named_modules() if name)
        raise ValueError(
            said("The network has no layer {layer!r}; it has {names}.", layer=layer, names=names)
        ) from None


@contextmanager
def watched(network: nn.Module, layer: str) -> Iterator[list[Tensor]]:
    """Collect what a layer puts out while the network runs; the hook is gone on leaving.

    Yields
    ------
    list of Tensor
        One output for each time the layer runs, still in the graph.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> with watched(network, "features.0") as outputs:
    ...     scores = network(torch.zeros(1, 3, 64, 64))
    >>> outputs[0].shape
    torch.Size([1, 16, 30, 30])
    """
    outputs: list[Tensor] = []

    def keep(_module: nn.Module, _arguments: object, output: Tensor) -> Tensor:
        outputs.append(output)
        return output.clone()  # the next layer may be a ReLU that works in place

    handle = find_layer(network, layer).register_forward_hook(keep)
    try:
        yield outputs
    finally:
        handle.remove()


def class_ids(target: int | Sequence[int] | Tensor, scores: Tensor) -> Tensor:
    """Return one class for each row of scores (N, C), as a long tensor (N,) on their device.

    Raises
    ------
    ValueError
        If there are not as many targets as images, or a target is not one of the classes.

    Examples
    --------
    >>> class_ids(3, torch.zeros(2, 10))
    tensor([3, 3])
    """
    ids = torch.as_tensor(target, dtype=torch.long, device=scores.device)
    if ids.ndim == 0:
        ids = ids.expand(len(scores))
    if ids.shape != scores.shape[:1]:
        raise ValueError(
            said(
                "{count} images need as many targets, not a shape of {shape}.",
                count=len(scores),
                shape=tuple(ids.shape),
            )
        )
    if ids.numel() and (int(ids.min()) < 0 or int(ids.max()) >= scores.shape[1]):
        raise ValueError(
            said(
                "The classes are 0 to {largest}, not {found}.",
                largest=scores.shape[1] - 1,
                found=ids.tolist(),
            )
        )
    return ids


def values(network: nn.Module, images: Tensor, target: Target, *, probability: bool = False) -> Tensor:
    """Run the network and return what the target is worth for each image.

    Parameters
    ----------
    network : nn.Module
        Maps images to scores (N, C).
    images : Tensor of shape (N, 3, H, W)
        Normalised as the network reads them.
    target : int, sequence of int, Tensor or Unit
        See `Target`.
    probability : bool
        For a class, its softmax probability instead of its raw score.

    Returns
    -------
    Tensor of shape (N,)
        In the graph of `images`.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> network = small_squeezenet()
    >>> images = torch.zeros(2, 3, 64, 64)
    >>> values(network, images, [3, 7]).shape, values(network, images, Unit("features.3", 5)).shape
    (torch.Size([2]), torch.Size([2]))
    """
    if isinstance(target, Unit):
        with watched(network, target.layer) as outputs:
            network(images)
        return unit_values(outputs[-1], target)
    return class_values(network(images), target, probability=probability)


def class_values(
    scores: Tensor, target: int | Sequence[int] | Tensor, *, probability: bool = False
) -> Tensor:
    """Pick the class of each image out of scores (N, C): a tensor (N,); see `values`.

    Examples
    --------
    >>> class_values(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), [0, 1])
    tensor([1., 4.])
    """
    chosen = (scores.softmax(dim=1) if probability else scores).gather(1, class_ids(target, scores)[:, None])
    return chosen[:, 0]


def unit_values(output: Tensor, unit: Unit) -> Tensor:
    """Pick a unit out of its layer's output (N, C, h, w) or (N, C): a tensor (N,).

    Examples
    --------
    >>> output = torch.arange(8.0).view(1, 2, 2, 2)
    >>> unit_values(output, Unit("any", 1)), unit_values(output, Unit("any", 1, (0, 1)))
    (tensor([5.5000]), tensor([5.]))
    """
    channel = output[:, unit.channel]
    if unit.position is not None:
        return channel[:, unit.position[0], unit.position[1]]
    return channel.flatten(1).mean(dim=1) if channel.ndim > 1 else channel


def target_of(target: Target, index: int) -> Target:
    """Return the target of the image at an index alone.

    Examples
    --------
    >>> target_of([3, 7], 1), target_of(5, 1)
    (7, 5)
    """
    if isinstance(target, (int, Unit)):
        return target
    ids = torch.as_tensor(target)
    return int(ids if ids.ndim == 0 else ids[index])


def input_gradient(network: nn.Module, images: Tensor, target: Target) -> Tensor:
    """Return the slope of each image's target value with respect to its own pixels.

    Returns
    -------
    Tensor of shape (N, 3, H, W)
        Without a graph. The network and `images` are left as they were.

    Examples
    --------
    >>> network = nn.Sequential(nn.Flatten(1), nn.Linear(3, 2))
    >>> images = torch.zeros(1, 3, 1, 1)
    >>> torch.equal(input_gradient(network, images, 1).flatten(), network[1].weight[1])
    True
    """
    with frozen(network), torch.enable_grad():
        pixels = images.detach().clone().requires_grad_()
        (gradient,) = torch.autograd.grad(values(network, pixels, target).sum(), pixels)
    return gradient
