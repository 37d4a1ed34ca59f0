"""What computes nothing earns nothing, and what computes the wrong thing keeps its points for conduct."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from cs231n.self_check.answers import load_answers
from cs231n.trials.observe import observe
from cs231n.trials.trial import trial_key
from grading.assignments.registry import all_functions, function_named, rubric
from grading.assignments.vocabulary.probe import PROBE
from grading.sandbox import Ended
from grading.verdict.computed import nothing_computed
from grading.verdict.judge import judge_checks, status_of
from grading.verdict.reference import reference_functions

Function = Callable[..., Any]
FUNCTIONS = all_functions()
PROBES = {asked.name: asked.probe for asked in FUNCTIONS if asked.probe}


def judged(asked: Function, function: Function, seed: str = "tests") -> tuple[float, str, list[str]]:
    """Return points, status and messages, as the grader gives them to a function that is tried alone."""
    trials = asked.trials(seed) | asked.doubts(seed)
    functions = {**reference_functions(), asked.name: function}
    seen = {trial_key(trial): observe(trial, functions) for trial in trials.values()}
    checks = judge_checks(asked, trials, seen)
    return sum(check.points for check in checks), status_of(checks), [check.message for check in checks]


def first_tensor(args: tuple[Any, ...]) -> torch.Tensor:
    value = next((value for value in args if isinstance(value, torch.Tensor)), args[0])
    return torch.as_tensor(value[0] if isinstance(value, list) else value)


def right_shape(name: str, args: tuple[Any, ...]) -> torch.Tensor:
    """Return a tensor of the shape and type of the right result; that of a picture where one is asked for."""
    if name in ("make_fooling_image", "class_visualization_update_step"):
        return torch.empty_like(args[0])
    copies = [value.detach().clone() if isinstance(value, torch.Tensor) else value for value in args]
    return torch.empty_like(reference_functions()[name](*copies))


NOISE = np.random.RandomState()


@pytest.fixture(autouse=True)
def same_noise() -> None:
    """Or three numbers of twenty are right once in some thousand runs."""
    NOISE.seed(0)


def unseeded(like: torch.Tensor) -> torch.Tensor:
    """Other numbers at each call, whatever seeds torch has."""
    drawn = NOISE.uniform(0, 4, tuple(like.shape))
    return torch.from_numpy(drawn).to(like.dtype)


def asking_first(args: tuple[Any, ...]) -> None:
    for value in args:
        if isinstance(value, torch.nn.Module):
            value(first_tensor(args))


NOTHING: dict[str, Callable[[str, tuple[Any, ...]], Any]] = {
    "zeros": lambda name, args: torch.zeros_like(right_shape(name, args)),
    "zeros of NumPy": lambda name, args: np.zeros(tuple(right_shape(name, args).shape)),
    "ones": lambda name, args: torch.ones_like(right_shape(name, args)),
    "the input": lambda _, args: first_tensor(args),
    "a clone of the input": lambda _, args: first_tensor(args).clone(),
    "noise": lambda name, args: (4 * torch.rand(right_shape(name, args).shape)).to(
        right_shape(name, args).dtype
    ),
    "other noise each time": lambda name, args: unseeded(right_shape(name, args)),
    "noise, the network asked": lambda name, args: (
        asking_first(args),
        unseeded(right_shape(name, args)),
    )[1],
}


@pytest.mark.parametrize("asked", FUNCTIONS, ids=lambda asked: asked.name)
def test_who_computes_nothing_earns_nothing(asked: Function) -> None:
    for what, made in NOTHING.items():
        points, status, messages = judged(asked, lambda *args, made=made: made(asked.name, args))
        assert (points, status) == (0, "wrong"), (what, messages)


@pytest.mark.sample("asked.name")
@pytest.mark.parametrize("what", ["zeros", "ones"])
@pytest.mark.parametrize("asked", FUNCTIONS, ids=lambda asked: asked.name)
def test_to_raise_when_called_again_hides_nothing(asked: Function, what: str) -> None:
    known = set()

    def shy(*args: Any) -> Any:
        seen = [
            value.detach().numpy().tobytes() if isinstance(value, torch.Tensor) else repr(value)
            for value in args
        ]
        if str(seen) in known:
            raise RuntimeError("not again")
        known.add(str(seen))
        return NOTHING[what](asked.name, args)

    assert judged(asked, shy)[:2] == (0, "wrong")


@pytest.mark.parametrize(("right", "points"), [(False, 0), (True, 1)])
def test_where_it_cannot_be_tried_what_is_right_tells_whether_anything_is_computed(
    right: bool, points: int
) -> None:
    asked = function_named("guided_relu_backward")
    trials = asked.trials("tests") | asked.doubts("tests")
    function = reference_functions()[asked.name] if right else lambda gradient, _: torch.zeros_like(gradient)
    seen: dict[str, Any] = {
        trial_key(trial): observe(trial, {**reference_functions(), asked.name: function})
        for trial in trials.values()
    }
    seen[trial_key(trials[PROBE])] = Ended("died", "the process ended")
    conduct = [
        entry.points
        for check, entry in zip(asked.checks, judge_checks(asked, trials, seen), strict=True)
        if check.conduct
    ]
    assert sum(conduct) == points


@pytest.mark.parametrize("seeded", [True, False])
def test_a_step_of_the_right_length_in_any_direction_earns_nothing(seeded: bool) -> None:
    def step(img: torch.Tensor, model: Any, y: int, l2_reg: float, learning_rate: float) -> None:
        noise = torch.randn(img.shape) if seeded else unseeded(img) - 2
        img.data += learning_rate * noise / noise.norm()

    assert judged(function_named("class_visualization_update_step"), step)[:2] == (0, "wrong")


def test_a_fooling_loop_of_one_right_step_has_computed_something() -> None:
    def one_step(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        image = X.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(model(image)[0, target_y], image)
        return (image + slope / slope.norm()).detach()

    points, status, messages = judged(function_named("make_fooling_image"), one_step)
    assert (points, status) == (7, "partial")  # close, untouched, the target left alone, one step as asked
    assert not [message for message in messages if message.startswith("no points")]


def replay(asked: Function) -> Function:
    """Return a function that knows the stored answers, gradients included, and nothing else."""
    known: dict[bytes, tuple[Any, int]] = {}

    def key(args: tuple[Any, ...]) -> bytes:
        parts = [value for value in args if not isinstance(value, torch.nn.Module)]
        flat = [item for part in parts for item in (part if isinstance(part, list) else [part])]
        return b"|".join(
            part.detach().numpy().tobytes() if isinstance(part, torch.Tensor) else repr(part).encode()
            for part in flat
        )

    for answer in load_answers()[asked.name].answers:
        calls = iter(range(len(answer.trial.calls)))

        def note(*args: Any, answer: Any = answer, calls: Any = calls) -> None:
            known[key(args)] = (answer.expected, next(calls))

        observe(answer.trial, {**reference_functions(), asked.name: note})

    def replayed(*args: Any) -> Any:
        if key(args) not in known:
            return first_tensor(args).clone()
        expected, call = known[key(args)]
        after = expected.arrays.get(f"{call}/after/0")
        if asked.name == "class_visualization_update_step" and after is not None:
            args[0].data.copy_(torch.from_numpy(after))
        output = expected.arrays.get(f"{call}/output")
        if output is None:
            return None
        result = torch.from_numpy(output.copy())
        for path, tensor in paths(args):
            gradient = expected.arrays.get(f"{call}/gradient/{path}")
            if gradient is not None:  # what is pulled back is this, whatever the weighting of a single number
                pulled = (tensor * torch.from_numpy(gradient)).sum()
                weights = torch.linspace(0.5, 1.5, result.numel()).reshape(result.shape)
                result = result + (pulled - pulled.detach()) / weights / result.numel()
        return result

    return replayed


def paths(args: tuple[Any, ...]) -> list[tuple[str, torch.Tensor]]:
    found = []
    for number, value in enumerate(args):
        items = (
            [(f"{number}.{place}", item) for place, item in enumerate(value)]
            if isinstance(value, list)
            else []
        )
        found += [
            (path, tensor)
            for path, tensor in [(str(number), value), *items]
            if isinstance(tensor, torch.Tensor)
        ]
    return found


@pytest.mark.parametrize("assignment", ["assignment3", "lecture"])
def test_to_replay_the_stored_answers_earns_nothing(assignment: str) -> None:
    """And it would have earned the public points: without their twins, all of these pass."""
    earned, stored = 0.0, 0
    for asked in rubric(assignment):
        points, status, messages = judged(asked, replay(asked))
        earned += points
        stored += sum(message.startswith("right for the public inputs") for message in messages)
        assert status == "wrong", (asked.name, messages)
    assert earned == 0
    assert stored >= 12


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("name", PROBES)
@pytest.mark.parametrize("seed", ["tests", pytest.param("2", marks=pytest.mark.long)])
def test_the_right_solution_and_every_mistake_compute_something(name: str, seed: str) -> None:
    trial = function_named(name).doubts(seed)[PROBE]
    function = function_named(name)
    ways = [("right", {}), *((mistake.id, mistake.changes) for mistake in function.mistakes)]
    for id, changes in (
        ways if seed == "2" else dict(ways).items()
    ):  # the long test makes each in all its ways
        seen = observe(trial, {**reference_functions(), name: function.recipe.changed(changes)})
        nothing = nothing_computed(PROBES[name], trial, seen)
        assert not nothing or id in COMPUTES_NOTHING, (id, nothing)


# Mistakes that amount to what was passed in.
COMPUTES_NOTHING = {
    "guided-unchanged",
    "guided-returns-input",
    "step-not-in-place",
}


def test_every_function_with_points_for_conduct_is_tried_for_whether_it_computes() -> None:
    assert {asked.name for asked in FUNCTIONS if any(c.conduct for c in asked.checks)} == PROBES.keys()
    for name, probe in PROBES.items():
        check = next(c for c in function_named(name).checks if c.id == probe.check)
        assert not check.public
