"""Fills student notebooks with lines, as a student does: the example class, and any other submission to try."""

from __future__ import annotations

import copy
import functools
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from grading.assignments.registry import rubric
from grading.assignments.vocabulary.example import Example
from grading.errors import KitError
from grading.locations import KIT

STUDENT_NOTEBOOKS = KIT / "notebooks"
START = "*****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "*****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
TABLE = "README.md"
_COLUMNS = ("Folder", "What it shows", "Score", "Function", "Points", "Status", "Diagnosis")


def write_class(folder: Path, examples: Iterable[Example]) -> list[Path]:
    """Write the notebooks of a class, and a table of the verdicts that they must get.

    Parameters
    ----------
    folder : Path
        Gets one folder for each example, and README.md; other files in it are left alone.
    examples : iterable of Example

    Returns
    -------
    list of Path
        The notebooks and the table: the same bytes whenever student notebooks and examples are the same.

    Raises
    ------
    KitError
        If `folder` cannot be written.
    """
    examples = tuple(examples)
    notebooks = tuple(dict.fromkeys(asked.notebook for asked in rubric()))
    try:
        written = [
            write_filled(folder / example.name, name, example.lines, example.own_cells)
            for example in examples
            for name in notebooks
        ]
        (folder / TABLE).write_text("\n".join(_table(examples)) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise KitError(
            "{folder} cannot be written: {why}. Choose another folder.", folder=folder, why=error.strerror
        ) from error
    return [*written, folder / TABLE]


def write_filled(
    folder: Path, notebook: str, lines: Mapping[str, str], own_cells: Mapping[str, str] | None = None
) -> Path:
    """Write a student notebook, filled in, into a folder (made if it does not exist); return its path."""
    path = folder / f"{notebook}.ipynb"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(filled(notebook, lines, own_cells), encoding="utf-8", newline="\n")
    return path


def filled(notebook: str, lines: Mapping[str, str], own_cells: Mapping[str, str] | None = None) -> str:
    """Return the text of a student notebook with lines between its markers.

    Parameters
    ----------
    notebook : str
        Its name. The cell of each function has the function's name as nbgrader's `grade_id`.
    lines : mapping
        Function -> the lines between its markers; a function that is not named keeps its stub.
    own_cells : mapping, optional
        Function -> the text of a cell that the student put before it.
    """
    handed_in = copy.deepcopy(_student_notebook(notebook))
    cells = []
    for cell in handed_in.cells:
        function = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if own_cells and function in own_cells:
            own = textwrap.dedent(own_cells[function]).strip("\n")
            # An id of its own, as Jupyter gives a new cell, but the same every time.
            cells.append(nbformat.v4.new_code_cell(own, id=f"own-{function}"))  # type: ignore[no-untyped-call]
        if function in lines:
            cell.source = _between_markers(cell.source, lines[function])
        cells.append(cell)
    handed_in.cells = cells
    text: str = nbformat.writes(handed_in, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


@functools.cache
def _student_notebook(name: str) -> Any:
    """Read a notebook as it is handed out; where the kit is installed without its notebooks, make it."""
    path = STUDENT_NOTEBOOKS / f"{name}.ipynb"
    if path.is_file():
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    from grading.assignments.registry import notebook_named
    from grading.notebooks.build import build_notebooks

    with tempfile.TemporaryDirectory(prefix="notebooks-") as folder:
        build_notebooks(Path(folder), [notebook_named(name)])
        return nbformat.read(Path(folder) / path.name, as_version=4)  # type: ignore[no-untyped-call]


def _between_markers(stub: str, lines: str) -> str:
    """Replace what stands between the markers, indented as they are."""
    before, start, rest = stub.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"a stub without the markers {START!r} and {END!r}: {stub[:60]!r}")
    margin = before.rpartition("\n")[2].removesuffix("# ")
    body = textwrap.indent(textwrap.dedent(lines).strip("\n"), margin)
    return f"{before}{START}\n{body}\n{margin}# {END}{after}"


def _table(examples: Iterable[Example]) -> Iterator[str]:
    """Yield a page in Markdown: what each submission shows, and the verdicts that it must get."""
    yield "# The example class\n"
    yield "The verdict that each submission must get. A function that is not listed is correct.\n"
    yield _row(_COLUMNS)
    yield _row(("---",) * len(_COLUMNS))
    for example in examples:
        first = (f"`{example.name}`", example.shows, f"{example.score:g}")
        verdicts = [
            (f"`{flaw.function}`", f"{flaw.points:g}", flaw.status, flaw.diagnosis and f"`{flaw.diagnosis}`")
            for flaw in example.flaws
        ]
        for number, verdict in enumerate(verdicts or [("",) * 4]):
            yield _row((*(first if number == 0 else ("",) * 3), *verdict))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
