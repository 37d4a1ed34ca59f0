"""Where no known mistake explains what was seen, it is described: what holds of all trials, and no more."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from cs231n import language
from cs231n.language import is_known
from cs231n.trials.observe import observe
from cs231n.trials.trial import needs_trained_network, trial_key
from grading.assignments.registry import function_named
from grading.locations import CATALOGUES
from grading.results.definition import Diagnosis
from grading.verdict.diagnosis.diagnose import diagnose
from grading.verdict.diagnosis.observed import _in_order, observed
from grading.verdict.reference import reference_functions

Function = Callable[..., Any]
language.add_catalogues(CATALOGUES)


def told(function: str, candidate: Function) -> Diagnosis:
    trials = {trial_key(trial): trial for trial in function_named(function).trials("tests").values()}
    functions = {**reference_functions(), function: candidate}
    cheap = [trial for trial in trials.values() if not needs_trained_network(trial)]
    diagnosis = diagnose(function_named(function), [(trial, observe(trial, functions)) for trial in cheap])
    assert diagnosis is not None
    return diagnosis


def after(function: str, change: Callable[..., Any]) -> Function:
    """The right function, whose result is changed; `change` also gets the arguments."""
    right = reference_functions()[function]
    return lambda *args: change(right(*args), *args)


def failing(when: Callable[..., bool], function: str) -> Function:
    """The right function, which raises for some arguments."""

    def partly(*args: Any) -> Any:
        if when(*args):
            raise KeyError("an odd one")
        return reference_functions()[function](*args)

    return partly


def fooling_loop(change: Function) -> Function:
    """A right loop but for its steps."""

    def loop(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        image = X.clone()
        for _ in range(40):
            image = image.detach().requires_grad_()
            scores = model(image)
            if scores.argmax() == target_y:
                break
            (slope,) = torch.autograd.grad(scores[0, target_y], image)
            image = image + change(slope / slope.norm())
        return image.detach()

    return loop


def sideways(maps: torch.Tensor, *_: Any) -> torch.Tensor:
    return maps.transpose(1, 2)


DESCRIBED = {
    "observed-one-image": (
        "compute_saliency_maps",
        failing(lambda X, y, model: len(y) != 1, "compute_saliency_maps"),
    ),
    "observed-several-images": (
        "compute_saliency_maps",
        failing(lambda X, y, model: len(y) == 1, "compute_saliency_maps"),
    ),
    "observed-square": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, X, *_: maps if X.shape[2] == X.shape[3] else maps**3),
    ),
    "observed-transposed": ("compute_saliency_maps", after("compute_saliency_maps", sideways)),
    "observed-scale": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: maps.sqrt()),
    ),
    "observed-factor": ("compute_saliency_maps", after("compute_saliency_maps", lambda maps, *_: 7 * maps)),
    "observed-times-images": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, X, *_: maps * len(X)),
    ),
    "observed-last-image": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: torch.cat([maps[:-1] * 0 + 1, maps[-1:]])),
    ),
    "observed-batch-sum": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: maps.sum(0).expand_as(maps)),
    ),
    "observed-first-image": (
        "gram_matrix",
        after("gram_matrix", lambda matrices, *_: matrices.cumsum(0)),
    ),
    "observed-gradient-factor": (
        "content_loss",
        after("content_loss", lambda loss, *_: 0.5 * loss + 0.5 * loss.detach()),
    ),
    "observed-other-gradient": (
        "content_loss",
        after(
            "content_loss",
            lambda loss, _, current, *__: loss + (flat := 0.01 * current.sum()) - flat.detach(),
        ),
    ),
    "observed-opposite": ("tv_loss", after("tv_loss", lambda loss, *_: -loss)),
    "observed-divided-2": ("nearest_neighbours", after("nearest_neighbours", lambda rows, *_: rows / 2)),
    "observed-offset": ("grabcut_seeds", after("grabcut_seeds", lambda labels, *_: labels + 5)),
    "observed-zeros": ("spectrum_to_image", after("spectrum_to_image", lambda image, *_: 0 * image)),
    "observed-raises": (
        "style_loss",
        failing(lambda feats, layers, targets, weights: weights[0] > 6 and len(layers) == 3, "style_loss"),
    ),
    "observed-too-many-axes": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: maps[:, None] ** 3),
    ),
    "observed-shape-and-numbers": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: maps[:, 1:, 2:] ** 3),
    ),
    "observed-alike": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: maps + 0.1 * maps.flip(2)),
    ),
    "observed-reversed": (
        "compute_saliency_maps",
        after("compute_saliency_maps", lambda maps, *_: 3 - maps - 0.1 * maps.flip(2)),
    ),
    "observed-mostly-right": (
        "grabcut_seeds",
        after("grabcut_seeds", lambda labels, *_: torch.cat([labels[:3], 0 * labels[3:4] + 7, labels[4:]])),
    ),
    "observed-no-zero-weight": (
        "style_loss",
        after("style_loss", lambda loss, feats, layers, targets, weights: loss + 1000 * (0.0 in weights)),
    ),
}


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("id", DESCRIBED)
def test_how_results_differ_is_described_and_not_called_a_mistake(id: str) -> None:
    diagnosis = told(*DESCRIBED[id])
    assert diagnosis.parts == (id,)
    assert diagnosis.basis == "observed"
    assert is_known(diagnosis.title_sentence.id)
    assert diagnosis.hint.endswith((".", "?"))
    assert is_known(diagnosis.hint_sentence.id)


def test_of_a_networks_features_their_channels_are_known() -> None:
    function = after("content_loss", lambda loss, _, current, *__: loss / current.shape[1])
    seen = [
        (trial, observe(trial, {"content_loss": function}))
        for trial in function_named("content_loss").trials("tests").values()
    ]
    assert any(needs_trained_network(trial) for trial, _ in seen)
    diagnosis = diagnose(function_named("content_loss"), seen)
    assert diagnosis
    assert diagnosis.parts == ("observed-divided-channels",)


@pytest.mark.sample
@pytest.mark.parametrize(
    ("id", "change"),
    [
        ("observed-step-length", lambda step: step * (1 + step.abs().max())),
        ("observed-step-direction", lambda step: step.flip(2)),
        ("observed-step-by-colour", lambda step: step / step.norm(dim=(2, 3), keepdim=True)),
        ("observed-step-signs", lambda step: 0.03 * step.sign()),
    ],
)
def test_steps_of_a_fooling_loop_are_described(id: str, change: Function) -> None:
    assert told("make_fooling_image", fooling_loop(change)).parts == (id,)


def test_of_a_fooling_image_the_change_is_looked_at_not_the_image() -> None:
    """A picture is far larger than what is added to it: next to it, any few steps look right."""
    function = function_named("make_fooling_image")
    loop = fooling_loop(lambda step: 1.1 * (step + 0.2 * step.flip(1)))
    trials = [t for t in function.trials("tests").values() if not needs_trained_network(t)]
    seen = [(trial, observe(trial, {"make_fooling_image": loop})) for trial in trials]
    assert observed(function, seen, {"climbs_target_score"}) is None


def test_a_mistake_is_named_by_what_ran_where_other_inputs_raise() -> None:
    def picky(weight: torch.Tensor) -> torch.Tensor:
        scale = weight.view(len(weight), -1).max(dim=1).values  # fails for a slice of a larger tensor
        return 0.5 + 0.5 * weight / torch.where(scale == 0, 1, scale).view(-1, 1, 1, 1)

    diagnosis = told("filters_to_images", picky)
    assert (diagnosis.parts, diagnosis.basis) == (("filters-no-abs",), "recognised")


def test_a_recognised_mistake_is_not_called_observed() -> None:
    diagnosis = told("tv_loss", after("tv_loss", lambda loss, *_: loss / 2))
    assert diagnosis.basis == "recognised"


def test_nothing_is_said_of_noise() -> None:
    noise = np.random.default_rng(0)
    function = after("grabcut_seeds", lambda labels, *_: torch.from_numpy(noise.integers(0, 4, labels.shape)))
    trials = {trial_key(trial): trial for trial in function_named("grabcut_seeds").trials("tests").values()}
    seen = [(trial, observe(trial, {"grabcut_seeds": function})) for trial in trials.values()]
    assert diagnose(function_named("grabcut_seeds"), seen) is None


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (np.sqrt, True),
        (np.log1p, True),
        (np.exp, True),
        (np.negative, False),
        (np.round, False),
        (np.sin, False),
    ],
)
def test_the_order_of_numbers_is_kept_where_rounding_makes_neighbours_equal(change: Any, kept: bool) -> None:
    some = 1 + 3 * np.random.default_rng(0).random((3, 40, 20), dtype=np.float32)
    expected = np.concatenate([some, np.nextafter(some, np.float32(9))], axis=2)
    assert len(np.unique(np.sqrt(expected))) < len(np.unique(expected))
    assert _in_order(change(expected), expected) is kept


def test_of_a_function_that_passes_no_check_nobody_says_that_its_results_are_right() -> None:
    function = function_named("make_fooling_image")
    right = reference_functions()["make_fooling_image"]

    def never_steps(X: torch.Tensor, target_y: int, model: Any) -> torch.Tensor:
        if model(X).argmax() != target_y:
            raise KeyError("no step")
        return right(X, target_y, model)

    trials = [t for t in function.trials("tests").values() if not needs_trained_network(t)]
    functions = {**reference_functions(), "make_fooling_image": never_steps}
    seen = [(trial, observe(trial, functions)) for trial in trials]
    checks = {check.id for check in function.checks}
    assert observed(function, seen, {*list(checks)[1:]}).id == "observed-raises"
    assert observed(function, seen, checks) is None
