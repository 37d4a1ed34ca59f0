"""All attacks, by category, and their notebooks."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from grading.assignments.registry import notebook_named
from grading.attacks.attack import ADA, Attack
from grading.attacks.escaping import ESCAPING
from grading.attacks.exhausting import EXHAUSTING
from grading.attacks.holding import HOLDING
from grading.attacks.reading import READING
from grading.attacks.tampering import TAMPERING
from grading.notebooks.fill import write_filled

ATTACKS: tuple[Attack, ...] = tuple(
    dataclasses.replace(attack, category=category)
    for category, attacks in (
        ("tampering", TAMPERING),
        ("reading", READING),
        ("exhausting", (*EXHAUSTING, *HOLDING)),
        ("escaping", ESCAPING),
    )
    for attack in attacks
)


def write_attack(attack: Attack, folder: Path) -> Path:
    """Write the notebook of an attack into a folder named after it; return the notebook."""
    names = [asked.name for asked in notebook_named(attack.notebook).functions]
    hostile = names if attack.everywhere else [attack.function]
    lines = {name: attack.lines if name in hostile else ADA[name] for name in names}
    return write_filled(folder / attack.name, attack.notebook, lines)
