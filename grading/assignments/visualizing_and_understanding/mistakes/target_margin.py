"""Mistakes made in the margin of a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import NO_GRADIENT


def _filled(value: float) -> Step:
    return lambda scores, y: scores.scatter(1, y.reshape(-1, 1), value)


_WITHOUT_TARGET = _filled(-torch.inf)


def margin(
    of: Step = identity,
    target: Step = lambda scores, y: scores.gather(1, y.reshape(-1, 1)).squeeze(1),
    others: Step = _WITHOUT_TARGET,
    best: Step = lambda others, y: others.amax(1),
    lead: Step = lambda target, best: target - best,
    shape: Step = identity,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of target_margin."""

    def target_margin(scores: torch.Tensor, target_y: torch.Tensor) -> Any:
        scores = of(scores)
        return result(shape(lead(target(scores, target_y), best(others(scores, target_y), target_y))))

    return target_margin


MARGIN = Recipe(
    "target_margin",
    margin,
    (
        Mistake(
            "margin-target-among-others",
            "The target takes part in the maximum",
            "Your margin is never above zero: where the target leads, it is compared with itself. The maximum runs "
            "over the other classes.",
            {"others": lambda s, y: s},
        ),
        *variants(
            "margin-zero-for-target",
            "The target's score counts as a finite number",
            "You put a finite number, such as 0, in the target's place before you take the maximum. It wins where "
            "all other scores are smaller.",
            {"others": _filled(0.0)},
            {"others": _filled(-1.0)},
            {"others": lambda s, y: s * _filled(0.0)(torch.ones_like(s), y)},
        ),
        Mistake(
            "margin-of-probabilities",
            "Probabilities instead of scores",
            "You compared probabilities, whose differences are almost zero where the network is sure. Expected: raw "
            "scores.",
            {"of": lambda s: s.softmax(1)},
        ),
        Mistake(
            "margin-sign",
            "The sign is reversed",
            "Your margin is above zero where another class leads. Expected: by how much the target leads.",
            {"lead": lambda t, o: o - t},
        ),
        Mistake(
            "margin-second-best",
            "The second-largest score, whatever the target is",
            "You subtracted the second-largest score of the row. That is the best rival only where the target leads.",
            {"others": lambda s, y: s, "best": lambda o, y: o.topk(2).values[:, 1]},
        ),
        *variants(
            "margin-mean-of-others",
            "The mean or the sum of the others instead of the largest",
            "You compared the target with all others together. Expected: the strongest of them alone.",
            {"others": _filled(0.0), "best": lambda o, y: o.sum(1) / (o.shape[1] - 1)},
            {"others": _filled(0.0), "best": lambda o, y: o.sum(1)},
            {"others": lambda s, y: s, "best": lambda o, y: o.mean(1)},
        ),
        Mistake(
            "margin-smooth-maximum",
            "A smooth maximum of the others",
            "You took the logarithm of a sum of exponentials, which is a little more than the largest. Expected: "
            "the largest itself.",
            {"best": lambda o, y: o.logsumexp(1)},
        ),
        Mistake(
            "margin-log-probability",
            "The logarithm of the probability, or the loss",
            "You computed the logarithm of the target's probability, which depends on all classes. Expected: the "
            "lead over the strongest rival.",
            {"others": lambda s, y: s, "best": lambda o, y: o.logsumexp(1)},
        ),
        Mistake(
            "margin-smallest",
            "The smallest of the others instead of the largest",
            "You subtracted the weakest rival's score. Expected: the strongest.",
            {"others": _filled(torch.inf), "best": lambda o, y: o.amin(1)},
        ),
        *variants(
            "margin-target-only",
            "Only the target's score",
            "You returned the target's score alone. Expected: its lead over the others.",
            {"lead": lambda t, o: t},
            {"lead": lambda t, o: -t},
        ),
        *variants(
            "margin-one-row",
            "Only the first row",
            "You computed the margin of one row. Each row has its own target. Expected shape: (N,).",
            {"result": lambda m: m[0]},
            {"result": lambda m: m[:1]},
        ),
        *variants(
            "margin-one-target",
            "The first row's target for all rows",
            "You used the first target for every row. Each row has its own target.",
            {
                "target": lambda s, y: s[:, y[0]],
                "others": lambda s, y: _WITHOUT_TARGET(s, y[:1].expand(len(y))),
            },
        ),
        *variants(
            "margin-wrong-scores",
            "Scores of all targets for every row",
            "You picked all targets' scores from each row. Row i has one target: pair rows and targets up.",
            {
                "target": lambda s, y: s[:, y],
                "lead": lambda t, o: t - o.reshape(-1, 1),
            },
            {"target": lambda s, y: s[:, y], "lead": lambda t, o: t - o},
        ),
        *variants(
            "margin-broadcast",
            "A table instead of one number for each row",
            "A column minus a row is a table. One of your two parts has an extra axis of length one. Expected "
            "shape: (N,).",
            {"lead": lambda t, o: t.reshape(-1, 1) - o},
            {"lead": lambda t, o: t - o.reshape(-1, 1)},
        ),
        Mistake(
            "margin-extra-axis",
            "An axis of length one is left",
            "Expected shape (N,), got (N, 1).",
            {"shape": lambda m: m.reshape(-1, 1)},
        ),
        *variants(
            "margin-reduced",
            "One number for all rows",
            "You added or averaged the margins. Expected: one margin for each row.",
            {"result": torch.sum},
            {"result": torch.mean},
        ),
        *variants(
            "margin-cut",
            "Cut off at zero, or made positive",
            "Your margin is never below zero. Its sign shows which class leads. Expected: the difference as it is.",
            {"result": torch.relu},
            {"result": torch.abs},
        ),
        Mistake("margin-detached", "Cut off from the graph", NO_GRADIENT, {"result": torch.Tensor.detach}),
    ),
)
