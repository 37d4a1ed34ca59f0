"""The rubric: which functions are asked, in which notebook, and which checks with how many points they carry."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from grading.checks.declare import Check, declared_in


@dataclass(frozen=True)
class Asked:
    """A function that is asked: its canonical name, its notebook, its checks."""

    name: str
    notebook: str
    checks: tuple[Check, ...]

    @property
    def points(self) -> float:
        """The most points the function can earn."""
        return sum(check.points for check in self.checks)


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
