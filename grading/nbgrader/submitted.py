"""One student's submission in a course: which file is which notebook, repaired, and what a person must look at."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from posixpath import normpath

from nbformat import NotebookNode

from cs231n.handin.cells import CELL_SIZE_LIMIT
from cs231n.language import said
from grading.errors import SubmissionError
from grading.exports.outcome import quoted
from grading.nbgrader.answers import Piece, is_question, texts_in
from grading.nbgrader.autograder_cells import KnownCell
from grading.nbgrader.folder import ARCHIVES, Folder, content, files_in
from grading.nbgrader.notebooks import Handed, is_notebook, notebook_of, owners
from grading.nbgrader.repair import Repaired, load_files, repaired
from grading.submission.handed_in import File

# Files that are no notebooks and may hold written answers.
DOCUMENTS = (".md", ".txt", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".html", ".htm", ".tex", *ARCHIVES)
# What nbgrader puts beside a submission.
OF_NBGRADER = frozenset({"timestamp.txt", "submission_secret.txt"})
TEXT_SIZE = 4_000  # characters of a document that are looked at


@dataclass(frozen=True)
class Given:
    """What students were given of an assignment.

    Attributes
    ----------
    known : mapping
        Notebook -> cell -> as the gradebook knows it.
    released : mapping
        Notebook -> as it was released, where that is still there.
    names : frozenset of str
        The names of the files beside them.
    """

    known: Mapping[str, Mapping[str, KnownCell]]
    released: Mapping[str, NotebookNode] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Submitted:
    """What one student handed in.

    Attributes
    ----------
    folder : Folder
    labels : mapping
        Notebook -> the file that is graded for it. Where there is none, the notebook is in `missing`.
    notebooks : mapping
        Notebook -> that file, repaired.
    missing : mapping
        Notebook -> why a person must look for answers to its questions, or "" where there is nothing to look at.
    notes : tuple of str
        Sentences on files that could not be read.
    """

    folder: Folder
    labels: Mapping[str, str]
    notebooks: Mapping[str, Repaired]
    missing: Mapping[str, str]
    notes: tuple[str, ...] = ()


def look_at(folder: Path, spool: Path, given: Given, graded: Mapping[str, str]) -> Submitted:
    """Read a student's folder. Whatever lies in it, it costs this student alone.

    Parameters
    ----------
    folder : Path
    spool : Path
        An existing folder of the grader's own, where archives are unpacked.
    given : Given
    graded : mapping
        Notebook -> the file that the grader took for it, where that is known.
    """
    try:
        return _read(files_in(folder, spool), given, graded)
    except Exception as error:
        note = said(
            "what was handed in cannot be read ({kind}: {error})", kind=type(error).__name__, error=error
        )
        reasons = {name: f"{quoted(note)}{said('.')}" for name in given.known}
        return Submitted(Folder(), {}, {}, reasons, (note,))


def _read(folder: Folder, given: Given, graded: Mapping[str, str]) -> Submitted:
    notes = list(folder.notes)
    handed: list[Handed] = []
    unread: list[Piece] = []
    for file in folder.files:
        if is_notebook(file.label):
            try:
                handed.append(Handed(file.label, notebook_of(content(file), file.label)))
            except SubmissionError as error:
                notes.append(str(error))
                unread.append(Piece(None, "", file.label))
    of = owners(handed, given.known, given.released, graded)
    owned = {file.label for files in of.values() for file in files}
    others = [file for file in handed if file.label not in owned]
    elsewhere = [*texts_in(others), *unread, *_documents(folder, given)]
    repairs = {
        name: repaired(files, given.known[name], given.released.get(name), elsewhere)
        for name, files in of.items()
        if files
    }
    for name, done in repairs.items():
        load_files(done.notebook, functools.partial(_text_beside, folder, of[name][0].label))
    missing = {name: _reason(name, elsewhere, notes) for name, files in of.items() if not files}
    return Submitted(folder, {n: f[0].label for n, f in of.items() if f}, repairs, missing, tuple(notes))


def _text_beside(folder: Folder, label: str, named: str) -> str | None:
    """Return the text of a file, named as seen from another, if it is handed-in code."""
    wanted = normpath(PurePosixPath(label).parent / named.replace("\\", "/"))
    for file in folder.files:
        if file.label == wanted and file.path.stat().st_size <= CELL_SIZE_LIMIT:
            return content(file).decode("utf-8", "replace")
    return None


def _documents(folder: Folder, given: Given) -> Iterator[Piece]:
    for file in folder.files:
        name = PurePosixPath(file.label).name
        if (
            name.lower().endswith(DOCUMENTS)
            and name not in given.names | OF_NBGRADER
            and not is_notebook(name)
        ):
            yield Piece(None, _beginning(file), file.label)


def _beginning(file: File) -> str:
    """Return the beginning of a text; of what is no text, nothing."""
    if not file.label.lower().endswith((".md", ".txt", ".tex")):
        return ""
    with file.path.open("rb") as opened:
        return opened.read(TEXT_SIZE).decode("utf-8", "replace").strip()


def _reason(notebook: str, elsewhere: Sequence[Piece], notes: Sequence[str]) -> str:
    """Return what a person must look into before a notebook counts as not handed in."""
    files = ", ".join(
        quoted(file) for file in dict.fromkeys(piece.place.partition(", cell ")[0] for piece in elsewhere)
    )
    if not files and not notes:
        return ""
    known = [said("Handed in were {files}.", files=files)] if files else []
    known += [f"{quoted(note)}{said('.')}" for note in notes]
    return " ".join([said("No file that can be read is {notebook}.ipynb.", notebook=notebook), *known])


def review(given: Given, notebook: str, reason: str) -> dict[str, str]:
    """Return a comment for each inline question of a notebook that a person must look for."""
    return {
        name: said("{reason} Look for an answer by hand.", reason=reason)
        for name, cell in given.known[notebook].items()
        if is_question(cell)
    }
