"""Occlusion against captum and against a loop that covers one patch at a time."""

from types import ModuleType

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture.occlusion import occlusion


@pytest.mark.parametrize(("patch", "stride", "fill"), [(16, 16, 0.0), (17, 9, -1.5), (48, 8, 0.5)])
def test_it_is_a_loop_over_patches(
    network: nn.Module, images: Tensor, patch: int, stride: int, fill: float
) -> None:
    heat = occlusion(
        network, images, [3, 7], patch=patch, stride=stride, fill=fill, batch_size=5, progress=False
    )
    for image, target, grid in zip(images, (3, 7), heat, strict=True):
        for row, line in enumerate(grid):
            for column, probability in enumerate(line):
                covered = image[None].clone()
                top, left = row * stride, column * stride
                covered[:, :, top : top + patch, left : left + patch] = fill
                expected = network(covered).softmax(1)[0, target]
                torch.testing.assert_close(probability, expected, rtol=1e-4, atol=1e-6)
    reach = [(side - 1) * stride + patch for side in heat.shape[1:]]
    assert images.shape[2] <= reach[0] < images.shape[2] + stride
    assert images.shape[3] <= reach[1] < images.shape[3] + stride


@pytest.mark.parametrize(("patch", "stride"), [(16, 16), (20, 12)])
def test_the_probability_lost_is_what_captum_says(
    network: nn.Module, images: Tensor, oracle: ModuleType, patch: int, stride: int
) -> None:
    """captum gives each pixel the mean loss over the patches that cover it."""
    targets = torch.tensor([3, 7])
    heat = occlusion(network, images, targets, patch=patch, stride=stride, progress=False)
    whole = network(images).softmax(1)[range(2), targets]
    lost, count = torch.zeros(2, 48, 64), torch.zeros(48, 64)
    for row in range(heat.shape[1]):
        for column in range(heat.shape[2]):
            area = (
                slice(row * stride, row * stride + patch),
                slice(column * stride, column * stride + patch),
            )
            lost[:, *area] += (whole - heat[:, row, column])[:, None, None]
            count[area] += 1
    attributed = oracle.Occlusion(lambda x: network(x).softmax(1)).attribute(
        images, (3, patch, patch), (3, stride, stride), baselines=0.0, target=targets
    )
    torch.testing.assert_close(lost / count, attributed[:, 0], rtol=1e-4, atol=1e-6)


def test_a_patch_larger_than_the_image_is_refused(network: nn.Module, images: Tensor) -> None:
    with pytest.raises(ValueError, match="does not fit into images of 48 x 64"):
        occlusion(network, images, 0, patch=49)
