"""Checks of functions that look at filters, features and receptive fields."""

from __future__ import annotations

from cs231n.trials.judges import exactly_the_same, input_untouched, right_type, same_up_to_sign
from cs231n.trials.trial import Trial
from grading.assignments.visualizing_and_understanding.inputs import filters, neurons, points, spread_rows
from grading.assignments.vocabulary import behaviour
from grading.assignments.vocabulary.check import Twin, check

FILTERS, NEIGHBOURS, PCA = "filters_to_images", "nearest_neighbours", "pca"
BOX = "receptive_field_box"
# Nothing here is steep: rounding moves a result by a millionth.
CLOSE = 1e-3

# Filters: 6 points.


def _five_filters(rng):
    return Trial(FILTERS, ((filters(rng, 5, 3, 4),),), watch=("arguments",))


@check(
    FILTERS,
    points=2,
    public=True,
    twin=Twin(_five_filters),
    tolerance=CLOSE,
    look="Which weights share one scale? Which weight is shown as gray?",
)
def each_filter_by_itself(rng):
    """Strong and weak filters fill the same range, and gray means zero

    One scale for all filters leaves the weak ones gray; a minimum and a maximum of their own move the gray."""
    return (filters(rng, 4, 5, 7),)


@check(FILTERS, points=2, tolerance=CLOSE)
def filters_of_other_shapes(rng):
    """Right for other numbers and sizes of filters, and for a tensor that is a view into a larger one

    Height and width must not be mixed up, and a tensor need not be contiguous."""
    shapes = ((6, 3, 3), (3, 7, 4), (1, 5, 5))
    return Trial(FILTERS, tuple((filters(rng, *shape, layout="view"),) for shape in shapes))


@check(FILTERS, points=1, tolerance=CLOSE)
def empty_filter(rng):
    """A filter of zeros is drawn, too

    Its largest weight is zero, by which nothing can be divided. Trained networks have such filters."""
    return (filters(rng, 4, 3, 5, empty=1),)


@check(FILTERS, points=1, judge=input_untouched, conduct=True)
def weights_untouched(rng):
    """The weights are not changed

    They belong to the network: to scale them in place changes what it computes."""
    return _five_filters(rng)


# Nearest neighbours: 10 points.


def _nine_rows(rng):
    return points(rng, 9, 6), 5


@check(
    NEIGHBOURS,
    points=2,
    judge=exactly_the_same,
    public=True,
    twin=Twin(_nine_rows),
    look="Check a small table by hand: which row is nearest to row 0? Do you return its number?",
)
def a_small_table(rng):
    """Finds the three neighbours of each of seven rows

    Small enough to be checked by hand."""
    return points(rng, 7, 4), 3


@check(NEIGHBOURS, points=4, judge=exactly_the_same)
def other_tables(rng):
    """Right for other tables, for one neighbour and for all possible ones

    Nearest first, by Euclidean distance; a tensor may be a view into a larger one."""
    return Trial(
        NEIGHBOURS, ((points(rng, 9, 5), 4), (points(rng, 6, 11, layout="view"), 1), (points(rng, 8, 3), 7))
    )


@check(NEIGHBOURS, points=2, judge=behaviour.never_itself, conduct=True)
def no_row_finds_itself(rng):
    """No row is its own neighbour

    Judged by the numbers alone, so that another distance keeps these points."""
    return _nine_rows(rng)


@check(NEIGHBOURS, points=1, judge=right_type, conduct=True)
def neighbours_are_indices(rng):
    """The neighbours are int64, as PyTorch's indices are

    They are used to pick pictures, which numbers with a point cannot."""
    return _nine_rows(rng)


@check(NEIGHBOURS, points=1, judge=input_untouched, conduct=True)
def features_untouched(rng):
    """The features are not changed

    They are used again, for the next figure."""
    return Trial(NEIGHBOURS, ((points(rng, 8, 5), 2),), watch=("arguments",))


# PCA: 12 points. Each axis may point either way.

LOOK_AT_PCA = "Which rows do you decompose? In which order are the axes? Is anything rescaled?"


def _twelve_rows(rng):
    return spread_rows(rng, 12, 5), 3


