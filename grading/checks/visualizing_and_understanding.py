"""What is asked of the functions of VisualizingAndUnderstanding that look at what is there: filters to saliency."""

from __future__ import annotations

from cs231n.self_check.judges import input_untouched
from cs231n.self_check.trial import Trial
from grading.checks.declare import check
from grading.checks.lecture_inputs import filters

FILTERS = "filters_to_images"

# Filters: 6 points.


@check(
    FILTERS,
    points=2,
    public=True,
    tolerance=1e-3,
    look="Which weights share one scale, and which number is in the middle of the colours?",
)
def each_filter_by_itself(rng):
    """Strong and weak filters fill the same range, and gray means zero

    One scale for all filters leaves the weak ones gray; a minimum and a maximum of their own move the gray."""
    return (filters(rng, 4, 5, 7),)


@check(FILTERS, points=2, tolerance=1e-3)
def filters_of_other_shapes(rng):
    """Right for other numbers and sizes of filters, and for a tensor that is a view into a larger one

    Height and width must not be mixed up, and a tensor need not be contiguous."""
    return Trial(FILTERS, ((filters(rng, 6, 3, 3),), (filters(rng, 3, 7, 4, layout="view"),)))


@check(FILTERS, points=1, tolerance=1e-3)
def empty_filter(rng):
    """An empty filter is drawn as well

    Its largest weight is zero, by which nothing can be divided. Trained networks have such filters."""
    return (filters(rng, 4, 3, 5, empty=1),)


@check(FILTERS, points=1, judge=input_untouched)
def weights_untouched(rng):
    """The weights are left as they were

    They belong to the network: to scale them in place changes what it computes."""
    return Trial(FILTERS, ((filters(rng, 5, 3, 4),),), watch=("arguments",))
