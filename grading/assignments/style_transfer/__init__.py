"""StyleTransfer: content, Gram, style and total-variation losses."""

from pathlib import Path

from cs231n.trials import notebook_globals
from grading.assignments.style_transfer import hints
from grading.assignments.vocabulary.function import Function, Shown
from grading.assignments.vocabulary.notebook import Notebook
from grading.assignments.vocabulary.probe import Probe

NOTEBOOK = Notebook(
    "StyleTransfer",
    package=__name__,
    folder=Path(__file__).parent,
    files=r"style[ _-]*transfer|Q4",
    assignments=("assignment3", "style-transfer"),
    title="content, Gram, style and total-variation losses",
    provided=notebook_globals.PROVIDED,
    inputs=notebook_globals.INPUTS,
    declared=(
        Function("content_loss", aliases=("ContentLoss.forward",), hints=hints.CONTENT),
        Function("gram_matrix", shown=Shown("stored_gram_matrix", "0/output", "matrix"), hints=hints.GRAM),
        Function("style_loss", aliases=("StyleLoss.forward",), needs="gram_matrix", hints=hints.STYLE),
        Function(
            "tv_loss",
            aliases=("TotalVariationLoss.forward",),
            probe=Probe("non_square_images", {0: "picture"}),
            hints=hints.TV,
        ),
    ),
)
