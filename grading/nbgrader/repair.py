"""Repair of a submitted notebook: nbgrader's marks, code cells and inline answers where students moved or lost them.

Both ways of grading go through it: the export, for what formgrader shows, and `nbgrader autograde`, for what it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from cs231n.handin.parse import parse, without_warnings
from cs231n.handin.stubs import is_stub
from cs231n.language import said
from grading.nbgrader.answers import Piece, is_question, place_answers, questions_of, read_answers
from grading.nbgrader.autograder_cells import KnownCell
from grading.nbgrader.notebooks import Handed, function_of, marks_of, names_defined, node, plain

PREFIX = "check_"  # the cell that checks tv_loss is called check_tv_loss
_STATEMENTS = ("def ", "async def ", "class ", "@", "import ", "from ")
_LOAD = re.compile(r"\s*%load[ \t]+([\w./\\-]+)\s*")
_FENCE = re.compile(r"^(?:```|~~~)[\w ]*$", re.MULTILINE)


@dataclass(frozen=True)
class Repaired:
    """A notebook as it is graded, and by the name of a cell what was put right there, in sentences."""

    notebook: NotebookNode
    comments: Mapping[str, str] = field(default_factory=dict)


def repaired(
    files: Sequence[Handed],
    known: Mapping[str, KnownCell],
    released: NotebookNode | None,
    elsewhere: Sequence[Piece],
) -> Repaired:
    """Return the first of some files, all of them the same notebook, with everything in its place.

    Parameters
    ----------
    files : sequence of Handed
        The first is changed.
    known : mapping
        The cells as the gradebook knows them.
    released : NotebookNode or None
        The notebook as students were given it, where that is known.
    elsewhere : sequence of Piece
        Texts outside of these files that may be answers to inline questions.
    """
    base = files[0]
    questions = questions_of(known, released)
    readings = [read_answers(file, questions, known, released) for file in files]
    comments = place_answers(base, readings, questions, elsewhere)
    for name, cell in known.items():
        if is_question(cell):
            continue
        own = _cell_of(name, cell, base.notebook.cells, released)
        for other in base.notebook.cells:
            if marks_of(other) == name and other is not own:
                other.metadata.pop("nbgrader")
        if own is not None and (comment := _mend(own, name, cell)):
            comments[name] = comment
    _check_last_definitions(base.notebook, known)
    return Repaired(base.notebook, comments)


def _cell_of(
    name: str, known: KnownCell, cells: Sequence[NotebookNode], released: NotebookNode | None
) -> NotebookNode | None:
    """Return the cell that is the one of this name: the marks tell, the text where they are lost or there twice."""
    marked = [cell for cell in cells if marks_of(cell) == name]
    if known.marks["solution"]:
        function = function_of(name, known)
        defining = [cell for cell in cells if function in names_defined(cell.source)]
        filled = [cell for cell in defining if not is_stub(_code(cell))]
        code = [cell for cell in filled if cell.cell_type == "code"]
        for candidates in (_both(code, marked), code, _both(filled, marked), filled, marked, defining):
            if candidates:
                return candidates[-1]
        return None
    if marked:
        return marked[-1]
    given = {plain(cell.source) for cell in (released.cells if released else ()) if marks_of(cell) == name}
    same = [cell for cell in cells if not marks_of(cell) and plain(cell.source) in given]
    return same[-1] if same else None


def _both(some: Sequence[NotebookNode], others: Sequence[NotebookNode]) -> list[NotebookNode]:
    return [cell for cell in some if any(cell is other for other in others)]


def _mend(cell: NotebookNode, name: str, known: KnownCell) -> str:
    """Give a cell its marks and type; return a comment on what a person may want to know."""
    lost = marks_of(cell) != name
    was = cell.cell_type
    cell.metadata["nbgrader"] = node({"grade_id": name})
    if known.marks["cell_type"] == "code" and was != "code" and not known.marks["locked"]:
        cell.source = _code(cell)
        return said(
            "The cell of this function was a {kind} cell, which does not run: it was made code again.",
            kind=was,
        )
    if lost and known.marks["solution"]:
        return said("The cell of this function had lost nbgrader's marks: it was known by what it defines.")
    return ""


def _code(cell: NotebookNode) -> str:
    """Return the text of a cell as code: in Markdown it may stand between fences, or between sentences."""
    source: str = cell.source
    if cell.cell_type == "code":
        return source
    if fenced := _FENCE.split(source)[1::2]:
        return "\n".join(fenced).strip("\n")
    try:
        with without_warnings():
            parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "\n".join(_definitions(source.split("\n")))
    return source


def _definitions(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of imports and definitions, without the sentences around them."""
    inside = False
    for line in lines:
        if line.strip() and not line.startswith((" ", "\t", ")")):
            inside = line.startswith(_STATEMENTS)
        if inside:
            yield line


def load_files(notebook: NotebookNode, text_of: Callable[[str], str | None]) -> None:
    """Put files in the place of `%load FILE`, as the magic itself does where a person runs it, and a kernel does not.

    Parameters
    ----------
    notebook : NotebookNode
        It is changed.
    text_of : callable
        Returns the text of a file, named as seen from the notebook; None, if it was not handed in.
    """
    for cell in notebook.cells:
        match = _LOAD.fullmatch(cell.source) if cell.cell_type == "code" else None
        if match and (text := text_of(match[1])) is not None:
            cell.source = f"# {cell.source.strip()}\n{text}"


def _check_last_definitions(notebook: NotebookNode, known: Mapping[str, KnownCell]) -> None:
    """Move a check behind the last definition of its function: that one is graded, and it may stand further down."""
    for name in known:
        function = name.removeprefix(PREFIX)
        if function == name:
            continue
        checks = [cell for cell in notebook.cells if marks_of(cell) == name]
        last = max(
            (i for i, cell in enumerate(notebook.cells) if _defines(cell, function, known)), default=-1
        )
        if checks and last > next(i for i, cell in enumerate(notebook.cells) if cell is checks[0]):
            notebook.cells.insert(last + 1, checks[0])
            notebook.cells.pop(next(i for i, cell in enumerate(notebook.cells) if cell is checks[0]))


def _defines(cell: NotebookNode, function: str, known: Mapping[str, KnownCell]) -> bool:
    released = known.get(marks_of(cell))
    is_code = cell.cell_type == "code" or (released is not None and released.marks["cell_type"] == "code")
    return is_code and function in names_defined(cell.source)
