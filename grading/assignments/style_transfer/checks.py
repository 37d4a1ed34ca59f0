"""Checks of StyleTransfer: content, Gram, style and total-variation losses."""

from __future__ import annotations

import numpy as np

from cs231n.trials.judges import no_python_loop, same_gradient, same_values
from cs231n.trials.trial import Called, Features, Picture, Tensor, Trial
from grading.assignments.vocabulary.check import Twin, check
from grading.assignments.vocabulary.inputs import feature_maps, gram_target, images

CONTENT, GRAM, STYLE, TV = "content_loss", "gram_matrix", "style_loss", "tv_loss"

# Between float noise and the mildest mistake: `python -m benchmarks.checks separation` shows both for each check.
CLOSE = 1e-3

# The course's own case: these pictures at 192 pixels, these layers and weights.
CONTENT_PICTURE = Picture("china", 192)
OTHER_PICTURE = Picture("flower", 192)  # of the same size
STYLE_PICTURE = Picture("flow", 192)
STYLE_LAYERS = [1, 4, 6, 7]
STYLE_WEIGHTS = [300000, 1000, 15, 3]


def _gradient(function: str, *args: object) -> Trial:
    return Trial(function, (args,), watch=("gradient",))


# Content loss: 10 points.


def _maps_with_gradient(rng):
    current = feature_maps(rng, 1, 4, 7, 5, requires_grad=True)
    return 2.0, current, feature_maps(rng, 1, 4, 7, 5)


def _other_content_losses(rng):
    """A gradient; a number."""
    plain = 0.3, feature_maps(rng, 1, 5, 6, 8), feature_maps(rng, 1, 5, 6, 8)
    return Trial(CONTENT, (_maps_with_gradient(rng), plain), watch=("gradient",))


@check(
    CONTENT,
    points=3,
    answer="cl_out",
    twin=Twin(_other_content_losses, calls=(1,)),
    tolerance=CLOSE,
    look="Check the weight, the square, and whether you sum over all elements.",
)
def stored_content_loss(rng):
    """The loss between two pictures equals the stored one (cl_out)

    The course's own case."""
    return 6e-2, Features(OTHER_PICTURE, 3), Features(CONTENT_PICTURE, 3)


@check(CONTENT, points=4, tolerance=CLOSE)
def any_size_and_weight(rng):
    """Right for other feature maps and another weight

    A mean, a lost weight or a factor shows, also where height and width differ. Maps before a ReLU have signs."""
    return 3.5, feature_maps(rng, 1, 6, 9, 13, signed=True), feature_maps(rng, 1, 6, 9, 13, signed=True)


@check(CONTENT, points=3, judge=same_gradient, public=True, twin=Twin(_other_content_losses, calls=(0,)))
def gradient_of_content(rng):
    """The gradient is right and reaches the image

    Without a gradient, style transfer cannot move the image, however right the number is."""
    return _gradient(CONTENT, *_maps_with_gradient(rng))


# Gram matrix: 10 points.


def _one_map(rng):
    return Trial(GRAM, ((feature_maps(rng, 1, 5, 6, 8),),))


def _other_gram_matrices(rng):
    """Three images; one, not normalised; one, with its gradient."""
    calls = (
        (feature_maps(rng, 3, 4, 7, 5),),
        (feature_maps(rng, 1, 4, 7, 5), False),
        (feature_maps(rng, 1, 5, 4, 6, requires_grad=True),),
    )
    return Trial(GRAM, calls, watch=("gradient",))


@check(
    GRAM,
    points=3,
    judge=same_values,
    answer="gm_out",
    twin=Twin(_one_map),
    tolerance=CLOSE,
    look="Check what you sum over, and which number you divide by.",
)
def stored_gram_matrix(rng):
    """The Gram matrix of the style picture equals the stored one (gm_out)

    A missing batch axis is left to the next check, as in the course's own comparison."""
    return (Features(STYLE_PICTURE, 5),)


@check(GRAM, points=1, tolerance=CLOSE)
def one_image(rng):
    """Right for one image, as a matrix of shape (1, C, C)

    A (C, C) result hides behind broadcasting in the notebook: it costs the checks of shape, no more."""
    return _one_map(rng)


@check(
    GRAM,
    points=3,
    tolerance=CLOSE,
    public=True,
    twin=Twin(_other_gram_matrices, calls=(0,)),
    look="Each image has its own Gram matrix: the result has shape (N, C, C), also for N = 1.",
)
def three_images(rng):
    """Right for three images at once, and for maps that are not square

    Each image has a Gram matrix of its own; a divisor that counts the images shows here."""
    return (feature_maps(rng, 3, 5, 6, 8),)


@check(
    GRAM,
    points=1,
    judge=same_values,
    tolerance=CLOSE,
    public=True,
    twin=Twin(_other_gram_matrices, calls=(1,)),
    look="What should happen when normalize is False?",
)
def not_normalised(rng):
    """Not divided by the number of values when normalize is False

    The argument must have an effect."""
    return feature_maps(rng, 1, 5, 6, 8), False


@check(GRAM, points=2, judge=same_gradient, public=True, twin=Twin(_other_gram_matrices, calls=(2,)))
def gradient_of_gram(rng):
    """The gradient is right and reaches the image

    Without a gradient, style transfer cannot move the image, however right the number is."""
    return _gradient(GRAM, feature_maps(rng, 1, 4, 7, 5, requires_grad=True))


# Style loss: 15 points. Runs with a right gram_matrix, so that a mistake there costs once.


