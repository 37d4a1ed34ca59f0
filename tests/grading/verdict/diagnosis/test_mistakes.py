"""Every named mistake costs points by a wide margin, is called by its own name, and is told in a sentence."""

import dataclasses
import functools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from cs231n.trials.evidence import CallRaisedError
from cs231n.trials.judges import given
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Trial, needs_trained_network, trial_key
from grading.assignments.registry import all_functions
from grading.assignments.vocabulary.mistake import Mistake, merge_changes
from grading.verdict.diagnosis.compare import ALIKE, mismatch
from grading.verdict.diagnosis.detectors import GENERAL
from grading.verdict.diagnosis.diagnose import diagnose, explained
from grading.verdict.diagnosis.search import candidates
from grading.verdict.judge import verdict_on
from grading.verdict.reference import reference_functions

SEED = "tests"
ASKED = {asked.name: asked for asked in all_functions()}
MISTAKES = {name: asked.mistakes for name, asked in ASKED.items()}
Function = Callable[..., Any]


@functools.cache
def trials(function: str) -> dict[str, Trial]:
    """By check; without those that need the trained network, which would take minutes for all mistakes.

    Added is a batch of five alone, as the notebook's is: some mistakes are right there and nowhere else.
    """
    asked = ASKED[function]
    every = {check.id: asked.trials(SEED)[check.id] for check in asked.checks}
    cheap = {id: trial for id, trial in every.items() if not needs_trained_network(trial)}
    if function == "compute_saliency_maps":
        cheap["five"] = Trial(function, (cheap["batch_of_several"].calls[1],))
    return cheap


def tried(function: str, candidate: Function) -> dict[str, Observation]:
    """What is seen of a function in the trials of its checks, by the trial's key."""
    unique = {trial_key(trial): trial for trial in trials(function).values()}
    functions = {**reference_functions(), function: candidate}
    return {key: observe(trial, functions) for key, trial in unique.items()}


def failed(function: str, seen: dict[str, Observation], forgiving: float = 1.0) -> list[str]:
    """The checks that a function fails if `forgiving` times the error were let through."""
    ids = []
    for check in ASKED[function].checks:
        trial = trials(function).get(check.id)
        if trial is None:
            continue
        observation = seen[trial_key(trial)]
        lenient = dataclasses.replace(check, tolerance=forgiving * check.tolerance)
        try:
            passed = verdict_on(lenient, trial, observation).passed
        except CallRaisedError:
            passed = False
        if not passed:
            ids.append(check.id)
    return ids


def diagnosed(function: str, seen: dict[str, Observation]) -> list[str]:
    by_key = {trial_key(trial): trial for trial in trials(function).values()}
    diagnosis = diagnose(
        ASKED[function],
        [(by_key[key], observation) for key, observation in seen.items()],
        failed(function, seen),
    )
    return [] if diagnosis is None else list(diagnosis.parts)


def recognised(function: str, seen: dict[str, Observation]) -> list[str]:
    return [part for part in diagnosed(function, seen) if not part.startswith("observed-")]


# What a mistake does beside, and is told of as well.
ALSO = {"dream-accumulated": ("changes-its-argument",)}
SINGLE = [
    pytest.param(function, position, id=f"{mistake.id}-{position}")
    for function, mistakes in MISTAKES.items()
    for position, mistake in enumerate(mistakes)
]


@pytest.mark.sample("function")
@pytest.mark.parametrize(("function", "position"), SINGLE)
def test_a_mistake_costs_points_by_a_wide_margin_and_is_called_by_its_name(
    function: str, position: int
) -> None:
    mistake = MISTAKES[function][position]
    seen = tried(function, ASKED[function].recipe.changed(mistake.changes))
    assert failed(function, seen)
    assert diagnosed(function, seen) == [mistake.id, *ALSO.get(mistake.id, ())]
    assert failed(function, seen, forgiving=5)


@pytest.mark.parametrize("function", ASKED)
def test_the_right_recipe_is_right_and_has_no_diagnosis(function: str) -> None:
    seen = tried(function, ASKED[function].recipe.make())
    assert failed(function, seen, forgiving=0.2) == []
    assert diagnosed(function, seen) == []


