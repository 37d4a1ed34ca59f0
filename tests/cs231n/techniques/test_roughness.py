"""Roughness against its definition in loops."""

import pytest
import torch

from cs231n.techniques.roughness import roughness


def test_roughness_is_the_mean_step_to_the_right_and_down() -> None:
    picture = torch.randn(1, 3, 5, 6, generator=torch.Generator().manual_seed(0))
    steps = [
        abs(float(picture[0, c, y, x + 1] - picture[0, c, y, x]))
        + abs(float(picture[0, c, y + 1, x] - picture[0, c, y, x]))
        for c in range(3)
        for y in range(4)
        for x in range(5)
    ]
    assert float(roughness(picture)) == pytest.approx(sum(steps) / len(steps), rel=1e-5)
