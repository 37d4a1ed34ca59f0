"""Diagnosis of one function: the mistakes that together explain what it did, or a description of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from grading.assignments.network_visualization.fooling_trajectory import explained_by_its_way
from grading.assignments.registry import function_named
from grading.assignments.vocabulary.mistake import Mistake, Recipe
from grading.verdict.diagnosis.compare import Seen
from grading.verdict.diagnosis.detectors import ABOUT_RESULTS, ALONE, BESIDE
from grading.verdict.diagnosis.observed import MORE, observed
from grading.verdict.diagnosis.search import explanation
from grading.verdict.reference import reference_functions

# What a diagnosis rests on.
RECOGNISED, OBSERVED = "recognised", "observed"


def diagnose(function: str, seen: Seen, failed: Collection[str] | None = None) -> dict[str, Any] | None:
    """Return the diagnosis of a function that is not right, as the result file shows it.

    Parameters
    ----------
    function : str
        Its canonical name.
    seen : sequence of (Trial, Observation)
        All that was tried on it, and what was seen.
    failed : collection of str, optional
        The ids of the checks that it fails. A mistake of which these would show is not named where they pass.

    Returns
    -------
    dict or None
        "basis" says what it rests on. "recognised": one mistake, or two or three of them, explain every observation;
        what leaves no trace in the results, such as a loop over pixels, is named beside them. "observed": nothing
        known does, and how the results differ is described. None where there is nothing to say.
    """
    for recognised, mistake in ALONE:
        if recognised(function, seen):
            return _entry((mistake,), RECOGNISED)
    if not any(np.isfinite(array).any() for _, observation in seen for array in observation.arrays.values()):
        return None  # to raise always, or to be NaN everywhere, may have any reason
    beside = tuple(mistake for recognised, mistake in BESIDE if recognised(function, seen))
    shown = explained(function, seen, failed)
    if shown is not None:
        return _entry((*shown, *beside), RECOGNISED) if shown or beside else None
    beside = tuple(mistake for mistake in beside if mistake not in ABOUT_RESULTS)
    described = observed(function, seen, failed) or (MORE if beside else None)
    return _entry((*beside, described), OBSERVED) if described else None


def recipe_of(function: str) -> Recipe:
    """Return recipe and mistakes of a function that is asked."""
    recipe = function_named(function).recipe
    return recipe or Recipe(function, reference_functions().__getitem__, ())


def explained(function: str, seen: Seen, failed: Collection[str] | None = None) -> tuple[Mistake, ...] | None:
    """Return the mistakes that explain all results, () if these are right, None if no known ones do.

    Made in the recipe of the function, they fail the checks that it fails. Parameters as in `diagnose`.
    """
    if function == "make_fooling_image":
        together = explained_by_its_way(seen)
    else:
        together = explanation(function, recipe_of(function), seen)
    if together is None or failed is None:
        return together
    return tuple(mistake for mistake in together if mistake.shows_in(failed))


def _entry(together: Sequence[Mistake], basis: str) -> dict[str, Any]:
    parts = [mistake.id for mistake in together]
    return {
        "id": "+".join(parts),
        "parts": parts,
        "title": "; ".join(mistake.title for mistake in together),
        "hint": "\n".join(mistake.hint for mistake in together),
        "basis": basis,
    }
