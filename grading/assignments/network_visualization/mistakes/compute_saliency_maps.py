"""Mistakes seen in saliency maps."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.cached_forward import gradient
from grading.assignments.vocabulary.detector import detector
from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.seen import Seen


def _own(scores: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return scores[torch.arange(len(y)), y]


def _log_probability(sign: int) -> Step:
    return lambda scores: sign * scores.log_softmax(1)


def _squeezed(picked: torch.Tensor) -> torch.Tensor:
    if picked.numel() == 1:
        raise RuntimeError("a vector of one gradient does not fit a scalar")
    return picked.sum()


def _five_only(picked: torch.Tensor) -> torch.Tensor:
    if len(picked) != 5:
        raise RuntimeError("five gradients do not fit")
    return picked.sum()


@functools.cache
def _objective(of: Step, pick: Step, total: Step) -> Step:
    """Return the number that is pulled back; one function for equal steps, so that its gradients are remembered."""
    return lambda scores, y: total(pick(of(scores), y))


def saliency(
    of: Step = identity,
    pick: Step = _own,
    total: Step = torch.sum,
    attribution: Step = lambda slope, image: slope,
    magnitude: Step = torch.abs,
    over_channels: Step = lambda g: g.amax(1),
    afterwards: Step = identity,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of compute_saliency_maps."""

    def compute_saliency_maps(X: torch.Tensor, y: torch.Tensor, model: torch.nn.Module) -> Any:
        slope = gradient(model, _objective(of, pick, total), X, y)
        return result(afterwards(over_channels(magnitude(attribution(slope, X.detach())))))

    return compute_saliency_maps


