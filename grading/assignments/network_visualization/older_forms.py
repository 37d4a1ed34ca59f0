"""Adapters of older forms of the step that draws a class: how they are called as the step alone is called.

The text of this module runs beside the student's, in the sandbox; the record of the function names its adapters.

UMich's step returns the image, and so does that of another course, which takes its arguments in another order. In the
course's notebooks until 2019 there was no function of its own for the step: it sits inside
`create_class_visualization`, a loop that jitters the image, takes the step, undoes the jitter, clamps, blurs, plots.
Call K of the step is played by running the loop from its beginning over the images of calls 1 to K: each image is put
in where the loop jitters, and taken out where it undoes the jitter, before clamping and blur can touch it. A gradient
that is never zeroed accumulates as it does in the real loop. A call with another tensor is a loop of its own.

The loop is not given a picture: it makes one, of 224 x 224 pixels in the course's notebook. The number may stand
anywhere in it: in a second tensor, a slice, a loop over rows. So it is replaced in the text.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from cs231n.trials.networks import first_layer
from cs231n.trials.silent import Silent

NEVER = 10**9
# Parameters that no step depends on: names of classes above the plots, where these are kept.
_FOR_PEOPLE = re.compile("name|label|title|path|dir|file")
# What draws.
_ARTISTS = ("plt", "display")
# Height and width.
Size = tuple[int, int]
NOTEBOOK: Size = (224, 224)
# Returns what was handed in, as its text defines it with the numbers of one size replaced by those of another.
Resized = Callable[[Size, Size], Callable[..., Any]]


def returning_step(function: Callable[..., Any], _: Resized) -> Callable[..., Any]:
    """UMich: class_visualization_step(img, target_y, model, l2_reg=..., learning_rate=...) returns the image.

    The loop around it goes on with what it returns: so does the next call here, with that call's image in it.
    """

    def call(img: Any, model: Any, target_y: Any, l2_reg: float, learning_rate: float) -> Any:
        return function(img, target_y, model, l2_reg=l2_reg, learning_rate=learning_rate)

    return _returning(call)


def image_last(function: Callable[..., Any], _: Resized) -> Callable[..., Any]:
    """Another course: update_class_visulization(model, target_y, l2_reg, learning_rate, img) returns the image."""

    def call(img: Any, model: Any, target_y: Any, l2_reg: float, learning_rate: float) -> Any:
        return function(model, target_y, l2_reg, learning_rate, img)

    return _returning(call)


def _returning(function: Callable[..., Any]) -> Callable[..., None]:
    """Return a step that changes its image of one that returns the next image."""
    returned: list[torch.Tensor] = []
    given: list[torch.Tensor] = []

    def step(img: Any, model: Any, target_y: Any, l2_reg: float, learning_rate: float) -> None:
        image = img
        if given and given[0] is not img:
            returned.clear()
        given[:] = [img]
        if returned and returned[-1].shape == img.shape:
            image = returned[-1]
            image.data.copy_(img.data)
        result = function(image, model, target_y, l2_reg, learning_rate)
        if isinstance(result, torch.Tensor) and result is not img and result.shape == img.shape:
            img.data.copy_(result.detach())
            own = result.is_leaf and result.requires_grad
            returned.append(result if own else result.detach().clone().requires_grad_(img.requires_grad))
        elif image is not img:
            img.data.copy_(image.detach())

    return step


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


def step_in_loop(loop: Callable[..., Any], resized: Resized) -> Callable[..., None]:
    """Return the step inside `create_class_visualization` as class_visualization_update_step.

    Parameters
    ----------
    loop : callable
    resized : callable
        Returns the loop as its text defines it with the numbers of one size replaced by those of another.
    """
    images: list[torch.Tensor] = []
    last: list[torch.Tensor] = []
    own = NOTEBOOK

    def at_size(wanted: Size) -> Callable[..., Any]:
        return loop if own == wanted else resized(own, wanted)

    def class_visualization_update_step(
        img: torch.Tensor, model: torch.nn.Module, target_y: int, l2_reg: float, learning_rate: float
    ) -> None:
        nonlocal own
        if last and last[0] is not img:  # one run of the loop draws one image
            images.clear()
        last[:] = [img]
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
            replay = _play(at_size(wanted), images, target_y, model, settings)
        except _OtherSizeError as other:
            own = other.size
            replay = _play(at_size(wanted), images, target_y, model, settings, any_size=True)
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
    }
    parameters = inspect.signature(loop).parameters
    required = {name for name, p in parameters.items() if p.default is p.empty}
    known |= {name: Silent() for name in required - known.keys() if _FOR_PEOPLE.search(name)}
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        extra = settings
    else:
        extra = {name: value for name, value in settings.items() if name in parameters}
    named = {name: value for name, value in known.items() if name in parameters}
    loop(**named, **extra)


@contextlib.contextmanager
def _neutral(loop: Callable[..., Any], replay: Replay, start: torch.Tensor, any_size: bool) -> Iterator[None]:
    """Fix the start, and take jitter, blur, plots and clamping out of the loop; undone afterwards."""
    plain = inspect.unwrap(getattr(loop, "__func__", loop))
    names = getattr(plain, "__globals__", {})
    holder = names.get(getattr(plain, "__qualname__", "").rpartition(".")[0])
    methods = vars(holder) if isinstance(holder, type) else {}
    # a standard deviation of almost nothing puts the limits of the valid pixel range out of reach
    tiny = np.full(3, 1e-9, dtype=np.float32)
    neutral: dict[str, Any] = {
        "jitter": replay.jitter,
        "blur_image": lambda image, *_, **__: image,
        "deprocess": lambda image, *_, **__: image,
        "plt": Silent(),
        "display": Silent(),
        "SQUEEZENET_STD": tiny,
    }
    missing = {name: Silent() for name in _only_drawn(plain) if name not in names}
    before = {name: names[name] for name in neutral if name in names}
    names.update(missing)
    names.update({name: value for name, value in neutral.items() if name in names})
    helpers = {name: methods[name] for name in neutral if name in methods}
    for name in helpers:
        setattr(holder, name, staticmethod(neutral[name]))
    with _fixed_start(start, any_size):
        try:
            yield
        finally:
            names.update(before)
            for name in missing:
                del names[name]
            for name, helper in helpers.items():
                setattr(holder, name, helper)


@functools.cache
def _only_drawn(loop: Callable[..., Any]) -> frozenset[str]:
    """Return the names that a loop uses nowhere but in what it draws: a helper may be of a module that is not here."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(loop)))
    except (OSError, TypeError, SyntaxError):
        return frozenset()
    drawn: list[ast.AST] = [
        node for node in ast.walk(tree) if isinstance(node, ast.Expr) and _draws(node.value)
    ]
    labels = _used_only(tree, drawn)
    drawn += [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and {n.id for n in node.targets if isinstance(n, ast.Name)} & labels
    ]
    return frozenset(_used_only(tree, drawn) - {*dir(builtins)})


def _draws(value: ast.expr) -> bool:
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and value.id in _ARTISTS


def _used_only(tree: ast.AST, within: Sequence[ast.AST]) -> set[str]:
    """Return the names that are read within some of the nodes of a tree, and nowhere else in it."""
    inside = [node for part in within for node in ast.walk(part)]
    known = set(map(id, inside))
    outside = {node.id for node in _read(ast.walk(tree)) if id(node) not in known}
    return {node.id for node in _read(inside)} - outside


def _read(nodes: Iterable[ast.AST]) -> Iterator[ast.Name]:
    return (node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


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
