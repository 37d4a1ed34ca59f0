"""Networks and pictures that trials name, built once and handed out as copies."""

from __future__ import annotations

import copy
import functools

import torch
from torch import nn

from cs231n.trials.trial import Features, Picture, Pictures


@functools.cache
def _master(name: str) -> nn.Module:
    if name == "small":
        from cs231n.classifiers.small import small_squeezenet

        return small_squeezenet()
    if name == "squeezenet":
        from cs231n.classifiers.squeezenet import load_squeezenet

        return load_squeezenet()
    if name == "small-mirrored":
        return _mirrored(_master("small"))
    raise ValueError(f"no network is called {name!r}; there are: small, small-mirrored, squeezenet")


def _mirrored(model: nn.Module) -> nn.Module:
    """Return a network that sees in a picture what `model` sees in its mirror image: another one, as good."""
    mirrored = copy.deepcopy(model)
    for module in mirrored.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.data = module.weight.data.flip(-1)
    return mirrored


def network(name: str) -> nn.Module:
    """Return a fresh copy of a network, so that nothing done to it outlives a trial.

    Parameters
    ----------
    name : {"small", "small-mirrored", "squeezenet"}

    Raises
    ------
    ValueError
        If there is no network of that name.
    """
    return _copied(_master(name))


def _copied(module: nn.Module) -> nn.Module:
    """Return what `copy.deepcopy` would, in an eighth of the time: a network is copied for each trial."""
    twin = module.__new__(type(module))
    for name, value in vars(module).items():
        twin.__dict__[name] = value.copy() if isinstance(value, (dict, list, set)) else value
    for name, parameter in module._parameters.items():
        if parameter is not None:
            twin._parameters[name] = nn.Parameter(parameter.detach().clone(), parameter.requires_grad)
    for name, buffer in module._buffers.items():
        if buffer is not None:
            twin._buffers[name] = buffer.clone()
    for name, child in module.named_children():
        twin._modules[name] = _copied(child)
    return twin


@functools.cache
def shared(name: str) -> nn.Module:
    """Return one copy of a network for all who are known to leave it as it is; its parameters collect nothing."""
    return network(name).requires_grad_(False)


def scores(name: str, images: torch.Tensor) -> torch.Tensor:
    """Return the class scores (N, K) of images (N, 3, H, W) in the untouched network `name`."""
    with torch.no_grad():
        result: torch.Tensor = _master(name)(images)
    return result


def first_layer(model: nn.Module) -> nn.Module:
    """Return the first convolution of a network: all that the network is shown passes through it.

    A hook on the network itself would miss `model.forward(x)` and `model.features(x)`.
    """
    return next(module for module in model.modules() if isinstance(module, nn.Conv2d))


@functools.cache
def picture(wanted: Picture) -> torch.Tensor:
    """Return a named picture as a normalised tensor (1, 3, h, w)."""
    from PIL import Image

    from cs231n.data_utils import imagenet_picture
    from cs231n.datasets import registry
    from cs231n.image_utils import preprocess

    if wanted.name.startswith("imagenet-"):
        number = int(wanted.name.removeprefix("imagenet-"))
        return preprocess(Image.fromarray(imagenet_picture(number)), size=wanted.size)
    return preprocess(registry.picture(wanted.name), size=wanted.size)


@functools.cache
def pictures(wanted: Pictures) -> torch.Tensor:
    """Return several ImageNet pictures as one normalised batch (N, 3, size, size)."""
    return torch.cat([picture(Picture(f"imagenet-{number}", wanted.size)) for number in wanted.indices])


@functools.cache
def _all_features(wanted: Picture) -> tuple[torch.Tensor, ...]:
    from cs231n.classifiers.squeezenet import extract_features

    with torch.no_grad():
        return tuple(extract_features(picture(wanted), _master("squeezenet")))


def features(wanted: Features) -> torch.Tensor | list[torch.Tensor]:
    """Return the feature map of one layer of SqueezeNet, or the list of all 13."""
    every = _all_features(wanted.picture)
    return [layer.clone() for layer in every] if wanted.layer is None else every[wanted.layer].clone()
