"""Judges of conduct tell a right loop from one that differs in a single habit, and break on no evidence."""

import copy
import dataclasses
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch.nn import functional as F

from cs231n.trials.evidence import Evidence, Verdict
from cs231n.trials.observation import SHOWN_LIMIT, Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.network_visualization.mistakes.make_fooling_image import fooling
from grading.assignments.registry import function_named, rubric
from grading.assignments.vocabulary import behaviour, loop_behaviour
from grading.assignments.vocabulary.check import Check
from grading.verdict.judge import judge_checks, verdict_on
from grading.verdict.reference import reference_observation

Function = Callable[..., Any]
CHECKS = {(asked.name, c.id): c for asked in rubric() for c in asked.checks}


def trial_of(name: str, id: str) -> Trial:
    """Made when it is needed, for workers that run other files import this one too."""
    return function_named(name).trials("tests")[id]


def fooling_trial() -> Trial:
    return trial_of("make_fooling_image", "climbs_target_score")


def loop(
    loss: bool = False,
    keep: bool = False,
    power: float = 1,
    further: int = 0,
    twice: bool = False,
    first: bool = True,
    precise: bool = False,
) -> Function:
    """A fooling loop written as many students do, with one habit changed."""

    def make_fooling_image(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        if precise:
            X, model = X.double(), copy.deepcopy(model).double()
        image = X.clone().requires_grad_()
        extra = further
        while True:
            scores = model.forward(image) if twice else model(image)
            if twice:
                model(image.detach())
            if int(scores.data.max(1)[1][0]) == target_y:
                if not extra:
                    break
                extra -= 1
            if not keep:
                image.grad = None
            value = -F.cross_entropy(scores, torch.tensor([target_y])) if loss else scores[0, target_y]
            value.backward()
            assert image.grad is not None
            image.data += image.grad / image.grad.norm() ** power
        return (image.detach() if first else image).float()

    return make_fooling_image


JUDGES = (
    loop_behaviour.steps_have_length_one,
    loop_behaviour.climbs_the_score,
    loop_behaviour.forgets_old_gradients,
    loop_behaviour.stops_when_fooled,
)


def verdicts(function: Function) -> dict[str, Verdict]:
    trial = fooling_trial()
    seen = observe(trial, {trial.function: function})
    assert seen.calls[0]["raised"] is None
    evidence = Evidence(trial, seen, reference_observation(trial), 1e-2)
    return {judge.__name__: judge(evidence) for judge in JUDGES}


@pytest.mark.parametrize(
    ("habit", "fails"),
    [
        ({}, set()),
        ({"twice": True}, set()),
        ({"first": False}, set()),
        ({"precise": True}, set()),
        ({"loss": True}, {"climbs_the_score"}),
        ({"keep": True}, {"forgets_old_gradients"}),
        ({"power": 2}, {"steps_have_length_one"}),
        ({"power": 0}, {"steps_have_length_one"}),
        ({"further": 3}, {"stops_when_fooled"}),
    ],
    ids=str,
)
def test_a_habit_fails_the_judge_of_that_habit_alone(habit: dict[str, Any], fails: set[str]) -> None:
    assert {name for name, verdict in verdicts(loop(**habit)).items() if not verdict.passed} == fails


def test_steps_too_many_are_counted() -> None:
    assert verdicts(loop(further=3))["stops_when_fooled"].message.endswith("was fooled, got 3")
    assert verdicts(loop(further=1))["stops_when_fooled"].message.endswith("was fooled, got 1")


def test_steps_of_one_length_are_told_by_one_number() -> None:
    assert verdicts(loop())["steps_have_length_one"].message == "expected steps of length 1, got 1"


def test_a_function_that_shows_nothing_to_the_network_took_no_step() -> None:
    assert not any(verdict.passed for verdict in verdicts(lambda X, y, m: X.clone() + 1).values())


def saliency_verdict(id: str, function: Function) -> Verdict:
    check = CHECKS["compute_saliency_maps", id]
    trial = trial_of("compute_saliency_maps", id)
    seen = observe(trial, {"compute_saliency_maps": function})
    assert seen.calls[-1]["raised"] is None
    return check.judge(Evidence(trial, seen, reference_observation(trial), check.tolerance))


def maps(loss: bool = False, signed: bool = False, attached: bool = False, squeeze: bool = False) -> Function:
    def compute_saliency_maps(X: torch.Tensor, y: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
        image = X.clone().requires_grad_()
        scores = model(image)
        value = F.cross_entropy(scores, y) if loss else scores.gather(1, y[:, None]).sum()
        (slope,) = torch.autograd.grad(value, image, create_graph=attached)
        result = slope.amax(1) if signed else slope.abs().amax(1)
        result = result + 0 * image.sum() if attached else result
        return result.squeeze() if squeeze else result

    return compute_saliency_maps


@pytest.mark.parametrize(
    ("id", "wrong", "words"),
    [
        (
            "one_map_for_each_image",
            {"squeeze": True},
            r"expected shape \(1, 32, 56\) for one image, got \(32, 56\)",
        ),
        ("no_negative_values", {"signed": True}, "of the values are negative"),
        ("detached_from_graph", {"attached": True}, "still attached to the graph"),
    ],
)
def test_saliency_judges_refuse_one_fault_and_accept_the_rest(
    id: str, wrong: dict[str, bool], words: str
) -> None:
    assert saliency_verdict(id, maps()).passed
    refused = saliency_verdict(id, maps(**wrong))
    assert not refused.passed
    assert re.search(words, refused.message)


def test_the_mean_over_the_batch_does_not_mix_images_but_their_normalisation_does() -> None:
    """The loss's mean scales maps alike, which is no mixing; dividing by the largest of the batch neither."""

    def mixed(X: torch.Tensor, y: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
        right = maps()(X, y, model)
        return right + 0.1 * right.mean(0)  # type: ignore[no-any-return]

    assert saliency_verdict("images_do_not_mix", maps()).passed
    assert saliency_verdict("images_do_not_mix", maps(loss=True)).passed
    assert not saliency_verdict("images_do_not_mix", mixed).passed


ODD = hnp.arrays(
    st.sampled_from(["f4", "f8", "i8", "?"]), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
)


@settings(max_examples=8)
@given(data=st.data())
@pytest.mark.parametrize("key", [key for key, c in CHECKS.items() if not c.public], ids="-".join)
def test_whatever_a_child_sends_is_judged(key: tuple[str, str], data: st.DataObject) -> None:
    check: Check = CHECKS[key]
    trial = trial_of(*key)
    right = reference_observation(trial)
    arrays = {name: data.draw(ODD) for name in right.arrays if data.draw(st.booleans())}
    calls = [dict(facts, graph=data.draw(st.booleans())) for facts in right.calls]
    if data.draw(st.booleans()):
        calls = calls[:1]
    verdict = verdict_on(check, trial, Observation(calls, arrays))
    assert isinstance(verdict.message, str)
    wanted = {name for name in right.arrays if "output" in name or name == "0/after/0"}
    if wanted and not wanted & arrays.keys() and check.judge is not behaviour.no_graph:
        assert not verdict.passed


def test_a_judge_that_breaks_fails_the_check() -> None:
    def breaks(_: Evidence) -> Verdict:
        raise IndexError

    check = next(iter(CHECKS.values()))

    broken = dataclasses.replace(check, judge=breaks)
    seen = Observation([], {"0/output": np.zeros(1)})
    verdict = verdict_on(broken, fooling_trial(), seen)
    assert verdict == Verdict(False, "the result cannot be judged (IndexError)")


def sign_step(zeroed: bool, form: Callable[[torch.Tensor], torch.Tensor]) -> Function:
    """A loop whose step has a form of its own, of the gradient at its image or of the sum of all so far."""

    def make_fooling_image(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        image = X.clone().requires_grad_()
        for _ in range(100):
            scores = model(image)
            if int(scores.argmax()) == target_y:
                break
            scores[0, target_y].backward()
            assert image.grad is not None
            image.data += form(image.grad)
            if zeroed:
                image.grad = None
        return image.detach()

    return make_fooling_image


@pytest.mark.parametrize(
    "form",
    [
        lambda g: 0.01 * g.sign(),
        lambda g: 0.05 * F.normalize(g, dim=1),
        lambda g: 0.5 * g / g.norm(),
        lambda g: 0.1 * g,
        lambda g: 0.2 * g / g.std(),
        lambda g: 0.3 * g / g.abs().max(),
        lambda g: g / g.norm(dim=(2, 3), keepdim=True),
    ],
    ids=["sign", "by pixel", "half as long", "raw", "by its deviation", "by its largest", "by colour"],
)
def test_a_step_of_any_form_keeps_gradient_zeroed_and_an_accumulated_one_loses_it(
    form: Callable[[torch.Tensor], torch.Tensor],
) -> None:
    assert verdicts(sign_step(True, form))["forgets_old_gradients"].passed
    assert not verdicts(sign_step(False, form))["forgets_old_gradients"].passed


def test_an_endless_loop_loses_nothing_but_that_it_does_not_stop() -> None:
    """Two hundred images are more than are kept: the last of them is not followed by the result."""
    failed = {name: v.message for name, v in verdicts(loop(further=200)).items() if not v.passed}
    assert failed.keys() == {"stops_when_fooled"}
    assert "got at least 1" in failed["stops_when_fooled"]


def test_who_steps_first_and_looks_afterwards_changes_a_picture_that_is_the_target_already() -> None:
    def make_fooling_image(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        image = X.clone()
        while True:
            image = image.detach().requires_grad_()
            (slope,) = torch.autograd.grad(model(image)[0, target_y], image)
            image = (image + slope / slope.norm()).detach()
            if int(model(image).argmax()) == target_y:
                return image

    failed = {name: v.message for name, v in verdicts(make_fooling_image).items() if not v.passed}
    assert failed == {
        "stops_when_fooled": "an image of the target class was changed: test the prediction before the first step"
    }


def test_who_claims_to_keep_all_rules_must_return_what_they_lead_to() -> None:
    """Its own steps are too long; shown are those of a right loop, and then its last image until the record is full."""
    trial = fooling_trial()
    seen = observe(trial, {trial.function: loop(power=0.5)})
    right = observe(trial, {trial.function: loop()})
    for call in ("0", "1"):
        way = np.concatenate([right.arrays[f"{call}/shown"], right.arrays[f"{call}/output"]])
        seen.arrays[f"{call}/shown"] = np.concatenate([way, *[way[-1:]] * SHOWN_LIMIT])[:SHOWN_LIMIT]
    forged = {j: j(Evidence(trial, seen, reference_observation(trial), 1e-2)) for j in JUDGES}
    assert {verdict.message for verdict in forged.values()} == {
        "the images that the network was shown do not lead to the result that was returned"
    }
    assert not any(verdict.passed for verdict in forged.values())


@pytest.mark.parametrize("copied", [True, False])
def test_an_untouched_picture_may_come_back_as_a_copy_or_as_it_is(copied: bool) -> None:
    def make_fooling_image(X: torch.Tensor, target_y: int, model: torch.nn.Module) -> torch.Tensor:
        if int(model(X).argmax()) == target_y:
            return X.clone() if copied else X
        result: torch.Tensor = loop()(X, target_y, model)
        return result

    assert all(verdict.passed for verdict in verdicts(make_fooling_image).values())


@pytest.mark.parametrize("most", [4, 6, 15, 19])
def test_a_loop_that_gives_up_early_does_not_reach_a_distant_target_and_one_of_a_hundred_steps_does(
    most: int,
) -> None:
    name = ("make_fooling_image", "fools_from_afar")
    check, trial = CHECKS[name], trial_of(*name)
    for steps, passes in ((most, False), (100, True)):
        seen = observe(trial, {trial.function: fooling(steps=steps)})
        assert verdict_on(check, trial, seen).passed is passes


def test_what_is_measured_does_not_wait_for_a_call_that_raised() -> None:
    """`squeeze()` on a vector of one: costs what is asked of a single image."""

    def squeezed(X: torch.Tensor, y: torch.Tensor, model: torch.nn.Module) -> torch.Tensor:
        image = X.clone().requires_grad_()
        chosen = model(image).gather(1, y[:, None]).squeeze()
        (slope,) = torch.autograd.grad(chosen, image, torch.ones(len(X)))
        return slope.abs().amax(1)

    asked = function_named("compute_saliency_maps")
    trials = asked.trials("tests")
    seen = {trial_key(trial): observe(trial, {asked.name: squeezed}) for trial in trials.values()}
    lost = {check.id: check.status for check in judge_checks(asked, trials, seen) if not check.points}
    assert lost == {
        "one_picture_not_square": "error",
        "batch_of_one": "error",
        "one_map_for_each_image": "error",
    }
