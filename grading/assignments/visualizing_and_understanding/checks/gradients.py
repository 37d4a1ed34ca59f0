"""Checks of functions that change gradients, or follow them to a picture."""

from __future__ import annotations

import numpy as np

from cs231n.trials.judges import input_untouched, leaves_no_trace, same_gradient
from cs231n.trials.trial import Network, Tensor, Trial
from grading.assignments.visualizing_and_understanding.inputs import gradient_and_input, scores, spectrum
from grading.assignments.vocabulary.check import Twin, check
from grading.assignments.vocabulary.inputs import feature_maps, pictures

GUIDED, SPECTRUM, MARGIN = "guided_relu_backward", "spectrum_to_image", "target_margin"
DREAM, INVERSION = "dream_gradient", "inversion_loss"
SMALL = Network("small")
# Nothing here is steep: rounding moves a result by a millionth.
CLOSE = 1e-3

# Guided backprop: 8 points.


def _four_axes(rng):
    return Trial(GUIDED, (gradient_and_input(rng, 2, 3, 6, 4),), watch=("arguments",))


@check(
    GUIDED,
    points=2,
    public=True,
    twin=Twin(_four_axes),
    tolerance=CLOSE,
    look="Two conditions decide whether a number passes. Which of the two tensors does each condition use?",
)
def a_small_gradient(rng):
    """Passes on the right parts of the gradient, and nothing else

    All four combinations of signs are in it."""
    return gradient_and_input(rng, 2, 3, 4, 5)


@check(GUIDED, points=4, tolerance=CLOSE)
def any_shape(rng):
    """Right for tensors of any shape

    A ReLU stands behind convolutions and behind linear layers."""
    return Trial(GUIDED, tuple(gradient_and_input(rng, *shape) for shape in ((1, 4, 7, 6), (3, 11), (17,))))


@check(GUIDED, points=1, tolerance=CLOSE)
def input_of_zero(rng):
    """Nothing passes where the ReLU's input was exactly zero

    Its output is zero there, too: the neuron was silent."""
    return gradient_and_input(rng, 2, 4, 5, 5, zeros=0.3)


@check(GUIDED, points=1, judge=input_untouched, conduct=True)
def gradient_untouched(rng):
    """The gradient that was passed in is not changed

    Other parts of the network may need it."""
    return _four_axes(rng)


# Spectrum: 8 points.

LOOK_AT_SPECTRUM = (
    "What is each wave divided by? What happens at frequency zero? Which size and norm has the transform?"
)


def _other_sizes(rng):
    return Trial(SPECTRUM, tuple((spectrum(rng, h, w), h, w) for h, w in ((9, 7), (6, 15), (14, 10))))


@check(
    SPECTRUM,
    points=2,
    public=True,
    twin=Twin(_other_sizes, calls=(2,)),
    tolerance=CLOSE,
    look=LOOK_AT_SPECTRUM,
)
def a_small_picture(rng):
    """The picture of random waves equals the stored one

    Wider than tall."""
    return spectrum(rng, 8, 12), 8, 12


@check(SPECTRUM, points=3, tolerance=CLOSE)
def odd_sizes(rng):
    """Right for pictures of odd width and height, wide and tall

    Half a spectrum does not tell whether the width is odd."""
    return _other_sizes(rng)


@check(SPECTRUM, points=1, tolerance=CLOSE)
def mean_colour(rng):
    """A spectrum with frequency zero alone gives one flat colour

    It is divided by the lowest frequency that counts, one wave over the longer side."""
    flat = np.zeros_like(spectrum(rng, 10, 7).data)
    flat[0, :, 0, 0, 0] = rng.uniform(1, 2, 3)
    return Tensor(flat), 10, 7


@check(SPECTRUM, points=2, judge=same_gradient, tolerance=CLOSE)
def gradient_of_picture(rng):
    """The gradient is right and reaches the spectrum

    Without a gradient the picture cannot be drawn."""
    return Trial(SPECTRUM, ((spectrum(rng, 7, 9, requires_grad=True), 7, 9),), watch=("gradient",))


# Margin: 8 points.


def _three_others(rng):
    return Trial(MARGIN, (scores(rng, 3, 7),), watch=("arguments",))


@check(
    MARGIN,
    points=2,
    public=True,
    twin=Twin(_three_others),
    tolerance=CLOSE,
    look="Which scores take part in the maximum? Is the margin above zero where the target wins?",
)
def three_rows(rng):
    """Right for three rows, in some of which the target leads

    A target among its own rivals can never lead."""
    return scores(rng, 3, 6)