SALIENCY = Recipe(
    "compute_saliency_maps",
    saliency,
    (
        *variants(
            "saliency-cross-entropy",
            "Gradient of the cross-entropy loss instead of the score",
            "You pulled back the cross-entropy loss, or a log-probability, which differs only in sign. It depends "
            "on the scores of all other classes (and, if you average, on the batch size). Expected: the gradient of "
            "the raw score of the right class alone. Check what you call backward on.",
            *(
                {"of": _log_probability(sign), "total": total}
                for sign in (-1, 1)
                for total in (torch.mean, torch.sum)
            ),
            *({"of": _log_probability(sign)} for sign in (-1, 1)),
        ),
        Mistake(
            "saliency-softmax",
            "Gradient of the probability instead of the score",
            "You pulled back a probability, which depends on the scores of all classes. Expected: the raw score, "
            "before any softmax.",
            {"of": lambda s: s.softmax(1)},
        ),
        Mistake(
            "saliency-log-score",
            "Gradient of the logarithm of the score",
            "You took the logarithm of the score, which divides its gradient by the score itself. Expected: the raw "
            "score.",
            {"of": torch.log},
        ),
        Mistake(
            "saliency-largest-score",
            "The largest score instead of the right class's",
            "You pulled back the largest score of each image, whatever its class. Expected: the score of the class "
            "given in y.",
            {"pick": lambda s, y: s.amax(1)},
        ),
        *variants(
            "saliency-wrong-scores",
            "Scores of all labels picked for every image",
            "You picked the scores of all labels for each image (scores[:, y]). Each image has its own label: pair "
            "them up, as the gather example does.",
            {"pick": lambda s, y: s[:, y]},
            {"pick": lambda s, y: s},
        ),
        *variants(
            "saliency-one-image",
            "Only one image's score, or one image's label, is used",
            "You picked scores of one image for the whole batch, or one label for all images. Each image has its "
            "own label, and one score for it: pair them up, as the gather example does.",
            {"pick": lambda s, y: s[0, y]},
            {"pick": lambda s, y: s[0, y[0]]},
            {"pick": lambda s, y: s[:, y[0]]},
        ),
        Mistake(
            "saliency-squeeze-one",
            "squeeze() breaks a batch of one",
            "With one image, squeeze() also removes the batch axis, and the shapes after it no longer fit. Name the "
            "axis to remove, or sum the scores before you call backward.",
            {"total": _squeezed},
        ),
        Mistake(
            "saliency-squeeze-one",
            "squeeze() breaks a batch of one",
            "With one image, squeeze() also removes the batch axis from your maps. Expected shape: (1, H, W). Name "
            "the axis to remove.",
            {"result": torch.squeeze},
        ),
        Mistake(
            "saliency-five-only",
            "Works for a batch of five only",
            "The gradient that you hand to backward has five entries, so any other number of images fails. Make its "
            "length follow the batch, or sum the scores first.",
            {"total": _five_only},
        ),
        *variants(
            "saliency-no-abs",
            "No absolute value",
            "Your maps are the largest gradient over the channels, sign included. A strong negative gradient "
            "matters just as much. Expected: the absolute value.",
            {"magnitude": identity},
            {"magnitude": torch.neg},
        ),
        Mistake(
            "saliency-negative-dropped",
            "Negative gradients are set to zero",
            "You kept positive gradients only. A strong negative gradient matters just as much. Expected: the "
            "absolute value.",
            {"magnitude": torch.relu},
        ),
        Mistake(
            "saliency-squared",
            "Squared gradients instead of their magnitude",
            "You squared the gradient, which makes weak places look weaker than they are. Expected: the absolute "
            "value.",
            {"magnitude": torch.square},
        ),
        *variants(
            "saliency-abs-after-max",
            "Absolute value after the maximum",
            "You took the maximum over the channels first, then the absolute value. This loses channels with a "
            "strong negative gradient. Swap the two.",
            {"magnitude": identity, "afterwards": torch.abs},
            {"magnitude": torch.neg, "afterwards": torch.abs},
        ),
        Mistake(
            "saliency-sum-over-channels",
            "Sum over the channels instead of the maximum",
            "You added the magnitudes of the three channels. Expected: the largest of them.",
            {"over_channels": lambda g: g.sum(1)},
        ),
        Mistake(
            "saliency-mean-over-channels",
            "Mean over the channels instead of the maximum",
            "You averaged the magnitudes of the three channels. Expected: the largest of them.",
            {"over_channels": lambda g: g.mean(1)},
        ),
        Mistake(
            "saliency-norm-over-channels",
            "Norm over the channels instead of the maximum",
            "You took the Euclidean norm over the three channels. Expected: the largest magnitude.",
            {"over_channels": lambda g: g.norm(dim=1)},
        ),
        *variants(
            "saliency-one-channel",
            "One channel instead of the maximum over all three",
            "Your map shows one of the three channels alone. Expected: for each pixel, the largest magnitude of the "
            "three.",
            *({"over_channels": lambda g, c=c: g[:, c]} for c in range(3)),
        ),
        Mistake(
            "saliency-places",
            "Where the maximum is instead of the maximum",
            "You returned the number of the channel with the largest magnitude. max over an axis returns two "
            "tensors, first the values, then their indices. Expected: the values.",
            {"over_channels": lambda g: g.argmax(1)},
        ),
        Mistake(
            "saliency-times-input",
            "The gradient is multiplied by the image",
            "You multiplied the gradient by the image, which hides what matters in dark places. Expected: the "
            "magnitude of the gradient itself.",
            {"attribution": lambda slope, image: slope * image},
        ),
        *variants(
            "saliency-wrong-axis",
            "The maximum is taken over the wrong axis",
            "Your maximum runs over another axis than the channels. The axes of the gradient are image, colour, "
            "row, column. Expected: one number for each pixel of each image.",
            {"over_channels": lambda g: g.amax(0)},
            {"over_channels": lambda g: g.amax(2)},
            {"over_channels": lambda g: g.amax(3)},
            {"over_channels": lambda g: g.amax()},
        ),
        *variants(
            "saliency-keeps-channels",
            "The axis of the channels is still there",
            "Your result has four axes. Expected: one number for each pixel of each image, shape (N, H, W). The "
            "maximum over the channels removes their axis.",
            {"over_channels": identity},
            {"result": lambda maps: maps.unsqueeze(1)},
        ),
        *variants(
            "saliency-averaged-over-batch",
            "Scores averaged over the batch",
            "You pulled back the mean of the scores, so every map is divided by the number of images. The map of an "
            "image must not depend on how many images are in the batch.",
            {"total": lambda picked: picked.sum() / len(picked)},
            {"total": torch.mean},  # of a table, too
        ),
        *variants(
            "saliency-averaged-over-batch",
            "Maps averaged over the batch",
            "You averaged the maps of all images into one. Each image has its own map. Expected shape: (N, H, W).",
            {"afterwards": lambda maps: maps.mean(0)},
            {"afterwards": lambda maps: maps.mean(0, keepdim=True)},
        ),
        *variants(
            "saliency-rescaled",
            "Maps are rescaled",
            "You divided the maps by their largest value, so an image's map depends on how they are scaled. "
            "Expected: the gradients as they are. The notebook scales them when it draws.",
            {"afterwards": lambda maps: maps / maps.max()},
            {"afterwards": lambda maps: maps / maps.amax((1, 2), keepdim=True)},
            {"afterwards": lambda maps: (maps - maps.min()) / (maps.max() - maps.min())},
        ),
    ),
)


@detector(
    "compute_saliency_maps",
    "saliency-keeps-graph",
    "The maps are still attached to the graph",
    "Your maps can still be differentiated, so they keep every activation of the network in memory. Expected: plain "
    "numbers. Where does the graph of the gradient come from, and how do you detach a tensor from it?",
)
def keeps_graph(seen: Seen) -> bool:
    """A gradient could be taken of a result."""
    return any(facts["graph"] for _, observation in seen for facts in observation.calls)
