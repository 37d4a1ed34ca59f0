"""SqueezeNet 1.1, the network of all notebooks, with its ImageNet weights.

Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size", 2016
(https://arxiv.org/abs/1602.07360). The modules have torchvision's names and order, so that a state
dictionary of either fits the other.
"""

import pickle
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast
from urllib.error import HTTPError

import torch
from torch import nn

from cs231n.classifiers.ndf_weights import WEIGHTS_SHA256, load_weights
from cs231n.datasets.registry import DataError
from cs231n.language import said

__all__ = ["WEIGHTS_SHA256", "Fire", "SqueezeNet", "extract_features", "load_squeezenet"]

_TORCHVISION_URL = "https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth"
_DEFAULT = 'load_squeezenet() with its default weights="ndf" needs no network'


class Fire(nn.Module):
    """Squeeze to few channels, then expand with 1x1 and 3x3 filters side by side.

    The ReLUs are not in place, so that every intermediate value can be looked at afterwards.
    """

    def __init__(self, channels: int, squeeze: int, expand: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeeze, kernel_size=1)
        self.squeeze_activation = nn.ReLU()
        self.expand1x1 = nn.Conv2d(squeeze, expand, kernel_size=1)
        self.expand1x1_activation = nn.ReLU()
        self.expand3x3 = nn.Conv2d(squeeze, expand, kernel_size=3, padding=1)
        self.expand3x3_activation = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map (N, channels, H, W) to (N, 2 * expand, H, W), nonnegative."""
        x = self.squeeze_activation(self.squeeze(x))
        return torch.cat(
            [self.expand1x1_activation(self.expand1x1(x)), self.expand3x3_activation(self.expand3x3(x))],
            dim=1,
        )


class SqueezeNet(nn.Module):
    """SqueezeNet 1.1: thirteen modules of features, then a 1x1 convolution averaged into class scores.

    Parameters
    ----------
    num_classes : int
        How many class scores.
    """

    def __init__(self, num_classes: int = 1000) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=3, stride=2),
            nn.ReLU(),
            _pool(),
            Fire(64, 16, 64),
            Fire(128, 16, 64),
            _pool(),
            Fire(128, 32, 128),
            Fire(256, 32, 128),
            _pool(),
            Fire(256, 48, 192),
            Fire(384, 48, 192),
            Fire(384, 64, 256),
            Fire(512, 64, 256),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(p=0.5),
            nn.Conv2d(512, num_classes, kernel_size=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d((1, 1)),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map normalised images (N, 3, H, W), at least 21 pixels a side, to scores (N, num_classes)."""
        return cast(torch.Tensor, self.classifier(self.features(x)).flatten(1))


def _pool() -> nn.MaxPool2d:
    return nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)


def load_squeezenet(weights: str = "ndf", *, progress: bool = True) -> SqueezeNet:
    """Return the pretrained network, in evaluation mode and with frozen parameters.

    Parameters
    ----------
    weights : {"ndf", "torchvision"}
        "ndf": what the installed package ndf carries, rescaled so that the course's settings for style
        transfer suit it; no network needed. "torchvision": torchvision's own, downloaded on first use.
    progress : bool
        Show a progress bar while downloading.

    Returns
    -------
    SqueezeNet
        It reads images normalised with ``SQUEEZENET_MEAN`` and ``SQUEEZENET_STD``. The random generator of
        torch is left as it was.

    Raises
    ------
    ValueError
        If `weights` is neither of the two.
    cs231n.datasets.registry.DataError
        If the weights cannot be had; the message says why and what to do.

    Examples
    --------
    >>> model = load_squeezenet()
    >>> model(torch.zeros(1, 3, 64, 64)).shape
    torch.Size([1, 1000])
    """
    if weights == "ndf":
        state = {name: torch.from_numpy(values) for name, values in load_weights().items()}
    elif weights == "torchvision":
        state = _download_torchvision_weights(progress)
    else:
        raise ValueError(
            said(
                'weights is "ndf" (the default, offline) or "torchvision", not {weights!r}.', weights=weights
            )
        )
    with torch.device("meta"):  # no random initialisation: it would cost time and move torch's generator
        model = SqueezeNet()
    model.load_state_dict(state, assign=True)
    return model.eval().requires_grad_(False)


def _download_torchvision_weights(progress: bool) -> dict[str, torch.Tensor]:
    try:
        with _socket_timeout(20.0):
            state = torch.hub.load_state_dict_from_url(
                _TORCHVISION_URL, map_location="cpu", progress=progress, check_hash=True, weights_only=True
            )
    except OSError as error:  # URLError, timeouts and a folder that cannot be written are all of this family
        if isinstance(error, HTTPError):
            error.close()  # it holds the connection
        raise DataError(
            said(
                "torchvision's weights could not be downloaded from {address} ({error}): {default}.",
                address=_TORCHVISION_URL,
                error=getattr(error, "reason", error),
                default=_DEFAULT,
            )
        ) from None
    except (RuntimeError, EOFError, pickle.UnpicklingError):
        raise DataError(
            said(
                "What was downloaded from {address} is damaged: delete it from {folder}/checkpoints "
                "and try again; {default}.",
                address=_TORCHVISION_URL,
                folder=torch.hub.get_dir(),
                default=_DEFAULT,
            )
        ) from None
    return cast(dict[str, torch.Tensor], state)


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)  # torch.hub sets none: behind a silent firewall it waits for minutes
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def extract_features(x: torch.Tensor, cnn: nn.Module) -> list[torch.Tensor]:
    """Run images through a network's features and keep what every module says.

    Parameters
    ----------
    x : Tensor, (N, 3, H, W)
        Normalised images.
    cnn : Module
        A network with ``.features``, or the features themselves: modules that run one after another.

    Returns
    -------
    list of Tensor
        One for each module, the i-th of shape (N, C_i, H_i, W_i); gradients flow from each back to `x`.

    Examples
    --------
    >>> features = extract_features(torch.zeros(1, 3, 64, 64), SqueezeNet())
    >>> len(features), features[0].shape
    (13, torch.Size([1, 64, 31, 31]))
    """
    modules: Iterable[nn.Module | None] = cast(nn.Module, getattr(cnn, "features", cnn))._modules.values()
    outputs: list[torch.Tensor] = []
    for module in modules:
        x = cast(nn.Module, module)(x)
        outputs.append(x)
    return outputs
