"""The reference solutions of the lecture agree with oracles from outside: libraries, loops, finite differences."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from cs231n.classifiers.small import small_squeezenet
from grading.assignments.visualizing_and_understanding.inputs import picture_side
from grading.verdict.reference import reference_functions

RNG = np.random.default_rng(231)


def solved(name: str) -> Callable[..., Any]:
    return reference_functions()[name]


def random(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.from_numpy(RNG.standard_normal(shape)).to(dtype)


def test_filters_are_drawn_weight_by_weight() -> None:
    weight = random(4, 3, 2, 5)
    weight[2] = 0
    images = solved("filters_to_images")(weight)
    for f, c, i, j in np.ndindex(*weight.shape):
        largest = max(abs(float(value)) for value in weight[f].flatten())
        value = 0.5 + 0.5 * float(weight[f, c, i, j]) / largest if largest else 0.5
        assert float(images[f, c, i, j]) == pytest.approx(value, abs=1e-6)


def test_neighbours_are_those_of_scikit_learn() -> None:
    from sklearn.neighbors import NearestNeighbors  # takes a second, and not every worker comes here

    features = random(40, 6)
    _, found = NearestNeighbors(n_neighbors=6).fit(features.numpy()).kneighbors(features.numpy())
    neighbours = solved("nearest_neighbours")(features, 5)
    assert neighbours.dtype == torch.int64
    assert np.array_equal(neighbours.numpy(), found[:, 1:])


@pytest.mark.parametrize("shape", [(30, 7), (8, 40)])
def test_principal_components_are_those_of_scikit_learn(shape: tuple[int, int]) -> None:
    from sklearn.decomposition import PCA

    features = random(*shape) * torch.linspace(3, 0.5, shape[1]) + 2
    ours, theirs = solved("pca")(features, 3).numpy(), PCA(3).fit_transform(features.numpy())
    assert np.allclose(np.abs(ours), np.abs(theirs), atol=1e-4)


@pytest.mark.parametrize(
    "layers", [[(3, 2, 1), (2, 2, 0), (3, 1, 1)], [(5, 3, 2), (3, 1, 0)], [(4, 1, 1)], []]
)
def test_the_box_holds_the_pixels_that_change_the_neuron(layers: list[tuple[int, int, int]]) -> None:
    """Each pixel of the picture is lit on its own, and the network asked; no layer leaves a pixel over."""
    net = nn.Sequential(*(nn.Conv2d(1, 1, k, s, p, bias=False) for k, s, p in layers)).double()
    for layer in net:
        nn.init.constant_(layer.weight, 1.0)
    height, width = picture_side(layers, 4), picture_side(layers, 5)
    pixels = torch.eye(height * width, dtype=torch.float64).reshape(-1, 1, height, width)
    with torch.no_grad():
        answers = net(pixels)[:, 0]
    _, rows, columns = answers.shape
    for row, column in np.ndindex(rows, columns):
        seen = answers[:, row, column].reshape(height, width).nonzero()
        (top, left), (bottom, right) = seen.amin(0).tolist(), (seen.amax(0) + 1).tolist()
        box = solved("receptive_field_box")(row, column, layers, height, width)
        assert box.tolist() == [top, left, bottom, right]


def test_occlusion_is_that_of_one_square_at_a_time() -> None:
    model, picture, patch, stride = small_squeezenet(), random(1, 3, 33, 47), 10, 7
    heatmap = solved("occlusion_map")(picture, 4, model, patch, stride)
    assert heatmap.shape == (4, 6)
    for r, c in np.ndindex(4, 6):
        covered = picture.clone()
        for i, j in np.ndindex(patch, patch):
            covered[0, :, r * stride + i, c * stride + j] = 0
        with torch.no_grad():
            scores = model(covered)[0].double()
        probability = float(scores[4].exp() / scores.exp().sum())
        assert float(heatmap[r, c]) == pytest.approx(probability, rel=1e-4)


def test_seeds_are_opencvs_labels_of_numpys_percentiles() -> None:
    saliency = random(40, 23).abs()  # no pixel lies on a percentile
    seeds = solved("grabcut_seeds")(saliency).numpy()
    low, high, highest = np.percentile(saliency.numpy().astype(np.float64), (30, 75, 95))
    asked = np.full(saliency.shape, cv2.GC_PR_BGD)
    asked[saliency < low] = cv2.GC_BGD
    asked[saliency > high] = cv2.GC_PR_FGD
    asked[saliency > highest] = cv2.GC_FGD
    assert seeds.dtype == np.uint8
    assert np.array_equal(seeds, asked)


def test_the_guided_rule_is_that_of_each_number() -> None:
    gradient, relu_input = random(3, 4, 5), random(3, 4, 5)
    relu_input[0, 0] = 0
    guided = solved("guided_relu_backward")(gradient, relu_input)
    for place in np.ndindex(*gradient.shape):
        passes = gradient[place] > 0 and relu_input[place] > 0
        assert float(guided[place]) == (float(gradient[place]) if passes else 0.0)


@pytest.mark.parametrize(("height", "width"), [(4, 5), (5, 4), (3, 7)])
def test_a_picture_is_the_sum_of_its_waves(height: int, width: int) -> None:
    """Half a spectrum stands for a whole one, in which opposite frequencies are conjugate."""
    picture = RNG.standard_normal((height, width))
    whole = np.fft.fft2(picture)
    y, x = np.mgrid[:height, :width]
    summed, half = np.zeros((height, width)), np.zeros((height, width // 2 + 1), complex)
    for v, u in np.ndindex(height, width):
        fy, fx = (v if 2 * v < height else v - height) / height, (u if 2 * u < width else u - width) / width
        divisor = max(np.hypot(fy, fx), 1 / max(height, width))
        wave = np.exp(2j * np.pi * (v * y / height + u * x / width))
        summed += (whole[v, u] / divisor * wave).real / np.sqrt(height * width)
        if u <= width // 2:
            half[v, u] = whole[v, u]
    parts = torch.from_numpy(np.stack([half.real, half.imag], -1)).float().expand(1, 3, -1, -1, -1)
    image = solved("spectrum_to_image")(parts.contiguous(), height, width)
    assert np.allclose(image[0, 1].numpy(), summed, atol=1e-4)


def test_the_margin_is_that_of_pythons_maximum() -> None:
    scores, targets = random(6, 9), torch.tensor([3, 0, 8, 1, 1, 5])
    for row, target, margin in zip(scores, targets, solved("target_margin")(scores, targets), strict=True):
        rivals = [float(score) for label, score in enumerate(row) if label != target]
        assert float(margin) == pytest.approx(float(row[target]) - max(rivals))


def test_the_dreams_gradient_is_the_quotient_of_small_differences() -> None:
    model, image, step = small_squeezenet().double(), random(1, 3, 20, 20, dtype=torch.float64), 1e-6

    def energy(picture: torch.Tensor) -> float:
        for module in model.features[:4]:
            picture = module(picture)
        return sum(float(value) ** 2 for value in picture.flatten()) / 2

    gradient = solved("dream_gradient")(image, model, 3)
    for place in [(0, 0, 3, 4), (0, 1, 11, 7), (0, 2, 9, 16)]:
        moved, back = image.clone(), image.clone()
        moved[place] += step
        back[place] -= step
        slope = (energy(moved) - energy(back)) / (2 * step)
        assert float(gradient[place]) == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_the_inversion_loss_is_a_quotient_of_two_loops() -> None:
    feats, target = random(1, 3, 4, 5), random(1, 3, 4, 5)
    error = sum((float(f) - float(t)) ** 2 for f, t in zip(feats.flatten(), target.flatten(), strict=True))
    size = sum(float(t) ** 2 for t in target.flatten())
    assert float(solved("inversion_loss")(feats, target)) == pytest.approx(error / size, rel=1e-5)


@pytest.mark.parametrize("name", ["spectrum_to_image", "target_margin", "inversion_loss"])
def test_gradients_are_those_of_small_differences(name: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "spectrum_to_image": (random(1, 3, 4, 3, 2, dtype=torch.float64), 4, 5),
        "target_margin": (random(3, 5, dtype=torch.float64), torch.tensor([4, 0, 2])),
        "inversion_loss": (random(1, 2, 3, 4, dtype=torch.float64), random(1, 2, 3, 4, dtype=torch.float64)),
    }
    first, *rest = arguments[name]
    tolerances = {"atol": 1e-4, "rtol": 1e-3, "nondet_tol": 0.0}
    assert torch.autograd.gradcheck(lambda x: solved(name)(x, *rest), first.requires_grad_(), **tolerances)
