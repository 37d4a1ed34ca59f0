"""What `make test-quick` does without: in that run, neither torch nor the sandbox can be imported."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

REFUSED = ("torch", "torchvision", "grading.sandbox.client")


class Refusal:
    """An import hook that refuses them, so that a test which needs one fails there and names it."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Raise for a refused module; leave every other to Python."""
        if name in REFUSED:
            raise ImportError(
                f"make test-quick does without {name}: take this file out of QUICK in the Makefile"
            )
