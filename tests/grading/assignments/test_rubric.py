"""The rubric asks what the assignment asks, weighs it as announced, and the reference solution earns all of it."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from cs231n.trials.judges import JUDGES
from cs231n.trials.observation import Observation
from cs231n.trials.observe import observe
from cs231n.trials.trial import Trial, trial_key
from grading.assignments.registry import all_functions, rubric
from grading.assignments.vocabulary.check import Check, Twin, check
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.inputs import far_target
from grading.errors import KitError
from grading.verdict.judge import verdict_on
from grading.verdict.reference import reference_functions, reference_observation

POINTS = {
    "assignment3": {
        "compute_saliency_maps": 20,
        "make_fooling_image": 15,
        "class_visualization_update_step": 20,
        "content_loss": 10,
        "gram_matrix": 10,
        "style_loss": 15,
        "tv_loss": 10,
    },
    "lecture": {
        "filters_to_images": 6,
        "nearest_neighbours": 10,
        "pca": 12,
        "receptive_field_box": 12,
        "occlusion_map": 12,
        "grabcut_seeds": 8,
        "guided_relu_backward": 8,
        "spectrum_to_image": 8,
        "target_margin": 8,
        "dream_gradient": 10,
        "inversion_loss": 6,
    },
}


@pytest.mark.parametrize("assignment", POINTS)
def test_the_functions_carry_the_announced_points(assignment: str) -> None:
    assert {asked.name: asked.points for asked in rubric(assignment)} == POINTS[assignment]


def test_functions_are_in_the_order_of_the_rubric() -> None:
    for assignment, points in POINTS.items():
        assert [asked.name for asked in rubric(assignment)] == list(points)
    assert [asked.notebook for asked in rubric()] == ["NetworkVisualization"] * 3 + ["StyleTransfer"] * 4
    assert {asked.notebook for asked in rubric("lecture")} == {"VisualizingAndUnderstanding"}


def test_an_assignment_that_does_not_exist_is_an_error_that_names_those_that_do() -> None:
    with pytest.raises(KitError, match="assignment3, network-visualization"):
        rubric("assignment4")


def test_no_two_functions_have_one_name() -> None:
    names = [asked.name for asked in all_functions()]
    assert len(set(names)) == len(names) == 18


@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_checks_of_a_function_have_ids_and_titles_of_their_own(asked: Function) -> None:
    for values in ([c.id for c in asked.checks], [c.title for c in asked.checks]):
        assert len(set(values)) == len(values)
        assert all(values)
    assert all(c.points > 0 and c.function == asked.name for c in asked.checks)


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_private_inputs_depend_on_the_seed_and_public_ones_do_not(asked: Function) -> None:
    one, other = asked.trials("tests"), asked.trials("2")
    for c in asked.checks:
        assert trial_key(one[c.id]) == trial_key(c.trial("tests")), c.id
        assert (trial_key(one[c.id]) == trial_key(other[c.id])) is c.public, c.id


@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_every_function_has_public_checks_whose_judges_a_student_has(asked: Function) -> None:
    public = [c for c in asked.checks if c.public]
    assert public
    assert all(JUDGES[c.judge.__name__] is c.judge for c in public)
    assert 0 < sum(c.points for c in public) < asked.points


def test_a_public_check_without_a_twin_cannot_be_declared_nor_a_private_one_with_one() -> None:
    for options in ({"public": True}, {"answer": "tv_out"}, {"twin": Twin(lambda rng: (1,))}):
        with pytest.raises(ValueError, match="tv_loss: a public check needs a twin, and a private one none"):
            check("tv_loss", points=1, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_a_twin_has_private_inputs_that_are_not_the_public_ones(asked: Function) -> None:
    one, other = asked.trials("tests"), asked.trials("2")
    for c in asked.checks:
        assert (c.twin_id in one) is c.public
        if c.public:
            keys = [trial_key(trial) for trial in (one[c.twin_id], other[c.twin_id], one[c.id])]
            assert len(set(keys)) == 3


def fails(c: Check, trial: Trial, seen: Observation, strict: float, calls: Sequence[int] = ()) -> str:
    stricter = dataclasses.replace(c, tolerance=c.tolerance * strict)
    verdict = verdict_on(stricter, trial, seen, calls)
    return "" if verdict.passed else verdict.message


def all_fails(asked: Function, seed: str, strict: float = 1.0) -> dict[str, str]:
    """What the reference solution fails, on public inputs, on those of twins and on private ones."""
    trials = asked.trials(seed)
    unique = {trial_key(trial): trial for trial in trials.values()}
    seen = {key: observe(trial, reference_functions()) for key, trial in unique.items()}

    def fail(c: Check, id: str, calls: Sequence[int] = ()) -> str:
        return fails(c, trials[id], seen[trial_key(trials[id])], strict, calls)

    found = {c.id: fail(c, c.id) for c in asked.checks}
    return found | {c.twin_id: fail(c, c.twin_id, c.twin.calls) for c in asked.checks if c.twin}


@pytest.mark.sample("asked.name")
@pytest.mark.parametrize(
    "seed", ["tests", "2", *(pytest.param(seed, marks=pytest.mark.long) for seed in "345")]
)
@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_the_reference_solution_passes_whatever_the_seed(asked: Function, seed: str) -> None:
    found = all_fails(asked, seed)
    assert found == dict.fromkeys(found, "")


@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_no_private_answer_is_a_public_one(asked: Function) -> None:
    answers = {
        public: [
            array.tobytes()
            for c in asked.checks
            if c.public is public
            for key, array in reference_observation(asked.trials("tests")[c.id]).arrays.items()
            if key.endswith("/output")
        ]
        for public in (True, False)
    }
    assert not set(answers[True]) & set(answers[False])


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("asked", all_functions(), ids=lambda asked: asked.name)
def test_two_threads_stay_within_a_fifth_of_every_tolerance(asked: Function) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    for trial in asked.trials("tests").values():
        reference_observation(trial)
    torch.set_num_threads(2)
    try:
        failed = all_fails(asked, "tests", strict=0.2)
    finally:
        torch.set_num_threads(threads)
    assert failed == dict.fromkeys(failed, "")


def test_a_far_target_ends_by_a_clear_margin() -> None:
    """The last two images are no near misses, so that float noise cannot move the end by a step."""
    from cs231n.classifiers.small import small_squeezenet

    model = small_squeezenet()
    for seed in range(5):
        picture, target = far_target(np.random.Generator(np.random.PCG64(seed)))
        image, leads = torch.from_numpy(picture.data.copy()), []
        while not leads or leads[-1] < 0:
            image = image.detach().requires_grad_()
            scores = model(image)[0]
            others = torch.cat([scores[:target], scores[target + 1 :]])
            leads.append(float(scores[target].detach() - others.detach().max()))
            (slope,) = torch.autograd.grad(scores[target], image)
            image = image + slope / slope.norm()
        assert min(-leads[-2], leads[-1]) > 0.04


def test_a_declared_check_takes_its_title_and_its_reason_from_the_docstring() -> None:
    @check("tv_loss", points=4)
    def non_square_images(rng: np.random.Generator) -> tuple[object, ...]:
        """Right on an image that is wider than tall

        Many solutions mix up
        height and width."""
        return (1, 2.5)

    assert (non_square_images.id, non_square_images.points) == ("non_square_images", 4)
    assert non_square_images.title == "Right on an image that is wider than tall"
    assert non_square_images.why == "Many solutions mix up height and width."
    assert trial_key(non_square_images.trial("seed")) == trial_key(Trial("tv_loss", ((1, 2.5),)))
    assert not non_square_images.public
    assert dataclasses.replace(non_square_images, public=True).trial("x").calls == ((1, 2.5),)
