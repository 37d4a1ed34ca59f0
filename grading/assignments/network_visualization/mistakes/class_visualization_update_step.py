"""Mistakes seen in the step of class visualisation."""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import product
from typing import Any

import torch

from grading.assignments.network_visualization.mistakes.norms import OTHER_NORMS
from grading.assignments.vocabulary.cached_forward import gradient, guarded
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import NOT_NORMALISED, OTHER_NORM, SQUARED_NORM


def _probabilities(scores: torch.Tensor) -> torch.Tensor:
    return scores.softmax(1)


@functools.cache
def _objective(of: Step, pick: Step) -> Step:
    """Return the score that is pulled back; one function for equal steps, so that its gradients are remembered."""
    return lambda scores, y: pick(of(scores), y)


def step(
    of: Step = identity,
    pick: Step = lambda scores, y: scores[0, y],
    weight: Step = identity,
    sign: float = 1.0,
    penalty: Step = lambda img: 2 * img,
    penalty_of_gradient: Step = torch.zeros_like,
    direction: Step = identity,
    divide_by: Step = torch.norm,
    divide_by_image: Step | None = None,
    keep: Step | None = None,
    rate: Step = identity,
    afterwards: Step = lambda img, l2_reg, lr: 0.0,
    afterwards_of_gradient: Step = lambda g, l2_reg, lr: 0.0,
    decay: Step = lambda img, l2_reg, lr: 0.0,
    in_place: bool = True,
) -> Callable[..., Any]:
    """Recipe of class_visualization_update_step.

    `penalty` is the gradient of the L2 term for l2_reg = 1, `penalty_of_gradient` what is made of the score's gradient
    instead; it is handed that gradient. `keep` says what is left in `.grad`, given the gradient of
    the score and that of all. `afterwards` looks at the image before the step, `decay` at the image after it.
    """

    def class_visualization_update_step(
        img: torch.Tensor, model: torch.nn.Module, target_y: int, l2_reg: float, learning_rate: float
    ) -> None:
        before = img.detach().clone()
        of_score = gradient(model, _objective(of, pick), before, target_y)
        if keep and img.grad is not None:
            of_score = of_score + img.grad
        slope = of_score - sign * weight(l2_reg) * (penalty(before) + penalty_of_gradient(of_score))
        size = divide_by_image(before) if divide_by_image else divide_by(slope)
        moved = before + rate(learning_rate) * direction(slope) / size
        moved = moved + afterwards(before, l2_reg, learning_rate)
        moved = moved + afterwards_of_gradient(of_score, l2_reg, learning_rate)
        if in_place:
            img.data.copy_(moved + decay(moved, l2_reg, learning_rate))
        if keep:
            img.grad = keep(of_score, slope)

    return class_visualization_update_step


def _norm_itself(power: int, factor: int) -> Step:
    """The value of the L2 term, one number, where its gradient is asked."""
    return lambda img: torch.full_like(img, factor * float(img.norm()) ** power)


def _applied_afterwards() -> tuple[dict[str, Any], ...]:
    """The L2 term's gradient added to the finished step: with or without the learning rate, the factor 2, its sign."""
    changes = []
    for where, factor, with_rate, sign in product(("afterwards", "decay"), (2, 1), (True, False), (-1, 1)):
        changes.append(
            {
                "penalty": torch.zeros_like,
                where: lambda img, reg, lr, f=sign * factor, r=with_rate: f * reg * (lr if r else 1) * img,
            }
        )
    return tuple(changes)


