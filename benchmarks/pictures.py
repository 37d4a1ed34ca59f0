"""What the drivers save against the plain loops of the course: both in one run, by turns, on one thread.

    python -m benchmarks.pictures [--rounds N]

Each driver and its loop make the same pictures. Prints a table of medians of CPU seconds, the median and the least
ratio of the pairs, and how far the results are apart; exit status 1 if a driver is in one round not as much faster as
claimed, or its result differs by more than rounding does.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from cs231n.class_visualization import create_class_visualization
from cs231n.classifiers.squeezenet import extract_features, load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.datasets.registry import picture
from cs231n.image_utils import blur_image, clamp_to_colours, jitter, preprocess, preprocess_image
from cs231n.lecture.complete import adversarial
from cs231n.lecture.formulas import target_margin
from cs231n.lecture.occlusion import occlusion
from cs231n.style_transfer import PRESETS, Losses, style_transfer
from grading.verdict.reference import reference_functions

TARANTULA = 76


@dataclass(frozen=True)
class Comparison:
    """A driver and the loop that it stands for.

    Attributes
    ----------
    name : str
    plain, ours : callable
        From a number of steps to a result; both return the same numbers.
    steps : int
        For measuring the time.
    compared : int
        For comparing the results: ascents are chaotic, and a start that differs by 1e-6 is another picture
        after ten steps, whichever way it is computed.
    start : Tensor
        What the numbers are without any work: differences are measured against the way from there.
    claimed : float
        By what factor the driver is faster, in every round.
    rounding : float
        The largest difference, relative to that way, that rounding may make.
    """

    name: str
    plain: Callable[[int], Tensor]
    ours: Callable[[int], Tensor]
    steps: int
    compared: int
    start: Tensor
    claimed: float
    rounding: float

    def difference(self) -> float:
        """Return how far the results are apart."""
        plain, ours = self.plain(self.compared), self.ours(self.compared)
        return float((ours - plain).norm() / (plain - self.start).norm())


def comparisons(model: nn.Module) -> Iterator[Comparison]:
    solved = reference_functions()
    X, y, _ = load_imagenet_val(8)
    photographs = torch.from_numpy(preprocess_image(X)).permute(0, 3, 1, 2).contiguous()
    settings = PRESETS["painted"]
    losses = Losses(*(solved[name] for name in ("content_loss", "gram_matrix", "style_loss", "tv_loss")))
    content = preprocess(picture(settings.content), size=settings.content_size)
    style = preprocess(picture(settings.style), size=settings.style_size)
    for targets_once, name, claimed in (
        (False, "style transfer, 20 steps", 1.3),
        (True, "the same, the loop keeping its targets", 1.0),
    ):
        yield Comparison(
            name,
            lambda steps, once=targets_once: plain_style_transfer(content, style, losses, model, steps, once),
            lambda steps: style_transfer(settings, losses, model, iterations=steps, progress=False).image,
            20,
            10,
            content,
            claimed,
            1e-2,
        )
    update = solved["class_visualization_update_step"]
    yield Comparison(
        "class visualisation, 50 steps",
        lambda steps: plain_class_visualization(update, model, steps),
        lambda steps: (
            create_class_visualization(TARANTULA, model, update, num_iterations=steps, progress=False).image
        ),
        50,
        2,
        torch.zeros(1, 3, 224, 224),
        1.3,
        1e-2,
    )
    targets = [(label + 500) % 1000 for label in y.tolist()]
    yield Comparison(
        "8 fooling images with a margin",
        lambda steps: plain_fooling(photographs, targets, model, steps),
        lambda steps: adversarial(model, photographs, targets, iterations=steps, progress=False).images,
        400,
        3,
        photographs,
        1.3,
        1e-2,
    )
    yield Comparison(
        "occlusion, patch 48, stride 8",
        lambda _: plain_occlusion(photographs[:1], int(y[0]), model),
        lambda _: occlusion(model, photographs[:1], int(y[0]), patch=48, stride=8, progress=False)[0],
        1,
        1,
        torch.zeros(23, 23),
        4.0,
        1e-4,
    )


def plain_style_transfer(
    content: Tensor, style: Tensor, losses: Losses, model: nn.Module, steps: int, targets_once: bool
) -> Tensor:
    """All of the network's features of the picture, and in every step or once those of what it should match."""
    wish = PRESETS["painted"]

    def aims() -> tuple[Tensor, list[Tensor]]:
        with torch.no_grad():
            style_features = extract_features(style, model)
            grams = [losses.gram_matrix(style_features[layer]) for layer in wish.style_layers]
            return extract_features(content, model)[wish.content_layer], grams

    content_target, style_targets = aims()
    img = content.clone().requires_grad_()
    optimizer = torch.optim.Adam([img], lr=3.0)
    for step in range(steps):
        if step == steps * 9 // 10:
            optimizer = torch.optim.Adam([img], lr=0.1)
        img.data.clamp_(-1.5, 1.5)
        optimizer.zero_grad()
        if not targets_once:
            content_target, style_targets = aims()
        features = extract_features(img, model)
        loss = losses.content_loss(wish.content_weight, features[wish.content_layer], content_target)
        loss = loss + losses.style_loss(features, wish.style_layers, style_targets, wish.style_weights)
        loss = loss + losses.tv_loss(img, wish.tv_weight)
        loss.backward()
        optimizer.step()
    return img.detach()


