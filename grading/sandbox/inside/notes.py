"""Which notes a function has earned: a translation is noted when it takes effect, so that a result can say so."""

from __future__ import annotations

_used: set[str] = set()


def took_effect(key: str) -> None:
    """Note that a translation was needed by the function that runs; `key` is one of `shared.notes.NOTES`."""
    _used.add(key)


def used() -> list[str]:
    """Return the keys of the notes that were earned since the last `forget`."""
    return sorted(_used)


def forget() -> None:
    """Begin a new function: what took effect for the one before is not said of it."""
    _used.clear()
