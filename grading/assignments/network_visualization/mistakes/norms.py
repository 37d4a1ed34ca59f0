"""What a gradient gets divided by instead of its norm, in fooling images and in class visualisation alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

# The likeliest first: changes of the recipes' steps `divide_by` and `divide_by_image`.
OTHER_NORMS: tuple[Mapping[str, Any], ...] = (
    {"divide_by": lambda g: g.abs().max()},
    {"divide_by": lambda g: g.abs().sum()},
    {"divide_by": lambda g: g.square().mean().sqrt()},
    {"divide_by": torch.std},
    {"divide_by": lambda g: g.norm(dim=1, keepdim=True)},  # F.normalize: each pixel by itself
    {"divide_by": torch.abs},  # each entry by its own size: steps by sign
    {"divide_by": torch.sum},
    {"divide_by": lambda g: g.sum() ** 2},
    {"divide_by": lambda g: g.abs().mean()},
    {"divide_by": torch.max},
    {"divide_by_image": torch.norm},
    {"divide_by_image": lambda image: image.norm() ** 2},
)
