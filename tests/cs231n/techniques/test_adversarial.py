"""Adversarial examples: what they promise, and foolbox's attacks on the same pictures."""

import copy
import warnings

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, deprocess, preprocess
from cs231n.lecture.complete import adversarial
from cs231n.techniques.adversarial import distances, round_to_8_bits

MEAN, STD = (torch.from_numpy(constant).view(1, 3, 1, 1) for constant in (SQUEEZENET_MEAN, SQUEEZENET_STD))


@pytest.fixture
def pictures(images: Tensor) -> Tensor:
    """Six, in colours that exist."""
    several = torch.cat([images, images.flip(2), images.flip(3)])
    return ((several * 0.25 + 0.5).clamp(0, 1) - MEAN) / STD


TARGETS = [3, 7, 1, 0, 9, 5]


@pytest.mark.parametrize("confidence", [0.1, 1.0])
def test_every_target_wins_by_the_margin_that_was_asked_for(
    network: nn.Module, pictures: Tensor, confidence: float
) -> None:
    found = adversarial(network, pictures, TARGETS, confidence=confidence, batch_size=4, progress=False)
    scores = network(found.images)
    for row, target, margin in zip(scores, TARGETS, found.margins, strict=True):
        best_other = max(float(score) for label, score in enumerate(row) if label != target)
        assert float(row[target]) - best_other == pytest.approx(float(margin), abs=1e-4)
        assert confidence <= margin < confidence + 0.3
    assert found.fooled.all()
    assert found.target_y.tolist() == TARGETS


def test_it_survives_a_file_of_8_bits(network: nn.Module, pictures: Tensor) -> None:
    found = adversarial(network, pictures, TARGETS, progress=False)
    for image, target in zip(found.images, TARGETS, strict=True):
        saved = deprocess(image[None], should_rescale=False)
        assert network(preprocess(saved, size=48)).argmax() == target
    assert found.survives_8_bits.all()


def test_rounding_is_that_of_a_file(pictures: Tensor) -> None:
    rounded = round_to_8_bits(pictures + 0.001)
    for image, expected in zip(pictures + 0.001, rounded, strict=True):
        saved = preprocess(Image.fromarray(np.asarray(deprocess(image[None], should_rescale=False))), size=48)
        torch.testing.assert_close(saved[0], expected, rtol=0, atol=1e-5)


def test_distances_are_in_levels_of_colour(network: nn.Module, pictures: Tensor) -> None:
    found = adversarial(network, pictures, TARGETS, progress=False)
    change = ((found.images - pictures) * STD * 255).double()
    for index, one in enumerate(change):
        assert float(found.l2[index]) == pytest.approx(float((one**2).sum() ** 0.5), rel=1e-3)
        assert float(found.largest[index]) == pytest.approx(float(one.abs().max()), rel=1e-3)


def test_no_colour_leaves_the_screen(network: nn.Module, pictures: Tensor) -> None:
    extreme = (pictures[:2] * STD + MEAN > 0.5).float().sub(MEAN) / STD
    shown = (
        adversarial(network, extreme, TARGETS[:2], confidence=3.0, iterations=60, progress=False).images * STD
        + MEAN
    )
    assert shown.min() >= -1e-6
    assert shown.max() <= 1 + 1e-6


def test_a_picture_that_is_already_taken_for_the_target_stays(network: nn.Module, pictures: Tensor) -> None:
    there = network(pictures).argmax(dim=1)
    found = adversarial(network, pictures, there, confidence=0.0, progress=False)
    assert found.steps.tolist() == [0] * 6
    assert torch.equal(found.images, pictures)


def test_pictures_do_not_influence_each_other(network: nn.Module, pictures: Tensor) -> None:
    together = adversarial(network, pictures, TARGETS, progress=False)
    alone = adversarial(network, pictures[2:3], TARGETS[2], progress=False)
    assert together.steps[2] == alone.steps[0]
    change = together.images[2] - pictures[2]
    assert (together.images[2] - alone.images[0]).norm() < 1e-2 * change.norm()


def test_another_margin_can_be_handed_in(network: nn.Module, pictures: Tensor) -> None:
    def over_class_0(scores: Tensor, target_y: Tensor) -> Tensor:
        return scores.gather(1, target_y[:, None])[:, 0] - scores[:, 0]

    found = adversarial(network, pictures[:2], 3, margin=over_class_0, progress=False)
    scores = network(found.images)
    assert (scores[:, 3] - scores[:, 0] >= 1).all()


def test_network_and_pictures_are_left_alone_even_after_an_error(residual: nn.Module, images: Tensor) -> None:
    state, before = copy.deepcopy(residual.state_dict()), images.clone()

    def broken(scores: Tensor, target_y: Tensor) -> Tensor:
        raise RuntimeError("a student's error")

    adversarial(residual, images, 2, iterations=3, progress=False)
    with pytest.raises(RuntimeError, match="a student's error"):
        adversarial(residual, images, 2, margin=broken, progress=False)
    assert residual.training
    assert not any(module._forward_pre_hooks for module in residual.modules())
    assert all(parameter.requires_grad and parameter.grad is None for parameter in residual.parameters())
    assert torch.equal(images, before)
    assert all(torch.equal(value, state[name]) for name, value in residual.state_dict().items())


def test_it_is_nearer_than_what_foolbox_finds(network: nn.Module, pictures: Tensor) -> None:
    """Both of foolbox's targeted attacks at the smallest of seven radii at which each succeeds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # foolbox's own imports
        import foolbox
    preprocessing = {"mean": SQUEEZENET_MEAN, "std": SQUEEZENET_STD, "axis": -3}
    attacked = foolbox.PyTorchModel(network, bounds=(0, 1), preprocessing=preprocessing, device="cpu")
    wanted = foolbox.criteria.TargetedMisclassification(torch.tensor(TARGETS))
    ours = adversarial(network, pictures, TARGETS, confidence=0.01, step=0.1, progress=False)
    raw = (pictures * STD + MEAN).clamp(0, 1)
    for attack, radii in (
        (foolbox.attacks.L2PGD(steps=20), np.geomspace(0.03, 6, 7)),
        (foolbox.attacks.LinfPGD(steps=20), np.geomspace(0.0005, 0.1, 7)),
    ):
        _, clipped, success = attack(attacked, raw, wanted, epsilons=list(radii))
        assert success[-1].all()
        nearest = torch.full((6,), torch.inf)
        for images, hit in zip(clipped, success, strict=True):
            length = distances(pictures, (images - MEAN) / STD)[0]
            nearest = torch.where(hit & (length < nearest), length, nearest)
        assert (ours.l2 <= 1.02 * nearest).all(), type(attack).__name__