def drawn(function: str, count: int, number: int) -> list[tuple[tuple[Mistake, ...], Function]]:
    """So many combinations of `count` mistakes that are searched, drawn once for all."""
    every = [(one.mistakes, one.function) for one in candidates(ASKED[function], (count,))]
    if function == "make_fooling_image":  # a loop has one end: see test_ways
        every = [
            one
            for one in every
            if not {"stop", "late", "steps", "rate"} & (merge_changes(one[0]) or {}).keys()
        ]
    return random.Random(function).sample(every, number)


def named_or_the_same(function: str, together: tuple[Mistake, ...], wrong: Function) -> bool:
    """Whether the diagnosis is the mistakes', or one of as few that does exactly the same in all trials."""
    seen = tried(function, wrong)
    assert failed(function, seen)
    if function == "class_visualization_update_step" and too_small(seen):
        return True
    ids = [id for mistake in together for id in (mistake.id, *ALSO.get(mistake.id, ()))]
    parts = diagnosed(function, seen)
    return sorted(parts) == sorted(ids) or does_the_same(function, ids, seen)


def too_small(seen: dict[str, Observation]) -> bool:
    """Whether steps are lost in the rounding of the image: divided by a large number, then by another one."""
    by_key = {trial_key(trial): trial for trial in trials("class_visualization_update_step").values()}
    moved = [observation.arrays["0/after/0"] - given(by_key[key]) for key, observation in seen.items()]
    return any(np.linalg.norm(step) < 1e-2 for step in moved)


def does_the_same(function: str, ids: list[str], seen: dict[str, Observation]) -> bool:
    """Whether the mistakes that are told do what was seen: some of those made if the rest hardly shows, or others."""
    by_key = {trial_key(trial): trial for trial in trials(function).values()}
    pairs = [(by_key[key], observation) for key, observation in seen.items()]
    told = explained(ASKED[function], pairs)
    if told is None:
        return False
    other = tried(function, ASKED[function].recipe.changed(merge_changes(told) or {}))
    near = ALIKE if {mistake.id for mistake in told} < set(ids) else ALIKE / 5
    return all(
        mismatch(ASKED[function], by_key[key], seen[key], other[key], exactly=False) <= near for key in seen
    )


@pytest.mark.parametrize("count", [2, pytest.param(4, marks=pytest.mark.long)])
@pytest.mark.parametrize("function", ASKED)
def test_two_mistakes_at_once_are_both_named(function: str, count: int) -> None:
    """All of those drawn; but what no trial tells from something simpler may be called that."""
    unnamed = [
        [mistake.id for mistake in together]
        for together, wrong in drawn(function, 2, count)
        if not named_or_the_same(function, together, wrong)
    ]
    assert unnamed == []


@pytest.mark.long
@pytest.mark.parametrize("function", ASKED)
def test_three_mistakes_at_once_are_all_named(function: str) -> None:
    unnamed = [
        [mistake.id for mistake in together]
        for together, wrong in drawn(function, 3, 2)
        if not named_or_the_same(function, together, wrong)
    ]
    assert unnamed == []


def test_three_mistakes_of_one_saliency_map_are_named_and_nothing_else() -> None:
    def maps(X: Any, y: Any, model: Any) -> Any:
        X.requires_grad_()
        torch.nn.functional.cross_entropy(model(X), y).backward()
        return X.grad.max(dim=1, keepdim=True)[0].squeeze()

    named_so = recognised("compute_saliency_maps", tried("compute_saliency_maps", maps))
    assert set(named_so) >= {"saliency-cross-entropy", "saliency-squeeze-one", "saliency-no-abs"}
    assert set(named_so) - {"changes-its-argument"} <= {
        "saliency-cross-entropy",
        "saliency-squeeze-one",
        "saliency-no-abs",
    }


def by_id(function: str, id: str) -> Mistake:
    return next(mistake for mistake in MISTAKES[function] if mistake.id == id)


def test_mistakes_of_one_step_or_one_name_are_not_made_together() -> None:
    first, second, *_ = MISTAKES["tv_loss"]
    assert first.id == second.id
    assert merge_changes((first, second)) is None
    mean, weight = by_id("tv_loss", "tv-mean"), by_id("tv_loss", "tv-no-weight")
    assert merge_changes((mean, weight)) == {**mean.changes, **weight.changes}
    assert merge_changes((mean, dataclasses.replace(mean, id="tv-other"))) is None


