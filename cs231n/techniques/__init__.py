"""Ways to look inside a network, one small module each, called alike: `technique(network, images, target, ...)`.

The network is any classifier in the manner of torchvision, on any device, and is left as it was found; images
are (N, 3, H, W), normalised as it reads them; a target is a class, one for each image, or a `Unit` of a layer.
What describes layers takes a layer's name for a target; the grid takes points. A technique that is built around
a function of the student's takes it as an argument.

A technique is imported when it is first asked for. What students write themselves is not here, see `WRITTEN`.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cs231n.language import said

if TYPE_CHECKING:
    from cs231n.techniques.adversarial import adversarial as adversarial
    from cs231n.techniques.deepdream import deepdream as deepdream
    from cs231n.techniques.grad_cam import grad_cam as grad_cam
    from cs231n.techniques.grid import snap_to_grid as snap_to_grid
    from cs231n.techniques.guided_backprop import guided_backprop as guided_backprop
    from cs231n.techniques.integrated_gradients import integrated_gradients as integrated_gradients
    from cs231n.techniques.inversion import invert as invert
    from cs231n.techniques.randomization import randomization_check as randomization_check
    from cs231n.techniques.smooth_grad import smooth_grad as smooth_grad
    from cs231n.techniques.targets import Unit as Unit
    from cs231n.techniques.texture import texture as texture
    from cs231n.techniques.visualize import visualize as visualize

_MODULE_OF = {
    "Unit": "targets",
    "adversarial": "adversarial",
    "deepdream": "deepdream",
    "grad_cam": "grad_cam",
    "guided_backprop": "guided_backprop",
    "integrated_gradients": "integrated_gradients",
    "invert": "inversion",
    "randomization_check": "randomization",
    "smooth_grad": "smooth_grad",
    "snap_to_grid": "grid",
    "texture": "texture",
    "visualize": "visualize",
}
__all__ = list(_MODULE_OF)

WRITTEN = (
    "features",
    "filters",
    "grabcut",
    "maximally_activating_patches",
    "nearest_neighbours",
    "occlusion",
    "pca",
    "receptive_field",
)
"""The lecture's other techniques. Students write them in VisualizingAndUnderstanding."""


def __getattr__(name: str) -> Any:
    if name in WRITTEN:
        raise ImportError(
            said(
                "{name} is not in {module}: it is what you write in VisualizingAndUnderstanding.",
                name=name,
                module=__name__,
            )
        )
    if name not in _MODULE_OF:
        raise AttributeError(f"{__name__} has no {name!r}; it has {', '.join(_MODULE_OF)}.")
    technique = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = technique
    return technique


class _Techniques(ModuleType):
    """Keeps `techniques.grad_cam` the technique: importing the module of that name would put the module there."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and _MODULE_OF.get(name) == name:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Techniques
