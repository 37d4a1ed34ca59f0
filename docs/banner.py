"""Makes the picture at the top of the README: `python docs/banner.py`, from the top folder. About a minute."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from matplotlib import colormaps

from cs231n.class_visualization import create_class_visualization
from cs231n.classifiers.squeezenet import load_squeezenet
from cs231n.data_utils import load_imagenet_val
from cs231n.image_utils import deprocess, preprocess
from cs231n.style_transfer import PRESETS, Losses, style_transfer
from grading.verdict.reference import reference_functions

HEIGHT, GAP = 384, 12


def panels() -> list[Image.Image]:
    """Return photograph, saliency map, class visualization and two paintings."""
    functions = reference_functions()
    model = load_squeezenet()
    pictures, labels, _ = load_imagenet_val()
    goose = Image.fromarray(pictures[15])
    maps = functions["compute_saliency_maps"](
        preprocess(goose), torch.from_numpy(labels[15:16].astype(np.int64)), model
    )
    saliency = colormaps["inferno"](np.clip(maps[0].numpy() / np.percentile(maps.numpy(), 99.5), 0, 1))
    drawn = create_class_visualization(
        366,
        model,
        functions["class_visualization_update_step"],
        sizes=(112, 160, 224),
        num_iterations=180,
        blur_every=2,
        seed=1,
    )
    losses = Losses(*(functions[name] for name in ("content_loss", "gram_matrix", "style_loss", "tv_loss")))
    painted = [
        style_transfer(settings, losses, model)
        for settings in (PRESETS["marbled"], replace(PRESETS["painted"], content="china"))
    ]
    return [
        goose,
        Image.fromarray((255 * saliency[..., :3]).astype(np.uint8)),
        deprocess(drawn.image),
        *(deprocess(result.image) for result in painted),
    ]


def square(picture: Image.Image) -> Image.Image:
    """Cut the middle square out of a picture, at the banner's height."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    cut = picture.crop((left, top, left + side, top + side))
    return cut.resize((HEIGHT, HEIGHT), Image.Resampling.LANCZOS)


def main() -> None:
    """Put the panels side by side."""
    squares = [square(panel) for panel in panels()]
    banner = Image.new("RGB", (len(squares) * (HEIGHT + GAP) - GAP, HEIGHT), "white")
    for number, panel in enumerate(squares):
        banner.paste(panel, (number * (HEIGHT + GAP), 0))
    banner.save(Path(__file__).parent / "banner.jpg", quality=88)


if __name__ == "__main__":
    main()
