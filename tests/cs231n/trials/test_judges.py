"""Each judge accepts right evidence, refuses wrong evidence with a sentence, and breaks on none."""

import dataclasses
import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cs231n.trials.evidence import Evidence, Verdict, compare, lost_in_rounding, relative_error, worst
from cs231n.trials.judges import JUDGES
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Network, Tensor, Trial

Function = Callable[..., Any]
RNG = np.random.default_rng(0)
IMAGE = RNG.standard_normal((1, 3, 24, 24)).astype(np.float32)
SMALL = Network("small")


def double(x: torch.Tensor) -> torch.Tensor:
    return 2 * x


def step(x: torch.Tensor) -> None:
    x.data += 3 * IMAGE_STEP


IMAGE_STEP = torch.from_numpy(RNG.standard_normal(IMAGE.shape).astype(np.float32))
IMAGE_STEP /= IMAGE_STEP.norm()


def climb(x: torch.Tensor, target: int, model: torch.nn.Module, stretch: float = 1.0) -> torch.Tensor:
    image = x.detach().clone()
    for _ in range(100):
        image.requires_grad_()
        scores = model(image)
        if int(scores.argmax()) == target:
            break
        (slope,) = torch.autograd.grad(scores[0, target], image)
        image = (image + slope / slope.norm()).detach()
    return x + stretch * (image.detach() - x)


def accumulating(x: torch.Tensor) -> None:
    (x * IMAGE_STEP).sum().backward()
    x.data += x.grad


def fresh(x: torch.Tensor) -> None:
    accumulating(x)
    x.grad = None


def one_by_one(x: torch.Tensor) -> Iterator[torch.Tensor]:
    yield 2 * x


async def later(x: torch.Tensor) -> AsyncIterator[torch.Tensor]:
    yield 2 * x


def rows(x: torch.Tensor) -> torch.Tensor:
    return sum((x[:, :, i].sum() for i in range(x.shape[2])), torch.zeros(()))


