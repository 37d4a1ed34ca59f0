"""Ways to look inside a network, one small module each, called alike: `technique(network, images, target, ...)`.

The network is any classifier in the manner of torchvision, on any device, and is left as it was found; images
are (N, 3, H, W), normalised as it reads them; a target is a class, one for each image, or a `Unit` of a layer.
What describes layers takes a layer's name for a target; PCA, the grid and GrabCut take what the others return.

A technique is imported when it is first asked for. A student's folder lacks those that are to be written.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cs231n.techniques.adversarial import adversarial as adversarial
    from cs231n.techniques.deepdream import deepdream as deepdream
    from cs231n.techniques.filters import filters as filters
    from cs231n.techniques.grad_cam import grad_cam as grad_cam
    from cs231n.techniques.grid import snap_to_grid as snap_to_grid
    from cs231n.techniques.guided_backprop import guided_backprop as guided_backprop
    from cs231n.techniques.integrated_gradients import integrated_gradients as integrated_gradients
    from cs231n.techniques.inversion import invert as invert
    from cs231n.techniques.layout import pca as pca
    from cs231n.techniques.neighbours import features as features
    from cs231n.techniques.neighbours import nearest_neighbours as nearest_neighbours
    from cs231n.techniques.occlusion import occlusion as occlusion
    from cs231n.techniques.patches import maximally_activating_patches as maximally_activating_patches
    from cs231n.techniques.randomization import randomization_check as randomization_check
    from cs231n.techniques.receptive_field import receptive_field as receptive_field
    from cs231n.techniques.segmentation import grabcut as grabcut
    from cs231n.techniques.smooth_grad import smooth_grad as smooth_grad
    from cs231n.techniques.targets import Unit as Unit
    from cs231n.techniques.texture import texture as texture
    from cs231n.techniques.visualize import visualize as visualize

_MODULE_OF = {
    "Unit": "targets",
    "adversarial": "adversarial",
    "deepdream": "deepdream",
    "features": "neighbours",
    "filters": "filters",
    "grabcut": "segmentation",
    "grad_cam": "grad_cam",
    "guided_backprop": "guided_backprop",
    "integrated_gradients": "integrated_gradients",
    "invert": "inversion",
    "maximally_activating_patches": "patches",
    "nearest_neighbours": "neighbours",
    "occlusion": "occlusion",
    "pca": "layout",
    "randomization_check": "randomization",
    "receptive_field": "receptive_field",
    "smooth_grad": "smooth_grad",
    "snap_to_grid": "grid",
    "texture": "texture",
    "visualize": "visualize",
}
__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"{__name__} has no {name!r}; it has {', '.join(_MODULE_OF)}.")
    home = f"{__name__}.{_MODULE_OF[name]}"
    try:
        technique = getattr(import_module(home), name)
    except ModuleNotFoundError as error:
        if error.name != home:
            raise
        raise ImportError(
            f"{name} is not in a student's folder: it is what you write in VisualizingAndUnderstanding."
        ) from None
    globals()[name] = technique
    return technique


class _Techniques(ModuleType):
    """Importing the module `occlusion` binds it here by its name, which is that of the technique in it."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and _MODULE_OF.get(name) == name:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Techniques