STEP = Recipe(
    "class_visualization_update_step",
    step,
    (
        Mistake(
            "step-not-normalised", "The step is not normalised", NOT_NORMALISED, {"divide_by": lambda g: 1.0}
        ),
        Mistake(
            "step-squared-norm",
            "Divided by the squared norm",
            SQUARED_NORM,
            {"divide_by": lambda g: (g * g).sum()},
        ),
        *variants(
            "step-other-norm",
            "Divided by another norm",
            OTHER_NORM,
            *OTHER_NORMS,
        ),
        Mistake(
            "step-no-learning-rate",
            "The learning rate is not used",
            "Your step has the same length whatever the learning rate is. Expected: the gradient divided by its norm, "
            "times learning_rate.",
            {"rate": lambda lr: 1.0},
        ),
        *variants(
            "step-learning-rate",
            "The learning rate does not count once",
            "Your step is not as long as the learning rate. Expected: the gradient divided by its norm, times "
            "learning_rate. Where else do you use the learning rate, or another factor?",
            {"rate": lambda lr: lr**2},
            {"rate": lambda lr: 2 * lr},
            {"rate": lambda lr: lr / 2},
            {"rate": lambda lr: lr**0.5},
            {"rate": lambda lr: 1 / lr},
            {"rate": lambda lr: 10 * lr},
            {"rate": lambda lr: lr / 10},
            {"rate": lambda lr: lr / 100},
        ),
        Mistake(
            "step-descends",
            "Goes down instead of up",
            "Your steps lower the score of the target class. Expected: ascent. Check the sign of what you add to "
            "img.",
            {"direction": torch.neg},
        ),
        Mistake(
            "step-l2-norm-not-squared",
            "The norm in the L2 term is not squared",
            "You subtracted l2_reg times the norm of the image. Expected: the squared norm. Its gradient grows with "
            "the image.",
            {"penalty": lambda img: img / img.norm()},
        ),
        Mistake(
            "step-l2-absolute",
            "Absolute values in the L2 term instead of squares",
            "You subtracted l2_reg times the sum of absolute values. Expected: the sum of squares.",
            {"penalty": torch.sign},
        ),
        Mistake(
            "step-l2-missing",
            "The L2 term is missing, or too small to count",
            "Your step follows the score alone. Expected: the score minus l2_reg times the squared norm of the "
            "image. If you wrote that term: sum over all values, do not average, and call backward on the whole "
            "expression.",
            {"penalty": torch.zeros_like},
        ),
        Mistake(
            "step-l2-wrong-sign",
            "The L2 term has the wrong sign",
            "Your L2 term makes the image larger. It is a penalty: the score should grow, and the norm should "
            "shrink.",
            {"sign": -1.0},
        ),
        Mistake(
            "step-l2-no-weight",
            "The L2 term is not multiplied by l2_reg",
            "Your L2 term has the same weight whatever l2_reg is. Expected: l2_reg times the squared norm of the "
            "image.",
            {"weight": lambda l2_reg: 1.0},
        ),
        Mistake(
            "step-l2-no-factor-two",
            "A factor 2 is missing in the gradient of the L2 term",
            "You wrote the gradient of the L2 term by hand and lost a factor. Differentiate the squared norm again.",
            {"penalty": identity},
        ),
        *variants(
            "step-l2-not-differentiated",
            "The L2 term itself is subtracted from the gradient",
            "You subtracted l2_reg times the norm, one number, from every entry of the gradient. The penalty belongs "
            "to the objective: either call backward on the score minus the penalty, or subtract the penalty's "
            "gradient.",
            *({"penalty": _norm_itself(power, factor)} for power in (2, 1) for factor in (1, 2)),
            *(
                {
                    "penalty": torch.zeros_like,
                    "afterwards": lambda img, reg, lr, p=power, r=with_rate: (
                        -(lr if r else 1) * reg * img.norm() ** p
                    ),
                }
                for power in (2, 1)
                for with_rate in (True, False)
            ),
        ),
        *variants(
            "step-l2-constant",
            "l2_reg itself is added or subtracted",
            "You added l2_reg itself, or subtracted it: the same number for every pixel, whatever the image is. "
            "Expected: the gradient of l2_reg times the squared norm of the image, subtracted from that of the score.",
            {"penalty": torch.ones_like},
            {"penalty": lambda img: -torch.ones_like(img)},
            *(
                {
                    "penalty": torch.zeros_like,
                    "afterwards": lambda img, reg, lr, s=sign, r=with_rate: s * reg * (lr if r else 1),
                }
                for sign in (-1, 1)
                for with_rate in (False, True)
            ),
        ),
        *variants(
            "step-l2-not-differentiated",
            "The squares of the image are subtracted from the gradient",
            "You subtracted l2_reg times the squares of the image, entry by entry. Expected: the gradient of their "
            "sum. Differentiate the squared norm with respect to one entry of the image.",
            {"penalty": torch.square},
            {"penalty": lambda img: 2 * img.square()},
        ),
        *variants(
            "step-l2-of-gradient",
            "The L2 term is made of the gradient instead of the image",
            "You subtracted l2_reg times something made of the gradient of the score. Expected: the gradient of the "
            "squared norm of the image. The penalty keeps the values of the image small, not those of its gradient.",
            *(
                {"penalty": torch.zeros_like, "penalty_of_gradient": made}
                for made in (
                    lambda g: torch.full_like(g, float(g.norm()) ** 2),
                    lambda g: torch.full_like(g, float(g.norm())),
                    torch.square,
                    lambda g: torch.full_like(g, 2 * float(g.norm())),
                )
            ),
            {"penalty": torch.zeros_like, "afterwards_of_gradient": lambda g, reg, lr: -2 * reg * g},
        ),
        *variants(
            "step-l2-after-normalising",
            "The L2 term is applied after normalising",
            "You normalised the gradient of the score alone and applied the L2 term afterwards. Expected: the "
            "gradient of both together, divided by its norm. The L2 term belongs to what you divide.",
            *_applied_afterwards(),
        ),
        *variants(
            "step-gradient-not-zeroed",
            "The gradient of earlier steps is never zeroed",
            "Each backward adds to img.grad, so from the second call on you followed the sum of all gradients so "
            "far. Clear it at the end of each call.",
            {"keep": lambda of_score, slope: slope},
            {"keep": lambda of_score, slope: of_score},  # the L2 term's gradient written by hand
            {"keep": lambda of_score, slope: slope / slope.norm()},  # divided in place
        ),
        Mistake(
            "step-not-in-place",
            "The image that was passed in is not updated",
            "You made a new image and left the one passed in as it was; the loop that calls your function never "
            "sees it. Change the values of img itself.",
            {"in_place": False},
        ),
        Mistake(
            "step-loss-gradient",
            "Gradient of a loss instead of the target's score",
            "You followed the gradient of the cross-entropy. Expected: ascent on the raw score of the target class.",
            {"of": lambda scores: scores.log_softmax(1)},
        ),
        *variants(
            "step-softmax",
            "Gradient of the probability instead of the target's score",
            "You followed the gradient of a probability, which is almost zero where the network is sure. Expected: "
            "ascent on the raw score of the target class, before any softmax.",
            {"of": _probabilities},
            *(
                {"of": _probabilities, "divide_by": guarded(guard)}
                for guard in (1e-12, 1e-10, 1e-8, 1e-7, 1e-6)
            ),
        ),
        Mistake(
            "step-all-scores",
            "All scores instead of the target's",
            "You followed the gradient of the sum of all scores. Expected: ascent on the score of target_y alone.",
            {"pick": lambda scores, y: scores.sum()},
        ),
    ),
)
