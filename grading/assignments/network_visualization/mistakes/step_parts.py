"""Description of a step of class visualization that no known mistake explains: what its parts are, as measured.

Several mistakes at once have no name, but what was added to the image is still a sum: so much of the gradient of some
objective, so much of something made of the image. Both are computed here, and what was seen is measured by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from cs231n.sentences import joined, sentence
from cs231n.trials import networks
from cs231n.trials.evidence import relative_error
from cs231n.trials.judges import given
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Network, Tensor, Trial
from grading.assignments.network_visualization.mistakes.clamped import limits
from grading.assignments.vocabulary.cached_forward import gradient
from grading.assignments.vocabulary.detector import Explanation
from grading.assignments.vocabulary.mistake import Mistake, described
from grading.assignments.vocabulary.seen import ALIKE, Seen

STEP = "class_visualization_update_step"
# Two numbers that differ by less, relative to the second, are one.
SAME = 2e-2
# A part of a step that is shorter, relative to all of it, is not there.
NOTHING = 1e-3

# What may be followed: its gradient is the first part of a step. Where two fit equally well, the first counts.
OBJECTIVES: tuple[tuple[Callable[..., torch.Tensor], str], ...] = (
    (lambda scores, y: scores[0, y], ""),
    (lambda scores, y: scores.log_softmax(1)[0, y], sentence("the cross-entropy")),
    (lambda scores, y: scores.softmax(1)[0, y], sentence("a probability")),
    (lambda scores, y: scores.sum(), sentence("the sum of all scores")),
    (lambda scores, y: scores.max(), sentence("the largest score")),
)
# What the L2 term may have become, made of the image and of the objective's gradient; the first is as asked.
PENALTIES: tuple[tuple[Callable[[np.ndarray, np.ndarray], np.ndarray], str], ...] = (
    (lambda image, slope: image, ""),
    (lambda image, slope: np.ones_like(image), sentence("one number for all pixels")),
    (lambda image, slope: np.sign(image), sentence("the signs of the image")),
    (lambda image, slope: image**2, sentence("the squares of the image")),
    (lambda image, slope: slope**2, sentence("the squares of the gradient")),
)


@dataclass(frozen=True, eq=False)
class Step:
    """What one call added to the image: (3, H, W) each."""

    taken: np.ndarray
    image: np.ndarray
    slopes: Sequence[np.ndarray]
    l2_reg: float
    learning_rate: float

    @property
    def length_ratio(self) -> float:
        """Its length, relative to the learning rate."""
        return float(np.linalg.norm(self.taken)) / self.learning_rate


@dataclass(frozen=True)
class Parts:
    """A step as `slope * gradient + penalty * L2 part`: for the whole picture, or for each colour by itself.

    `slope_length` and `penalty_length` are the lengths of the two parts, relative to the step.
    """

    slope: np.ndarray
    penalty: np.ndarray
    slope_length: float
    penalty_length: float
    error: float


def describe(seen: Seen) -> Mistake | None:
    """Return what holds of the parts of every step, None if they are made of something else."""
    steps = [step for trial, observation in seen for step in _fresh_steps(trial, observation)]
    if not steps or any(not np.isfinite(step.taken).all() or not step.taken.any() for step in steps):
        return None
    if numbers := limits((step.image, step.image + step.taken) for step in steps):
        return described(
            "step-clamped",
            "The image is clamped",
            sentence(
                "After your step many values of the image are the same ({limits}): it is kept within limits. Expected: "
                "the step alone. The loop that calls this function clamps the image itself, when it has undone the "
                "jitter.",
                limits=numbers,
            ),
        )
    for by_colour in (False, True):
        fits = [
            (max(part.error for part in parts), objective, penalty, parts)
            for objective in range(len(OBJECTIVES))
            for penalty in range(len(PENALTIES))
            if (parts := _all_parts(steps, objective, penalty, by_colour))
        ]
        if fits:
            nearest = min(error for error, *_ in fits)
            _, objective, penalty, parts = next(fit for fit in fits if fit[0] <= max(2 * nearest, ALIKE / 10))
            said = list(_said(steps, parts, objective, penalty, by_colour))
            if _adds_up(seen):
                said.append(
                    sentence(
                        "Two steps from the same image differ: is an earlier gradient still in img.grad? Clear it at "
                        "the end of each call."
                    )
                )
            if not said:
                return None
            return described(
                "step-parts",
                "Parts of the step are not as asked",
                joined((_FIRST, *said), " "),
            )
    return None


_FIRST = sentence(
    "What you add to the image was measured. Expected: the gradient of the score of target_y minus l2_reg times the "
    "squared norm of the image, divided by its norm, times learning_rate."
)
_GROWS = sentence("Its L2 part makes the image larger: it should shrink it.")


def _fresh_steps(trial: Trial, observation: Observation) -> Iterator[Step]:
    """Yield the steps of calls whose image has been in no call before: an earlier gradient cannot be in them."""
    names: set[str] = set()
    for number, call in enumerate(trial.calls):
        picture, network, target, l2_reg, learning_rate = call
        if not isinstance(picture, Tensor) or not isinstance(network, Network):
            return
        known = picture.name in names
        names.add(picture.name)
        after, before = observation.arrays.get(f"{number}/after/0"), given(trial, number)
        if known or after is None or after.shape != before.shape:
            continue
        slopes = [
            gradient(networks.shared(network.name), objective, torch.from_numpy(before), target)
            .double()
            .numpy()[0]
            for objective, _ in OBJECTIVES
        ]
        taken = after.astype(np.float64)[0] - before[0]
        yield Step(taken, before[0].astype(np.float64), slopes, float(l2_reg), float(learning_rate))


def _all_parts(steps: Sequence[Step], objective: int, penalty: int, by_colour: bool) -> list[Parts]:
    """Return the parts of all steps; [] where one of them is made of something else."""
    found = []
    for step in steps:
        slope = step.slopes[objective]
        parts = _parts(step.taken, slope, PENALTIES[penalty][0](step.image, slope), by_colour)
        if parts.error > ALIKE:
            return []
        found.append(parts)
    return found


def _parts(taken: np.ndarray, slope: np.ndarray, other: np.ndarray, by_colour: bool) -> Parts:
    groups = np.arange(len(taken))[:, None] if by_colour else np.arange(len(taken))[None]
    numbers, fitted, first, second = [], [], [], []
    for group in groups:
        columns = np.stack([slope[group].ravel(), other[group].ravel()], axis=1)
        sizes = np.linalg.norm(columns, axis=0)
        sizes[sizes == 0] = 1
        solution = np.linalg.lstsq(columns / sizes, taken[group].ravel(), rcond=1e-6)[0] / sizes
        numbers.append(solution)
        fitted.append(columns @ solution)
        first.append(columns[:, 0] * solution[0])
        second.append(columns[:, 1] * solution[1])
    length = float(np.linalg.norm(taken))
    weights = np.array(numbers)
    return Parts(
        weights[:, 0],
        weights[:, 1],
        float(np.linalg.norm(np.concatenate(first))) / length,
        float(np.linalg.norm(np.concatenate(second))) / length,
        relative_error(np.concatenate(fitted), taken.ravel()),
    )


def _said(
    steps: Sequence[Step], parts: Sequence[Parts], objective: int, penalty: int, by_colour: bool
) -> Iterator[str]:
    """Yield a sentence for each part that is not as asked, in the order of the formula."""
    if all(part.slope_length <= NOTHING for part in parts):
        yield sentence(
            "No part of it is the gradient of the score of target_y: that is missing, or too small to count, as the "
            "gradient of a probability is where the network is sure."
        )
        if all((part.penalty > 0).all() for part in parts):
            yield _GROWS
    else:
        yield from _about_slope(parts, objective)
        yield from _about_penalty(steps, parts, penalty)
    yield from _about_length(steps, parts, by_colour)


def _about_slope(parts: Sequence[Parts], objective: int) -> Iterator[str]:
    what = OBJECTIVES[objective][1]
    if what:
        yield sentence("It follows the gradient of {what}, not that of the raw score of target_y.", what=what)
    if all((part.slope < 0).all() for part in parts):
        yield sentence("It lowers the score: check the sign of what you add.")


def _about_penalty(steps: Sequence[Step], parts: Sequence[Parts], penalty: int) -> Iterator[str]:
    if all(part.penalty_length <= NOTHING for part in parts):
        yield sentence("No part of it comes from the L2 term: that is missing, or too small to count.")
        return
    what = PENALTIES[penalty][1]
    if what:
        yield sentence("What should come from the L2 term is made of {what}, not of the image.", what=what)
        return
    if all((part.penalty > 0).all() for part in parts):
        yield _GROWS
    yield from _about_weight(steps, parts)


def _about_weight(steps: Sequence[Step], parts: Sequence[Parts]) -> Iterator[str]:
    """Say how large the L2 part is, where that is not as asked."""
    weighed = [(s, p) for s, p in zip(steps, parts, strict=True) if p.slope.all()]
    ratios = [np.abs(part.penalty / (2 * step.l2_reg * part.slope)) for step, part in weighed]
    if all((np.abs(ratio - 1) <= SAME).all() for ratio in ratios):
        return
    norms = [float(np.linalg.norm(step.image)) for step, _ in weighed]
    of_norms = [2 * norm * ratio for norm, ratio in zip(norms, ratios, strict=True)]
    if _one_number(of_norms) and not _one_number([np.array(norms)]):
        yield sentence(
            "Its L2 part is {factor:.2g} times l2_reg times the gradient of the norm of the image: the norm is not "
            "squared.",
            factor=float(of_norms[0][0]),
        )
    elif _one_number(ratios):
        yield sentence(
            "Compared with the gradient, its L2 part is {ratio:.2g} times as large as asked.",
            ratio=float(ratios[0][0]),
        )
    else:
        yield sentence(
            "Compared with the gradient, its L2 part is not as large as asked, by another factor for each input: is "
            "the norm squared, multiplied by l2_reg, and taken into account before you normalise?"
        )


def _one_number(found: Sequence[np.ndarray]) -> bool:
    numbers = np.concatenate(found)
    return bool((np.abs(numbers - numbers[0]) <= SAME * numbers[0]).all())


def _about_length(steps: Sequence[Step], parts: Sequence[Parts], by_colour: bool) -> Iterator[str]:
    if by_colour:
        yield sentence(
            "Each colour is divided by a number of its own. Expected: one norm for the whole picture."
        )
        return
    ratios = [step.length_ratio for step in steps]
    if all(abs(ratio - 1) <= SAME for ratio in ratios):
        return
    both = list(zip(steps, parts, strict=True))
    if all(_is(abs(float(part.slope[0])), 1) for _, part in both):
        yield sentence(
            "The gradient is added as it is: neither divided by its norm nor multiplied by learning_rate."
        )
    elif all(_is(abs(float(part.slope[0])), step.learning_rate) for step, part in both):
        yield sentence("The gradient is not divided by its norm.")
    elif all(_is(part.slope_length * step.length_ratio, 1) for step, part in both):
        yield sentence(
            "The gradient of the score alone is normalised: the L2 part belongs to what you divide."
        )
    else:
        yield sentence(
            "Its length is {shortest:.2g} to {longest:.2g} times the learning rate. Expected: a step as long as the "
            "learning rate.",
            shortest=min(ratios),
            longest=max(ratios),
        )


def _is(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * abs(other)


def _adds_up(seen: Seen) -> bool:
    """Whether the second step from one image, in a tensor of its own, is another than the first."""
    for trial, observation in seen:
        steps: dict[bytes, np.ndarray] = {}
        for number in range(len(trial.calls)):
            after, before = observation.arrays.get(f"{number}/after/0"), given(trial, number)
            if after is None or after.shape != before.shape:
                continue
            key = before.tobytes()
            step = after.astype(np.float64) - before
            if key in steps and relative_error(step, steps[key]) > ALIKE:
                return True
            steps[key] = step
    return False


EXPLANATION = Explanation(STEP, None, describe)
