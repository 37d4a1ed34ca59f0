"""Builder of notebooks from their source: the solved ones and, through nbgrader, the student's."""

import hashlib
import logging
import re
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests
from traitlets.config import Config

from cs231n import language
from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError
from grading.locations import CATALOGUES
from grading.notebooks.clear_solutions import SETTINGS, TEXT_STUB
from grading.notebooks.translated import in_language

# What nbgrader calls the assignment while it generates: no student sees it.
ASSIGNMENT = "build"

_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def solved_notebook(source: Path, *, hidden_tests: bool = False) -> NotebookNode:
    """Read a notebook's source, with its solutions.

    Parameters
    ----------
    source : Path
        A Jupytext file in the percent format, its cells with nbgrader's metadata.
    hidden_tests : bool
        Whether the cells that check are the grader's, as nbgrader's source needs them; otherwise they are those
        of a student.

    Returns
    -------
    NotebookNode
        Without outputs. Its cell ids depend on nothing but the cells: an nbgrader cell has its grade_id,
        another a hash of what it says. Reading twice gives the same bytes.

    Raises
    ------
    KitError
        If the file cannot be read as a notebook.
    """
    try:
        solved: NotebookNode = jupytext.read(source)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise KitError(
            "{source} cannot be read as a notebook: {error}.", source=source, error=error
        ) from error
    for cell, cell_id in zip(solved.cells, _cell_ids(solved.cells), strict=True):
        cell["id"] = cell_id
        cell.metadata.pop("lines_to_next_cell", None)  # where Jupytext leaves its notes
    solved.metadata = NotebookNode(_KERNEL)  # type: ignore[no-untyped-call]
    solved.nbformat, solved.nbformat_minor = 4, 5
    if not hidden_tests:
        solved, _ = ClearHiddenTests().preprocess(solved, {})
    return solved


def _cell_ids(cells: Iterable[NotebookNode]) -> list[str]:
    taken: list[str] = []
    for cell in cells:
        content = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        wanted = cell.metadata.get("nbgrader", {}).get("grade_id", content)
        same = sum(re.fullmatch(rf"{re.escape(wanted)}(-\d+)?", other) is not None for other in taken)
        taken.append(f"{wanted}-{same + 1}" if same else wanted)
    return taken


def build_notebooks(out: Path, wanted: Collection[Notebook]) -> list[Path]:
    """Write notebooks as a student receives them.

    nbgrader itself generates them: it removes the solutions, locks the cells that check, and records the
    checksums by which it will later recognise them.

    Parameters
    ----------
    out : Path
        The folder to write to; made if it does not exist. Other files in it are left alone.
    wanted : collection of Notebook

    Returns
    -------
    list of Path
        The notebooks, the same bytes whenever the source is the same.

    Raises
    ------
    KitError
        If a source cannot be read, nbgrader refuses it, or `out` cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="cs231n-build-") as folder:
        course = Path(folder).resolve()
        given = course / "source" / ASSIGNMENT
        given.mkdir(parents=True)
        write_sources(given, wanted)
        _generate(course)
        released = [course / "release" / ASSIGNMENT / f"{notebook.name}.ipynb" for notebook in wanted]
        texts = {path.name: as_text(read_notebook(path)) for path in released}
    return [_write(out / name, text) for name, text in texts.items()]


def write_sources(folder: Path, wanted: Collection[Notebook]) -> list[Path]:
    """Write notebooks with solutions and hidden tests, as nbgrader wants them in `source/<assignment>`.

    Parameters
    ----------
    folder : Path
    wanted : collection of Notebook
    """
    written = []
    for notebook in wanted:
        solved = solved_notebook(notebook.source, hidden_tests=True)
        shown = in_language(solved, notebook, language.in_use())
        written.append(_write(folder / f"{notebook.name}.ipynb", as_text(shown)))
    return written


def _generate(course: Path) -> None:
    """Run nbgrader's generate_assignment on a folder, without a gradebook (its own option --no-db)."""
    config = Config(SETTINGS)
    language.add_catalogues(CATALOGUES)
    config.ClearSolutions.text_stub = language.said(TEXT_STUB)
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.assignment_id = ASSIGNMENT
    config.SaveCells.enabled = False
    generate = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    generate.no_database = True
    generate.log = logging.getLogger("grading.nbgrader")
    generate.log.setLevel(logging.ERROR)
    try:
        generate.start()
    except NbGraderException as error:
        raise KitError("nbgrader could not generate the student notebooks: {error}", error=error) from error


def read_notebook(path: Path) -> NotebookNode:
    """Read an .ipynb file in the current format."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def as_text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file, always the same for the same cells."""
    text: str = nbformat.writes(notebook, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise KitError(
            "{path} cannot be written: {why}. Choose another folder.", path=path, why=error.strerror
        ) from error
    return path
