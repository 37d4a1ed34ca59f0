"""Puts back what a student deleted or relabelled: without its cell, nbgrader would give a function no grade at all."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader.api import Gradebook, GradeCell, SourceCell
from nbgrader.preprocessors import NbGraderPreprocessor

SCHEMA = 3


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Gives every cell of the gradebook its own marks again; graded cells that are missing come last.

    At the end of the notebook everything is defined, wherever the student wrote it. (nbgrader's own
    `add_missing_cells` looks for the cell before, and fails where that is missing as well.)
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, dict[str, str]]
    ) -> tuple[NotebookNode, dict[str, dict[str, str]]]:
        """Return the notebook with the marks and cells that nbgrader will look for."""
        place = resources["nbgrader"]
        with Gradebook(place["db_url"]) as gradebook:
            wanted = dict(_marks(gradebook, place["notebook"], place["assignment"]))
            sources = {
                cell.name: cell
                for cell in gradebook.find_notebook(place["notebook"], place["assignment"]).source_cells
            }
            present = set()
            for cell in nb.cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if name in present:
                    del cell.metadata["nbgrader"]  # a copy whose marks were changed
                elif name in wanted:
                    cell.metadata.nbgrader = NotebookNode(wanted[name])
                    present.add(name)
            for name, marks in wanted.items():
                if marks["grade"] and name not in present:
                    self.log.warning("Cell '%s' is missing: it is put back", name)
                    nb.cells.append(_cell(sources[name], marks))
        return nb, resources


def _marks(gradebook: Gradebook, notebook: str, assignment: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the metadata of each cell that nbgrader knows, by its name, in a fixed order."""
    found = gradebook.find_notebook(notebook, assignment)
    grades: dict[str, GradeCell] = {cell.name: cell for cell in found.grade_cells}
    solutions = {cell.name for cell in found.solution_cells}
    for source in sorted(found.source_cells, key=lambda cell: cell.name):
        marks: dict[str, object] = {
            "grade": source.name in grades,
            "grade_id": source.name,
            "locked": source.locked,
            "schema_version": SCHEMA,
            "solution": source.name in solutions,
            "task": False,
            "cell_type": source.cell_type,
            "checksum": source.checksum,
        }
        if source.name in grades:
            marks["points"] = grades[source.name].max_score
        yield source.name, marks


def _cell(source: SourceCell, marks: dict[str, object]) -> NotebookNode:
    cell = {"cell_type": source.cell_type, "id": source.name, "source": source.source}
    if source.cell_type == "code":
        cell |= {"execution_count": None, "outputs": []}
    return NotebookNode({**cell, "metadata": NotebookNode({"nbgrader": NotebookNode(marks)})})
