"""Notebooks for formgrader: what was handed in, with the verdicts in the check cells."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import DeduplicateIds
from nbgrader.utils import compute_checksum

from cs231n.handin.cells import SIZE_LIMIT
from grading.course.policies import FunctionGrade, Grade
from grading.exports.outcome import as_html, as_text
from grading.nbgrader.autograder_cells import KnownCell, restore
from grading.nbgrader.sanitize import calm_cell
from grading.notebooks.build import as_text as notebook_text
from grading.notebooks.build import read_notebook


@dataclass(frozen=True)
class Answer:
    """An inline question: whether there is an answer, and whether it is another than at the export before."""

    written: bool
    changed: bool


@dataclass(frozen=True)
class Copy:
    """One notebook for formgrader: its text ("" if nothing was handed in), and its inline questions.

    `answers` is empty where it is not known what was handed in.
    """

    notebook: str
    text: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    note: str = ""


def released_texts(folder: Path) -> frozenset[str]:
    """Return the Markdown that students were given: it needs no second look."""
    texts = set()
    for path in folder.glob("*.ipynb"):
        texts |= {cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown"}
    return frozenset(texts)


def copies_of(
    submitted: Path,
    autograded: Path,
    known: Mapping[str, Mapping[str, KnownCell]],
    grade: Grade,
    released: frozenset[str],
) -> Iterator[Copy]:
    """Yield a copy for each notebook of the assignment.

    Parameters
    ----------
    submitted, autograded : Path
        The student's folders in the course: what was handed in, and the copies of an earlier export.
    known : mapping
        Notebook -> cell -> as the gradebook knows it.
    grade : Grade
    released : frozenset of str
        See `released_texts`.
    """
    functions = {f"check_{function.name}": function for function in grade.functions}
    for notebook, cells in known.items():
        path = submitted / f"{notebook}.ipynb"
        if not submitted.is_dir():
            yield Copy(notebook, note=f"{submitted} does not exist: formgrader has nothing to show")
        elif not path.is_file() or path.is_symlink():
            unanswered = {name: Answer(False, False) for name, cell in cells.items() if is_question(cell)}
            yield Copy(notebook, answers=unanswered, note=f"{path.name} was not handed in")
        else:
            yield _copy(path, autograded / path.name, cells, functions, released)


def _copy(
    path: Path,
    before: Path,
    cells: Mapping[str, KnownCell],
    functions: Mapping[str, FunctionGrade],
    released: frozenset[str],
) -> Copy:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise ValueError(f"more than {SIZE_LIMIT >> 20} MB")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # nbformat's, on ids that are missing or double: they are made new
            notebook = read_notebook(path)
            notebook, _ = DeduplicateIds().preprocess(notebook, {})
            restore(notebook, cells, logging.getLogger("grading.nbgrader"))
            for index, cell in enumerate(notebook.cells):
                notebook.cells[index] = calm_cell(cell, index, released)
            notebook.metadata = _node({})
            _show_verdicts(notebook, functions)
            text = notebook_text(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Copy(path.stem, note=f"{path.name} cannot be shown in formgrader ({reason})")
    return Copy(path.stem, text, dict(_answers(notebook, cells, before)))


def _show_verdicts(notebook: NotebookNode, functions: Mapping[str, FunctionGrade]) -> None:
    """Put into each cell that checks what the checks gave, and the points as nbgrader would read them."""
    for cell in notebook.cells:
        function = functions.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if function:
            shown = {"text/html": as_html(function.verdict), "text/plain": as_text(function.verdict)}
            cell.execution_count = 1
            cell.outputs = [
                _node({"output_type": "display_data", "data": shown, "metadata": {}}),
                _node(
                    {
                        "output_type": "execute_result",
                        "data": {"text/plain": str(function.score)},
                        "metadata": {},
                        "execution_count": 1,
                    }
                ),
            ]


def _answers(
    notebook: NotebookNode, cells: Mapping[str, KnownCell], before: Path
) -> Iterator[tuple[str, Answer]]:
    """Yield the inline questions of a notebook: its cells to be graded that are no checks."""
    earlier = _sources(read_notebook(before)) if before.is_file() else {}
    for name, source in _sources(notebook).items():
        if is_question(cells[name]):
            marks = cells[name].marks
            cell = _node({"cell_type": marks["cell_type"], "metadata": {"nbgrader": marks}, "source": source})
            written = compute_checksum(cell) != marks["checksum"]
            yield name, Answer(written, earlier.get(name, source) != source)


def is_question(cell: KnownCell) -> bool:
    """Whether a cell holds an answer that a person grades, as opposed to one that checks."""
    return bool(cell.marks["grade"] and cell.marks["solution"])


def _node(cell: dict[str, object]) -> NotebookNode:
    made: NotebookNode = nbformat.from_dict(cell)  # type: ignore[no-untyped-call]
    return made


def _sources(notebook: NotebookNode) -> dict[str, str]:
    marked = [(cell.metadata.get("nbgrader", {}), cell.source) for cell in notebook.cells]
    return {marks["grade_id"]: source for marks, source in marked if marks.get("grade_id")}
