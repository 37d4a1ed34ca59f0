"""Checks of functions that show which pixels count: occlusion, GrabCut."""

from __future__ import annotations

import numpy as np
import torch

from cs231n.trials import networks
from cs231n.trials.judges import exactly_the_same, input_untouched, right_type, runs_together
from cs231n.trials.trial import Network, Tensor, Trial
from grading.assignments.visualizing_and_understanding.inputs import saliency_map
from grading.assignments.vocabulary import behaviour
from grading.assignments.vocabulary.check import Twin, check
from grading.assignments.vocabulary.inputs import images

OCCLUSION, SEEDS = "occlusion_map", "grabcut_seeds"
SMALL = Network("small")
# Nothing here is steep: rounding moves a result by a millionth.
CLOSE = 1e-3

# Occlusion: 12 points.

LOOK_AT_OCCLUSION = (
    "Is it a probability, of the class in y? Does each copy differ from the picture in one square only?"
)


def _occlusion(rng, *calls):
    """Return a trial of calls of (height, width, patch, stride), for the network's second choice."""
    made = []
    for height, width, patch, stride in calls:
        picture = _unsure_picture(rng, height, width)
        second = int(networks.scores("small", torch.from_numpy(picture.data))[0].argsort()[-2])
        made.append((picture, second, SMALL, patch, stride))
    return Trial(OCCLUSION, tuple(made), watch=("shown", "arguments"), network="small")


def _unsure_picture(rng, height, width):
    """Return a picture whose second class has a probability that can rise and fall."""
    while True:
        picture = images(rng, 1, height, width)
        first, second = networks.scores("small", torch.from_numpy(picture.data)).softmax(1)[0].topk(2).values
        if 0.1 < second < 0.4 and first < 0.75:
            return picture


def _public_occlusion(rng):
    return _occlusion(rng, (44, 36, 12, 8))


def _small_occlusion(rng):
    return _occlusion(rng, (28, 36, 12, 8))


@check(
    OCCLUSION,
    points=2,
    public=True,
    twin=Twin(_small_occlusion),
    tolerance=CLOSE,
    look=LOOK_AT_OCCLUSION,
)
def stored_heatmap(rng):
    """The heatmap of a small picture equals the stored one

    Five rows by four columns of places."""
    return _public_occlusion(rng)


@check(
    OCCLUSION,
    points=2,
    public=True,
    twin=Twin(_small_occlusion),
    conduct=True,
    judge=runs_together,
    look="A network takes a batch: how many covered copies can it hold?",
)
def squares_go_together(rng):
    """Several covered copies go through the network together

    One at a time is right as well, and several times slower."""
    return _public_occlusion(rng)


@check(OCCLUSION, points=3, tolerance=CLOSE)
def other_squares(rng):
    """Right for other pictures and patches: not square, and with pixels left over

    Rows and columns must not be mixed up; the last square may end before the edge."""
    return _occlusion(rng, (40, 57, 15, 11))


@check(OCCLUSION, points=2, tolerance=CLOSE)
def squares_with_gaps(rng):
    """Right where the squares leave gaps, and where there is one row or one column of squares

    A stride may be larger than the patch, and a patch as wide as the picture."""
    return _occlusion(rng, (48, 50, 9, 13), (30, 40, 30, 5), (40, 30, 30, 4))


@check(OCCLUSION, points=2, judge=behaviour.probabilities, conduct=True)
def heatmap_of_probabilities(rng):
    """The heatmap holds probabilities: all between 0 and 1

    Judged by the range and the shape alone: the probability of another class keeps these points."""
    return _occlusion(rng, (40, 57, 15, 11))


@check(OCCLUSION, points=1, judge=input_untouched, conduct=True)
def picture_untouched(rng):
    """The picture is not changed

    It is shown beside its heatmap, and used again."""
    return _occlusion(rng, (40, 57, 15, 11))


# GrabCut's seeds: 8 points.


def _wide_map(rng):
    return (saliency_map(rng, 20, 31),)


@check(
    SEEDS,
    points=2,
    judge=exactly_the_same,
    public=True,
    twin=Twin(_wide_map),
    look="Does a percentile count pixels? Which label wins where a pixel is above two of them?",
)
def a_small_map(rng):
    """Labels each pixel of a small map

    With all four labels in it."""
    return (saliency_map(rng, 10, 14),)


@check(SEEDS, points=3, judge=exactly_the_same)
def other_maps(rng):
    """Right for larger maps, wide and tall, and for a view into a larger tensor

    A map need not be contiguous."""
    return Trial(SEEDS, ((saliency_map(rng, 20, 31),), (saliency_map(rng, 40, 23, layout="view"),)))


@check(SEEDS, points=1, judge=exactly_the_same)
def maps_of_any_scale(rng):
    """Only the order of the pixels counts, not how bright the map is

    Gradients are as small as their network makes them."""
    bright = saliency_map(rng, 16, 25).data
    return Trial(SEEDS, ((Tensor(1e-4 * bright),), (Tensor(50 * np.sqrt(bright) + 7),)))


@check(SEEDS, points=1, judge=right_type, conduct=True)
def labels_are_bytes(rng):
    """The labels are uint8, as OpenCV wants them

    GrabCut refuses any other type."""
    return _wide_map(rng)


@check(SEEDS, points=1, judge=input_untouched, conduct=True)
def map_untouched(rng):
    """The map is not changed

    It is shown beside the outline."""
    return Trial(SEEDS, ((saliency_map(rng, 12, 25),),), watch=("arguments",))
