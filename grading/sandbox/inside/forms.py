"""Calls functions of older years and other courses as the canonical function is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


def adapted(name: str, function: Callable[..., Any], namespace: dict[str, Any]) -> Callable[..., Any]:
    """Return `function`, which the student defined under `name`, with the canonical arguments in their order.

    Parameters
    ----------
    namespace : dict
        The globals that the function sees.
    """
    if name == "class_visualization_step":
        return _returning_step(function)
    return function


def _returning_step(function: Callable[..., Any]) -> Callable[..., Any]:
    """UMich: class_visualization_step(img, target_y, model, l2_reg=..., learning_rate=...) returns the image."""

    def step(img: Any, model: Any, target_y: Any, l2_reg: float, learning_rate: float) -> None:
        result = function(img, target_y, model, l2_reg=l2_reg, learning_rate=learning_rate)
        if isinstance(result, torch.Tensor) and result is not img and result.shape == img.shape:
            img.data.copy_(result.detach())

    return step
