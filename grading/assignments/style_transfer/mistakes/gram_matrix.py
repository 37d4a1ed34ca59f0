"""Mistakes seen in the Gram matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from grading.assignments.vocabulary.mistake import Mistake, Recipe, Step, identity, variants
from grading.assignments.vocabulary.sentences import DETACHED


def _each(features: torch.Tensor) -> torch.Tensor:
    return torch.einsum("nchw,ndhw->ncd", features, features)


def gram(
    products: Step = _each,
    divisor: Step = lambda n, c, h, w: c * h * w,
    when: Step = identity,
    shape: Step = identity,
    result: Step = identity,
) -> Callable[..., Any]:
    """Recipe of gram_matrix."""

    def gram_matrix(features: torch.Tensor, normalize: bool = True) -> Any:
        matrix = products(features)
        return result(shape(matrix / divisor(*features.shape) if when(normalize) else matrix))

    return gram_matrix


def _mixed(features: torch.Tensor) -> torch.Tensor:
    rows = features.reshape(features.shape[1], -1)
    return rows @ rows.T


def _stacked(features: torch.Tensor) -> torch.Tensor:
    rows = features.reshape(-1, features.shape[2] * features.shape[3])
    return rows @ rows.T


def _first_only(features: torch.Tensor) -> torch.Tensor:
    rows = features[0].reshape(features.shape[1], -1)
    return rows @ rows.T


def _one_only(features: torch.Tensor) -> torch.Tensor:
    return features.squeeze(0).reshape(features.shape[1], features.shape[2] * features.shape[3])


def _squeezed(features: torch.Tensor) -> torch.Tensor:
    rows = _one_only(features)
    return rows @ rows.T


def _scrambled(features: torch.Tensor) -> torch.Tensor:
    rows = features.reshape(len(features), -1, features.shape[1])
    return rows.transpose(1, 2) @ rows


def _viewed_twice(features: torch.Tensor) -> torch.Tensor:
    """A view in the place of the transpose."""
    n, c, h, w = features.shape
    return features.reshape(n, c, h * w) @ features.reshape(n, h * w, c)


def _moved_then_viewed(*axes: int) -> Step:
    """The axes are moved, and the view after that takes them for what they were."""

    def products(features: torch.Tensor) -> torch.Tensor:
        n, c, h, w = features.shape
        rows = features.permute(*axes).reshape(n, c, h * w)
        return rows @ rows.transpose(1, 2)

    return products


def _of_pixels(features: torch.Tensor) -> torch.Tensor:
    rows = features.flatten(2)
    return rows.transpose(1, 2) @ rows


def _kept(features: torch.Tensor, images: slice) -> torch.Tensor:
    """The matrices of some images, zeros for the others: a loop that ends after the first, or fills the last."""
    matrices = torch.zeros(len(features), features.shape[1], features.shape[1])
    matrices[images] = _each(features)[images]
    return matrices


def _of_one_image(image: int) -> Step:
    """Return a divisor that is right for one of the images, and 1 for the others."""

    def divisor(n: int, c: int, h: int, w: int) -> torch.Tensor:
        divisors = torch.ones(n, 1, 1)
        divisors[image] = c * h * w
        return divisors

    return divisor


ONE_IMAGE_ONLY = (
    "With several images your matrices mix them, leave some out, or fail. Each image has its own Gram matrix: keep "
    "the batch axis and multiply image by image."
)

GRAM = Recipe(
    "gram_matrix",
    gram,
    (
        *variants(
            "gram-no-batch-axis",
            "Returns (C, C) instead of (N, C, C)",
            "Your matrix has lost the batch axis. Expected: one matrix per image, shape (N, C, C). Comparisons do "
            "not show it, because (C, C) broadcasts against (1, C, C). Where does N go in your view or reshape?",
            {"products": _mixed},
            {"products": _stacked},
            {"products": _first_only},
            {"products": _squeezed},
            {"products": lambda f: _each(f).squeeze()},
            {"products": lambda f: _each(f).sum(0)},
            {"products": lambda f: _each(f).mean(0)},
            {"shape": lambda matrices: matrices[0]},
        ),
        *variants(
            "gram-one-image-only",
            "Right for one image only",
            ONE_IMAGE_ONLY,
            {"products": lambda f: _mixed(f)[None]},
            {"products": lambda f: _stacked(f)[None]},
            {"products": lambda f: _first_only(f)[None]},
            {"products": lambda f: _squeezed(f)[None]},
            {"products": lambda f: _each(f).sum(0)[None]},
            {"products": lambda f: (_mixed(f)).reshape(len(f), f.shape[1], f.shape[1])},
            {"products": lambda f: (_stacked(f)).reshape(len(f), f.shape[1], f.shape[1])},
            {"products": lambda f: torch.stack([_mixed(f)] * len(f))},
            {"products": lambda f: _each(f)[-1:]},
            {"products": lambda f: _each(f).mean(0, keepdim=True)},
            {"products": lambda f: _each(f)[:1].expand(len(f), -1, -1)},
            {"products": lambda f: _each(f)[-1:].expand(len(f), -1, -1)},
            {"products": lambda f: _each(f).sum(0, keepdim=True).expand(len(f), -1, -1)},
            {"products": lambda f: _kept(f, slice(None, 1))},
            {"products": lambda f: _kept(f, slice(-1, None))},
        ),
        *variants(
            "gram-scrambled",
            "Values are mixed up by a reshape",
            "You changed the shape of the features by view or reshape. This keeps the order of the numbers, so it "
            "mixes pixels and channels. Swapping two axes is another operation.",
            {"products": _scrambled},
            {"products": _viewed_twice},
            {"products": _moved_then_viewed(0, 2, 3, 1)},
            {"products": _moved_then_viewed(0, 2, 1, 3)},
        ),
        Mistake(
            "gram-of-pixels",
            "Products of pixels instead of channels",
            "Your matrix compares pixels with each other. Expected: one entry for each pair of channels, summed "
            "over all pixels, shape (N, C, C). Which of the two factors is transposed?",
            {"products": _of_pixels},
        ),
        Mistake(
            "gram-never-normalised",
            "normalize is ignored: never divided",
            "Your matrix is the same whether normalize is set or not. Divide by the number of values when it is.",
            {"when": lambda normalize: False},
        ),
        Mistake(
            "gram-always-normalised",
            "normalize is ignored: always divided",
            "Your matrix is divided whether normalize is set or not. Leave it as it is when normalize is False.",
            {"when": lambda normalize: True},
        ),
        Mistake(
            "gram-normalize-inverted",
            "normalize does the opposite",
            "Your matrix is divided when normalize is False, and is not when it is True. Swap the two cases.",
            {"when": lambda normalize: not normalize},
        ),
        *variants(
            "gram-one-image-divided",
            "Only one image's matrix is divided",
            "Of several matrices you divided one. After a loop over the images its index still points at the last of "
            "them: divide inside the loop, or all at once after it.",
            {"divisor": _of_one_image(-1)},
            {"divisor": _of_one_image(0)},
        ),
        *variants(
            "gram-wrong-divisor",
            "Divided by the wrong number",
            "You divided by another number, or more than once. Expected: one division by the number of values of "
            "one image's features, which is channels times height times width.",
            {"divisor": lambda n, c, h, w: h * w},
            {"divisor": lambda n, c, h, w: n * c * h * w},
            {"divisor": lambda n, c, h, w: n * h * w},
            {"divisor": lambda n, c, h, w: c},
            {"divisor": lambda n, c, h, w: 2 * c * h * w},
            {"divisor": lambda n, c, h, w: c * c},
            {"divisor": lambda n, c, h, w: c * h},
            {"divisor": lambda n, c, h, w: c * w},
            {"divisor": lambda n, c, h, w: n * c},
            {"divisor": lambda n, c, h, w: n},
            {"divisor": lambda n, c, h, w: h},
            {"divisor": lambda n, c, h, w: w},
            {"divisor": lambda n, c, h, w: 4 * (c * h * w) ** 2},
            {"divisor": lambda n, c, h, w: (c * h * w) ** 0.5},
            {"divisor": lambda n, c, h, w: c + h + w},
            {"divisor": lambda n, c, h, w: (c * h * w) ** 2},
        ),
        Mistake("gram-detached", "Cut off from the graph", DETACHED, {"result": torch.Tensor.detach}),
    ),
)
