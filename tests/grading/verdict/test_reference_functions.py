"""The seven reference functions agree with oracles that are not themselves."""

import itertools
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cs231n.classifiers.small import small_squeezenet
from grading.verdict.reference import reference_functions

Function = Callable[..., Any]


@pytest.fixture(scope="module")
def solved() -> dict[str, Function]:
    return reference_functions()


@pytest.fixture
def model() -> nn.Module:
    return small_squeezenet()


def noise(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


@pytest.mark.parametrize("shape", [(1, 3, 64, 64), (3, 3, 48, 80), (2, 3, 33, 17)])
def test_saliency_is_what_captum_says(
    solved: dict[str, Function], model: nn.Module, shape: tuple[int, ...]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # captum's own imports
        from captum.attr import Saliency
    X, y = noise(*shape), torch.tensor([7, 0, 3])[: shape[0]]
    X_for_captum = X.clone().requires_grad_()
    attributed = Saliency(model).attribute(X_for_captum, target=y, abs=True)
    saliency = solved["compute_saliency_maps"](X, y, model)
    assert saliency.shape == (shape[0], *shape[2:])
    torch.testing.assert_close(saliency, attributed.amax(dim=1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("learning", [False, True], ids=["frozen model", "model that learns"])
@pytest.mark.parametrize("used", [False, True], ids=["fresh input", "input with a gradient"])
def test_saliency_touches_nothing(
    solved: dict[str, Function], model: nn.Module, learning: bool, used: bool
) -> None:
    model.requires_grad_(learning)
    X, y = noise(2, 3, 32, 32), torch.tensor([1, 2])
    expected = solved["compute_saliency_maps"](X, y, model)
    if used:
        X.requires_grad_().grad = torch.ones_like(X)
    before = X.detach().clone()
    saliency = solved["compute_saliency_maps"](X, y, model)
    torch.testing.assert_close(saliency, expected)
    assert not saliency.requires_grad
    assert torch.equal(X.detach(), before)
    assert not used or torch.equal(X.grad, torch.ones_like(X))
    assert all(parameter.grad is None for parameter in model.parameters())


def test_saliency_of_a_picture_does_not_depend_on_its_batch(
    solved: dict[str, Function], model: nn.Module
) -> None:
    X, y = noise(4, 3, 40, 56), torch.tensor([4, 4, 0, 9])
    together = solved["compute_saliency_maps"](X, y, model)
    alone = torch.cat([solved["compute_saliency_maps"](X[i : i + 1], y[i : i + 1], model) for i in range(4)])
    torch.testing.assert_close(together, alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("learning", [False, True], ids=["frozen model", "model that learns"])
def test_fooling_walks_steps_of_length_one_and_stops_when_it_arrives(
    solved: dict[str, Function], model: nn.Module, learning: bool
) -> None:
    model.requires_grad_(learning)
    X, shown = noise(1, 3, 64, 64, seed=5), []
    target = int(model(X).argsort(descending=True)[0, 3])
    hook = model.features[0].register_forward_pre_hook(lambda _, args: shown.append(args[0].detach().clone()))
    fooled = solved["make_fooling_image"](X.requires_grad_(), target, model)
    hook.remove()
    lengths = [float((after - before).norm()) for before, after in itertools.pairwise(shown)]
    assert len(lengths) > 1
    assert lengths == pytest.approx([1.0] * len(lengths), abs=1e-4)
    assert [int(model(image).argmax()) == target for image in shown] == [False] * len(lengths) + [True]
    assert torch.equal(fooled.detach(), shown[-1])
    assert torch.equal(X.detach(), noise(1, 3, 64, 64, seed=5))
    assert X.grad is None
    for before, after in itertools.pairwise(shown):
        image = before.requires_grad_()
        (gradient,) = torch.autograd.grad(model(image)[0, target], image)
        torch.testing.assert_close(after - before.detach(), gradient / gradient.norm(), rtol=1e-3, atol=1e-5)


def test_fooling_returns_a_copy_of_what_is_the_target_already(
    solved: dict[str, Function], model: nn.Module
) -> None:
    X = noise(1, 3, 64, 64)
    fooled = solved["make_fooling_image"](X, int(model(X).argmax()), model)
    assert torch.equal(fooled.detach(), X)
    assert fooled.data_ptr() != X.data_ptr()


def test_fooling_gives_up_on_a_class_it_cannot_reach(solved: dict[str, Function]) -> None:
    class Stubborn(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            score = x.sum()
            return torch.stack([score, score - 1])[None]

    assert solved["make_fooling_image"](noise(1, 3, 8, 8), 1, Stubborn()).shape == (1, 3, 8, 8)


def test_the_class_visualization_gradient_is_the_finite_difference(solved: dict[str, Function]) -> None:
    """The step's direction, against central differences in float64."""
    model = small_squeezenet().double()
    img, target_y, l2_reg, learning_rate = noise(1, 3, 16, 16, dtype=torch.float64), 3, 0.05, 2.0

    def objective(x: Tensor) -> float:
        return float(model(x)[0, target_y] - l2_reg * x.norm() ** 2)

    gradient, h = torch.zeros_like(img), 1e-6
    for index in range(img.numel()):
        nudge = torch.zeros_like(img)
        nudge.view(-1)[index] = h
        gradient.view(-1)[index] = (objective(img + nudge) - objective(img - nudge)) / (2 * h)
    moved = img.clone().requires_grad_()
    solved["class_visualization_update_step"](moved, model, target_y, l2_reg, learning_rate)
    expected = img + learning_rate * gradient / gradient.norm()
    torch.testing.assert_close(moved.detach(), expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("learning", [False, True], ids=["frozen model", "model that learns"])
def test_three_updates_in_a_row_are_three_independent_ones(
    solved: dict[str, Function], model: nn.Module, learning: bool
) -> None:
    step = solved["class_visualization_update_step"]
    model.requires_grad_(learning)
    img = noise(1, 3, 32, 32).requires_grad_()
    for _ in range(3):
        alone = img.detach().clone().requires_grad_()
        step(alone, model, 2, 1e-3, 5.0)
        assert step(img, model, 2, 1e-3, 5.0) is None
        assert torch.equal(img, alone)
        assert img.grad is None or not img.grad.any()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_content_loss_is_the_loop_over_all_features(solved: dict[str, Function]) -> None:
    current, original = noise(1, 3, 4, 5), noise(1, 3, 4, 5, seed=1)
    expected = 0.0
    for c in range(3):
        for i in range(4):
            for j in range(5):
                expected += 0.3 * (float(current[0, c, i, j]) - float(original[0, c, i, j])) ** 2
    assert float(solved["content_loss"](0.3, current, original)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("normalize", [True, False])
@pytest.mark.parametrize("channels_last", [False, True])
def test_gram_matrix_is_the_loop_over_pairs_of_channels(
    solved: dict[str, Function], normalize: bool, channels_last: bool
) -> None:
    features = noise(2, 4, 3, 5)
    expected = torch.zeros(2, 4, 4)
    for n in range(2):
        for a in range(4):
            for b in range(4):
                for i in range(3):
                    for j in range(5):
                        expected[n, a, b] += features[n, a, i, j] * features[n, b, i, j]
    if normalize:
        expected /= 4 * 3 * 5
    if channels_last:
        features = features.contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(solved["gram_matrix"](features, normalize), expected)


def test_gram_matrix_is_normalised_unless_told_otherwise(solved: dict[str, Function]) -> None:
    features = noise(1, 2, 3, 3)
    assert torch.equal(solved["gram_matrix"](features), solved["gram_matrix"](features, normalize=True))


def test_style_loss_is_the_loop_over_layers_in_any_order(solved: dict[str, Function]) -> None:
    feats = [noise(1, channels, 6, 7, seed=channels) for channels in (2, 3, 4, 5)]
    layers, weights = [3, 0, 2], [5.0, 7.0, 0.0]
    targets = [noise(1, feats[layer].shape[1], feats[layer].shape[1], seed=9) for layer in layers]
    expected = 0.0
    for layer, target, weight in zip(layers, targets, weights, strict=True):
        C = feats[layer].shape[1]
        rows = feats[layer][0].reshape(C, -1)
        for a in range(C):
            for b in range(C):
                gram = float(rows[a].dot(rows[b])) / (C * 6 * 7)
                expected += weight * (gram - float(target[0, a, b])) ** 2
    assert float(solved["style_loss"](feats, layers, targets, weights)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("height", "width"), [(5, 5), (4, 7), (6, 3), (1, 4)])
def test_tv_loss_is_the_loop_over_neighbours(solved: dict[str, Function], height: int, width: int) -> None:
    img, expected = noise(1, 3, height, width), 0.0
    for c in range(3):
        for i in range(height):
            for j in range(width):
                if i + 1 < height:
                    expected += float(img[0, c, i + 1, j] - img[0, c, i, j]) ** 2
                if j + 1 < width:
                    expected += float(img[0, c, i, j + 1] - img[0, c, i, j]) ** 2
    assert float(solved["tv_loss"](img, 2e-2)) == pytest.approx(2e-2 * expected, rel=1e-5)


def test_the_gradient_of_every_loss_is_the_finite_difference(solved: dict[str, Function]) -> None:
    """All four losses at once, through features made of the image, in float64."""
    mix = noise(4, 3, dtype=torch.float64)
    target, gram_target = (
        noise(1, 4, 5, 6, seed=1, dtype=torch.float64),
        noise(1, 4, 4, seed=2, dtype=torch.float64),
    )

    def total(img: Tensor) -> Tensor:
        features = torch.einsum("kc,nchw->nkhw", mix, img).tanh()
        loss: Tensor = solved["content_loss"](6e-2, features, target) + solved["tv_loss"](img, 2e-2)
        return loss + solved["style_loss"]([features], [0], [gram_target], [30.0])

    assert torch.autograd.gradcheck(total, noise(1, 3, 5, 6, dtype=torch.float64).requires_grad_())
