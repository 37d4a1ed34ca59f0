"""A pretrained network that a student's code downloads by itself: the one that it is given stands in.

Some functions load SqueezeNet again, in place of their argument. In the notebook the two are the same network; here
nothing can be downloaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.sandbox.inside.notes import took_effect
from grading.sandbox.inside.stand_ins import stand_in

NAME = "squeezenet1_1"


def serve(network: Callable[[], torch.nn.Module]) -> None:
    """Let torchvision and torch.hub return `network()` where they are asked for the pretrained SqueezeNet 1.1."""
    from torchvision import models

    for owner, name in (
        (models, NAME),
        (models.squeezenet, NAME),
        (models, "get_model"),
        (torch.hub, "load"),
    ):
        _answer(owner, name, network)


def _answer(owner: Any, name: str, network: Callable[[], torch.nn.Module]) -> None:
    original = getattr(owner, name)

    def loaded(*args: Any, **kwargs: Any) -> Any:
        trained = kwargs.get("pretrained") or kwargs.get("weights") or any(value is True for value in args)
        if not trained or NAME not in (name, *args, *kwargs.values()):
            return original(*args, **kwargs)
        took_effect("pretrained")
        return network()

    stand_in(owner, name, loaded)
