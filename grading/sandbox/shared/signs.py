"""Signs in a text that PyTorch or torchvision must be changed before it runs.

A GPU that is there is used before anything fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GPU = r"(?i:cuda|\bmps\b|gpu)"
COMPILE = r"compile"
PRETRAINED = r"squeezenet1_1"
SIGNS = (GPU, COMPILE, PRETRAINED)


def signs_in(texts: Iterable[str]) -> set[str]:
    """Return which of `SIGNS` are found in a student's texts."""
    text = "\n".join(texts)
    return {sign for sign in SIGNS if re.search(sign, text)}
