"""Under which names functions and files are recognised: the course's own, older years', and UMich's."""

from __future__ import annotations

import re

# canonical name -> other names under which the same function was asked
ALIASES: dict[str, tuple[str, ...]] = {
    "compute_saliency_maps": (),
    "make_fooling_image": ("make_adversarial_attack",),
    "class_visualization_update_step": ("class_visualization_step", "create_class_visualization"),
    "content_loss": (),
    "gram_matrix": (),
    "style_loss": (),
    "tv_loss": (),
}

# What files of each notebook are called; a lone or oddly named file is taken for what it defines.
FILE_PATTERNS: dict[str, re.Pattern[str]] = {
    "NetworkVisualization": re.compile(r"net(work)?[ _-]*visuali[sz]ation|Q3", re.IGNORECASE),
    "StyleTransfer": re.compile(r"style[ _-]*transfer|Q4", re.IGNORECASE),
    "VisualizingAndUnderstanding": re.compile(r"visuali[sz]ing[ _-]*and[ _-]*understanding", re.IGNORECASE),
}

# What file managers and students add to the name of a second copy.
COPY = re.compile(r"[ _-]copy\d*|\(\d+\)$|backup|[ _-]bak\b|[ _-]old\b|checkpoint", re.IGNORECASE)


def names_of(function: str) -> tuple[str, ...]:
    """Return the names under which a function is accepted, the canonical one first."""
    return (function, *ALIASES.get(function, ()))
