"""What takes the place of pyplot and IPython where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


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