def _style_call(rng, layers, weights, requires_grad=False, name="layer"):
    channels = (4, 6, 8, 5)
    sizes = ((12, 9), (8, 8), (6, 7), (3, 5))
    feats = [
        feature_maps(rng, 1, c, h, w, name=name and f"{name} {i}", requires_grad=requires_grad, signed=i == 0)
        for i, (c, (h, w)) in enumerate(zip(channels, sizes, strict=True))
    ]
    targets = [gram_target(rng, channels[layer], signed=layer == 0) for layer in layers]
    return feats, layers, targets, weights


def _every_layer(rng):
    return Trial(STYLE, (_style_call(rng, [0, 1, 2, 3], [20.0, 5.0, 300.0, 1.5]),))


def _other_style_losses(rng):
    """Layers in any order; a gradient."""
    calls = (
        _style_call(rng, [2, 0, 1], [90.0, 8.0, 13.0], name=""),
        _style_call(rng, [0, 3], [6.0, 25.0], requires_grad=True, name=""),
    )
    return Trial(STYLE, calls, watch=("gradient",))


@check(
    STYLE,
    points=4,
    answer="sl_out",
    twin=Twin(_every_layer),
    tolerance=CLOSE,
    look="For each layer: which features, which target, which weight? Do you sum squared differences?",
)
def stored_style_loss(rng):
    """The loss between two pictures equals the stored one (sl_out)

    The course's own case: four layers in order."""
    targets = [Called(GRAM, (Features(STYLE_PICTURE, layer),)) for layer in STYLE_LAYERS]
    return Features(CONTENT_PICTURE), STYLE_LAYERS, targets, STYLE_WEIGHTS


@check(STYLE, points=3, tolerance=CLOSE)
def all_layers(rng):
    """Right for other layers and weights

    Every layer counts, with its own weight."""
    return _every_layer(rng)


@check(
    STYLE,
    points=3,
    tolerance=CLOSE,
    public=True,
    twin=Twin(_other_style_losses, calls=(0,)),
    look="style_layers holds indices into feats; targets and weights go by their position in the list.",
)
def layers_in_any_order(rng):
    """Right when the layers come in any order, and not all are used

    Targets and weights go by position, features by index."""
    return _style_call(rng, [3, 0, 2], [7.0, 60.0, 11.0])


@check(STYLE, points=2, tolerance=CLOSE)
def zero_weights(rng):
    """Right when some weights are zero

    The notebook sets all of them to zero to invert features."""
    return _style_call(rng, [1, 2, 3], [0.0, 30.0, 0.0])


@check(STYLE, points=3, judge=same_gradient, public=True, twin=Twin(_other_style_losses, calls=(1,)))
def gradient_of_style(rng):
    """The gradient is right and reaches the image

    Without a gradient, style transfer cannot move the image, however right the number is."""
    return _gradient(STYLE, *_style_call(rng, [0, 2], [5.0, 40.0], requires_grad=True))


# Total variation: 10 points.


def _border(rng, height, width):
    data = np.zeros((1, 3, height, width), np.float32)
    for edge in (np.s_[..., 0, :], np.s_[..., -1, :], np.s_[..., :, 0], np.s_[..., :, -1]):
        data[edge] = rng.standard_normal(data[edge].shape)
    return Tensor(data)


def _other_tv_losses(rng):
    """A border alone; a gradient; a small picture and a larger one."""
    calls = (
        (_border(rng, 6, 8), 0.8),
        (images(rng, 1, 13, 9, requires_grad=True), 0.6),
        *((images(rng, 1, h, w), 0.7) for h, w in ((7, 11), (31, 45))),
    )
    return Trial(TV, calls, watch=("gradient", "operations"))


@check(
    TV,
    points=2,
    answer="tv_out",
    twin=Twin(_other_tv_losses, calls=(3,)),
    tolerance=3e-4,
    look="Check the weight, the squares, and both directions.",
)
def stored_tv_loss(rng):
    """The loss of the content picture equals the stored one (tv_out)

    The course's own case, at half the size: there the border is more of the whole."""
    return Picture("china", 96), 2e-2


@check(TV, points=2, tolerance=CLOSE)
def non_square_images(rng):
    """Right for an image that is taller than wide, and another weight

    Height and width must not be mixed up: here there is more detail from row to row than from column to column."""
    return Tensor(images(rng, 1, 29, 9, contrast=2).data.repeat(2, axis=3)[..., 1:-1]), 1.7


@check(
    TV,
    points=2,
    tolerance=CLOSE,
    public=True,
    twin=Twin(_other_tv_losses, calls=(0,)),
    look="How many pairs of neighbours are there in each direction, in a picture of H rows and W columns?",
)
def border_counts(rng):
    """The first and last rows and columns count like all others

    Only the border of this picture is not zero."""
    return _border(rng, 9, 7), 0.5


@check(
    TV,
    points=2,
    judge=no_python_loop,
    public=True,
    twin=Twin(_other_tv_losses, calls=(2, 3)),
    conduct=True,
)
def no_loop_over_pixels(rng):
    """No Python loop over pixels, rows or columns

    A loop is right, but takes seconds where slices take a millisecond: it costs this alone."""
    calls = tuple((images(rng, 1, h, w), 0.5) for h, w in ((8, 12), (40, 60)))
    return Trial(TV, calls, watch=("operations",))


@check(TV, points=2, judge=same_gradient, public=True, twin=Twin(_other_tv_losses, calls=(1,)))
def gradient_of_tv(rng):
    """The gradient is right and reaches the image

    Without a gradient, style transfer cannot move the image, however right the number is."""
    return _gradient(TV, images(rng, 1, 11, 14, requires_grad=True), 0.3)
