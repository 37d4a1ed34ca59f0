"""The record of a function that is asked: all that is true of it alone."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from cs231n.trials.trial import Trial
from grading.assignments.vocabulary.check import Check
from grading.assignments.vocabulary.detector import Detector, Explanation
from grading.assignments.vocabulary.mistake import Mistake, Recipe
from grading.assignments.vocabulary.older_form import OlderForm
from grading.assignments.vocabulary.probe import PROBE, Probe, probing


@dataclass(frozen=True)
class Shown:
    """What a report draws of a function: an array ("0/output") of what was seen in a check, and its kind.

    `kind` is "map", "image" or "matrix".
    """

    check: str
    array: str
    kind: str


@dataclass(frozen=True, eq=False)
class Function:
    """A function that is asked.

    An author writes down what is true of it. Checks, recipe, detectors, explanation and what is true of its whole
    notebook (`notebook`, `file_pattern`, `provided`, `inputs`) are added when its room is read.

    Attributes
    ----------
    name : str
        Its canonical name.
    aliases : tuple of str
        Other names under which it was asked, in older years or other courses; the likelier first. "Loss.forward" is
        a method of a class that is made without arguments; a method of its own name is found without being listed.
    needs : str
        Another function of the notebook that it calls. It is judged with a right one, so that a mistake there costs
        once.
    in_place : bool
        It returns nothing, but changes its first argument.
    probe : Probe, optional
        How to see that it computes something; needed where a check asks for behaviour only.
    shown : Shown, optional
        What a report draws of it.
    hints : mapping
        Id of an explanation (`cs231n.trials.exceptions`) -> what that exception means in this function.
    notebook : str
        The name of its notebook.
    checks : tuple of Check
    recipe : Recipe, optional
        The steps of its computation, and the mistakes known of them.
    dtype : str
        The type of the whole numbers that it returns, as NumPy calls it; "" where it returns others.
    signs_aside : bool
        Its columns may have either sign, as the axes of a decomposition do: mistakes are compared without it.
    detectors : tuple of Detector
        What is seen of it without a wrong solution to compare with.
    explanation : Explanation, optional
        How it is explained if not by its recipe's wrong solutions.
    older_forms : mapping
        Alias -> how a function of that name is called, where it is not called as the canonical one.
    image_size : (int, int), optional
        The height and width that its notebook promises of the image that it is given, so that its text may hold them.
    file_pattern : re.Pattern
        What the names of its notebook's files contain.
    provided : mapping
        Globals that its notebook has made by then; see `Notebook`.
    inputs : tuple of str
        Those of `provided` that hold what functions are given as arguments.
    """

    name: str
    aliases: tuple[str, ...] = ()
    needs: str = ""
    in_place: bool = False
    probe: Probe | None = None
    shown: Shown | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    notebook: str = ""
    checks: tuple[Check, ...] = ()
    recipe: Recipe | None = None
    dtype: str = ""
    signs_aside: bool = False
    detectors: tuple[Detector, ...] = ()
    explanation: Explanation | None = None
    older_forms: Mapping[str, OlderForm] = field(default_factory=dict)
    image_size: tuple[int, int] | None = None
    file_pattern: re.Pattern[str] = re.compile("")
    provided: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it is accepted, the canonical one first."""
        return (self.name, *self.aliases)

    def is_loop_around(self, name: str) -> bool:
        """Whether a name is that of a loop around it, which may call it by another name (`OlderForm.loop`)."""
        return name in self.older_forms and self.older_forms[name].loop

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes known of its steps."""
        return self.recipe.mistakes if self.recipe else ()

    @property
    def points(self) -> float:
        """The most points it can earn."""
        return sum(check.points for check in self.checks)

    @property
    def public_checks(self) -> frozenset[str]:
        """The ids of the checks whose inputs everybody has."""
        return frozenset(check.id for check in self.checks if check.public)

    def trials(self, seed: str) -> dict[str, Trial]:
        """Return what is tried for each check and each twin, by its id. Made once for a seed: a class shares them."""
        with _one_makes:
            if (self, seed) not in _made:
                public = self.public_trials()
                own = {check.id: public.get(check.id) or check.trial(seed) for check in self.checks}
                twins = {check.twin_id: twin for check in self.checks if (twin := check.twin_trial(seed))}
                self.take(seed, own | twins)
            return _made[self, seed]

    def public_trials(self) -> dict[str, Trial]:
        """Return what is tried for each public check, by its id: the same for every seed."""
        with _one_makes:
            if self not in _public:
                _public[self] = {check.id: check.trial("") for check in self.checks if check.public}
            return _public[self]

    def knows(self, seed: str) -> bool:
        """Whether what is tried with a seed is made."""
        return (self, seed) in _made

    def take(self, seed: str, trials: dict[str, Trial]) -> None:
        """Use trials that were made for a seed: to make them again takes long."""
        with _one_makes:
            _public.setdefault(self, {id: trials[id] for id in trials if id in self.public_checks})
            _made[self, seed] = trials
            if len(_made) > MOST_MADE:
                del _made[next(iter(_made))]

    def doubts(self, seed: str) -> dict[str, Trial]:
        """Return what is tried besides on a function that is not right: whether it computes anything."""
        with _one_makes:
            return _doubts(self, seed)


# Of threads that start together one makes the inputs, and the others wait for them: they would take turns anyway.
_one_makes = threading.RLock()
_public: dict[Function, dict[str, Trial]] = {}
_made: dict[tuple[Function, str], dict[str, Trial]] = {}
MOST_MADE = 64


@functools.lru_cache(maxsize=64)
def _doubts(function: Function, seed: str) -> dict[str, Trial]:
    probe = function.probe
    return {PROBE: probing(probe, function.trials(seed)[probe.check])} if probe else {}
