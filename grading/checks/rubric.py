"""The rubric: which functions are asked, in which notebook, and which checks with how many points they carry."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from cs231n.self_check.trial import Trial
from grading.checks.declare import Check, declared_in


@dataclass(frozen=True)
class Asked:
    """A function that is asked: its canonical name, its notebook, its checks."""

    name: str
    notebook: str
    checks: tuple[Check, ...]

    def trials(self, seed: str) -> dict[str, Trial]:
        """Return what is tried for each check, by its id. Made once for a seed: a class shares them."""
        return _trials(self, seed)

    @property
    def points(self) -> float:
        """The most points the function can earn."""
        return sum(check.points for check in self.checks)


@functools.lru_cache(maxsize=64)
def _trials(asked: Asked, seed: str) -> dict[str, Trial]:
    return {check.id: check.trial(seed) for check in asked.checks}


@functools.cache
def rubric() -> tuple[Asked, ...]:
    """Return the functions of the two core notebooks, in the order of the rubric (100 points in all)."""
    from grading.checks import network_visualization, style_transfer

    asked = []
    for notebook, module in (
        ("NetworkVisualization", network_visualization),
        ("StyleTransfer", style_transfer),
    ):
        checks = declared_in(module)
        for name in dict.fromkeys(check.function for check in checks):
            own = tuple(check for check in checks if check.function == name)
            asked.append(Asked(name, notebook, own))
    return tuple(asked)
