"""Writes the folder of a new assignment from the template, whose example function is replaced by the author's."""

from __future__ import annotations

import keyword
from pathlib import Path

from grading.errors import KitError
from grading.notebooks.occupied import refuse_occupied

TEMPLATE = Path(__file__).parents[1] / "template"
# The notebook's name in the template.
_NAME = "MyNotebook"


def write_assignment(name: str, folder: Path) -> list[Path]:
    """Write a room with one function that is asked: built, checked, diagnosed and tested as it stands.

    Parameters
    ----------
    name : str
        The notebook's name.
    folder : Path
        A folder that does not exist yet or is empty. Its name is that of the assignment.

    Returns
    -------
    list of Path
        The files, sorted.

    Raises
    ------
    KitError
        If the name is none for a notebook, `folder` holds something, or cannot be written.
    """
    if not name.isidentifier() or keyword.iskeyword(name):
        raise KitError(
            "{name} is no name for a notebook: use letters, digits and _, such as SoftmaxClassifier",
            name=repr(name),
        )
    refuse_occupied(folder)
    written = []
    try:
        for file in sorted(path for path in TEMPLATE.rglob("*.py") if "__pycache__" not in path.parts):
            target = folder / file.relative_to(TEMPLATE)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8").replace(_NAME, name)
            target.write_text(text, encoding="utf-8", newline="\n")
            written.append(target)
    except OSError as error:
        raise KitError(
            "{folder} cannot be written ({why}): name another folder", folder=folder, why=error.strerror
        ) from error
    return written
