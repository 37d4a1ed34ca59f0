"""Each formula against the same thing written out in loops, or known in closed form."""

import math

import pytest
import torch
from torch import Tensor, nn

from cs231n.lecture import formulas


@pytest.fixture
def draws() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_guided_relu_needs_both_signs() -> None:
    gradient = torch.tensor([[2.0, 2.0, -2.0, -2.0, 0.0, 5.0]])
    relu_input = torch.tensor([[1.0, -1.0, 1.0, -1.0, 1.0, 0.0]])
    passed = formulas.guided_relu_backward(gradient, relu_input)
    assert passed.tolist() == [[2.0, 0.0, 0.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize(("height", "width"), [(12, 18), (9, 15), (16, 7)])
@pytest.mark.parametrize(("row", "column"), [(0, 1), (2, 1), (-3, 2), (1, 0)])
def test_one_frequency_is_a_cosine_over_its_length(height: int, width: int, row: int, column: int) -> None:
    spectrum = torch.zeros(1, 3, height, width // 2 + 1, 2)
    spectrum[0, 1, row, column] = torch.tensor([3.0, 4.0])
    if column == 0:  # of a real picture's spectrum this column holds each wave twice
        spectrum[0, 1, -row, column] = torch.tensor([3.0, -4.0])
    image = formulas.spectrum_to_image(spectrum, height, width)
    length = max(math.hypot(row / height, column / width), 1 / max(height, width))
    for y in range(height):
        for x in range(width):
            phase = 2 * math.pi * (row * y / height + column * x / width)
            wave = 2 * (3 * math.cos(phase) - 4 * math.sin(phase)) / length / math.sqrt(height * width)
            assert float(image[0, 1, y, x]) == pytest.approx(wave, abs=1e-4)
    assert not image[0, [0, 2]].any()


def test_the_frequency_zero_is_a_constant() -> None:
    spectrum = torch.zeros(1, 3, 8, 6, 2)
    spectrum[0, 2, 0, 0, 0] = 1.5
    image = formulas.spectrum_to_image(spectrum, 8, 10)
    assert torch.allclose(image[0, 2], torch.tensor(1.5 * 10 / math.sqrt(80)))


def test_a_spectrum_is_learnt_by_its_gradient(draws: torch.Generator) -> None:
    spectrum = torch.randn(1, 3, 4, 3, 2, generator=draws).requires_grad_()
    formulas.spectrum_to_image(spectrum, 4, 5).square().sum().backward()
    assert spectrum.grad is not None
    assert spectrum.grad.abs().sum() > 1


def test_the_margin_is_to_the_best_of_the_others(draws: torch.Generator) -> None:
    scores = torch.randn(6, 5, generator=draws)
    target_y = torch.tensor([0, 4, 2, 2, 1, 3])
    margins = formulas.target_margin(scores, target_y)
    for row, y, margin in zip(scores.tolist(), target_y.tolist(), margins.tolist(), strict=True):
        assert margin == pytest.approx(row[y] - max(row[:y] + row[y + 1 :]))


def test_the_margin_is_differentiable(draws: torch.Generator) -> None:
    scores = torch.randn(2, 4, generator=draws).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda s: formulas.target_margin(s, torch.tensor([1, 3])), scores)


@pytest.mark.parametrize("layer", [3, "features.3"])
def test_the_dream_gradient_is_the_slope_of_loudness(
    network: nn.Module, images: Tensor, layer: int | str
) -> None:
    network.double()
    img = images[:1].double()
    gradient = formulas.dream_gradient(img, network, layer)

    def loudness(change: Tensor) -> float:
        return float(network.get_submodule("features")[:4](img + change).square().sum() / 2)

    for place in ((0, 0, 20, 30), (0, 2, 5, 11)):
        nudge = torch.zeros_like(img)
        nudge[place] = 1e-5
        slope = (loudness(nudge) - loudness(-nudge)) / 2e-5
        assert float(gradient[place]) == pytest.approx(slope, rel=1e-4)


def test_the_dream_gradient_leaves_no_trace(network: nn.Module, images: Tensor) -> None:
    network.requires_grad_(True)
    img, before = images[:1].clone().requires_grad_(), images[:1].clone()
    formulas.dream_gradient(img, network, 3)
    assert img.grad is None
    assert torch.equal(img.detach(), before)
    assert all(p.requires_grad and p.grad is None for p in network.parameters())


def test_the_inversion_loss_is_relative(draws: torch.Generator) -> None:
    target = torch.randn(1, 2, 3, 4, generator=draws)
    assert float(formulas.inversion_loss(target, target)) == 0
    assert float(formulas.inversion_loss(torch.zeros_like(target), target)) == 1
    for factor in (0.01, 100.0):  # the same share, however large a layer's features are
        loss = formulas.inversion_loss(1.5 * factor * target, factor * target)
        assert float(loss) == pytest.approx(0.25, rel=1e-5)


@pytest.mark.parametrize("normalize", [True, False])
def test_the_gram_matrix_is_its_definition(draws: torch.Generator, normalize: bool) -> None:
    features = torch.randn(2, 3, 4, 5, generator=draws)
    gram = formulas.gram_matrix(features, normalize)
    for n in range(2):
        for i in range(3):
            for j in range(3):
                total = sum(
                    float(features[n, i, y, x] * features[n, j, y, x]) for y in range(4) for x in range(5)
                )
                expected = total / 60 if normalize else total
                assert float(gram[n, i, j]) == pytest.approx(expected, abs=1e-5)
