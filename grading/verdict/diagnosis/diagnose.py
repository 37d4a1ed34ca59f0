"""Diagnosis of one function: the mistakes that together explain what it did, or a description of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from cs231n.sentences import as_sentence, joined
from grading.assignments.vocabulary.detector import Kind
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.mistake import Mistake
from grading.assignments.vocabulary.seen import Seen
from grading.results.definition import Diagnosis
from grading.results.sentences import recorded
from grading.verdict.diagnosis.detectors import detected
from grading.verdict.diagnosis.observed import MORE, observed
from grading.verdict.diagnosis.search import explanation, performed

# What a diagnosis rests on.
Basis = Literal["recognised", "observed"]
RECOGNISED: Basis = "recognised"
OBSERVED: Basis = "observed"


def diagnose(function: Function, seen: Seen, failed: Collection[str] | None = None) -> Diagnosis | None:
    """Return the diagnosis of a function that is not right.

    Parameters
    ----------
    function : Function
    seen : sequence of (Trial, Observation)
        All that was tried on it, and what was seen.
    failed : collection of str, optional
        The ids of the checks that it fails. A mistake of which these would show is not named where they pass.

    Returns
    -------
    Diagnosis or None
        `basis` says what it rests on. "recognised": one mistake, or two or three of them, explain every observation;
        what leaves no trace in the results, such as a loop over pixels, is named beside them. "observed": nothing
        known does, and how the results differ is described. None where there is nothing to say.
    """
    if exclusive := detected(function, seen, Kind.EXCLUSIVE):
        return _diagnosis(exclusive[:1], RECOGNISED)
    if not any(np.isfinite(array).any() for _, observation in seen for array in observation.arrays.values()):
        return None  # to raise always, or to be NaN everywhere, may have any reason
    additional = detected(function, seen, Kind.ADDITIONAL)
    explaining = explained(function, seen, failed)
    if explaining is not None:
        named = (*explaining, *additional, *detected(function, seen, Kind.ABOUT_RESULTS))
        return _diagnosis(named, RECOGNISED) if named else None
    description = observed(function, seen, failed) or (MORE if additional else None)
    return _diagnosis((*additional, description), OBSERVED) if description else None


def explained(
    function: Function, seen: Seen, failed: Collection[str] | None = None
) -> tuple[Mistake, ...] | None:
    """Return the mistakes that explain all results, () if these are right, None if no known ones do.

    Made in the recipe of the function, they fail the checks that it fails. Parameters as in `diagnose`.
    """
    own = function.explanation
    together = own.explain(seen, performed) if own and own.explain else explanation(function, seen)
    if together is None or failed is None:
        return together
    return tuple(mistake for mistake in together if mistake.shows_in(failed))


def _diagnosis(together: Sequence[Mistake], basis: Basis) -> Diagnosis:
    parts = tuple(mistake.id for mistake in together)
    title = joined((as_sentence(mistake.title) for mistake in together), "; ")
    hint = joined((as_sentence(mistake.hint) for mistake in together), "\n")
    return Diagnosis(
        id="+".join(parts),
        parts=parts,
        title=str(title),
        hint=str(hint),
        basis=basis,
        title_sentence=recorded(title),
        hint_sentence=recorded(hint),
    )
