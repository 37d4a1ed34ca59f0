"""What is asked of the functions of MyNotebook."""

from __future__ import annotations

from typing import Any

import numpy as np

from cs231n.trials.judges import input_untouched, same_gradient
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.vocabulary.check import Twin, check

# Between float noise and the mildest mistake.
CLOSE = 1e-4


def _arguments(
    rng: np.random.Generator, rows: int, classes: int, size: float = 1.0, **how: Any
) -> tuple[Any, ...]:
    """Return scores (N, C) and labels (N,): `size` is the standard deviation of the scores."""
    scores = size * rng.standard_normal((rows, classes))
    labels = rng.integers(classes, size=rows)
    return Tensor(scores.astype(np.float32), **how), Tensor(labels)


# A public check is run by students, too (`cs231n.self_check`): its answers are stored by
# `python -m grading reference --update --assignment PATH`. Its points count only where its twin passes: private inputs
# with the same judge. The first line of the docstring is the title that a student reads.
@check(
    "softmax_loss",
    points=3,
    public=True,
    twin=Twin(lambda rng: _arguments(rng, 9, 4)),
    tolerance=CLOSE,
    look="Look at what the softmax sums over, and whether you take the mean over the rows.",
)
def a_few_rows(rng: np.random.Generator) -> tuple[Any, ...]:
    """The loss of five rows of scores is the expected one

    The plain case."""
    return _arguments(rng, 5, 3)


# A private check: its inputs follow from the course's seed.
@check("softmax_loss", points=3, tolerance=CLOSE)
def other_scores(rng: np.random.Generator) -> tuple[Any, ...]:
    """Right for other numbers of rows and classes

    A sum instead of a mean shows, and an axis that is mixed up."""
    return _arguments(rng, 7, 10, size=3.0)


@check("softmax_loss", points=2, tolerance=CLOSE)
def large_scores(rng: np.random.Generator) -> tuple[Any, ...]:
    """Right for large scores, too

    exp(1000) is infinite."""
    return _arguments(rng, 6, 5, size=1000.0)


# A `Trial` in place of arguments makes several calls, or watches something: here the gradient.
@check("softmax_loss", points=1, judge=same_gradient, tolerance=CLOSE)
def gradient_of_scores(rng: np.random.Generator) -> Trial:
    """Its gradient is right, and reaches the scores

    A classifier learns by it."""
    return Trial("softmax_loss", (_arguments(rng, 4, 6, requires_grad=True),), watch=("gradient",))


# A check of behaviour: a wrong result may pass it, so its points count only where something was computed.
@check("softmax_loss", points=1, judge=input_untouched, conduct=True)
def scores_untouched(rng: np.random.Generator) -> Trial:
    """The scores that are passed in stay as they are

    To subtract the largest in place changes them."""
    return Trial("softmax_loss", (_arguments(rng, 4, 6),), watch=("arguments",))
