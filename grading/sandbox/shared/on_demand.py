"""Libraries that the warm parent loads when a submission first names them: each would take every child as long anew.

They are what students' cells and helper modules import besides PyTorch and NumPy, most often first. torchvision takes a
second and a hundred megabytes; most functions name none of them, though their notebooks import all.
"""

from __future__ import annotations

from collections.abc import Iterable

MODULES = {
    "torchvision": ("torchvision.transforms", "torchvision.models"),
    "matplotlib": ("matplotlib.pyplot",),
    "scipy": ("scipy.ndimage",),
    "IPython": ("IPython.display",),
}


def named_in(texts: Iterable[str]) -> set[str]:
    """Return which of these libraries are named in a student's texts."""
    text = "\n".join(texts)
    return {library for library in MODULES if library in text}
