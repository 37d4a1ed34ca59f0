"""NetworkVisualization: saliency maps, fooling images, class visualization."""

from pathlib import Path

from cs231n.trials import notebook_globals
from grading.assignments.network_visualization import hints
from grading.assignments.vocabulary.function import Function, Shown
from grading.assignments.vocabulary.notebook import Notebook
from grading.assignments.vocabulary.older_form import OlderForm
from grading.assignments.vocabulary.probe import Probe

OLDER_FORMS = Path(__file__).with_name("older_forms.py")
NOTEBOOK = Notebook(
    "NetworkVisualization",
    package=__name__,
    folder=Path(__file__).parent,
    files=r"net(work)?[ _-]*visuali[sz]ation|Q3",
    assignments=("assignment3", "network-visualization"),
    title="saliency maps, fooling images, class visualization",
    provided=notebook_globals.PROVIDED,
    inputs=notebook_globals.INPUTS,
    declared=(
        Function(
            "compute_saliency_maps",
            probe=Probe("one_map_for_each_image", {0: "picture", 2: "network"}),
            shown=Shown("stored_saliency_maps", "0/output", "map"),
            hints=hints.SALIENCY,
        ),
        Function(
            "make_fooling_image",
            aliases=("make_adversarial_attack",),
            probe=Probe("climbs_target_score", {2: "network"}, "shown"),
            shown=Shown("fools_squeezenet", "0/output", "image"),
            hints=hints.FOOLING,
            image_size=(224, 224),
        ),
        Function(
            "class_visualization_update_step",
            aliases=(
                "class_visualization_step",
                "update_class_visulization",
                "update_class_visualization",
                "create_class_visualization",
            ),
            older_forms={
                "class_visualization_step": OlderForm("returning_step", OLDER_FORMS),
                "update_class_visulization": OlderForm("image_last", OLDER_FORMS),
                "update_class_visualization": OlderForm("image_last", OLDER_FORMS),
                "create_class_visualization": OlderForm("step_in_loop", OLDER_FORMS, loop=True),
            },
            in_place=True,
            # without the L2 term: where the network is sure, it is all that is left of a probability's gradient
            probe=Probe("length", {0: "picture", 1: "network"}, "after/0", instead={3: 0.0}),
            shown=Shown("direction_on_squeezenet", "0/after/0", "image"),
            hints=hints.STEP,
        ),
    ),
)
