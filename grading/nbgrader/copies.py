"""Notebooks for formgrader: what was handed in, with the verdicts in the check cells."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from cs231n.language import said
from grading.course.policies import FunctionGrade, Grade
from grading.exports.outcome import as_html, as_text, quoted
from grading.nbgrader.answers import is_question
from grading.nbgrader.autograder_cells import KnownCell, restore
from grading.nbgrader.notebooks import is_notebook
from grading.nbgrader.sanitize import calm_cell
from grading.nbgrader.submitted import Given, Submitted, look_at, review
from grading.notebooks.build import as_text as notebook_text
from grading.notebooks.build import read_notebook


@dataclass(frozen=True)
class Answer:
    """An inline question.

    Whether there is something for a person to look at, whether it is another than at the export before, and where it
    comes from, if that is not the cell of the question.
    """

    written: bool
    changed: bool
    comment: str = ""


@dataclass(frozen=True)
class Copy:
    """One notebook for formgrader.

    Its text ("" if there is nothing to show), its inline questions, notes for the instructor, and comments on the
    cells of functions that were repaired.
    """

    notebook: str
    text: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)


def released_texts(released: Mapping[str, NotebookNode]) -> frozenset[str]:
    """Return the Markdown that students were given: it needs no second look."""
    cells = [cell for notebook in released.values() for cell in notebook.cells]
    return frozenset(cell.source for cell in cells if cell.cell_type == "markdown")


def copies_of(
    submitted: Path, autograded: Path, given: Given, grade: Grade, released: frozenset[str]
) -> Iterator[Copy]:
    """Yield a copy for each notebook of the assignment.

    Parameters
    ----------
    submitted, autograded : Path
        The student's folders in the course: what was handed in, and the copies of an earlier export.
    given : Given
    grade : Grade
    released : frozenset of str
        See `released_texts`.
    """
    if not submitted.is_dir():
        for notebook in given.known:
            reason = said("{folder} does not exist: formgrader has nothing to show", folder=submitted)
            here = said("What was handed in is not in the folder of this course.")
            yield _not_shown(notebook, given, here, reason)
        return
    with tempfile.TemporaryDirectory(prefix="cs231n-nbgrader-") as spool:
        seen = look_at(submitted, Path(spool), given, _graded_files(grade))
    notes = list(seen.notes)
    for notebook in given.known:
        if notebook in seen.missing:
            copy = _not_shown(
                notebook,
                given,
                seen.missing[notebook],
                said("{notebook}.ipynb was not handed in", notebook=notebook),
            )
        else:
            before = autograded / f"{notebook}.ipynb"
            copy = _copy(notebook, seen, before, given.known[notebook], grade, released)
        yield replace(copy, notes=(*notes, *copy.notes))
        notes = []


def _graded_files(grade: Grade) -> dict[str, str]:
    """Return for each notebook the file in which most of its functions were found."""
    files: dict[str, list[str]] = {}
    for function in grade.functions:
        notebook, file = function.verdict.notebook, function.verdict.file
        if notebook and file and is_notebook(file):
            files.setdefault(notebook, []).append(file)
    return {notebook: max(found, key=found.count) for notebook, found in files.items()}


def _not_shown(notebook: str, given: Given, reason: str, note: str) -> Copy:
    if reason:
        answers = {
            name: Answer(True, False, comment) for name, comment in review(given, notebook, reason).items()
        }
    else:
        answers = {
            name: Answer(False, False) for name, cell in given.known[notebook].items() if is_question(cell)
        }
    return Copy(notebook, answers=answers, notes=(note,))


def _copy(
    name: str,
    seen: Submitted,
    before: Path,
    cells: Mapping[str, KnownCell],
    grade: Grade,
    released: frozenset[str],
) -> Copy:
    repaired = seen.notebooks[name]
    label, notebook = seen.labels[name], repaired.notebook
    try:
        restore(notebook, cells, logging.getLogger("grading.nbgrader"))
        for index, cell in enumerate(notebook.cells):
            notebook.cells[index] = calm_cell(cell, index, released)
        _show_verdicts(notebook, {f"check_{function.name}": function for function in grade.functions})
        answers = dict(_answers(notebook, cells, before, repaired.comments))
        text = notebook_text(notebook)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        comment = said("{file} cannot be shown. Look for an answer by hand.", file=quoted(label))
        answers = {n: Answer(True, False, comment) for n, cell in cells.items() if is_question(cell)}
        note = said("{file} cannot be shown in formgrader ({reason})", file=label, reason=reason)
        return Copy(name, answers=answers, notes=(note,))
    taken = said("{file} is shown as {name}.ipynb", file=label, name=name)
    return Copy(
        name,
        text,
        answers,
        () if label == f"{name}.ipynb" else (taken,),
        {n: comment for n, comment in repaired.comments.items() if n not in answers},
    )


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
    notebook: NotebookNode, cells: Mapping[str, KnownCell], before: Path, comments: Mapping[str, str]
) -> Iterator[tuple[str, Answer]]:
    """Yield the inline questions of a notebook: its cells to be graded that are no checks."""
    earlier = _sources(read_notebook(before)) if before.is_file() else {}
    for name, source in _sources(notebook).items():
        if is_question(cells[name]):
            marks = cells[name].marks
            cell = _node({"cell_type": marks["cell_type"], "metadata": {"nbgrader": marks}, "source": source})
            written = compute_checksum(cell) != marks["checksum"]
            yield name, Answer(written, earlier.get(name, source) != source, comments.get(name, ""))


def _node(cell: dict[str, object]) -> NotebookNode:
    made: NotebookNode = nbformat.from_dict(cell)  # type: ignore[no-untyped-call]
    return made


def _sources(notebook: NotebookNode) -> dict[str, str]:
    marked = [(cell.metadata.get("nbgrader", {}), cell.source) for cell in notebook.cells]
    return {marks["grade_id"]: source for marks, source in marked if marks.get("grade_id")}
