"""Ways to look inside a network, one small module each, called alike: `technique(network, images, target, ...)`.

The network is any classifier in the manner of torchvision, on any device, and is left as it was found; images
are (N, 3, H, W), normalised as it reads them; a target is a class, one for each image, or a `Unit` of a layer.
What describes layers takes a layer's name for a target; PCA, the grid and GrabCut take what the others return.
"""

from cs231n.techniques.grad_cam import grad_cam
from cs231n.techniques.guided_backprop import guided_backprop
from cs231n.techniques.integrated_gradients import integrated_gradients
from cs231n.techniques.layout import pca, snap_to_grid
from cs231n.techniques.neighbours import features, nearest_neighbours
from cs231n.techniques.occlusion import occlusion
from cs231n.techniques.patches import maximally_activating_patches
from cs231n.techniques.randomization import randomization_check
from cs231n.techniques.receptive_field import receptive_field
from cs231n.techniques.segmentation import grabcut
from cs231n.techniques.smooth_grad import smooth_grad
from cs231n.techniques.targets import Unit

__all__ = [
    "Unit",
    "features",
    "grabcut",
    "grad_cam",
    "guided_backprop",
    "integrated_gradients",
    "maximally_activating_patches",
    "nearest_neighbours",
    "occlusion",
    "pca",
    "randomization_check",
    "receptive_field",
    "smooth_grad",
    "snap_to_grid",
]
