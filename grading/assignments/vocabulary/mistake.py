"""A mistake: a change to one or two steps of the right recipe, and what to tell the student.

Each function has a *recipe*: a maker whose keyword arguments are the steps of the computation, with the right ones
as defaults. A mistake replaces some of them. Two mistakes that replace different steps can be made together, so
combinations need not be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Maker = Callable[..., Callable[..., Any]]
Step = Callable[..., Any]
CALL = "call"


def identity(value: Any) -> Any:
    """Return a value as it is: the step that is left out, or not there in the right solution."""
    return value


@dataclass(frozen=True)
class Mistake:
    """A named wrong solution.

    Attributes
    ----------
    id : str
        Its name in results. Several variants of one mistake share it.
    title : str
        One line: what was done.
    hint : str
        What was computed, what was asked, where to look; never the solution.
    changes : mapping
        Step of the recipe -> what is done instead. `call` is one of every recipe whose function has no
        `Explanation` that explains: it is handed the function that the other steps make, and returns what is called in
        its place; so a mistake may look at the arguments.
    costs : tuple of str
        Ids of checks of which at least one fails wherever this is made; () where nothing is known of that.
    """

    id: str
    title: str
    hint: str
    changes: Mapping[str, Any]
    costs: tuple[str, ...] = ()

    def shows_in(self, failed: Collection[str]) -> bool:
        """Say whether the checks that fail are among those that this mistake costs."""
        return not self.costs or not set(self.costs).isdisjoint(failed)


@dataclass(frozen=True)
class Recipe:
    """The recipe of one function, and the mistakes known of it.

    Attributes
    ----------
    function : str
        Its canonical name.
    make : callable
        Makes the function from its steps; without any, the right one.
    mistakes : tuple of Mistake
    """

    function: str
    make: Maker
    mistakes: tuple[Mistake, ...]

    def changed(self, changes: Mapping[str, Any]) -> Callable[..., Any]:
        """Return the function with these changes."""
        steps = {step: change for step, change in changes.items() if step != CALL}
        made: Callable[..., Any] = changes.get(CALL, identity)(self.make(**steps))
        return made


def described(id: str, title: str, hint: str) -> Mistake:
    """Return the description of what was seen where no mistake explains it, as a diagnosis shows it."""
    return Mistake(f"observed-{id}", title, hint, {})


def variants(id: str, title: str, hint: str, *changes: Mapping[str, Any]) -> tuple[Mistake, ...]:
    """Return one mistake for each of several ways to make it."""
    return tuple(Mistake(id, title, hint, change) for change in changes)


def wrong_functions(
    recipe: Recipe, counts: Sequence[int] = (1, 2)
) -> Iterator[tuple[tuple[Mistake, ...], Callable[..., Any]]]:
    """Yield each mistake alone, then each pair (or however many `counts` says) that can be made together.

    With each comes the wrong function.
    """
    for count in counts:
        for together in combinations(recipe.mistakes, count):
            if changes := merge_changes(together):
                yield together, recipe.changed(changes)


def merge_changes(mistakes: Sequence[Mistake]) -> dict[str, Any] | None:
    """Return the changes of several mistakes, or None if two change the same step or have one name."""
    changes: dict[str, Any] = {}
    for mistake in mistakes:
        if changes.keys() & mistake.changes.keys():
            return None
        changes.update(mistake.changes)
    return changes if len({mistake.id for mistake in mistakes}) == len(mistakes) else None
