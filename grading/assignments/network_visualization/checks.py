"""Checks of NetworkVisualization: saliency maps, fooling images, class visualization."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from cs231n.trials import networks
from cs231n.trials.judges import (
    fools_the_network,
    fresh_gradient_each_call,
    input_untouched,
    same_change,
    stays_close,
    step_has_asked_length,
    steps_along_gradient,
)
from cs231n.trials.trial import Network, OnTheWay, Picture, Pictures, Tensor, Trial
from grading.assignments.vocabulary import behaviour, loop_behaviour
from grading.assignments.vocabulary.check import Twin, check
from grading.assignments.vocabulary.inputs import distant_target, far_target, labels, least_likely, pictures

SALIENCY, FOOLING, STEP = (
    "compute_saliency_maps",
    "make_fooling_image",
    "class_visualization_update_step",
)
SMALL, TRAINED = Network("small"), Network("squeezenet")

# The true classes of the first five ImageNet pictures, in their order.
FIRST_FIVE = Pictures((0, 1, 2, 3, 4), 128)


def _true_labels() -> Tensor:
    from cs231n.datasets.registry import imagenet_pictures

    return Tensor(np.array([label for _, label in imagenet_pictures()[:5]], dtype=np.int64))


LOOK_AT_SALIENCY = (
    "Do you take the gradient of the raw score of the class in y? Is each number an absolute value, and the largest "
    "of the three colours?"
)
LOOK_AT_STEP = "Check the sign, the square and the weight of the L2 term. The target's raw score should grow."

# Saliency maps: 20 points. Half of them for values, the rest for what stays true of a map of the wrong score.


def _two_and_five(rng):
    return Trial(SALIENCY, tuple((pictures(rng, n, 32, 32), labels(rng, n), SMALL) for n in (2, 5)))


def _one_three_and_five(rng):
    """Where one number of pictures cannot be run, another may."""
    sizes = ((1, 32, 56), (3, 32, 56), (5, 32, 32))
    calls = tuple((pictures(rng, n, h, w), labels(rng, n), SMALL) for n, h, w in sizes)
    return Trial(SALIENCY, calls)


@check(
    SALIENCY,
    points=2,
    answer="saliency",
    twin=Twin(_two_and_five, calls=(1,)),
    tolerance=2e-2,
    look=LOOK_AT_SALIENCY,
)
def stored_saliency_maps(rng):
    """The maps of the five pictures equal the stored ones

    The course's own case, on the trained network."""
    return FIRST_FIVE, _true_labels(), TRAINED


@check(
    SALIENCY,
    points=1,
    public=True,
    twin=Twin(_one_three_and_five, calls=(0,)),
    look="Which shapes do you get when the batch holds one picture? " + LOOK_AT_SALIENCY,
)
def one_picture_not_square(rng):
    """Right for a single picture, wider than tall

    What most often breaks, for the student to see: one image, and one whose height is not its width."""
    return pictures(rng, 1, 48, 80), labels(rng, 1), SMALL


@check(SALIENCY, points=2)
def batch_of_one(rng):
    """Right for a batch of one image

    `squeeze()` without an axis drops the batch axis here, and a vector of five ones does not fit."""
    return pictures(rng, 1, 32, 32), labels(rng, 1), SMALL


@check(SALIENCY, points=5)
def batch_of_several(rng):
    """Right for batches of two and of five images, with labels in any order

    Five is what the notebook shows; a mean over the batch, or a vector of five ones, differs for two."""
    return _two_and_five(rng)


@check(SALIENCY, points=2)
def image_not_square(rng):
    """Right for images that are wider than tall, and for a tensor that is a view into a larger one

    Height and width must not be mixed up, and a tensor need not be contiguous."""
    return pictures(rng, 3, 32, 56, layout="view"), labels(rng, 3), SMALL


@check(SALIENCY, points=3, judge=behaviour.one_map_per_image, conduct=True)
def one_map_for_each_image(rng):
    """Returns one map per image: (N, H, W), also for N = 1

    Judged by shape alone, so that a map of the wrong score keeps these points."""
    return _one_three_and_five(rng)


@check(SALIENCY, points=2, judge=behaviour.nonnegative, conduct=True)
def no_negative_values(rng):
    """Saliency is a magnitude: no value is below zero

    Judged by sign alone: a map of the wrong score keeps these points, one without a magnitude loses them."""
    return _one_three_and_five(rng)


