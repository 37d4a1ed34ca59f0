"""A network that a trial is given is its own: what is done to it stays with it."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from cs231n.trials import networks

NAMES = ("small", "small-mirrored", "squeezenet")


def state(model: nn.Module) -> list[object]:
    """All that a network consists of, by name: types, settings, numbers."""
    found: list[object] = []
    for name, module in model.named_modules():
        own = {k: v for k, v in vars(module).items() if not isinstance(v, (dict, torch.Tensor))}
        found.append(
            (name, type(module), own, {k: [*v] for k, v in vars(module).items() if isinstance(v, dict)})
        )
    found += [(name, p.requires_grad, p.tolist()) for name, p in model.named_parameters()]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_what_deepcopy_gives(name: str) -> None:
    master = networks._master(name)
    assert state(networks.network(name)) == state(copy.deepcopy(master))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_done_to_a_copy_reaches_the_next(name: str) -> None:
    before = state(networks.network(name))
    model = networks.network(name)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    model.requires_grad_(True).train()
    for module in model.modules():
        module.register_forward_hook(lambda *_: None)
        module.register_buffer("more", torch.zeros(1))
        for value in vars(module).values():
            if isinstance(value, (dict, list, set)):
                value.clear()
    assert state(networks.network(name)) == before


def test_a_copy_computes_what_the_network_does() -> None:
    image = torch.linspace(-1, 1, 3 * 64 * 64).view(1, 3, 64, 64)
    for name in NAMES:
        assert torch.equal(networks.network(name)(image), networks.scores(name, image))
