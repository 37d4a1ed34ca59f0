"""How a mistake is written down that no step of the recipe makes: what shows it in the observations.

Most mistakes are found by their results: a wrong solution of the recipe does the same. Some leave no trace there, such
as a loop over pixels, or are known without a comparison, such as to return nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from grading.assignments.vocabulary.mistake import Mistake
from grading.assignments.vocabulary.seen import Observe, Seen

Sees = Callable[[Seen], bool]


class Kind(enum.Enum):
    """What a detected mistake says of all else that was seen."""

    EXCLUSIVE = "it explains everything: no other mistake is looked for"
    ADDITIONAL = "it leaves no trace in the results, which may be right or wrong"
    ABOUT_RESULTS = "additional, but said only where the results are understood"


@dataclass(frozen=True, eq=False)
class Detector:
    """A mistake that is seen as it is.

    Attributes
    ----------
    mistake : Mistake
    sees : callable
        Says of all that was seen of a function whether the mistake was made.
    kind : Kind
    function : str
        The canonical name of the function it concerns.
    instead_of : str
        The id of a mistake of any function that is not looked for in this one, since this detector names it better.
    """

    mistake: Mistake
    sees: Sees
    kind: Kind
    function: str = ""
    instead_of: str = ""


def detector(
    function: str, id: str, title: str, hint: str, *, kind: Kind = Kind.ADDITIONAL, instead_of: str = ""
) -> Callable[[Sees], Detector]:
    """Declare a mistake of `function` that the decorated function sees; `Detector` says what the rest means."""

    def declare(sees: Sees) -> Detector:
        return Detector(Mistake(id, title, hint, {}), sees, kind, function, instead_of)

    return declare


@dataclass(frozen=True)
class Explanation:
    """How a function is explained, or described, in a way of its own.

    Attributes
    ----------
    function : str
        Its canonical name.
    explain : callable or None
        Returns the mistakes that explain all that was seen, () if it is right, None if none do. It is handed `observe`,
        which says what a candidate does in a trial. None where the results are compared with a list of wrong solutions,
        as those of other functions are.
    describe : callable
        Returns what holds of all that was seen where nothing explains it, None if nothing does.
    """

    function: str
    explain: Callable[[Seen, Observe], tuple[Mistake, ...] | None] | None
    describe: Callable[[Seen], Mistake | None]
