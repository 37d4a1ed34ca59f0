"""What is true of all that paint: whatever happens, the network and the picture are left as they were."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.complete import deepdream, invert, texture, visualize
from cs231n.techniques import Unit

PAINTERS: dict[str, tuple[Callable[..., Any], Any, dict[str, Any]]] = {
    "visualize": (visualize, 1, {"steps": 2}),
    "visualize a unit": (visualize, Unit("conv", 2, (3, 4)), {"steps": 2, "parametrisation": "pixels"}),
    "deepdream": (deepdream, "conv", {"steps": 1, "octaves": 2}),
    "invert": (invert, "pool", {"steps": 2}),
    "texture": (texture, ("relu", "conv"), {"steps": 2}),
}
every_painter = pytest.mark.parametrize(("paint", "target", "options"), PAINTERS.values(), ids=PAINTERS)


def state_of(network: nn.Module) -> list[Any]:
    hooks = [len(module._forward_hooks) + len(module._backward_hooks) for module in network.modules()]
    modes = [module.training for module in network.modules()]
    slopes = [(p.requires_grad, p.grad is None) for p in network.parameters()]
    return [hooks, modes, slopes, [t.detach().clone() for t in network.state_dict().values()]]


def assert_untouched(before: list[Any], network: nn.Module) -> None:
    after = state_of(network)
    assert before[:3] == after[:3]
    assert all(torch.equal(old, new) for old, new in zip(before[3], after[3], strict=True))


@every_painter
def test_the_network_and_the_picture_are_left_as_they_were(
    paint: Callable[..., Any], target: Any, options: dict[str, Any], residual: nn.Module, images: Tensor
) -> None:
    residual.get_submodule("bn").eval()
    image = images[:1].clone().requires_grad_()
    before, copy = state_of(residual), image.detach().clone()
    with torch.no_grad():  # a gradient is found also where the caller wants none
        result = paint(residual, image, target, progress=False, **options)
    painted = getattr(result, "image", result)
    assert painted.shape == image.shape
    assert painted.isfinite().all()
    assert not painted.requires_grad
    assert torch.equal(image.detach(), copy)
    assert image.grad is None
    assert_untouched(before, residual)


@every_painter
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_interruption_leaves_no_trace(
    paint: Callable[..., Any],
    target: Any,
    options: dict[str, Any],
    error: type[BaseException],
    residual: nn.Module,
    images: Tensor,
) -> None:
    def interrupt(*_: object) -> None:
        raise error("stop")

    handle = residual.get_submodule("stem").register_forward_pre_hook(interrupt)
    before = state_of(residual)
    with pytest.raises(error, match="stop"):
        paint(residual, images[:1], target, progress=False, **options)
    assert_untouched(before, residual)
    handle.remove()


@every_painter
def test_progress_is_shown_if_it_is_wanted(
    paint: Callable[..., Any],
    target: Any,
    options: dict[str, Any],
    residual: nn.Module,
    images: Tensor,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paint(residual, images[:1], target, progress=False, **options)
    assert not capsys.readouterr().err
    paint(residual, images[:1], target, **options)
    assert "100%" in capsys.readouterr().err
