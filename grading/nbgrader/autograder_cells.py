"""Preprocessors of nbgrader's autograde: an error in one cell costs only that cell."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from grading.course.course_toml import functions_of_course
from grading.nbgrader.config import COURSE_VARIABLE

SCHEMA = 3
# Where a repaired notebook says what was put right, by the name of the cell.
COMMENTS = "grading_comments"
Resources = dict[str, Any]


@dataclass(frozen=True)
class KnownCell:
    """A cell of the source as the gradebook knows it: nbgrader's marks and the text, hidden tests included."""

    marks: Mapping[str, Any]
    source: str


def known_cells(gradebook: Gradebook, notebook: str, assignment: str) -> dict[str, KnownCell]:
    """Return the cells of a notebook by name, in a fixed order."""
    found = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: cell.max_score for cell in found.grade_cells}
    solutions = {cell.name for cell in found.solution_cells}
    known = {}
    for cell in sorted(found.source_cells, key=lambda cell: cell.name):
        marks: dict[str, Any] = {
            "grade": cell.name in points,
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": SCHEMA,
            "solution": cell.name in solutions,
            "task": False,
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
        }
        if cell.name in points:
            marks["points"] = points[cell.name]
        known[cell.name] = KnownCell(marks, cell.source)
    return known


def restore(notebook: NotebookNode, known: Mapping[str, KnownCell], log: logging.Logger) -> None:
    """Give the cells of a submission the marks and, where they are locked, the text they were released with.

    Graded cells that are missing come last: at the end of the notebook everything is defined, wherever the student
    wrote it. (nbgrader's own `add_missing_cells` looks for the cell before, and fails where that is missing as well.)
    """
    present = set()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in known and name not in present:
            _restore_cell(cell, known[name])
            present.add(name)
        else:
            # A copy, or a cell of another notebook. What nbgrader leaves of its marks, it refuses a step later.
            cell.metadata.pop("nbgrader", None)
    for name, released in known.items():
        if released.marks["grade"] and name not in present:
            log.warning("Cell '%s' is missing: it is put back", name)
            notebook.cells.append(_missing_cell(name, released))


def _restore_cell(cell: NotebookNode, released: KnownCell) -> None:
    cell.metadata["nbgrader"] = _node(released.marks)
    if released.marks["locked"]:
        cell.source = released.source
    wanted = released.marks["cell_type"]
    if cell.cell_type == wanted:
        return
    cell.cell_type = wanted
    for key in ("outputs", "execution_count", "attachments"):
        cell.pop(key, None)
    if wanted == "code":
        cell.outputs, cell.execution_count = [], None


def _missing_cell(name: str, released: KnownCell) -> NotebookNode:
    cell = {
        "cell_type": released.marks["cell_type"],
        "id": name,
        "source": released.source,
        "metadata": {"nbgrader": released.marks},
    }
    if cell["cell_type"] == "code":
        cell |= {"execution_count": None, "outputs": []}
    return _node(cell)


def _node(content: Mapping[str, Any]) -> NotebookNode:
    made: NotebookNode = nbformat.from_dict(dict(content))  # type: ignore[no-untyped-call]
    return made


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Goes before nbgrader looks at the cells of a submission: see `restore`."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook with the marks and cells that nbgrader will look for."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            restore(nb, known_cells(gradebook, place["notebook"], place["assignment"]), self.log)
        return nb, resources


class FitPoints(NbGraderPreprocessor):  # type: ignore[misc]
    """Goes before nbgrader reads the points of executed cells.

    The checks count in the rubric's points, and a course may count otherwise. And nbgrader takes what is no number for
    full marks, and more than the points of the cell for a reason to drop the student's whole autograde.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, _index: int
    ) -> tuple[NotebookNode, Resources]:
        """Return the cell, its number one from 0 to the points of the cell."""
        marks = cell.metadata.get("nbgrader", {})
        most = _rubric_points().get(marks.get("grade_id", ""))
        if marks.get("grade") and most:
            for output in cell.get("outputs", []):
                if output.output_type == "execute_result":
                    share = _share(output.data.get("text/plain", ""), most)
                    output.data = _node({"text/plain": str(round(share * marks["points"], 4))})
        return cell, resources


class SaveComments(NbGraderPreprocessor):  # type: ignore[misc]
    """Goes behind nbgrader's own comments: says what was put right in a cell, and where an answer was found."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the notebook as it is."""
        place = resources["nbgrader"]
        names = (place["notebook"], place["assignment"], place["student"])
        with Gradebook(place["db_url"]) as gradebook:
            for name, comment in nb.metadata.get(COMMENTS, {}).items():
                gradebook.find_comment(name, *names).auto_comment = comment
            gradebook.db.commit()
        return nb, resources


def _rubric_points() -> dict[str, float]:
    course = Path(os.environ.get(COURSE_VARIABLE) or ".") / "course.toml"
    known = reversed(functions_of_course(course))  # the course's own win, as in the kernel
    return {f"check_{asked.name}": asked.points for asked in known}


def _share(text: str, most: float) -> float:
    try:
        share = float(text) / most
    except ValueError:
        return 0.0
    return min(max(share, 0.0), 1.0) if math.isfinite(share) else 0.0
