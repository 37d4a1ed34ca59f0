"""What takes the place of pyplot and IPython, of captions and of paths, where nobody looks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any


class Silent:
    """Takes the place of pyplot, or of IPython: every attribute, call, item and sum of it is itself."""

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

    __add__ = __radd__ = __truediv__ = __call__

    def __fspath__(self) -> str:
        """Return the path of what keeps nothing."""
        return os.devnull
