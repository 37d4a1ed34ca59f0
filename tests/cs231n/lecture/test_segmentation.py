"""GrabCut on drawn pictures of which the outline is known."""

import numpy as np
import pytest
import torch

from cs231n.lecture.segmentation import grabcut


def scene(seed: int) -> tuple[np.ndarray, np.ndarray, torch.Tensor]:
    """A speckled blue disc on a speckled brown ground, and a flickering map that covers its middle only."""
    rng = np.random.Generator(np.random.PCG64(seed))
    rows, columns = np.mgrid[:96, :128]
    distance = np.hypot(rows - 40, columns - 70)
    disc = distance < 26
    colours = np.where(disc[:, :, None], (60, 90, 200), (150, 110, 60)) + rng.normal(0, 12, (96, 128, 3))
    saliency = np.exp(-((distance / 14) ** 2)) * rng.exponential(1, (96, 128))
    return colours.clip(0, 255).astype(np.uint8), disc, torch.from_numpy(saliency).float()


@pytest.mark.parametrize("seed", range(3))
def test_the_object_is_cut_out_along_its_edge(seed: int) -> None:
    image, disc, saliency = scene(seed)
    mask = grabcut(image, saliency)
    assert (mask & disc).sum() / (mask | disc).sum() > 0.97
    peak = saliency > saliency.quantile(1 - float(disc.mean()))
    assert (peak.numpy() & disc).sum() / (peak.numpy() | disc).sum() < 0.8  # the map alone does not do it


def test_the_same_seed_gives_the_same_mask_and_the_inputs_stay() -> None:
    image, _, saliency = scene(0)
    image_before, saliency_before = image.copy(), saliency.clone()
    assert np.array_equal(grabcut(image, saliency), grabcut(image, saliency))
    assert np.array_equal(image, image_before)
    assert torch.equal(saliency, saliency_before)


def test_a_map_that_cannot_help_is_refused() -> None:
    image, _, saliency = scene(0)
    with pytest.raises(ValueError, match="does not belong to a picture"):
        grabcut(image, saliency[:, 1:])
    with pytest.raises(ValueError, match="is constant"):
        grabcut(image, torch.ones_like(saliency))