def backward(x: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
    x.sum().backward()
    return x


def hooked(x: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
    model.register_forward_hook(lambda *_: None)
    return x


def parameters_pulled(x: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
    model(x.detach()).sum().backward()
    return x


LOSS = Trial("f", ((Tensor(IMAGE, requires_grad=True),),), watch=("gradient",))
PLACE = Trial("f", ((Tensor(IMAGE, name="img"),),), watch=("arguments",))
ROW = Trial(
    "f",
    tuple(
        (Tensor(IMAGE * n, name=name, requires_grad=True),)
        for n, name in ((1, "img"), (2, "img"), (2, "alone"))
    ),
    watch=("arguments",),
)
FOOL = Trial("f", ((Tensor(2 * IMAGE), 3, SMALL),), watch=("arguments", "shown"), network="small")
TABLE = Trial("f", ((Tensor(RNG.permutation(12).reshape(4, 3).astype(np.float32) + 1),),))
SHOWN = Trial(
    "f",
    ((Tensor(IMAGE, requires_grad=True), SMALL),),
    watch=("shown", "arguments", "network"),
    network="small",
)
SIZES = Trial("f", ((Tensor(IMAGE),), (Tensor(np.tile(IMAGE, (1, 1, 3, 3))),)), watch=("operations",))

# judge -> trial, what is asked, right in another way, and wrong functions with a word of what the verdict says
CASES: dict[str, tuple[Trial, Function, list[Function], list[tuple[Function, str]]]] = {
    "same_output": (
        LOSS,
        double,
        [lambda x: x + x, lambda x: (2 * x).double()],
        [
            (lambda x: 2.5 * x, "relative error of the result: 0.25 "),
            (lambda x: 2 * x[0], r"expected shape \(1, 3, 24, 24\), got \(3, 24, 24\)"),
            (lambda x: 0 / (x * 0), "NaN"),
            (lambda x: None, "got None"),
            (lambda x: "2x", "got str"),
            (lambda x: x * 1j, "complex64"),
            (lambda x: [2 * x], "got list"),
            (one_by_one, "got a generator, which has computed nothing yet: end the function with `return`"),
            (later, "without `async` before its `def`"),
        ],
    ),
    "same_values": (
        LOSS,
        double,
        [lambda x: 2 * x[0]],
        [
            (lambda x: x[0], "relative error"),
            (lambda x: None, "got None"),
            (lambda x: 2 * x[0, 0], "shape"),
        ],
    ),
    "same_gradient": (
        LOSS,
        double,
        [lambda x: x + x],
        [
            (lambda x: 2 * x.detach(), "cut off from the graph"),
            (lambda x: x.detach().sum().item(), "cut off from the graph"),
            (lambda x: x.detach() + x, "relative error of the gradient: 0.5 "),
            (lambda x: None, "got None"),
            (lambda x: torch.zeros_like(x).requires_grad_(), "the gradient is missing"),
        ],
    ),
    "input_untouched": (
        PLACE,
        double,
        [lambda x: x.clone()],
        [
            (lambda x: None, "got None"),
            (lambda x: x.add_(1e-3), "was changed"),
            (lambda x: x.mul_(float("nan")), "was changed"),
            (lambda x: x.resize_(5), "was changed"),
        ],
    ),
    "steps_along_gradient": (
        PLACE,
        step,
        [lambda x: x.data.add_(IMAGE_STEP * 99)],
        [
            (lambda x: x.data.sub_(IMAGE_STEP), "direction: 2 "),
            (lambda x: x.data.add_(1e-5 * IMAGE_STEP), "too short to measure its direction"),
            (lambda x: x + 3 * IMAGE_STEP, "update the image that was passed in"),
            (lambda x: x.data.fill_(float("inf")), "NaN"),
            (lambda x: x.resize_(5), "another shape, or is no tensor"),
        ],
    ),
    "step_has_asked_length": (
        PLACE,
        step,
        [lambda x: x.data.sub_(3 * IMAGE_STEP)],
        [
            (lambda x: x.data.add_(3.4 * IMAGE_STEP), "expected a step of length 3, got 3.4"),
            (double, "length 3, got 0"),
            (lambda x: x.data.fill_(float("nan")), "cannot be measured"),
            (lambda x: x.resize_(5), "cannot be measured"),
        ],
    ),
    "fools_the_network": (
        FOOL,
        climb,
        [lambda x, t, m: climb(x, t, m, stretch=1.5)],
        [
            (lambda x, t, m: x, "no step was made"),
            (lambda x, t, m: x + 1e-4, "expected the network to predict class"),
            (lambda x, t, m: climb(x, t, m)[0], "shape"),
            (lambda x, t, m: x * float("nan"), "NaN"),
            (lambda x, t, m: None, "got None"),
            (lambda x, t, m: x[:0], "shape"),
        ],
    ),
    "stays_close": (
        FOOL,
        climb,
        [lambda x, t, m: climb(x, t, m, stretch=1.9)],
        [
            (lambda x, t, m: climb(x, t, m, stretch=2.1), "moved by"),
            (lambda x, t, m: None, "cannot be measured"),
            (lambda x, t, m: x * float("nan"), "cannot be measured"),
        ],
    ),
    "same_change": (
        FOOL,
        climb,
        [climb],
        [
            (lambda x, t, m: climb(x, t, m, stretch=1.2), "change of the image: 0.2 "),
            (lambda x, t, m: x, "change of the image: 1 "),
            (lambda x, t, m: x[0], "shape"),
            (lambda x, t, m: None, "got None"),
        ],
    ),
    "fresh_gradient_each_call": (
        ROW,
        fresh,
        [lambda x: x.data.add_(7 * IMAGE_STEP)],
        [
            (accumulating, "still in img.grad"),
            (double, "did not change"),
            (lambda x: x.data.fill_(float("nan")), "cannot be measured"),
        ],
    ),
    "no_python_loop": (
        SIZES,
        lambda x: x.sum(),
        [lambda x: sum((x[..., c, :].sum() for c in range(5)), torch.zeros(()))],
        [(rows, "tensor operations for a small picture")],
    ),
    "exactly_the_same": (
        TABLE,
        lambda x: x.argsort(1),
        [lambda x: x.argsort(1).double()],
        [
            (lambda x: x.argsort(1) + (x == x.max()), "1 of 12 numbers"),
            (lambda x: x.argsort(1)[:1], "shape"),
            (lambda x: None, "got None"),
        ],
    ),
    "right_type": (
        TABLE,
        lambda x: x.argsort(1),
        [lambda x: x.argsort(0)[:1]],
        [
            (lambda x: x.argsort(1).int(), "expected dtype int64, got int32"),
            (lambda x: [1, 2], "got list"),
        ],
    ),
    "same_up_to_sign": (
        TABLE,
        double,
        [lambda x: -2 * x, lambda x: 2 * x * torch.tensor([1, -1, 1])],
        [
            (lambda x: 2 * x * torch.tensor([[1], [-1], [1], [1]]), "up to signs"),
            (lambda x: x, "0.5 times the expected"),
            (lambda x: x.T, "shape"),
            (lambda x: None, "got None"),
        ],
    ),
    "runs_together": (
        SHOWN,
        lambda x, m: torch.cat([m(x), m(x)], 1).flatten()[:3],
        [lambda x, m: m(x)[0, :3]],
        [
            (lambda x, m: torch.cat([m(x)[0, :1] for _ in range(3)]), "3 calls of the network for 3 entries"),
            (lambda x, m: None, "got None"),
        ],
    ),
    "leaves_no_trace": (
        SHOWN,
        lambda x, m: m(x).detach(),
        [lambda x, m: x],
        [
            (lambda x, m: x.data.add_(1), "an argument was changed"),
            (backward, "argument's .grad was changed"),
            (hooked, "hooks are left"),
            (parameters_pulled, "hold gradients"),
            (lambda x, m: None, "got None"),
        ],
    ),
}


# Up to twice as far as needed is close.
TOLERANCE = {"stays_close": 1.0}


def judged(judge: str, trial: Trial, seen: Observation, asked: Function) -> Verdict:
    expected = observe(trial, {"f": asked})
    return JUDGES[judge](Evidence(trial, seen, expected, TOLERANCE.get(judge, 1e-2)))


def test_every_judge_has_a_case_here() -> None:
    assert CASES.keys() == JUDGES.keys()


@pytest.mark.parametrize("judge", CASES)
def test_a_judge_accepts_what_is_asked_and_what_amounts_to_it(judge: str) -> None:
    trial, asked, right, _ = CASES[judge]
    for function in (asked, *right):
        verdict = judged(judge, trial, observe(trial, {"f": function}), asked)
        assert verdict.passed, verdict.message


@pytest.mark.parametrize(
    ("judge", "wrong", "words"),
    [(judge, wrong, words) for judge, case in CASES.items() for wrong, words in case[3]],
)
def test_a_judge_refuses_what_is_wrong_and_says_why(judge: str, wrong: Function, words: str) -> None:
    trial, asked, *_ = CASES[judge]
    seen = observe(trial, {"f": wrong})
    assert seen.calls[-1]["raised"] is None
    verdict = judged(judge, trial, seen, asked)
    assert not verdict.passed
    assert re.search(words, verdict.message), verdict.message


ODD = hnp.arrays(
    st.sampled_from(["f4", "f8", "i8", "?", "u1", "f2"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
)


@settings(max_examples=15)
@given(data=st.data())
@pytest.mark.parametrize("judge", CASES)
def test_no_array_breaks_a_judge(judge: str, data: st.DataObject) -> None:
    """A child may answer with any array of numbers, or leave arrays out."""
    trial, asked, *_ = CASES[judge]
    right = observe(trial, {"f": asked})
    arrays = {
        key: data.draw(ODD) for key in right.arrays if data.draw(st.booleans(), label=f"{key} is there")
    }
    calls = [
        dict(facts, type=data.draw(st.sampled_from([None, "Tensor", "NoneType"])), operations=3)
        for facts in right.calls
    ]
    with np.errstate(all="ignore"):
        verdict = JUDGES[judge](Evidence(trial, Observation(calls, arrays), right, 1e-2))
    assert isinstance(verdict.passed, bool | np.bool_)
    assert isinstance(verdict.message, str)


@pytest.mark.parametrize("exponent", range(-7, 1))
def test_a_step_whose_direction_rounding_turns_is_not_measured_and_a_longer_one_is(exponent: int) -> None:
    start = 2 * RNG.standard_normal((1, 3, 64, 64)).astype(np.float32)
    direction = RNG.standard_normal(start.shape)
    direction /= np.linalg.norm(direction)
    moved = (start + 10.0**exponent * direction).astype(np.float32).astype(np.float64) - start
    error = float(np.linalg.norm(moved / (np.linalg.norm(moved) or 1) - direction))
    assert lost_in_rounding(moved, start, 1e-2) == (error > 1e-2 / 5)


def test_the_relative_error_is_that_of_the_whole_array() -> None:
    assert relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.0])) == 0
    assert relative_error(np.array([3.0, 5.0]), np.array([3.0, 4.0])) == pytest.approx(1 / 5)
    assert relative_error(np.array([0.0, 2.0]), np.zeros(2)) == 2
    for hole in (np.nan, np.inf, -np.inf):
        assert relative_error(np.array([3.0, hole]), np.array([3.0, 4.0])) == np.inf


def test_a_comparison_says_its_numbers_with_two_digits() -> None:
    verdict = compare(np.array([1.23456]), np.array([1.0]), 1e-3, "the result")
    assert verdict == Verdict(
        False, "relative error of the result: 0.23 (at most 0.001); it is 1.2 times the expected value"
    )


def test_an_array_that_is_another_times_a_number_is_said_to_be() -> None:
    expected = np.random.default_rng(0).standard_normal((3, 4))
    assert "0.5 times the expected" in compare(expected / 2, expected, 1e-3, "it").message
    assert "opposite sign" in compare(-expected, expected, 1e-3, "it").message
    assert "times" not in compare(expected + 1, expected, 1e-3, "it").message
    assert "1.02 times the expected" in compare(1.02 * expected, expected, 1e-3, "it").message


def test_a_number_may_come_in_any_shape_of_size_one() -> None:
    for shape in ((), (1,), (1, 1)):
        assert compare(np.full(shape, 2.0), np.array(2.0), 1e-3, "it").passed


def test_a_verdict_carries_what_was_measured_and_nothing_where_nothing_was() -> None:
    assert compare(np.array([1.5]), np.array([1.0]), 1e-3, "it").error == 0.5
    assert compare(np.array([1.5]), np.array([1.0]), 1.0, "it").error == 0.5
    assert compare(np.zeros(2), np.zeros(3), 1e-3, "it").error is None


def test_of_several_comparisons_the_worst_is_told() -> None:
    """A wrong second call shows, however right the first is; a misfit is worse than any number."""
    near, far, misfit = (
        compare(np.full(n, v), np.ones(3), 0.1, "it") for n, v in ((3, 1.01), (3, 2), (2, 1))
    )
    assert worst([near, far, near]) is far
    assert worst([near, misfit, far]) is misfit


def test_the_tolerance_is_the_border() -> None:
    evidence = Evidence(LOSS, observe(LOSS, {"f": lambda x: 2.019 * x}), observe(LOSS, {"f": double}), 1e-2)
    assert JUDGES["same_output"](evidence).passed
    assert not JUDGES["same_output"](dataclasses.replace(evidence, tolerance=0.9e-2)).passed
