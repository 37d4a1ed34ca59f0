"""Finds the submissions below the paths an instructor names: who handed in which files."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading.errors import SubmissionError

SUFFIXES = (".ipynb", ".py")
ZIP_MEMBERS_LIMIT = 2_000
ZIP_SIZE_LIMIT = 512 << 20
# Folders that hold no work of the student's: what tools leave, and the kit's own files handed in with it.
IGNORED_FOLDERS = frozenset({"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", "datasets", "venv", ".venv"})


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    student : str
        The folder's name; for a lone file its stem.
    path : Path
        The folder, the file or the .zip.
    assignment : str
        nbgrader's assignment folder, or "".
    """

    student: str
    path: Path
    assignment: str = ""


def discover(paths: Iterable[Path]) -> list[Submission]:
    """Return the submissions below `paths`, sorted by student.

    Each path is a notebook, a .py, a .zip, a folder of one student, a folder with one folder (or file) per student,
    or nbgrader's `submitted` folder.

    Raises
    ------
    SubmissionError
        If a path does not exist or holds no submission, or if two submissions have one id.
    """
    found = [submission for path in paths for submission in _below(path)]
    if not found:
        raise SubmissionError("there is nothing to grade: name notebooks, .zip files or a folder of them")
    seen: dict[str, Path] = {}
    for submission in found:
        if submission.student in seen:
            raise SubmissionError(
                f"two submissions are called {submission.student!r}: {seen[submission.student]} and "
                f"{submission.path}; rename one, or grade them apart"
            )
        seen[submission.student] = submission.path
    return sorted(found, key=lambda submission: submission.student)


def _below(path: Path) -> Iterator[Submission]:
    if not path.exists():
        raise SubmissionError(f"{path} does not exist: check the path")
    if path.is_file():
        if path.suffix.lower() not in (*SUFFIXES, ".zip"):
            raise SubmissionError(f"{path} is no notebook, .py or .zip: name one of those, or a folder")
        yield Submission(path.stem, path)
        return
    entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    files = [e for e in entries if e.is_file() and e.suffix.lower() in SUFFIXES]
    folders = [e for e in entries if e.is_dir() and e.name not in IGNORED_FOLDERS]
    if _is_one_student(path, files, folders):
        yield Submission(path.resolve().name, path)
        return
    for folder in folders:
        if any(_code_files(folder)):
            yield _student_folder(folder)
    for file in entries:
        if file.is_file() and file.suffix.lower() in (".zip", ".ipynb"):
            yield Submission(file.stem, file)


def _is_one_student(path: Path, files: Sequence[Path], folders: Sequence[Path]) -> bool:
    """A folder with notebooks of its own is one student's; several students' notebooks lie in folders of their own.

    The exception is a flat folder of one notebook per student: then no two belong to the same student, and none
    is called after the assignment.
    """
    if any(folder.name == "cs231n" for folder in folders):
        return True
    if not files:
        return False
    from grading.submission.names import FILE_PATTERNS

    named_after_notebook = any(p.search(f.stem) for f in files for p in FILE_PATTERNS.values())
    return named_after_notebook or (len(files) == 1 and not folders)


def _student_folder(folder: Path) -> Submission:
    """In nbgrader's layout (submitted/<student>/<assignment>/) the assignment's folder is what counts."""
    inner = [e for e in sorted(folder.iterdir()) if e.is_dir() and e.name not in IGNORED_FOLDERS]
    own_files = [e for e in folder.iterdir() if e.is_file() and e.suffix.lower() in (*SUFFIXES, ".zip")]
    if len(inner) == 1 and not own_files and inner[0].name != "cs231n":
        return Submission(folder.name, folder, inner[0].name)
    return Submission(folder.name, folder)


@dataclass(frozen=True)
class File:
    """A file of a submission: its path inside it, and where its bytes are (in a zip: `member`)."""

    label: str
    path: Path
    member: str = ""


def files_of(submission: Submission) -> tuple[list[File], list[str]]:
    """Return the code files of a submission, and notes on what was left out.

    Raises
    ------
    SubmissionError
        If a zip is broken or larger than allowed.
    """
    path, notes = submission.path, []
    if path.is_file() and path.suffix.lower() == ".zip":
        return _zip_files(path)
    if path.is_file():
        return [File(path.name, path)], []
    files = [File(entry.relative_to(path).as_posix(), entry) for entry in _code_files(path)]
    for archive in sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() == ".zip"):
        inside, more = _zip_files(archive)
        files += [File(f"{archive.name}/{f.label}", f.path, f.member) for f in inside]
        notes += more
    return files, notes


def _code_files(folder: Path) -> Iterator[Path]:
    """Yield notebooks and scripts below a folder; links are not followed, so nothing outside it is read."""
    pending = [folder]
    while pending:
        here = pending.pop()
        for entry in sorted(here.iterdir()):
            mode = entry.lstat().st_mode
            if stat.S_ISDIR(mode) and entry.name not in IGNORED_FOLDERS:
                pending.append(entry)
            elif stat.S_ISREG(mode) and _is_code(entry.name):
                yield entry


def _is_code(name: str) -> bool:
    """`._Style.ipynb` is what macOS leaves beside a file, not the file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith("._")


def _zip_files(path: Path) -> tuple[list[File], list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SubmissionError(f"{path.name} cannot be opened as a zip ({error}): zip it again") from error
    if len(members) > ZIP_MEMBERS_LIMIT or sum(m.file_size for m in members) > ZIP_SIZE_LIMIT:
        raise SubmissionError(
            f"{path.name} holds more than {ZIP_MEMBERS_LIMIT} files or {ZIP_SIZE_LIMIT >> 20} MB: hand in the notebooks alone"
        )
    files = []
    for member in members:
        parts = PurePosixPath(member.filename).parts
        if not member.is_dir() and parts and _is_code(parts[-1]) and not IGNORED_FOLDERS & set(parts):
            files.append(File(member.filename, path, member.filename))
    return sorted(files, key=lambda file: file.label), []


def read_bytes(file: File) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    SubmissionError
        If it cannot be read.
    """
    try:
        if not file.member:
            return file.path.read_bytes()
        with zipfile.ZipFile(file.path) as archive:
            return archive.read(file.member)
    except (OSError, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError, KeyError, EOFError) as error:
        raise SubmissionError(f"{file.label} cannot be read ({error}): hand it in again") from error
