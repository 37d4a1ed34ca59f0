"""What is handed out of a notebook: the text of its cells without the solutions."""

from __future__ import annotations

import functools

from grading.assignments.registry import notebook_named
from grading.notebooks.fill import student_notebook


@functools.cache
def cells_of(notebook: str) -> tuple[str, ...]:
    """Return the texts of the cells of a notebook as a student receives it, by its name."""
    return tuple(cell.source for cell in student_notebook(notebook_named(notebook).name).cells)
