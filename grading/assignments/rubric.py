"""The rubric: which functions are asked, in which notebook, and which checks with how many points they carry."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import ModuleType

from cs231n.trials.trial import Trial
from grading.assignments.vocabulary.check import Check, declared_in
from grading.errors import KitError
from grading.verdict.computed import PROBE, PROBES, probing


@dataclass(frozen=True)
class Asked:
    """A function that is asked: its canonical name, its notebook, its checks."""

    name: str
    notebook: str
    checks: tuple[Check, ...]

    def trials(self, seed: str) -> dict[str, Trial]:
        """Return what is tried for each check and each twin, by its id. Made once for a seed: a class shares them."""
        return _trials(self, seed)

    def doubts(self, seed: str) -> dict[str, Trial]:
        """Return what is tried besides on a function that is not right: whether it computes anything."""
        return _doubts(self, seed)

    @property
    def points(self) -> float:
        """The most points the function can earn."""
        return sum(check.points for check in self.checks)


@functools.lru_cache(maxsize=64)
def _trials(asked: Asked, seed: str) -> dict[str, Trial]:
    twins = {check.twin_id: twin for check in asked.checks if (twin := check.twin_trial(seed))}
    return {check.id: check.trial(seed) for check in asked.checks} | twins


@functools.lru_cache(maxsize=64)
def _doubts(asked: Asked, seed: str) -> dict[str, Trial]:
    probe = PROBES.get(asked.name)
    return {PROBE: probing(asked.name, asked.trials(seed)[probe.check])} if probe else {}


# Each assignment counts 100 points of its own.
CORE, LECTURE = ASSIGNMENTS = ("assignment3", "lecture")


@functools.cache
def rubric(assignment: str = CORE) -> tuple[Asked, ...]:
    """Return the functions that an assignment asks, in the order of its notebooks (100 points in all).

    Parameters
    ----------
    assignment : {"assignment3", "lecture"}
        The two core notebooks, or VisualizingAndUnderstanding, which counts apart.

    Raises
    ------
    ValueError
        If there is no assignment of that name.
    """
    from grading.assignments.network_visualization import checks
    from grading.assignments.style_transfer import checks

    notebooks: dict[str, dict[str, tuple[ModuleType, ...]]] = {
        CORE: {"NetworkVisualization": (network_visualization,), "StyleTransfer": (style_transfer,)},
        LECTURE: {
            "VisualizingAndUnderstanding": (
                visualizing_and_understanding,
                visualizing_which_pixels_count,
                visualizing_by_gradients,
            )
        },
    }
    if assignment not in notebooks:
        raise ValueError(f"no assignment is called {assignment!r}; there are: {', '.join(notebooks)}")
    asked = []
    for notebook, modules in notebooks[assignment].items():
        checks = [check for module in modules for check in declared_in(module)]
        for name in dict.fromkeys(check.function for check in checks):
            own = tuple(check for check in checks if check.function == name)
            asked.append(Asked(name, notebook, own))
    return tuple(asked)


def every_function() -> tuple[Asked, ...]:
    """Return the functions of both assignments; no two have one name."""
    return (*rubric(CORE), *rubric(LECTURE))


def asked_function(name: str) -> Asked:
    """Return what is asked of a function of either assignment, by its canonical name."""
    return next(asked for asked in every_function() if asked.name == name)


def assignment_of(name: str | None) -> str:
    """Return the name of an assignment as it was typed, or the first.

    Raises
    ------
    KitError
        If there is none of that name.
    """
    if name is not None and name not in ASSIGNMENTS:
        raise KitError(f"no assignment is called {name!r}: write {' or '.join(ASSIGNMENTS)}")
    return name or CORE
