"""A fooling loop is known by the way it takes; where on that way it ends is told apart."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
import torch

from cs231n.trials.networks import scores
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Network, Tensor, Trial
from grading.assignments.network_visualization.mistakes.fooling_trajectory import explain
from grading.assignments.network_visualization.mistakes.make_fooling_image import FOOLING, never
from grading.assignments.vocabulary.check import generator
from grading.assignments.vocabulary.inputs import distant_target, far_target
from grading.assignments.vocabulary.mistake import Mistake


def tried(picture: Tensor, target: int) -> Trial:
    call = (picture, target, Network("small"))
    return Trial("make_fooling_image", (call,), ("arguments", "shown"), "small")


@functools.cache
def trials() -> list[Trial]:
    """Two pictures whose targets are not equally many steps away, a far one, and one that is its target already."""
    found: dict[int, Trial] = {}
    for seed in range(20):
        picture, target = far_target(generator(str(seed), "ways"))
        trial = tried(picture, target)
        steps = len(observe(trial, {"make_fooling_image": FOOLING.make()}).arrays["0/shown"]) - 1
        found.setdefault(steps, trial)
        if len(found) == 2:
            there = int(scores("small", torch.from_numpy(picture.data)).argmax())
            far = tried(*distant_target(generator("far", "ways")))
            return [*found.values(), far, tried(picture, there)]
    raise AssertionError("all targets are equally far")


def observed(loop: Callable[..., Any], trial: Trial) -> Observation:
    return observe(trial, {"make_fooling_image": loop})


def explained(loop: Callable[..., Any]) -> tuple[Mistake, ...] | None:
    return explain([(trial, observed(loop, trial)) for trial in trials()], observed)


@functools.cache
def of_recipe(changes: frozenset[tuple[str, object]]) -> tuple[Mistake, ...] | None:
    """The explanation of a changed loop: what is told of it and what was measured are two claims about one."""
    return explained(FOOLING.make(**dict(changes)))


def told(**changes: object) -> list[str] | None:
    mistakes = of_recipe(frozenset(changes.items()))
    return None if mistakes is None else [mistake.id for mistake in mistakes]


def test_the_right_loop_has_no_mistake():
    assert told() == []


@pytest.mark.sample
@pytest.mark.parametrize("steps", [2, 1, 3])
def test_giving_up_is_told_after_however_few_steps(steps):
    assert told(steps=steps) == ["fooling-gives-up"]


@pytest.mark.sample
@pytest.mark.parametrize("steps", [55, 100, 200])
def test_never_stopping_is_told(steps):
    assert told(stop=never, steps=steps) == ["fooling-does-not-stop"]


@pytest.mark.sample
@pytest.mark.parametrize("steps", [6, 10])
def test_a_loop_of_so_many_steps_is_not_said_to_go_on_for_ever(steps):
    assert told(stop=never, steps=steps) == ["fooling-fixed-steps"]


@pytest.mark.sample
@pytest.mark.parametrize("rate", [0.5, 0.9, 10.0])
def test_another_learning_rate_is_told(rate):
    assert told(rate=rate) == ["fooling-learning-rate"]


@pytest.mark.parametrize(
    ("changes", "measured"),
    [
        ({"steps": 2}, {"steps": 2}),
        ({"stop": never, "steps": 6}, {"steps": 6}),
        ({"stop": never, "steps": 55}, {"steps": 55}),
        ({"rate": 0.5}, {"rate": 0.5}),
    ],
)
def test_a_mistake_of_the_way_holds_what_was_measured(changes, measured):
    """So the recipe with it does what was seen, and no ten steps stand for six."""
    (mistake,) = of_recipe(frozenset(changes.items()))
    assert mistake.changes.keys() == changes.keys()
    assert {key: mistake.changes[key] for key in measured} == pytest.approx(measured, rel=1e-3)


def test_two_walks_with_one_mistake_may_drift_apart():
    """The squared norm makes steps of other lengths, on which float noise grows: each is predicted from its start."""
    noise = torch.Generator().manual_seed(0)

    def noisy(g: torch.Tensor) -> torch.Tensor:
        return g * g.norm() ** -2 * (1 + 2e-3 * torch.randn(g.shape, generator=noise)) * g.norm()

    assert told(direction=noisy) == ["fooling-squared-norm"]


@pytest.mark.sample
@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_waiting_for_more_than_needed_is_stopping_late(probability):
    def sure(said: torch.Tensor, target: int) -> bool:
        return bool(said.softmax(1)[0, target] > probability)

    assert told(stop=sure) in (["fooling-stops-late"], [])
    assert told(late=True) == ["fooling-stops-late"]


def test_a_mistake_on_the_way_is_told_together_with_its_end():
    accumulates = next(m for m in FOOLING.mistakes if m.id == "fooling-gradient-not-zeroed")
    assert told(**accumulates.changes) == [accumulates.id]
    assert told(**accumulates.changes, stop=never, steps=33) == [
        accumulates.id,
        "fooling-does-not-stop",
    ]


def test_a_loop_that_goes_nowhere_known_is_not_explained():
    assert told(direction=lambda g: g + 0.3 * g.norm() * torch.ones_like(g).div(g.numel() ** 0.5)) is None


def test_a_loop_that_takes_no_step_is_not_called_impatient():
    assert told(steps=0) is None


def test_a_loop_that_ends_early_on_one_picture_and_late_on_another_is_not_explained():
    counted = iter(range(10_000))
    assert told(stop=lambda *_: next(counted) == 6, steps=100) in (None, ["fooling-stops-late"])


def test_a_result_of_another_shape_is_not_explained():
    def flat(X, target_y, model):
        return FOOLING.make()(X, target_y, model)[0]

    assert explained(flat) is None
