"""MyNotebook: the record of a notebook. Its folder is its room: all that is true of its functions lies here."""

from pathlib import Path

from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Notebook
from grading.assignments.vocabulary.probe import Probe

NOTEBOOK = Notebook(
    "MyNotebook",  # its file is MyNotebook.ipynb
    package=__name__,
    folder=Path(__file__).parent,
    title="the loss of a softmax classifier",
    # One record for each function, in the order in which they are asked. A function is worth the points of its checks.
    declared=(
        Function(
            "softmax_loss",
            # Which check is tried again with other arguments, to see that something is computed, and which arguments
            # must matter. It is needed where a check asks for behaviour only (`conduct=True`).
            probe=Probe("other_scores", {0: "scores"}),
        ),
    ),
)
