"""The small network gives the same numbers everywhere, and asks something of a student's function."""

import hashlib

import numpy as np
import pytest
import torch

from cs231n.classifiers.small import IMAGE_SIZE, NUM_CLASSES, SEEN_CLASSES, small_squeezenet, smooth_pictures
from grading.assignments.vocabulary.inputs import far_target


def pictures(count: int, seed: int = 0, height: int = IMAGE_SIZE, width: int = IMAGE_SIZE) -> torch.Tensor:
    return torch.from_numpy(smooth_pictures(np.random.Generator(np.random.PCG64(seed)), count, height, width))


def test_the_numbers_are_always_the_same() -> None:
    with torch.no_grad():
        scores = small_squeezenet()(pictures(8))[:, :SEEN_CLASSES].double().numpy()
    rounded = np.round(scores, 2) + 0.0
    # Away from a rounding boundary, or the hash would depend on the machine.
    assert np.abs(scores * 100 - np.floor(scores * 100) - 0.5).min() > 1e-3
    assert hashlib.sha256(rounded.tobytes()).hexdigest()[:16] == "116cff5dcfa694dd"


def test_the_numbers_do_not_depend_on_the_random_state() -> None:
    torch.manual_seed(1)
    first = small_squeezenet().state_dict()
    torch.manual_seed(2)
    assert all(torch.equal(first[name], value) for name, value in small_squeezenet().state_dict().items())


def test_each_class_seen_wins_on_about_a_tenth_of_the_pictures() -> None:
    with torch.no_grad():
        winners = small_squeezenet()(pictures(1000, seed=7)).argmax(1)
    counts = np.bincount(winners.numpy(), minlength=SEEN_CLASSES)
    assert len(counts) == SEEN_CLASSES
    assert counts.min() >= 30
    assert counts.max() <= 250


def test_the_other_classes_are_never_seen_and_have_no_part_in_a_softmax() -> None:
    with torch.no_grad():
        shares = small_squeezenet()(pictures(100, seed=5)).softmax(1)
    assert torch.all(shares[:, SEEN_CLASSES:] == 0)


def test_the_gradient_of_a_score_weighs_about_as_much_as_the_l2_term() -> None:
    """At l2_reg = 0.05, as in the checks: a mistake in either term must turn the step."""
    model, images = small_squeezenet(), pictures(20, seed=3).requires_grad_()
    (slopes,) = torch.autograd.grad(model(images)[:, 4].sum(), images)
    penalties = 2 * 0.05 * images.detach()
    ratios = slopes.flatten(1).norm(dim=1) / penalties.flatten(1).norm(dim=1)
    assert 0.3 < float(ratios.median()) < 3


def steps_to(image: torch.Tensor, target: int, most: int) -> int:
    """Steps of length one up a class's score until it wins."""
    model = small_squeezenet()
    for steps in range(most + 1):
        image = image.detach().requires_grad_()
        scores = model(image)[0]
        if int(scores.argmax()) == target:
            return steps
        (slope,) = torch.autograd.grad(scores[target], image)
        image = image + slope / slope.norm()
    return most + 1


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("seed", range(20))
def test_a_far_target_is_reached_in_4_to_8_steps(seed: int) -> None:
    picture, target = far_target(np.random.Generator(np.random.PCG64(seed)))
    assert 4 <= steps_to(torch.from_numpy(picture.data.copy()), target, most=8) <= 8


@pytest.mark.parametrize("target", range(SEEN_CLASSES))
def test_every_class_seen_can_be_reached(target: int) -> None:
    """Or a right `while True` loop would hang."""
    assert steps_to(pictures(1, seed=target), target, most=60) <= 60


@pytest.mark.parametrize(("height", "width"), [(16, 16), (40, 72), (33, 17)])
def test_images_of_any_size_have_scores(height: int, width: int) -> None:
    scores = small_squeezenet()(pictures(2, height=height, width=width))
    assert scores.shape == (2, NUM_CLASSES)
    assert torch.isfinite(scores).all()


def test_it_is_frozen_and_in_evaluation_mode() -> None:
    model = small_squeezenet()
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())
