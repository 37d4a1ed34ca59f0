"""Student notebooks filled with an example's lines, so that examples look like what students hand in."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import nbformat

from grading.examples.students import (EXAMPLES, Example)

HERE = Path(__file__).parent
STUDENT_NOTEBOOKS = HERE.parents[1] / "notebooks"
NOTEBOOKS = ("NetworkVisualization", "StyleTransfer")

START = "*****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "*****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"


def write_examples(folder: Path) -> list[Path]:
    """Write the notebooks of every example.

    Parameters
    ----------
    folder : Path
        Gets one folder per example; other files in it are left alone.

    Returns
    -------
    list of Path
        The notebooks: the same bytes whenever student notebooks and examples are the same.
    """
    written = []
    for example in EXAMPLES:
        for name in NOTEBOOKS:
            path = folder / example.name / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(filled(STUDENT_NOTEBOOKS / path.name, example), encoding="utf-8", newline="\n")
            written.append(path)
    return written


def filled(notebook: Path, example: Example) -> str:
    """Return the text of a student notebook with an example's lines between the markers.

    Parameters
    ----------
    notebook : Path
        A student notebook; the cell of each function has its name as nbgrader's `grade_id`.
    example : Example
    """
    handed_in: Any = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    cells = []
    for cell in handed_in.cells:
        function = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if function in example.own_cells:
            own = textwrap.dedent(example.own_cells[function]).strip("\n")
            # An id of its own, as Jupyter gives a new cell, but the same every time.
            cells.append(nbformat.v4.new_code_cell(own, id=f"own-{function}"))  # type: ignore[no-untyped-call]
        if function in example.lines:
            cell.source = _between_markers(cell.source, example.lines[function])
        cells.append(cell)
    handed_in.cells = cells
    text: str = nbformat.writes(handed_in, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


def _between_markers(stub: str, lines: str) -> str:
    """Replace what stands between the markers, indented as they are."""
    before, start, rest = stub.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"a stub without the markers {START!r} and {END!r}: {stub[:60]!r}")
    margin = before.rpartition("\n")[2].removesuffix("# ")
    body = textwrap.indent(textwrap.dedent(lines).strip("\n"), margin)
    return f"{before}{START}\n{body}\n{margin}# {END}{after}"