EVERY = {
    mistake.id: mistake
    for mistake in [
        *(mistake for mistakes in MISTAKES.values() for mistake in mistakes),
        *(detector.mistake for asked in ASKED.values() for detector in asked.detectors),
        *(mistake for mistake, *_ in GENERAL),
    ]
}


@pytest.mark.parametrize("mistake", EVERY.values(), ids=EVERY)
def test_a_mistake_has_a_title_and_a_hint_that_is_no_solution(mistake: Mistake) -> None:
    assert mistake.id == mistake.id.lower()
    assert mistake.title
    assert not mistake.title.endswith(".")
    assert "; " not in mistake.title  # it stands between the titles of two
    assert mistake.hint.endswith((".", "?"))
    assert "torch." not in mistake.hint
    assert "\n" not in mistake.hint


@pytest.mark.parametrize("function", ASKED)
def test_what_a_mistake_costs_are_checks_of_its_function(function: str) -> None:
    ids = {check.id for check in ASKED[function].checks}
    assert all(ids.issuperset(mistake.costs) for mistake in MISTAKES[function])


def test_a_mistake_is_not_named_where_the_checks_that_show_it_pass() -> None:
    fooling = ASKED["make_fooling_image"]
    late = by_id("make_fooling_image", "fooling-stops-late")
    seen = tried("make_fooling_image", fooling.recipe.make(**late.changes))
    by_key = {trial_key(trial): trial for trial in trials("make_fooling_image").values()}
    pairs = [(by_key[key], observation) for key, observation in seen.items()]
    told = diagnose(fooling, pairs, {"stops_as_soon_as_fooled"})
    assert told is not None
    assert told.parts == (late.id,)
    assert diagnose(fooling, pairs, {"moves_little"}) is None


def test_one_id_belongs_to_one_function() -> None:
    owners: dict[str, set[str]] = {}
    for function, mistakes in MISTAKES.items():
        for mistake in mistakes:
            owners.setdefault(mistake.id, set()).add(function)
    assert all(len(functions) == 1 for functions in owners.values())


@pytest.mark.parametrize("function", [name for name in ASKED if name != "class_visualization_update_step"])
def test_returning_nothing_is_named(function: str) -> None:
    right = reference_functions()[function]

    def forgetful(*args: Any) -> None:
        right(*args)

    assert diagnosed(function, tried(function, forgetful)) == ["returns-nothing"]


def odd(value: Any) -> Function:
    return lambda *_: value


@pytest.mark.sample("function")
@pytest.mark.sample("answer")
@pytest.mark.parametrize("function", ASKED)
@pytest.mark.parametrize(
    "answer",
    [
        odd(torch.zeros(0, 3, 64, 64)),
        odd(torch.zeros(())),
        odd("text"),
        odd(torch.ones(2, 2) * 1j),
        odd(np.nan),
    ],
    ids=["empty", "number", "text", "complex", "NaN"],
)
def test_an_odd_answer_has_no_name_and_breaks_nothing(function: str, answer: Function) -> None:
    seen = tried(function, answer)
    assert failed(function, seen)
    in_place = function == "class_visualization_update_step"
    assert recognised(function, seen) == (["step-not-in-place"] if in_place else [])


def test_a_detector_that_stands_for_a_general_one_names_it() -> None:
    general = {mistake.id for mistake, *_ in GENERAL}
    replaced = {detector.instead_of for asked in ASKED.values() for detector in asked.detectors}
    assert replaced - {""} <= general
    assert "changes-its-argument" in replaced


def test_a_function_without_a_recipe_is_diagnosed_by_what_is_seen_of_any() -> None:
    """As the first function of a new notebook is, before anybody wrote down its mistakes."""
    asked = dataclasses.replace(ASKED["target_margin"], recipe=None, detectors=())
    right = reference_functions()["target_margin"]
    seen = tried("target_margin", lambda *args: -right(*args))
    by_key = {trial_key(trial): trial for trial in trials("target_margin").values()}
    told = diagnose(asked, [(by_key[key], observation) for key, observation in seen.items()])
    assert told is not None
    assert told.parts == ("observed-opposite",)