@check(MARGIN, points=3, tolerance=CLOSE)
def batches_of_scores(rng):
    """Right for one row, two and five, with targets in any order

    Each row has a target of its own."""
    return Trial(MARGIN, tuple(scores(rng, count, classes) for count, classes in ((1, 10), (2, 5), (5, 8))))


@check(MARGIN, points=1, tolerance=CLOSE)
def all_scores_negative(rng):
    """Right where all scores are below zero, and where all are large

    Raw scores have no fixed zero: only their differences count."""
    return Trial(MARGIN, (scores(rng, 4, 7, offset=-30), scores(rng, 4, 7, offset=40)))


@check(MARGIN, points=1, judge=same_gradient)
def gradient_of_margin(rng):
    """The gradient is right and reaches the scores

    Without a gradient no picture can be moved."""
    return Trial(MARGIN, (scores(rng, 4, 6, requires_grad=True),), watch=("gradient",))


@check(MARGIN, points=1, judge=input_untouched, conduct=True)
def scores_untouched(rng):
    """The scores are not changed

    They are shown afterwards."""
    return _three_others(rng)


# DeepDream: 10 points.


def _three_layers(rng):
    sizes = ((0, 24, 30, "contiguous"), (2, 36, 28, "view"), (5, 40, 40, "contiguous"))
    return Trial(DREAM, tuple((pictures(rng, 1, h, w, layout=layout), SMALL, n) for n, h, w, layout in sizes))


@check(
    DREAM,
    points=2,
    public=True,
    twin=Twin(_three_layers, calls=(2,)),
    look="Which modules does the picture go through? What is the derivative of half a square?",
)
def gradient_of_a_layer(rng):
    """The gradient of a middle layer equals the stored one

    The layer's own module counts as well."""
    return pictures(rng, 1, 24, 32), SMALL, 3


@check(DREAM, points=4)
def other_layers(rng):
    """Right for the first layer, the last one and one between, and for a view into a larger tensor

    Module number 0 is a layer, too."""
    return _three_layers(rng)


def _twice(rng):
    """The same tensor, which collects gradients and holds one from before, with one picture and then another."""
    before = rng.standard_normal((1, 3, 32, 40)).astype(np.float32)
    calls = tuple(
        (Tensor(pictures(rng, 1, 32, 40).data, name="img", requires_grad=True, grad=before), SMALL, layer)
        for layer in (4, 1)
    )
    return Trial(DREAM, calls, watch=("arguments", "network"))


@check(DREAM, points=2)
def nothing_is_added_up(rng):
    """An earlier gradient in the picture's .grad is not part of the result

    It is called once for each step of the ascent."""
    return _twice(rng)


@check(DREAM, points=2, judge=leaves_no_trace, conduct=True)
def picture_and_network_untouched(rng):
    """The picture, its .grad and the network are not changed

    No hook is left in the network, and no gradient with its parameters: here they collect them."""
    return _twice(rng)


# Feature inversion: 6 points.


def _other_features(rng):
    first, second = (feature_maps(rng, 1, 6, 9, 4, signed=True) for _ in range(2))
    strong = Tensor(7 * feature_maps(rng, 1, 3, 5, 8).data)
    return Trial(INVERSION, ((first, second), (feature_maps(rng, 1, 3, 5, 8), strong)))


@check(
    INVERSION,
    points=2,
    public=True,
    twin=Twin(_other_features, calls=(1,)),
    tolerance=CLOSE,
    look="What is divided by what? Are both of them sums of squares?",
)
def a_small_layer(rng):
    """Right for a small layer

    A sum of squared differences, relative to the target's own size."""
    return feature_maps(rng, 1, 4, 6, 5), feature_maps(rng, 1, 4, 6, 5)


@check(INVERSION, points=2, tolerance=CLOSE)
def other_layers_of_features(rng):
    """Right for features of other sizes and strengths

    And for features with negative values, as before a ReLU."""
    return _other_features(rng)


@check(INVERSION, points=2, judge=same_gradient, tolerance=CLOSE)
def gradient_of_inversion(rng):
    """The gradient is right and reaches the picture

    Without a gradient no picture can be looked for."""
    feats = feature_maps(rng, 1, 5, 4, 7, requires_grad=True)
    return Trial(INVERSION, ((feats, feature_maps(rng, 1, 5, 4, 7)),), watch=("gradient",))
