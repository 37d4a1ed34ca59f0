"""Class visualization: the loop around the student's `class_visualization_update_step`."""

import random
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from cs231n.frozen import channels_last, frozen
from cs231n.image_utils import blur_image, clamp_to_colours, jitter
from cs231n.language import said
from cs231n.visualization import Frame, Visualization

UpdateStep = Callable[[Tensor, nn.Module, int, float, float], object]
"""(img, model, target_y, l2_reg, learning_rate), changes img (1, 3, H, W) in place."""


def create_class_visualization(
    target_y: int,
    model: nn.Module,
    update_step: UpdateStep,
    *,
    l2_reg: float = 1e-3,
    learning_rate: float = 25,
    num_iterations: int = 100,
    blur_every: int = 10,
    max_jitter: int = 16,
    show_every: int = 25,
    sizes: Sequence[int] = (224,),
    seed: int = 0,
    progress: bool = True,
) -> Visualization:
    """Optimise a noise picture for the score of one class, with the regularisers of the course.

    Each iteration shifts the picture by a few random pixels, lets `update_step` change it, shifts it back
    and clamps it to colours that exist; now and then it is blurred a little. Shifting and blurring keep
    single pixels from growing where only this alignment of the network's grid rewards them.

    Parameters
    ----------
    target_y : int
        The class to paint, an index into the scores.
    model : nn.Module
        Maps (1, 3, H, W) to (1, C) scores. Left as it was found.
    update_step : callable
        `class_visualization_update_step`, written by the student.
    l2_reg, learning_rate : float
        Handed to `update_step`: the weight of the squared norm, and the length of a step.
    num_iterations : int
        How many steps to take.
    blur_every : int
        Blur after every so many steps (sigma 0.5 pixels).
    max_jitter : int
        The largest shift, in pixels, along each axis.
    show_every : int
        Keep a frame after every so many steps; the first step and the last are always kept.
    sizes : sequence of int
        Height and width in pixels. With several, the iterations are shared among them and the picture is
        enlarged from one to the next: large shapes settle while it is small, details come later.
    seed : int
        Fixes the starting noise and the shifts.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Visualization
        Its `frames` hold the intermediate pictures and the last one.

    Raises
    ------
    ValueError
        If there are fewer iterations than sizes.

    References
    ----------
    Simonyan, Vedaldi, Zisserman, "Deep Inside Convolutional Networks", ICLR Workshop 2014; regularisers after
    Yosinski et al., "Understanding Neural Networks Through Deep Visualization", ICML Workshop 2015.

    Examples
    --------
    >>> from cs231n.classifiers.small import small_squeezenet
    >>> def brighter(img, model, target_y, l2_reg, learning_rate):
    ...     img.data += 0.1  # your class_visualization_update_step goes here
    >>> result = create_class_visualization(
    ...     3, small_squeezenet(), brighter, num_iterations=4, show_every=2, sizes=(32,), progress=False
    ... )
    >>> [frame.iteration for frame in result.frames], result.image.shape
    ([1, 2, 4], torch.Size([1, 3, 32, 32]))
    """
    if num_iterations < len(sizes) or not sizes:
        raise ValueError(
            said(
                "{num_iterations} iterations are too few for {count} sizes: at least one each.",
                num_iterations=num_iterations,
                count=len(sizes),
            )
        )
    shifts = random.Random(seed)
    noise = torch.Generator().manual_seed(seed)
    img = torch.randn(1, 3, sizes[0], sizes[0], generator=noise).requires_grad_()
    frames = []
    with frozen(model), channels_last(model):
        steps = tqdm(
            range(num_iterations), desc=said("class {target}", target=target_y), disable=not progress
        )
        for step in steps:
            img = _enlarged(img, sizes[step * len(sizes) // num_iterations])
            dx, dy = shifts.randint(0, max_jitter), shifts.randint(0, max_jitter)
            with torch.no_grad():
                img.copy_(jitter(img, dx, dy))
            update_step(img, model, target_y, l2_reg, learning_rate)
            with torch.no_grad():
                img.copy_(jitter(img, -dx, -dy))
                clamp_to_colours(img)
                if (step + 1) % blur_every == 0:
                    blur_image(img, sigma=0.5)
            if step == 0 or (step + 1) % show_every == 0 or step + 1 == num_iterations:
                frames.append(_frame(step + 1, img, model, target_y))
    return Visualization(target_y, tuple(frames))


def _enlarged(img: Tensor, size: int) -> Tensor:
    if img.shape[-1] == size:
        return img
    return F.interpolate(img.detach(), size=(size, size), mode="bicubic").requires_grad_()


@torch.no_grad()
def _frame(step: int, img: Tensor, model: nn.Module, target_y: int) -> Frame:
    probability = model(img).softmax(dim=1)[0, target_y].item()
    return Frame(step, img.detach().clone(), probability)
