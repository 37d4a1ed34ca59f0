"""Reader of submitted files, in folders and in zips: code alone, no links, nothing of unreasonable size."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
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


def entries(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing, if it cannot be looked into or is gone."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def archives(folder: Path) -> list[Path]:
    """Return the zips that lie in a student's folder, or in the only folder inside it."""
    found = sorted(e for e in folder.glob("*.zip")) or sorted(e for e in folder.glob("*/*.zip"))
    return [e for e in found if e.is_file() and not e.is_symlink() and not e.name.startswith("._")]


def code_files(folder: Path) -> Iterator[Path]:
    """Yield notebooks and scripts below a folder; links are not followed, so nothing outside it is read.

    A folder that cannot be looked into is yielded itself: whoever reads it learns why.
    """
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            found = [(entry, entry.lstat().st_mode) for entry in sorted(here.iterdir())]
        except OSError:
            yield here
            continue
        for entry, mode in found:
            if stat.S_ISDIR(mode) and entry.name not in IGNORED_FOLDERS:
                if len(entry.parts) - len(folder.parts) < FOLDERS_DEEP:
                    pending.append(entry)
            elif stat.S_ISREG(mode) and is_code(entry.name):
                yield entry


def is_plain_file(path: Path) -> bool:
    """No link to somebody else's work, and no pipe that is waited for."""
    return stat.S_ISREG(path.lstat().st_mode)


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