@check(SALIENCY, points=2, judge=behaviour.independent_of_batch, conduct=True)
def images_do_not_mix(rng):
    """The map of an image does not depend on the other images of the batch

    Judged up to a factor, so that the mean over a batch keeps these points; scores of other images'
    labels do not."""
    first, wanted = pictures(rng, 1, 32, 32).data, labels(rng, 5).data
    others = (pictures(rng, 2, 32, 32).data, pictures(rng, 2, 32, 32).data)
    classes = (wanted[[0, 1, 2]], wanted[[0, 3, 4]])
    calls = zip(others, classes, strict=True)
    return Trial(
        SALIENCY, tuple((Tensor(np.concatenate([first, other])), Tensor(y), SMALL) for other, y in calls)
    )


@check(SALIENCY, points=1, judge=behaviour.no_graph, conduct=True)
def detached_from_graph(rng):
    """The maps are plain numbers, with no graph attached

    A map that keeps its graph keeps all activations of the network in memory."""
    return _one_three_and_five(rng)


# Fooling images: 15 points. Outcome first (9), conduct second (6): a loop that accumulates gradients may still fool.
# A gray picture may be the target by chance: the outcome, too, counts only where something was computed.


def _target_already(rng):
    picture = pictures(rng)
    return picture, int(networks.scores("small", torch.from_numpy(picture.data)).argmax()), SMALL


def _fooling(rng):
    """A picture some steps from its target; again from an image on the way there; one that is its target already."""
    picture, target = far_target(rng)
    calls = ((picture, target, SMALL), (OnTheWay(0), target, SMALL), _target_already(rng))
    return Trial(FOOLING, calls, watch=("arguments", "shown"), network="small")


def _trained_fooling(rng):
    call = (Picture("imagenet-2", 96), 335, TRAINED)  # reached in five steps, by a clear margin
    return Trial(FOOLING, (call,), watch=("arguments", "shown"), network="squeezenet")


@check(
    FOOLING,
    points=2,
    judge=fools_the_network,
    public=True,
    twin=Twin(_fooling),
    conduct=True,
    look="Does the loop run until the target has the largest score? Does it follow the gradient, not its opposite?",
)
def fools_squeezenet(rng):
    """SqueezeNet takes the picture for the target class

    The outcome, on the trained network: however it was reached."""
    return _trained_fooling(rng)


@check(FOOLING, points=1, judge=fools_the_network, conduct=True)
def fools_another_network(rng):
    """Another network takes another picture for its target class

    The outcome again, where nobody could try before."""
    return _fooling(rng)


@check(FOOLING, points=2, judge=fools_the_network, conduct=True)
def fools_from_afar(rng):
    """Reaches a target that is more than twenty steps away

    A loop that gives up after a few steps fools with some pictures only: the assignment allows a hundred."""
    call = (*distant_target(rng), SMALL)
    return Trial(FOOLING, (call,), watch=("arguments", "shown"), network="small")


@check(
    FOOLING,
    points=1,
    judge=stays_close,
    public=True,
    twin=Twin(_fooling),
    conduct=True,
    tolerance=1,
    look="Is the gradient divided by its norm? Does the loop end as soon as the network is fooled?",
)
def moves_little(rng):
    """The picture stays close to the original

    A fooling image that everybody sees to be another picture fools nobody. Twice as far as needed is let through."""
    return _trained_fooling(rng)


@check(FOOLING, points=2, judge=input_untouched, public=True, twin=Twin(_fooling), conduct=True)
def original_untouched(rng):
    """The original picture is not changed

    The notebook shows it beside the fooling image, and takes their difference."""
    return _trained_fooling(rng)


@check(FOOLING, points=1, judge=fools_the_network, conduct=True)
def already_the_target(rng):
    """Handles a picture that is the target from the start

    No step is needed: a loop that steps before it looks must still end at the target."""
    return Trial(FOOLING, (_target_already(rng),), watch=("arguments", "shown"), network="small")


@check(FOOLING, points=1, judge=loop_behaviour.climbs_the_score, conduct=True)
def climbs_target_score(rng):
    """Climbs the raw score of the target class, not a loss

    A rule for the steps: a loss also pushes all other scores down."""
    return _fooling(rng)


@check(
    FOOLING,
    points=1,
    judge=same_change,
    public=True,
    twin=Twin(_fooling),
    tolerance=2e-2,
    look="Is each step as long as learning_rate? Is the gradient cleared before each step? Does the loop end at the "
    "first picture that fools the network?",
)
def stored_way(rng):
    """The picture changes as in the stored run: steps of length 1, and not more than needed

    All rules for the steps, in one check that the student can run."""
    return _trained_fooling(rng)


@check(FOOLING, points=1, judge=loop_behaviour.steps_have_length_one, conduct=True)
def normalised_steps(rng):
    """Each step is the gradient divided by its norm, times the learning rate 1

    A rule for the steps: the formula of the assignment."""
    return _fooling(rng)


