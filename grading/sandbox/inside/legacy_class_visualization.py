"""Driver of `create_class_visualization`, in which the step that is judged stands inside the loop.

Until 2019 there was no function of its own for the step. The loop jitters the image, takes the step, undoes the
jitter, clamps, blurs, plots. Call K of the step is played by running the loop from its beginning over the images
of calls 1 to K: each image is put in where the loop jitters, and taken out where it undoes the jitter, before
clamping and blur can touch it. A gradient that is never zeroed accumulates as it does in the real loop.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from cs231n.trials.networks import first_layer
from grading.sandbox.inside.picture_size import NOTEBOOK, Size

NEVER = 10**9


class _EnoughError(BaseException):
    """All steps asked for have been taken. Not an Exception: a student's `except Exception` must not stop it."""


class _OtherSizeError(BaseException):
    """The loop draws a picture of another size than it was taken to."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        self.size = size


class Replay:
    """One run of the loop over given images.

    Parameters
    ----------
    images : sequence of tensors (1, 3, H, W)
        What the image is to be before each step.
    """

    def __init__(self, images: Sequence[torch.Tensor]) -> None:
        self.images = images
        self.put_in = 0
        self.results: list[torch.Tensor] = []
        self.seen_since = False
        self.jitters = False

    @property
    def waiting(self) -> bool:
        """Whether the next image is still to be put in."""
        return self.put_in == len(self.results)

    def jitter(self, image: Any, *_: Any, **__: Any) -> Any:
        """Stand in for the course's jitter, which comes before and after each step."""
        self.jitters = True
        if self.waiting:
            return self._next().to(image) if isinstance(image, torch.Tensor) else self._next().numpy()
        if self.seen_since:
            self._take_out(torch.as_tensor(image))
        return image

    def shown(self, _: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        """See an image reach the network. In a loop without jitter, images go in and come out here."""
        image = inputs[0]
        if self.seen_since and not self.jitters and not self.waiting:
            self._take_out(image)
        if self.waiting and image.shape == self.images[self.put_in].shape:
            image.data.copy_(self._next())
        self.seen_since = True

    def _next(self) -> torch.Tensor:
        self.put_in += 1
        self.seen_since = False
        return self.images[self.put_in - 1].clone()

    def _take_out(self, image: torch.Tensor) -> None:
        self.results.append(image.detach().clone())
        self.seen_since = False
        if len(self.results) == len(self.images):
            raise _EnoughError


class Silent:
    """Takes the place of pyplot, or of IPython: every attribute, call and item of it is itself."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Do nothing, whatever it was asked to do."""
        return self

    def __getitem__(self, _: Any) -> Any:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter((self, self))


def step_of(loop_at_size: Callable[[Size, Size], Callable[..., Any]]) -> Callable[..., None]:
    """Return the step inside `create_class_visualization` as class_visualization_update_step.

    Parameters
    ----------
    loop_at_size : callable
        Is given the size of picture that the loop is written for, and the one wanted; returns the loop that draws
        pictures of the size wanted.
    """
    images: list[torch.Tensor] = []
    own = NOTEBOOK

    def class_visualization_update_step(
        img: torch.Tensor, model: torch.nn.Module, target_y: int, l2_reg: float, learning_rate: float
    ) -> None:
        nonlocal own
        images.append(img.detach().clone())
        wanted = (img.shape[-2], img.shape[-1])
        settings = {
            "l2_reg": l2_reg,
            "learning_rate": learning_rate,
            "num_iterations": len(images) + 1,
            "max_jitter": 0,
            "blur_every": NEVER,
            "show_every": NEVER,
        }
        try:
            replay = _play(loop_at_size(own, wanted), images, target_y, model, settings)
        except _OtherSizeError as other:
            own = other.size
            replay = _play(loop_at_size(own, wanted), images, target_y, model, settings, any_size=True)
        if len(replay.results) < len(images):
            raise RuntimeError(
                "the loop ended before it took its steps: the network was shown too few images"
            )
        img.data.copy_(replay.results[-1])

    return class_visualization_update_step


def _play(
    loop: Callable[..., Any],
    images: Sequence[torch.Tensor],
    target_y: int,
    model: torch.nn.Module,
    settings: dict[str, Any],
    *,
    any_size: bool = False,
) -> Replay:
    """Run the loop over the images once.

    Raises
    ------
    _OtherSizeError
        If the picture it draws first is of another size than they are, unless `any_size`.
    """
    replay = Replay(images)
    handle = first_layer(model).register_forward_pre_hook(replay.shown)
    try:
        with _neutral(loop, replay, images[0], any_size), contextlib.suppress(_EnoughError):
            _call(loop, target_y, model, settings)
    finally:
        handle.remove()
    return replay


def _call(loop: Callable[..., Any], target_y: int, model: torch.nn.Module, settings: dict[str, Any]) -> None:
    known = {
        "target_y": target_y,
        "model": model,
        "dtype": torch.FloatTensor,
        "device": torch.device("cpu"),
        **settings,
    }
    parameters = inspect.signature(loop).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        extra = settings
    else:
        extra = {name: value for name, value in settings.items() if name in parameters}
    positional = [
        known[name]
        for name, p in parameters.items()
        if name in known and name not in settings and p.kind is not p.VAR_KEYWORD
    ]
    loop(*positional, **extra)


@contextlib.contextmanager
def _neutral(loop: Callable[..., Any], replay: Replay, start: torch.Tensor, any_size: bool) -> Iterator[None]:
    """Fix the start, and take jitter, blur, plots and clamping out of the loop; undone afterwards."""
    names = getattr(inspect.unwrap(loop), "__globals__", {})
    # a standard deviation of almost nothing puts the limits of the valid pixel range out of reach
    tiny = np.full(3, 1e-9, dtype=np.float32)
    neutral = {
        "jitter": replay.jitter,
        "blur_image": lambda image, *_, **__: image,
        "deprocess": lambda image, *_, **__: image,
        "plt": Silent(),
        "display": Silent(),
        "SQUEEZENET_STD": tiny,
    }
    before = {name: names[name] for name in neutral if name in names}
    names.update({name: value for name, value in neutral.items() if name in names})
    with _fixed_start(start, any_size):
        try:
            yield
        finally:
            names.update(before)


@contextlib.contextmanager
def _fixed_start(start: torch.Tensor, any_size: bool) -> Iterator[None]:
    """Let the first random picture that is drawn be `start`."""
    pending = [start]

    def fixed(draw: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(draw)
        def drawn(*args: Any, **kwargs: Any) -> Any:
            result = draw(*args, **kwargs)
            if not pending or not _is_picture(result):
                return result
            size = (result.shape[-2], result.shape[-1])
            if size != tuple(start.shape[-2:]) and not any_size:
                raise _OtherSizeError(size)
            first = pending.pop().clone()
            if isinstance(result, torch.Tensor):
                return first.to(result.dtype).requires_grad_(result.requires_grad)
            return first.numpy().astype(result.dtype)

        return drawn

    places = [(torch, "randn"), (torch, "rand"), (torch, "zeros"), (torch, "empty")]
    places += [(np.random, "randn"), (np.random, "rand"), (np.random, "normal"), (np.random, "uniform")]
    before = [(owner, name, getattr(owner, name)) for owner, name in places]
    for owner, name, draw in before:
        setattr(owner, name, fixed(draw))
    try:
        yield
    finally:
        for owner, name, draw in before:
            setattr(owner, name, draw)


def _is_picture(drawn: Any) -> bool:
    return getattr(drawn, "ndim", 0) == 4 and tuple(drawn.shape[:2]) == (1, 3)
