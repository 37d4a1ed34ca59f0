"""The globals that the set-up cells of the course's notebooks make: the network, five pictures with their classes."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from cs231n.trials import networks
from cs231n.trials.trial import Pictures

# What each global is, as `Notebook.provided` says it: "module:name", with "()" if that is called.
PROVIDED: Mapping[str, str] = {
    "model": "cs231n.trials.notebook_globals:network()",
    "cnn": "cs231n.trials.notebook_globals:network()",
    "X": "cs231n.trials.notebook_globals:images()",
    "y": "cs231n.trials.notebook_globals:classes()",
    "class_names": "cs231n.trials.notebook_globals:class_names()",
    "X_tensor": "cs231n.trials.notebook_globals:image_tensor()",
    "y_tensor": "cs231n.trials.notebook_globals:class_tensor()",
    "dtype": "torch:FloatTensor",
    "device": "cs231n.trials.notebook_globals:device()",
    "answers": "builtins:dict()",
}
# What set-up cells call the network; a trial's network takes its place while it runs.
NETWORK_NAMES = ("model", "cnn")
# Those that hold what functions are given as arguments.
INPUTS = ("X", "y", "X_tensor", "y_tensor")


def network() -> torch.nn.Module:
    """Return SqueezeNet, as a trial makes it."""
    return networks.network("squeezenet")


def images() -> np.ndarray:
    """Return five ImageNet pictures, (5, 224, 224, 3), of bytes."""
    found: np.ndarray = _validation_pictures()[0]
    return found


def classes() -> np.ndarray:
    """Return the classes of these pictures, (5,)."""
    found: np.ndarray = _validation_pictures()[1]
    return found


def class_names() -> dict[int, str]:
    """Return the names of all classes."""
    found: dict[int, str] = _validation_pictures()[2]
    return found


def image_tensor() -> torch.Tensor:
    """Return the pictures as the network takes them, (5, 3, 224, 224)."""
    return networks.pictures(Pictures((0, 1, 2, 3, 4), 224)).clone()


def class_tensor() -> torch.Tensor:
    """Return their classes as a tensor, (5,)."""
    return torch.from_numpy(np.asarray(classes(), dtype=np.int64))


def device() -> torch.device:
    """Return the processor: there is no GPU."""
    return torch.device("cpu")


@functools.cache
def _validation_pictures() -> tuple[Any, Any, Any]:
    from cs231n.data_utils import load_imagenet_val

    return load_imagenet_val(num=5)
