"""VisualizingAndUnderstanding: the rest of the lecture."""

from pathlib import Path

from cs231n.trials import notebook_globals
from grading.assignments.visualizing_and_understanding import hints
from grading.assignments.vocabulary.function import Function
from grading.assignments.vocabulary.notebook import Notebook
from grading.assignments.vocabulary.probe import Probe

NOTEBOOK = Notebook(
    "VisualizingAndUnderstanding",
    package=__name__,
    folder=Path(__file__).parent,
    files=r"visuali[sz]ing[ _-]*and[ _-]*understanding",
    assignments=("lecture",),
    title="the rest of the lecture",
    provided=notebook_globals.PROVIDED,
    inputs=notebook_globals.INPUTS,
    declared=(
        Function("filters_to_images", probe=Probe("filters_of_other_shapes", {0: "weights"})),
        Function("nearest_neighbours", dtype="int64", probe=Probe("other_tables", {0: "features"})),
        Function("pca", signs_aside=True, probe=Probe("more_rows_than_columns", {0: "features"})),
        Function("receptive_field_box", dtype="int64", probe=Probe("neurons_inside", {2: "layers"})),
        Function("occlusion_map", probe=Probe("other_squares", {0: "picture", 2: "network"})),
        Function("grabcut_seeds", dtype="uint8", probe=Probe("other_maps", {0: "saliency map"})),
        Function("guided_relu_backward", probe=Probe("any_shape", {0: "gradient"})),
        Function("spectrum_to_image"),
        Function("target_margin", probe=Probe("batches_of_scores", {0: "scores"})),
        Function(
            "dream_gradient", probe=Probe("other_layers", {0: "picture", 1: "network"}), hints=hints.DREAM
        ),
        Function("inversion_loss", hints=hints.INVERSION),
    ),
)
