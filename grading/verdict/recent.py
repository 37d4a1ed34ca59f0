"""Cache of observations bounded by its bytes: what was asked for longest ago makes room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from cs231n.trials.observation import Observation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key, of at most so many bytes together; not safe to use from several threads.

    Parameters
    ----------
    most_bytes : int
    observations : callable
        Returns the observations that a value holds: their arrays are what counts.
    """

    def __init__(self, most_bytes: int, observations: Callable[[V], Iterable[object]]) -> None:
        self.most_bytes, self._observations = most_bytes, observations
        self._bytes = 0
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """Return the value of a key, which is kept longest from now on; None if there is none (any more)."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: K, value: V) -> None:
        """Keep a value under a key that has none."""
        self._kept[key] = value
        self._bytes += self._size(value)
        while self._bytes > self.most_bytes:
            self._bytes -= self._size(self._kept.popitem(last=False)[1])

    def _size(self, value: V) -> int:
        seen = (one for one in self._observations(value) if isinstance(one, Observation))
        return sum(array.nbytes for one in seen for array in one.arrays.values())
