"""Detection of code for TensorFlow: the course has notebooks for both, with functions of the same names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cs231n.sentences import Sentence, listed, sentence
from grading.submission.units import Unit

MESSAGE = sentence("it is written for TensorFlow")
_IMPORTED = re.compile(r"^[ \t]*(?:import|from)[ \t]+(tensorflow|keras|torch)\b", re.MULTILINE)
_TENSORFLOW = frozenset({"tensorflow", "keras"})
_NAMES = _TENSORFLOW | {"tf"}


def is_file_for_tensorflow(units: Sequence[Unit]) -> bool:
    """Say whether a file imports TensorFlow, and not PyTorch."""
    imported = {name for unit in units for name in _IMPORTED.findall(unit.text)}
    return bool(imported & _TENSORFLOW) and "torch" not in imported


def is_function_for_tensorflow(name: str | None, units: Sequence[Unit]) -> bool:
    """Say whether a function itself calls TensorFlow, and not PyTorch: then it cannot run here.

    Parameters
    ----------
    name : str or None
        What it is called; of a method, its class.
    units : sequence of Unit
        Its definition, and all it refers to.
    """
    definition = next(
        (unit for unit in reversed(units) if unit.kind == "definition" and name in unit.binds), None
    )
    if definition is None or "torch" in definition.uses:
        return False
    own = {bound for unit in units if unit.kind != "import" for bound in unit.binds}
    imported = set(_IMPORTED.findall(definition.text))
    return "torch" not in imported and bool(imported or definition.uses & (_NAMES - own))


def note_on_tensorflow(files: Sequence[str]) -> Sentence:
    """Say of files that they are of no use here, and what is."""
    if len(files) == 1:
        return sentence(
            "{file} is written for TensorFlow, but this assignment is graded in PyTorch: hand in the PyTorch notebook",
            file=files[0],
        )
    return sentence(
        "{files} are written for TensorFlow, but this assignment is graded in PyTorch: hand in the PyTorch notebook",
        files=listed(files),
    )