@check(FOOLING, points=1, judge=loop_behaviour.forgets_old_gradients, tolerance=5e-3, conduct=True)
def gradient_zeroed(rng):
    """Each step uses its own gradient: that of the step before is zeroed

    An accumulated gradient often still fools, with more steps and more noise than needed."""
    return _fooling(rng)


@check(FOOLING, points=2, judge=loop_behaviour.stops_when_fooled, conduct=True)
def stops_as_soon_as_fooled(rng):
    """Stops at the first picture that fools the network

    A rule for the steps: every further step changes the picture more than it must. A picture that is the target
    already must come back as it was: a loop that steps before it looks loses these points."""
    return _fooling(rng)


# Class visualisation: 20 points. Where the step goes (15) and how long it is (5) are separate.


def _step(rng, *, l2_reg, learning_rate, contrast=1.0, height=64, width=64, unlikely=False):
    picture = pictures(rng, 1, height, width, name="img", contrast=contrast, requires_grad=True)
    target = least_likely(picture) if unlikely else int(labels(rng, 1).data[0])
    return Trial(STEP, ((picture, SMALL, target, l2_reg, learning_rate),), watch=("arguments",))


def _trained_step(rng):
    picture = pictures(rng, 1, 96, 96, name="img", contrast=2, requires_grad=True)
    return Trial(STEP, ((picture, TRAINED, 366, 5e-3, 0.5),), watch=("arguments",))


def _even_step(rng):
    return _step(rng, l2_reg=0.05, learning_rate=1.5)


def _three_steps(rng):
    """Picture A, then picture B in the same tensor; picture B in a tensor of its own."""
    call = _even_step(rng).calls[0]
    other = pictures(rng, contrast=0.7).data
    again = (Tensor(other, name=name, requires_grad=True) for name in ("img", "alone"))
    return Trial(STEP, (call, *((picture, *call[1:]) for picture in again)), watch=("arguments",))


def _three_steps_apart(rng):
    """The same, with the last step taken where nothing is known of the others: who keeps results has none to give."""
    trial = _three_steps(rng)
    return dataclasses.replace(trial, watch=(*trial.watch, "apart"))


@check(STEP, points=2, judge=steps_along_gradient, public=True, twin=Twin(_even_step), look=LOOK_AT_STEP)
def direction_on_squeezenet(rng):
    """On SqueezeNet the step goes along the gradient of the regularised score

    With a shorter step than the course's, and more of the L2 term, which is hard to see with the course's weight."""
    return _trained_step(rng)


@check(
    STEP,
    points=2,
    judge=step_has_asked_length,
    public=True,
    twin=Twin(_even_step),
    conduct=True,
    look="The gradient is divided by its norm, once, and multiplied by the learning rate.",
)
def length_on_squeezenet(rng):
    """On SqueezeNet the step is as long as the learning rate says

    A step that is not normalised loses this, and no point for its direction."""
    return _trained_step(rng)


@check(STEP, points=4, judge=steps_along_gradient)
def direction(rng):
    """The step goes along the gradient of the regularised score

    Here the score and the L2 term weigh about the same: a wrong sign or a lost factor 2 turns the step."""
    return _even_step(rng)


@check(STEP, points=4, judge=steps_along_gradient)
def direction_with_strong_l2(rng):
    """The L2 term is the squared norm of the image: it wins when l2_reg is large

    With a small l2_reg a norm that is not squared looks like no L2 term at all. The score is below zero here."""
    return _step(rng, l2_reg=0.4, learning_rate=0.7, contrast=0.5, height=40, width=56, unlikely=True)


@check(STEP, points=3, judge=step_has_asked_length, conduct=True)
def length(rng):
    """The step is as long as the learning rate: the gradient is divided by its norm, once

    Length apart from direction: a raw or doubly divided gradient costs this alone."""
    return _even_step(rng)


@check(
    STEP,
    points=1,
    judge=fresh_gradient_each_call,
    tolerance=3e-3,
    public=True,
    twin=Twin(_three_steps_apart),
    conduct=True,
)
def steps_in_a_row(rng):
    """Called again and again, each step uses its own gradient alone

    The student's own check of what the next one asks."""
    return _three_steps(rng)


@check(STEP, points=4, judge=fresh_gradient_each_call, tolerance=3e-3, conduct=True)
def three_steps_in_a_row(rng):
    """Called three times on other pictures, each step uses its own gradient alone

    Without zeroing, the gradient of the first call is still there at the second."""
    return _three_steps_apart(rng)