@check(
    PCA,
    points=2,
    judge=same_up_to_sign,
    public=True,
    twin=Twin(_twelve_rows),
    tolerance=CLOSE,
    look=LOOK_AT_PCA,
)
def two_axes(rng):
    """Right for ten rows on two axes

    What the page shows."""
    return spread_rows(rng, 10, 5), 2


@check(PCA, points=3, judge=same_up_to_sign, tolerance=CLOSE)
def more_rows_than_columns(rng):
    """Right where there are more rows than columns

    And for a tensor that is a view into a larger one."""
    return spread_rows(rng, 20, 6, layout="view"), 3


@check(PCA, points=3, judge=same_up_to_sign, tolerance=CLOSE)
def more_columns_than_rows(rng):
    """Right where there are more columns than rows

    As features of a network are: hundreds of numbers for each of a few pictures."""
    return spread_rows(rng, 6, 15), 2


@check(PCA, points=1, judge=same_up_to_sign, tolerance=CLOSE)
def one_axis_and_all(rng):
    """Right for one axis and for all axes

    The result has k columns, whatever k is."""
    return Trial(PCA, ((spread_rows(rng, 9, 4), 1), (spread_rows(rng, 8, 4), 4)))


@check(PCA, points=1, judge=behaviour.zero_mean, tolerance=CLOSE, conduct=True)
def coordinates_are_centred(rng):
    """The coordinates have zero mean

    Judged by itself, so that a wrong scale or order keeps this point."""
    return _twelve_rows(rng)


@check(PCA, points=1, judge=behaviour.widest_first, conduct=True)
def greatest_variance_first(rng):
    """The first column varies most, the next less, and so on

    Judged by itself, so that rows that were not centred may keep this point."""
    return _twelve_rows(rng)


@check(PCA, points=1, judge=input_untouched, conduct=True)
def rows_untouched(rng):
    """The features are not changed

    To centre them in place changes what is computed from them next."""
    return Trial(PCA, ((spread_rows(rng, 8, 4), 2),), watch=("arguments",))


# Receptive field: 12 points. No pixel is left over at an edge: clipping at each layer is as right as at the end.

_ALEXNET = [(11, 4, 2), (3, 2, 0), (5, 1, 2), (3, 2, 0)]


def _inside(rng):
    return Trial(BOX, tuple(neurons(rng, "inside")))


def _at_corners(rng):
    return Trial(BOX, tuple(neurons(rng, "corners")))


@check(
    BOX,
    points=2,
    judge=exactly_the_same,
    public=True,
    twin=Twin(_inside),
    look="In which order do you go through the layers? How do kernel, stride and padding change the box?",
)
def a_neuron_of_alexnet(rng):
    """The box of a neuron in the middle of AlexNet's second pooling

    Small enough to be followed by hand, layer by layer."""
    return 6, 5, _ALEXNET, 224, 224


@check(
    BOX,
    points=1,
    judge=exactly_the_same,
    public=True,
    twin=Twin(_at_corners),
    look="The first row of a picture is row 0. What is the number of its last row?",
)
def a_neuron_at_the_edge(rng):
    """The box of a neuron at AlexNet's edge is clipped to the picture

    Padding holds no pixels."""
    return Trial(BOX, ((0, 12, _ALEXNET, 224, 224), (12, 0, _ALEXNET, 224, 224)))


@check(BOX, points=3, judge=exactly_the_same)
def neurons_inside(rng):
    """Right for other layers and neurons, in pictures that are not square

    Far from the edges: the arithmetic alone."""
    return _inside(rng)


@check(BOX, points=2, judge=exactly_the_same)
def neurons_at_the_corners(rng):
    """Right for neurons at the corners of other layers

    Each edge is met, by a picture that is not square."""
    return _at_corners(rng)


@check(BOX, points=2, judge=exactly_the_same)
def one_layer_or_none(rng):
    """Right for a single layer, and for none: then the neuron is a pixel

    The neuron of one layer starts at row * stride - padding; only the strides below it count beside."""
    row, column = 3 + int(rng.integers(3)), 7 + int(rng.integers(3))
    return Trial(BOX, ((row, column, [(3, 2, 1)], 40, 50), (row, column, [], 40, 50)))


@check(BOX, points=2, judge=right_type, conduct=True)
def box_is_a_tensor(rng):
    """The box is one tensor of int64

    Judged by its type alone: a wrong box keeps these points."""
    return _inside(rng)
