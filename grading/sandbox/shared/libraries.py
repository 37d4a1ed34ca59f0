"""Whether a function may import torchvision: the warm parent loads it for the first that does, and for no other."""

from __future__ import annotations

from typing import Any

# Under these names the set-up cells of all years have it.
NAMES = frozenset(("T", "torchvision"))


def names_torchvision(job: dict[str, Any]) -> bool:
    """Return whether a function, or what was handed in beside it, names torchvision."""
    every = [*job["units"], *(unit for units in job["modules"].values() for unit in units)]
    texts = [*(unit["source"] for unit in every), *job["provided"].values()]
    return not NAMES.isdisjoint(job["names"]) or any("torchvision" in text for text in texts)