def plain_class_visualization(update: Callable[..., object], model: nn.Module, steps: int) -> Tensor:
    shifts = random.Random(0)
    img = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0)).requires_grad_()
    for step in range(steps):
        dx, dy = shifts.randint(0, 16), shifts.randint(0, 16)
        img.data.copy_(jitter(img.data, dx, dy))
        update(img, model, TARANTULA, 1e-3, 25)
        img.data.copy_(jitter(img.data, -dx, -dy))
        clamp_to_colours(img)
        if (step + 1) % 10 == 0:
            blur_image(img, sigma=0.5)
    return img.detach()


def plain_fooling(X: Tensor, targets: list[int], model: nn.Module, steps: int) -> Tensor:
    """One picture at a time, by the rule of `adversarial`."""
    results = []
    for x, target in zip(X.split(1), targets, strict=True):
        result = x.clone()
        for _ in range(steps):
            pixels = result.clone().requires_grad_()
            margin = target_margin(model(pixels), torch.tensor([target]))
            if margin.item() >= 1.0:
                break
            (gradient,) = torch.autograd.grad(margin.sum(), pixels)
            slope = gradient.norm()
            length = min(1.02 * (1.0 - margin.item()) / slope.item(), 0.25)
            result = pixels.detach() + length * gradient / slope
            clamp_to_colours(result)
        results.append(result)
    return torch.cat(results)


@torch.no_grad()
def plain_occlusion(x: Tensor, label: int, model: nn.Module) -> Tensor:
    heat = torch.empty(23, 23)
    for row in range(23):
        for column in range(23):
            covered = x.clone()
            covered[:, :, row * 8 : row * 8 + 48, column * 8 : column * 8 + 48] = 0
            heat[row, column] = model(covered).softmax(1)[0, label]
    return heat


def seconds(work: Callable[[int], Tensor], steps: int) -> float:
    """Return CPU seconds, which a busy machine does not stretch as it does the clock's."""
    started = time.process_time()
    work(steps)
    return time.process_time() - started


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    table = Table("picture", "plain", "ours", "ratio", "least", "claimed", "difference", box=None)
    missed = False
    for each in comparisons(load_squeezenet()):
        pairs = []
        for turn in range(rounds):
            ways = (each.plain, each.ours) if turn % 2 else (each.ours, each.plain)
            done = {way: seconds(way, each.steps) for way in ways}
            pairs.append((done[each.plain], done[each.ours]))
        difference = each.difference()
        ratios = [plain / ours for plain, ours in pairs]
        plain, ours = (statistics.median(side) for side in zip(*pairs, strict=True))
        missed = missed or min(ratios) < each.claimed or not difference <= each.rounding
        shown = (plain, ours, statistics.median(ratios), min(ratios))
        table.add_row(each.name, *(f"{n:.2f}" for n in shown), f"{each.claimed:g}", f"{difference:.0e}")
    Console().print(table)
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
