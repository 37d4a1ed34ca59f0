"""`python -m grading examples DIR`: writes the example class, so that a person can grade it."""

from __future__ import annotations

from pathlib import Path

from cs231n.sentences import sentence
from grading.assignments.example_class import EXAMPLES
from grading.notebooks.fill import TABLE, write_class
from grading.notebooks.occupied import refuse_occupied


def examples_command(directory: Path) -> str:
    """Write the class and the table of its verdicts into a new folder; return what to do next.

    Raises
    ------
    KitError
        If the folder holds something, or cannot be written.
    """
    refuse_occupied(directory)
    write_class(directory, EXAMPLES)
    return sentence(
        "{count} submissions in {directory}, and in {table} the verdict that each must get; grade them: python -m "
        "grading grade {directory}",
        count=len(EXAMPLES),
        directory=directory,
        table=TABLE,
    )
