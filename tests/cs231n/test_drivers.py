"""The loops around the students' functions: what they hand over, what they return, what they leave alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from cs231n import style_transfer as styling
from cs231n.class_visualization import create_class_visualization
from cs231n.classifiers.small import small_squeezenet
from cs231n.frozen import frozen
from cs231n.image_utils import SQUEEZENET_MEAN, SQUEEZENET_STD, clamp_to_colours
from cs231n.style_transfer import PRESETS, Losses, Settings, feature_inversion, texture_synthesis
from grading.verdict.reference import reference_functions

SMALL = Settings(
    "chelsea", "marbling", 1e-2, (50.0, 20.0), 1e-3, content_size=32, style_size=40, style_layers=(4, 1)
)


@pytest.fixture(scope="module")
def solved() -> dict[str, Callable[..., Any]]:
    return reference_functions()


@pytest.fixture(scope="module")
def losses(solved: dict[str, Callable[..., Any]]) -> Losses:
    return Losses(*(solved[name] for name in ("content_loss", "gram_matrix", "style_loss", "tv_loss")))


@pytest.fixture
def model() -> nn.Module:
    return small_squeezenet()


def state_of(model: nn.Module) -> list[Any]:
    modes = [module.training for module in model.modules()]
    return modes + [(p.requires_grad, p.grad is None, p.detach().clone()) for p in model.parameters()]


def assert_same_state(before: list[Any], after: list[Any]) -> None:
    for old, new in zip(before, after, strict=True):
        assert old == new if isinstance(old, bool) else old[:2] == new[:2] and torch.equal(old[2], new[2])


def test_frozen_restores_modes_and_gradients_even_after_an_error(model: nn.Module) -> None:
    model.features.train()
    model.features[0].weight.requires_grad_()
    before = state_of(model)
    inside = []

    def work() -> None:
        with frozen(model):
            inside.extend(state_of(model))
            raise RuntimeError("a student's error")

    with pytest.raises(RuntimeError, match="student"):
        work()
    assert not any(entry if isinstance(entry, bool) else entry[0] for entry in inside)
    assert_same_state(before, state_of(model))


def test_class_visualization_raises_the_probability_and_leaves_the_model_alone(
    solved: dict[str, Callable[..., Any]], model: nn.Module
) -> None:
    model.train().requires_grad_()
    before = state_of(model)
    result = create_class_visualization(
        3, model, solved["class_visualization_update_step"], num_iterations=30, sizes=(64,), progress=False
    )
    assert_same_state(before, state_of(model))
    assert [frame.iteration for frame in result.frames] == [1, 25, 30]
    assert result.frames[-1].value > max(0.9, result.frames[0].value)
    assert result.image is result.frames[-1].image
    assert not result.image.requires_grad


def test_class_visualization_hands_over_its_settings_and_one_tensor_per_size(model: nn.Module) -> None:
    calls: list[tuple[Any, ...]] = []
    create_class_visualization(
        7, model, lambda *arguments: calls.append(arguments), l2_reg=0.5, learning_rate=3, num_iterations=6,
        sizes=(32, 48), progress=False,
    )  # fmt: skip
    assert [call[2:] for call in calls] == [(7, 0.5, 3)] * 6
    assert [call[0].shape[-1] for call in calls] == [32, 32, 32, 48, 48, 48]
    assert len({id(call[0]) for call in calls}) == 2
    assert all(call[0].requires_grad and call[0].is_leaf and call[1] is model for call in calls)


def test_class_visualization_undoes_its_shifts(model: nn.Module) -> None:
    start, end = (
        create_class_visualization(
            0, model, lambda *_: None, num_iterations=steps, sizes=(32,), blur_every=99, progress=False
        ).image
        for steps in (1, 9)
    )
    assert torch.equal(start, end)


def test_class_visualization_is_the_same_for_the_same_seed(
    solved: dict[str, Callable[..., Any]], model: nn.Module
) -> None:
    step = solved["class_visualization_update_step"]
    one, same, other = (
        create_class_visualization(
            3, model, step, num_iterations=3, sizes=(32,), seed=seed, progress=False
        ).image
        for seed in (5, 5, 6)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_more_sizes_than_iterations_are_refused(model: nn.Module) -> None:
    with pytest.raises(ValueError, match="too few"):
        create_class_visualization(
            0, model, lambda *_: None, num_iterations=1, sizes=(32, 64), progress=False
        )


def test_clamping_ends_at_black_and_white() -> None:
    img = torch.linspace(-9, 9, 3 * 8 * 8).reshape(1, 3, 8, 8)
    clamp_to_colours(img)
    colours = img[0].permute(1, 2, 0).numpy() * SQUEEZENET_STD + SQUEEZENET_MEAN
    assert colours.min() == pytest.approx(0, abs=1e-6)
    assert colours.max() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_style_transfer_lowers_the_style_loss_and_leaves_the_model_alone(
    losses: Losses, model: nn.Module, optimizer: Any
) -> None:
    model.train().requires_grad_()
    before = state_of(model)
    result = styling.style_transfer(SMALL, losses, model, iterations=25, optimizer=optimizer, progress=False)
    assert_same_state(before, state_of(model))
    assert len(result.history) == 25
    assert result.history[-1][1] < result.history[0][1] / 2
    assert result.image.shape == result.content.shape
    assert not result.image.requires_grad
    assert result.style.shape == (1, 3, 40, 40)


def test_layers_deeper_than_asked_are_not_computed(losses: Losses, model: nn.Module) -> None:
    def too_deep(*_: object) -> None:
        raise AssertionError("a layer ran that nobody asked for")

    model.features[5].register_forward_hook(too_deep)
    styling.style_transfer(SMALL, losses, model, iterations=1, progress=False)


@pytest.mark.parametrize("unused", ["style", "content"])
def test_what_has_no_weight_is_not_computed(losses: Losses, model: nn.Module, unused: str) -> None:
    def never(*_: object) -> Tensor:
        raise AssertionError("what has no weight was asked for")

    settings = replace(SMALL, content_layer=3, style_layers=(1, 5))
    if unused == "style":
        settings, losses = feature_inversion(settings), replace(losses, style_loss=never, gram_matrix=never)
        model.features[4].register_forward_hook(never)
    else:
        settings = replace(settings, content_weight=0.0, content_layer=5, style_weights=(50.0, 0.0))
        losses = replace(losses, content_loss=never)
        model.features[2].register_forward_hook(never)
    result = styling.style_transfer(settings, losses, model, iterations=3, progress=False)
    assert [line[1 if unused == "style" else 0] for line in result.history] == [0.0] * 3


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_several_sizes_share_the_iterations_and_the_style_grows_with_the_content(
    losses: Losses, model: nn.Module, optimizer: Any
) -> None:
    seen: list[int] = []

    def watched(img: Tensor, tv_weight: float) -> Tensor:
        seen.append(img.shape[2])
        return losses.tv_loss(img, tv_weight)

    result = styling.style_transfer(
        SMALL, replace(losses, tv_loss=watched), model, iterations=7, optimizer=optimizer, sizes=(24, 36, 48),
        progress=False,
    )  # fmt: skip
    assert seen == [24] * 2 + [36] * 2 + [48] * 3
    assert result.image.shape == result.content.shape
    assert result.image.shape[2] == 48
    assert result.style.shape == (1, 3, 60, 60)
    assert len(result.history) == 7


def test_one_size_is_what_the_settings_say(losses: Losses, model: nn.Module) -> None:
    default, given = (
        styling.style_transfer(SMALL, losses, model, iterations=3, sizes=sizes, progress=False).image
        for sizes in ((), (SMALL.content_size,))
    )
    assert torch.equal(default, given)
    with pytest.raises(ValueError, match="1 iterations are too few for 2 sizes"):
        styling.style_transfer(SMALL, losses, model, iterations=1, sizes=(24, 32), progress=False)


def test_two_styles_are_mixed_by_their_share(losses: Losses, model: nn.Module) -> None:
    """With none of the second the picture is the first's, with nothing else the second's, between it is neither."""

    def painted(**changes: Any) -> styling.StyleTransfer:
        return styling.style_transfer(replace(SMALL, **changes), losses, model, iterations=5, progress=False)

    first, second = painted(), painted(style="flow")
    none, half, all_of_it = (painted(second_style="flow", second_share=share) for share in (0.0, 0.5, 1.0))
    assert torch.equal(none.image, first.image)
    torch.testing.assert_close(all_of_it.image, second.image, rtol=0, atol=1e-3)
    assert min(float((half.image - one.image).abs().max()) for one in (first, second)) > 0.01
    assert half.second_style is not None
    assert torch.equal(half.second_style, second.style)
    assert first.second_style is None


def test_students_own_pictures_are_files(losses: Losses, model: nn.Module, tmp_path: Path) -> None:
    path = tmp_path / "mine.png"
    Image.new("RGB", (40, 50), (200, 30, 60)).save(path)
    mine = replace(SMALL, content=str(path), second_style=str(path))
    result = styling.style_transfer(mine, losses, model, iterations=2, progress=False)
    assert result.image.shape == (1, 3, 40, 32)


def test_feature_inversion_has_no_style_and_starts_from_noise() -> None:
    inversion = feature_inversion(SMALL)
    assert (inversion.style_weights, inversion.random_start) == ((0.0, 0.0), True)
    assert replace(inversion, style_weights=SMALL.style_weights, random_start=False) == SMALL


def test_texture_synthesis_has_no_content_and_starts_from_noise(losses: Losses, model: nn.Module) -> None:
    texture = texture_synthesis(SMALL)
    assert (texture.content_weight, texture.random_start) == (0.0, True)
    one, same, other = (
        styling.style_transfer(texture, losses, model, iterations=2, seed=seed, progress=False).image
        for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_losses_that_are_plain_numbers_do_no_harm(losses: Losses, model: nn.Module) -> None:
    only_content = replace(losses, style_loss=lambda *_: 0.0)
    result = styling.style_transfer(SMALL, only_content, model, iterations=2, progress=False)
    assert [style for _, style, _ in result.history] == [0.0, 0.0]


def test_the_schedule_is_the_courses(
    losses: Losses, model: nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adam with 3, from iteration 180 of 200 with 0.1."""
    rates: list[float] = []
    step = torch.optim.Adam.step

    def recorded(self: torch.optim.Adam, *arguments: Any) -> Any:
        rates.append(self.param_groups[0]["lr"])
        return step(self, *arguments)

    monkeypatch.setattr(torch.optim.Adam, "step", recorded)
    tiny = replace(SMALL, content_size=16, style_size=16)
    styling.style_transfer(tiny, losses, model, progress=False)
    assert rates == [3.0] * 180 + [0.1] * 20


def test_images_stay_in_the_courses_range(losses: Losses, model: nn.Module) -> None:
    seen: list[Tensor] = []

    def watched(img: Tensor, tv_weight: float) -> Tensor:
        seen.append(img.detach().clone())
        return losses.tv_loss(img, tv_weight)

    styling.style_transfer(SMALL, replace(losses, tv_loss=watched), model, iterations=5, progress=False)
    assert max(float(img.abs().max()) for img in seen) <= 1.5


def test_the_presets_are_the_courses_three_sets_of_weights() -> None:
    assert [(p.content_weight, p.style_weights, p.tv_weight, p.style_size) for p in PRESETS.values()] == [
        (5e-2, (20_000, 500, 12, 1), 5e-2, 512),
        (3e-2, (200_000, 800, 12, 1), 2e-2, 224),
        (6e-2, (300_000, 1_000, 15, 3), 2e-2, 192),
    ]
    assert {(p.content_size, p.content_layer, p.style_layers) for p in PRESETS.values()} == {
        (192, 3, (1, 4, 6, 7))
    }
