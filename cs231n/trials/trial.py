"""Trials: the arguments of one or several calls as plain data, fit to be stored and to cross a process boundary.

A `Trial` is one or several calls of one function. Its arguments are written with the small vocabulary below
(`Tensor`, `Network`, `Picture`, ...) and become live objects only where the function runs (`observe`).
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.trials.wire import pack

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor argument.

    Parameters
    ----------
    data : numpy.ndarray
        Its values.
    name : str
        Tensors of one name in one trial are one live object: each call finds `data` written into it, and in its
        `.grad` what the calls before have left there. Unnamed tensors are new in each call.
    requires_grad : bool
        Whether it is a leaf that collects a gradient.
    grad : numpy.ndarray, optional
        What its `.grad` holds before the first call, as an earlier `backward()` would have left it.
    layout : str
        "contiguous", "view" (a slice of a larger tensor) or "channels_last".
    """

    data: np.ndarray
    name: str = ""
    requires_grad: bool = False
    grad: np.ndarray | None = None
    layout: str = "contiguous"


@dataclass(frozen=True)
class Network:
    """A network, fresh in each trial.

    "small" has seeded weights, "small-mirrored" the same but mirrored filters, "squeezenet" was trained on ImageNet.
    """

    name: str


@dataclass(frozen=True)
class Picture:
    """A picture of the course as a normalised tensor (1, 3, h, w).

    `name` is a photograph or a style of the registry, or "imagenet-K" for number K of the ImageNet pictures; the
    shorter side has `size` pixels.
    """

    name: str
    size: int


@dataclass(frozen=True)
class Pictures:
    """Several ImageNet pictures as one normalised batch (N, 3, size, size)."""

    indices: tuple[int, ...]
    size: int


@dataclass(frozen=True)
class Features:
    """Feature maps of a picture in SqueezeNet: that of one layer, or the list of all (`layer=None`)."""

    picture: Picture
    layer: int | None = None


@dataclass(frozen=True)
class Called:
    """The result of calling another function of the notebook, such as the Gram matrix of a style picture."""

    function: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class OnTheWay:
    """An image that an earlier call showed to the watched network after a few steps, as a tensor of its own.

    Who goes on from there has forgotten what came before: `observation.onward` says which image it is.
    """

    call: int


@dataclass(frozen=True, eq=False)
class Trial:
    """Calls of one function, in order, and what to watch while they run.

    Parameters
    ----------
    function : str
        Canonical name of the function.
    calls : tuple of tuples
        Positional arguments of each call.
    network : str
        The network whose first layer is watched in calls that are given none; "" for none.
    watch : tuple of str
        Any of "gradient" (of the output with respect to each tensor that requires one), "arguments" (their values
        and gradients afterwards), "shown" (images that reach the network's first layer), "operations" (how many
        tensor operations were asked for), "network" (whether it is left as it was; its parameters collect gradients
        then), "apart" (the grader makes the last call in a process that has seen none of those before).
    """

    function: str
    calls: tuple[tuple[Any, ...], ...]
    watch: tuple[str, ...] = ()
    network: str = ""

    def only(self, calls: Iterable[int]) -> Trial:
        """Return the trial that makes some of its calls."""
        return dataclasses.replace(self, calls=tuple(self.calls[number] for number in calls))


def words(arguments: Iterable[Any]) -> Iterator[Any]:
    """Yield the arguments of a call, one after the other; those of a list each by itself."""
    for value in arguments:
        if isinstance(value, (list, tuple)):
            yield from words(value)
        else:
            yield value


def goes_on(arguments: Iterable[Any]) -> bool:
    """Say whether arguments carry something from one call to the next."""
    return any(
        isinstance(value, OnTheWay) or (isinstance(value, Tensor) and bool(value.name))
        for value in words(arguments)
    )


def needs_trained_network(trial: Trial) -> bool:
    """Say whether a trial shows the function SqueezeNet, a photograph, or features of one."""
    return any(
        value == Network("squeezenet") or isinstance(value, (Picture, Pictures, Features))
        for call in trial.calls
        for value in words(call)
    )


def numbers(trial: Trial) -> int:
    """Return how many numbers go into the calls of a trial; of feature maps, no fewer than there are."""
    counts: list[int] = []
    for call in trial.calls:
        given = [*words(call)]
        again = sum(counts[value.call] for value in given if isinstance(value, OnTheWay))
        counts.append(again + sum(map(_numbers, given)))
    return sum(counts)


def _numbers(value: Any) -> int:
    match value:
        case Tensor():
            return int(value.data.size)
        case Picture():
            return 3 * value.size**2
        case Pictures():
            return len(value.indices) * 3 * value.size**2
        case Features():
            return (
                32 * value.picture.size**2
            )  # SqueezeNet's first layer: 64 maps of half the height and width
        case Called():
            return sum(map(_numbers, words(value.args)))
        case _:
            return 0


_VOCABULARY = {c.__name__: c for c in (Tensor, Network, Picture, Pictures, Features, Called, OnTheWay, Trial)}


def encode(value: Any, arrays: Arrays) -> Any:
    """Turn `value` into plain JSON; its arrays are added to `arrays` and referred to by key.

    Raises
    ------
    TypeError
        If something in `value` is not part of the vocabulary.
    """
    if isinstance(value, np.ndarray):
        key = next((key for key, known in arrays.items() if known is value), str(len(arrays)))
        arrays[key] = value
        return {"array": key}
    if type(value).__name__ in _VOCABULARY:
        fields = {f.name: encode(getattr(value, f.name), arrays) for f in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return {"tuple": [encode(item, arrays) for item in value]}
    if isinstance(value, list):
        return [encode(item, arrays) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"{type(value).__name__} is not part of a trial's vocabulary")


def decode(value: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """Undo `encode`."""
    if isinstance(value, list):
        return [decode(item, arrays) for item in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    if "tuple" in value:
        return tuple(decode(item, arrays) for item in value["tuple"])
    fields = {name: decode(item, arrays) for name, item in value.items() if name != "is"}
    return _VOCABULARY[value["is"]](**fields)


def trial_key(trial: Trial) -> str:
    """Return a hash of all that a trial consists of: equal keys, equal experiments."""
    return _hashed(trial)


@functools.lru_cache(maxsize=1024)
def _hashed(trial: Trial) -> str:
    arrays: Arrays = {}
    header = encode(trial, arrays)
    return hashlib.sha256(pack(header, arrays)).hexdigest()
