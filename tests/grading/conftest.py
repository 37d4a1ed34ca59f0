"""What the tests of grading share: submissions written from short texts."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from grading.sandbox import Sandbox

# Right, and written otherwise than the reference solution. Each is the body of a function.
RIGHT: dict[str, tuple[str, str]] = {
    "compute_saliency_maps": (
        "X, y, model",
        """
        image = X.detach().clone().requires_grad_()
        scores = model.forward(image)
        sum(scores[n, label] for n, label in enumerate(y)).backward()
        return torch.stack([g.abs().max(dim=0).values for g in image.grad])
        """,
    ),
    "make_fooling_image": (
        "X, target_y, model",
        """
        image = X.clone()
        while True:
            image = image.detach().requires_grad_()
            scores = model(image)
            if scores[0].argmax() == target_y:
                return image.detach()
            direction = torch.autograd.grad(scores[0, target_y], image)[0]
            image = image + direction / torch.sqrt((direction ** 2).sum())
        """,
    ),
    "class_visualization_update_step": (
        "img, model, target_y, l2_reg, learning_rate",
        """
        (model(img)[0, target_y] - l2_reg * (img * img).sum()).backward()
        with torch.no_grad():
            img += learning_rate * img.grad / img.grad.norm(2)
            img.grad.zero_()
        """,
    ),
    "content_loss": ("w, current, target", "return w * (current - target).pow(2).sum()"),
    "gram_matrix": (
        "features, normalize=True",
        """
        N, C, H, W = features.shape
        rows = features.contiguous().view(N, C, H * W)
        return torch.bmm(rows, rows.transpose(1, 2)) / (C * H * W if normalize else 1)
        """,
    ),
    "style_loss": (
        "feats, style_layers, style_targets, style_weights",
        """
        loss = 0
        for layer, target, weight in zip(style_layers, style_targets, style_weights):
            loss = loss + weight * ((gram_matrix(feats[layer]) - target) ** 2).sum()
        return loss
        """,
    ),
    "tv_loss": (
        "img, tv_weight",
        """
        down, right = img[:, :, 1:] - img[:, :, :-1], img.diff(dim=3)
        return tv_weight * ((down * down).sum() + (right * right).sum())
        """,
    ),
}
NOTEBOOK_OF = {
    name: "NetworkVisualization" if number < 3 else "StyleTransfer" for number, name in enumerate(RIGHT)
}

# student -> function -> its body; None leaves the function out.
HandIn = Callable[..., Path]


def write_submission(folder: Path, **bodies: str | None) -> Path:
    """Write two notebooks with every function right, but for those whose body is given."""
    cells: dict[str, list[str]] = {name: ["import torch"] for name in set(NOTEBOOK_OF.values())}
    for name, (parameters, right) in RIGHT.items():
        body = bodies.get(name, right)
        if body is not None:
            text = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
            cells[NOTEBOOK_OF[name]].append(f"def {name}({parameters}):\n{text}\n")
    folder.mkdir(parents=True, exist_ok=True)
    for name, sources in cells.items():
        notebook = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{number}",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": source,
                }
                for number, source in enumerate(sources)
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


@pytest.fixture
def hand_in(tmp_path: Path) -> HandIn:
    """`hand_in("ada", tv_loss="return 0")` writes a submission and returns its folder."""

    def write(student: str, **bodies: str | None) -> Path:
        return write_submission(tmp_path / "class" / student, **bodies)

    return write


@pytest.fixture
def shared(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands use the warm sandbox of the tests."""

    @contextmanager
    def warm(*_: object, **__: object) -> Iterator[Sandbox]:
        yield sandbox

    monkeypatch.setattr("grading.cli.check.Sandbox", warm)
