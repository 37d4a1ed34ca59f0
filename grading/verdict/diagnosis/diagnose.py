"""Names the mistakes that do together what the student's function did, or describes what was seen of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from grading.assignments.network_visualization.fooling_trajectory import explained_by_its_way
from grading.assignments.network_visualization.mistakes.class_visualization_update_step import STEP
from grading.assignments.network_visualization.mistakes.compute_saliency_maps import SALIENCY
from grading.assignments.network_visualization.mistakes.make_fooling_image import FOOLING
from grading.assignments.style_transfer.mistakes.content_loss import CONTENT
from grading.assignments.style_transfer.mistakes.gram_matrix import GRAM
from grading.assignments.style_transfer.mistakes.style_loss import STYLE
from grading.assignments.style_transfer.mistakes.tv_loss import TV
from grading.assignments.visualizing_and_understanding.mistakes.dream_gradient import DREAM
from grading.assignments.visualizing_and_understanding.mistakes.filters_to_images import FILTERS
from grading.assignments.visualizing_and_understanding.mistakes.grabcut_seeds import SEEDS
from grading.assignments.visualizing_and_understanding.mistakes.guided_relu_backward import GUIDED
from grading.assignments.visualizing_and_understanding.mistakes.inversion_loss import INVERSION
from grading.assignments.visualizing_and_understanding.mistakes.nearest_neighbours import NEIGHBOURS
from grading.assignments.visualizing_and_understanding.mistakes.occlusion_map import OCCLUSION
from grading.assignments.visualizing_and_understanding.mistakes.pca import PCA
from grading.assignments.visualizing_and_understanding.mistakes.receptive_field_box import BOX
from grading.assignments.visualizing_and_understanding.mistakes.spectrum_to_image import SPECTRUM
from grading.assignments.visualizing_and_understanding.mistakes.target_margin import MARGIN
from grading.assignments.vocabulary.mistake import Mistake, Named
from grading.verdict.diagnosis.compare import Seen
from grading.verdict.diagnosis.detectors import ABOUT_RESULTS, ALONE, BESIDE
from grading.verdict.diagnosis.observed import MORE, observed
from grading.verdict.diagnosis.search import explanation

# What a diagnosis rests on.
RECOGNISED, OBSERVED = "recognised", "observed"


def named() -> dict[str, Named]:
    """Return recipe and mistakes of every function that is asked."""
    return {
        "compute_saliency_maps": SALIENCY,
        "make_fooling_image": FOOLING,
        "class_visualization_update_step": STEP,
        "content_loss": CONTENT,
        "gram_matrix": GRAM,
        "style_loss": STYLE,
        "tv_loss": TV,
        "filters_to_images": FILTERS,
        "nearest_neighbours": NEIGHBOURS,
        "pca": PCA,
        "receptive_field_box": BOX,
        "occlusion_map": OCCLUSION,
        "grabcut_seeds": SEEDS,
        "guided_relu_backward": GUIDED,
        "spectrum_to_image": SPECTRUM,
        "target_margin": MARGIN,
        "dream_gradient": DREAM,
        "inversion_loss": INVERSION,
    }


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


def explained(function: str, seen: Seen, failed: Collection[str] | None = None) -> tuple[Mistake, ...] | None:
    """Return the mistakes that explain all results, () if these are right, None if no known ones do.

    Made in the recipe of the function, they fail the checks that it fails. Parameters as in `diagnose`.
    """
    if function == "make_fooling_image":
        together = explained_by_its_way(seen)
    else:
        together = explanation(function, named()[function], seen)
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
