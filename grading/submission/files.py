"""Reader of submitted files, also in zips: code alone, nothing of unreasonable size."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading.errors import SubmissionError

SUFFIXES = (".ipynb", ".py")
ZIP_MEMBERS_LIMIT = 2_000
ZIP_SIZE_LIMIT = 512 << 20
FOLDERS_DEEP = 20
# Folders that hold no work of the student's: what tools leave, and the kit's own files handed in with it.
IGNORED_FOLDERS = frozenset(
    {"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", "datasets", "venv", ".venv"}
)


@dataclass(frozen=True)
class File:
    """A file of a submission: its path inside it, and where its bytes are (in a zip: `member`)."""

    label: str
    path: Path
    member: str = ""


def is_code(name: str) -> bool:
    """`._Style.ipynb` is what macOS leaves beside a file, not the file."""
    return name.lower().endswith(SUFFIXES) and not name.startswith("._")


def zip_members(path: Path) -> list[str]:
    """Return the names of what lies in a zip, folders (which end in "/") and files, but for what tools leave.

    Raises
    ------
    SubmissionError
        If it is broken or larger than allowed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise SubmissionError(f"{path.name} cannot be opened as a zip ({error}): zip it again") from error
    if len(members) > ZIP_MEMBERS_LIMIT or sum(m.file_size for m in members) > ZIP_SIZE_LIMIT:
        raise SubmissionError(
            f"{path.name} holds more than {ZIP_MEMBERS_LIMIT} files or {ZIP_SIZE_LIMIT >> 20} MB: "
            "hand in only the notebooks"
        )
    return sorted(
        member.filename
        for member in members
        if not IGNORED_FOLDERS & set(PurePosixPath(member.filename).parts)
    )


def zip_files(path: Path) -> list[File]:
    """Return the code files in a zip."""
    return [File(name, path, name) for name in zip_members(path) if is_code(PurePosixPath(name).name)]
