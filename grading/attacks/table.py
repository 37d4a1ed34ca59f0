"""All attacks, by category, and their notebooks."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from grading.attacks.attack import (NOTEBOOK_OF, Attack)
from grading.attacks.escaping import ESCAPING
from grading.attacks.exhausting import EXHAUSTING
from grading.attacks.reading import READING
from grading.attacks.tampering import TAMPERING
from grading.examples.fill import (STUDENT_NOTEBOOKS, filled)
from grading.examples.right import ADA
from grading.examples.students import Example

HERE = Path(__file__).parent

ATTACKS: tuple[Attack, ...] = tuple(
    dataclasses.replace(attack, category=category)
    for category, attacks in (
        ("tampering", TAMPERING),
        ("reading", READING),
        ("exhausting", EXHAUSTING),
        ("escaping", ESCAPING),
    )
    for attack in attacks
)


def write_attacks(folder: Path) -> list[Path]:
    """Write one folder with one notebook for each attack; return the notebooks."""
    written = []
    for attack in ATTACKS:
        own = {name: ADA[name] for name, notebook in NOTEBOOK_OF.items() if notebook == attack.notebook}
        example = Example(attack.name, {**own, attack.function: attack.lines})
        path = folder / attack.name / f"{attack.notebook}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(STUDENT_NOTEBOOKS / path.name, example), encoding="utf-8", newline="\n")
        written.append(path)
    return written
