"""The example class: who hands in what, and the verdict that each must get.

Four students have everything right. Ada keeps close to the hints: one backward pass with a vector of ones, `.data` for
the update. Grace learnt PyTorch from older material: `model.forward`, `Variable`, a `pass` left behind. Alan thinks in
formulas: `autograd.grad`, `einsum`, `diff`. The fourth is unusual, and easily failed by a careless grader: helpers in
cells of their own, globals of the notebook, magics, a device that this machine does not have, prints in Chinese and
Korean. The others are like one of these, with one function changed. Each of these mistakes was counted in public
repositories.

The lines are in `examples/students/` of the rooms. `python -m grading examples DIR` writes the notebooks.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from grading.assignments.registry import notebook_named, rubric
from grading.assignments.vocabulary.example import Example, Flaw, cells_in


@functools.cache
def lines_of(function: str) -> Mapping[str, str]:
    """Return what students write between the markers of a function, by the headings of `examples/students`."""
    record = next(asked for asked in rubric() if asked.name == function)
    path = notebook_named(record.notebook).folder / "examples" / "students" / f"{function}.py"
    return {heading.partition(":")[0]: source for heading, source in cells_in(path)}


def right_lines(student: str) -> dict[str, str]:
    """Return the lines of "ada", "grace", "alan" or "unusual", who have everything right, by function."""
    return {asked.name: lines_of(asked.name)[student] for asked in rubric()}


def _like(student: str, name: str, shows: str, score: float, *flaws: Flaw) -> Example:
    """Return the submission of a student ("" for nobody's, all stubs) in which some functions are not right."""
    lines = right_lines(student) if student else {}
    for flaw in flaws:
        lines.pop(flaw.function, None)
        if flaw.lines:
            lines[flaw.function] = lines_of(flaw.function)[flaw.lines]
    before = f"{student}, own cell"
    own_cells = {function: lines_of(function)[before] for function in lines if before in lines_of(function)}
    return Example(name, shows, score, lines, own_cells, flaws)


EXAMPLES = (
    _like("ada", "all_right", "everything right, close to the hints", 100),
    _like(
        "grace",
        "right_in_older_style",
        "everything right: `model.forward`, `Variable`, `.data`, a `pass` left behind",
        100,
    ),
    _like("alan", "right_in_formulas", "everything right: `autograd.grad`, `einsum`, `diff`", 100),
    _like(
        "unusual",
        "unusual_but_right",
        "everything right: helpers in cells of their own, magics, globals, prints in Chinese and Korean, an "
        "optimiser, convolutions, loops over images and channels",
        100,
    ),
    _like(
        "",
        "untouched",
        "the notebooks as they were handed out",
        0,
        Flaw("compute_saliency_maps", "", 0, "stub"),
        Flaw("make_fooling_image", "", 0, "stub"),
        Flaw("class_visualization_update_step", "", 0, "stub"),
        Flaw("content_loss", "", 0, "stub"),
        Flaw("gram_matrix", "", 0, "stub"),
        Flaw("style_loss", "", 0, "stub"),
        Flaw("tv_loss", "", 0, "stub"),
    ),
    _like(
        "grace",
        "half_done",
        "five functions begun, one gives up too early, one says `NotImplementedError`",
        47,
        Flaw("make_fooling_image", "gives_up", 7, "partial", "fooling-gives-up"),
        Flaw("class_visualization_update_step", "", 0, "stub"),
        Flaw("style_loss", "not_implemented", 0, "stub"),
        Flaw("tv_loss", "", 0, "stub"),
    ),
    _like(
        "ada",
        "saliency_cross_entropy",
        "gradient of the loss instead of the score",
        88,
        Flaw("compute_saliency_maps", "cross_entropy", 8, "partial", "saliency-cross-entropy"),
    ),
    _like(
        "grace",
        "saliency_cross_entropy_and_no_abs",
        "two mistakes in one function",
        86,
        Flaw(
            "compute_saliency_maps",
            "cross_entropy_and_no_abs",
            6,
            "partial",
            "saliency-cross-entropy+saliency-no-abs",
        ),
    ),
    _like(
        "ada",
        "saliency_squeeze",
        "`squeeze()` breaks a batch of one",
        94,
        Flaw("compute_saliency_maps", "squeeze", 14, "partial", "saliency-squeeze-one"),
    ),
    _like(
        "grace",
        "saliency_five_only",
        "`torch.FloatTensor([1.0] * 5)`",
        85,
        Flaw("compute_saliency_maps", "five_only", 5, "partial", "saliency-five-only"),
    ),
    _like(
        "alan",
        "saliency_no_abs",
        "largest gradient, sign included",
        86,
        Flaw("compute_saliency_maps", "no_abs", 6, "partial", "saliency-no-abs"),
    ),
    _like(
        "alan",
        "saliency_largest_score_and_sum",
        "two other mistakes: `y` ignored, channels added",
        88,
        Flaw(
            "compute_saliency_maps",
            "largest_score_and_sum",
            8,
            "partial",
            "saliency-largest-score+saliency-sum-over-channels",
        ),
    ),
    _like(
        "ada",
        "fooling_accumulates",
        "gradient never zeroed; still fools",
        98,
        Flaw("make_fooling_image", "accumulates", 13, "partial", "fooling-gradient-not-zeroed"),
    ),
    _like(
        "grace",
        "step_not_normalised",
        "step as long as the gradient",
        95,
        Flaw("class_visualization_update_step", "not_normalised", 15, "partial", "step-not-normalised"),
    ),
    _like(
        "ada",
        "step_l2_norm_not_squared",
        "norm instead of its square in the L2 term",
        90,
        Flaw(
            "class_visualization_update_step",
            "l2_norm_not_squared",
            10,
            "partial",
            "step-l2-norm-not-squared",
        ),
    ),
    _like(
        "alan",
        "step_gradient_not_zeroed",
        "right once, wrong from the second call on",
        95,
        Flaw(
            "class_visualization_update_step",
            "gradient_not_zeroed",
            15,
            "partial",
            "step-gradient-not-zeroed",
        ),
    ),
    _like(
        "grace",
        "step_l2_wrong_sign",
        "the penalty rewards",
        90,
        Flaw("class_visualization_update_step", "l2_wrong_sign", 10, "partial", "step-l2-wrong-sign"),
    ),
    _like(
        "alan",
        "step_not_in_place",
        "`img = img + ...`",
        80,
        Flaw("class_visualization_update_step", "not_in_place", 0, "wrong", "step-not-in-place"),
    ),
    _like(
        "ada",
        "content_detached",
        "right number by way of numpy, no gradient",
        97,
        Flaw("content_loss", "detached", 7, "partial", "content-detached"),
    ),
    _like(
        "grace",
        "content_unnamed_mistake",
        "wrong in a way that has no name: differences clipped",
        90,
        Flaw("content_loss", "clipped", 0, "wrong"),
    ),
    _like(
        "alan",
        "gram_no_batch_axis",
        "returns (C, C)",
        96,
        Flaw("gram_matrix", "no_batch_axis", 6, "partial", "gram-no-batch-axis"),
    ),
    _like(
        "grace",
        "gram_wrong_divisor",
        "divided by H W instead of C H W",
        91,
        Flaw("gram_matrix", "wrong_divisor", 1, "partial", "gram-wrong-divisor"),
    ),
    _like(
        "ada",
        "returns_nothing",
        "the result has another name than the one returned",
        90,
        Flaw("gram_matrix", "returns_nothing", 0, "wrong", "returns-nothing"),
    ),
    _like(
        "ada",
        "style_layers_sorted",
        "right if the layers are sorted",
        97,
        Flaw("style_loss", "layers_sorted", 12, "partial", "style-sorted-layers"),
    ),
    _like(
        "alan",
        "syntax_error_in_one_cell",
        "a missing colon; the other cells count",
        85,
        Flaw("style_loss", "syntax_error", 0, "error"),
    ),
    _like(
        "grace",
        "tv_border_dropped",
        "last row and column left out",
        92,
        Flaw("tv_loss", "border_dropped", 2, "partial", "tv-border-dropped"),
    ),
    _like(
        "alan",
        "tv_loop",
        "a Python loop over rows and columns",
        98,
        Flaw("tv_loss", "loop_over_rows", 8, "partial", "tv-python-loop"),
    ),
    _like("ada", "tv_exception", "unpacks the shape wrongly", 90, Flaw("tv_loss", "exception", 0, "error")),
    _like(
        "grace",
        "crash",
        "`os._exit` left over from debugging, in one function",
        90,
        Flaw("tv_loss", "crash", 0, "error"),
    ),
    _like(
        "alan",
        "endless_loop",
        "a `while` that never ends, in one function",
        85,
        Flaw("make_fooling_image", "endless_loop", 0, "timeout"),
    ),
)
