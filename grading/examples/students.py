"""The students of the example class, and the lines that each hands in. README.md shows their grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grading.examples import wrong
from grading.examples.right import (ADA, ALAN, GRACE, UNUSUAL, UNUSUAL_CELLS)


@dataclass(frozen=True)
class Example:
    """One submission.

    Attributes
    ----------
    name : str
        Its folder, which says what it is.
    lines : mapping
        Function -> the lines between its markers; a function that is not named keeps its stub.
    own_cells : mapping
        Function -> the text of a cell that the student put before it.
    """

    name: str
    lines: Mapping[str, str]
    own_cells: Mapping[str, str] = field(default_factory=dict)


def _like(student: Mapping[str, str], **changed: str) -> dict[str, str]:
    return {**student, **changed}


EXAMPLES = (
    Example("all_right", ADA),
    Example("right_in_older_style", GRACE),
    Example("right_in_formulas", ALAN),
    Example("unusual_but_right", UNUSUAL, UNUSUAL_CELLS),
    Example("untouched", {}),
    Example(
        "half_done",
        {
            "compute_saliency_maps": GRACE["compute_saliency_maps"],
            "make_fooling_image": wrong.FOOLING["gives_up"],
            "content_loss": GRACE["content_loss"],
            "gram_matrix": GRACE["gram_matrix"],
            "style_loss": wrong.STYLE["not_implemented"],
        },
    ),
    Example("saliency_cross_entropy", _like(ADA, compute_saliency_maps=wrong.SALIENCY["cross_entropy"])),
    Example(
        "saliency_cross_entropy_and_no_abs",
        _like(GRACE, compute_saliency_maps=wrong.SALIENCY["cross_entropy_and_no_abs"]),
    ),
    Example("saliency_squeeze", _like(ADA, compute_saliency_maps=wrong.SALIENCY["squeeze"])),
    Example("saliency_five_only", _like(GRACE, compute_saliency_maps=wrong.SALIENCY["five_only"])),
    Example("saliency_no_abs", _like(ALAN, compute_saliency_maps=wrong.SALIENCY["no_abs"])),
    Example(
        "saliency_largest_score_and_sum",
        _like(ALAN, compute_saliency_maps=wrong.SALIENCY["largest_score_and_sum"]),
    ),
    Example("fooling_accumulates", _like(ADA, make_fooling_image=wrong.FOOLING["accumulates"])),
    Example(
        "step_not_normalised", _like(GRACE, class_visualization_update_step=wrong.STEP["not_normalised"])
    ),
    Example(
        "step_l2_norm_not_squared",
        _like(ADA, class_visualization_update_step=wrong.STEP["l2_norm_not_squared"]),
    ),
    Example(
        "step_gradient_not_zeroed",
        _like(ALAN, class_visualization_update_step=wrong.STEP["gradient_not_zeroed"]),
    ),
    Example("step_l2_wrong_sign", _like(GRACE, class_visualization_update_step=wrong.STEP["l2_wrong_sign"])),
    Example("step_not_in_place", _like(ALAN, class_visualization_update_step=wrong.STEP["not_in_place"])),
    Example("content_detached", _like(ADA, content_loss=wrong.CONTENT["detached"])),
    Example("content_unnamed_mistake", _like(GRACE, content_loss=wrong.CONTENT["clipped"])),
    Example("gram_no_batch_axis", _like(ALAN, gram_matrix=wrong.GRAM["no_batch_axis"])),
    Example("gram_wrong_divisor", _like(GRACE, gram_matrix=wrong.GRAM["wrong_divisor"])),
    Example("returns_nothing", _like(ADA, gram_matrix=wrong.GRAM["returns_nothing"])),
    Example("style_layers_sorted", _like(ADA, style_loss=wrong.STYLE["layers_sorted"])),
    Example("syntax_error_in_one_cell", _like(ALAN, style_loss=wrong.STYLE["syntax_error"])),
    Example("tv_border_dropped", _like(GRACE, tv_loss=wrong.TV["border_dropped"])),
    Example("tv_loop", _like(ALAN, tv_loss=wrong.TV["loop_over_rows"])),
    Example("tv_exception", _like(ADA, tv_loss=wrong.TV["exception"])),
    Example("crash", _like(GRACE, tv_loss=wrong.TV["crash"])),
    Example("endless_loop", _like(ALAN, make_fooling_image=wrong.FOOLING["endless_loop"])),
)
