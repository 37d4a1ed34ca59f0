"""A student's folder in a course: its files as they were handed in, archives opened within limits, links left alone."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from cs231n.handin.cells import SIZE_LIMIT
from grading.errors import SubmissionError
from grading.submission.handed_in import File
from grading.submission.listing import FOLDERS_DEEP, IGNORED_FOLDERS

FILES_LIMIT = 5_000
ZIP_MEMBERS_LIMIT = 2_000
ARCHIVES_DEEP = 2  # a zip in a zip
ARCHIVE_LIMIT = 64 << 20
UNPACKED_LIMIT = 256 << 20  # of one student, all archives together
CHUNK = 1 << 20
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True)
class Folder:
    """The files of one student, those of archives among them, and sentences on what could not be read."""

    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()


def files_in(folder: Path, spool: Path) -> Folder:
    """Return the files below a student's folder; what lies in an archive is unpacked into `spool`.

    Parameters
    ----------
    folder : Path
        `submitted/<student>/<assignment>`. Nothing is read through a link, be it one of these two.
    spool : Path
        An empty folder of the grader's own. Files in it are called by number: no name of a member is used.
    """
    linked = [path for path in (folder.parent, folder) if path.is_symlink()]
    if linked:
        return Folder(notes=(f"{linked[0].name} is a link: it is not followed",))
    files: list[File] = []
    notes: list[str] = []
    pending = [(file, 0) for file in _walk(folder, notes)]
    room = _Spool(spool)
    while pending:
        file, depth = pending.pop(0)
        suffix = PurePosixPath(file.label).suffix.lower()
        if suffix not in ARCHIVES:
            files.append(file)
            continue
        try:
            if suffix != ".zip" or depth >= ARCHIVES_DEEP:
                raise SubmissionError(f"{file.label} cannot be opened here: unpack it in {folder}")
            pending += [(member, depth + 1) for member in unpacked(file, room)]
        except SubmissionError as error:
            files.append(file)
            notes.append(str(error))
    return Folder(tuple(files), tuple(notes))


@dataclass
class _Spool:
    """A folder for what comes out of one student's archives, and how much more it may take."""

    folder: Path
    files: int = 0
    left: int = UNPACKED_LIMIT

    def write(self, source: IO[bytes], label: str) -> Path:
        """Write a file; what it really holds counts, not what an archive says of it."""
        target = self.folder / str(self.files)
        self.files += 1
        with target.open("wb") as file:
            for chunk in iter(lambda: source.read(CHUNK), b""):
                self.left -= len(chunk)
                if self.left < 0:
                    raise SubmissionError(
                        f"{label} holds more than {UNPACKED_LIMIT >> 20} MB: hand in the notebooks"
                    )
                file.write(chunk)
        return target


def _walk(folder: Path, notes: list[str]) -> list[File]:
    """Return regular files, sorted by path; a note tells of links and of what cannot be looked into."""
    files: list[File] = []
    pending = [folder]
    while pending:
        here = pending.pop()
        label = here.relative_to(folder).as_posix()
        try:
            found = sorted(here.iterdir())
        except OSError as error:
            notes.append(f"{label} cannot be looked into ({error.strerror})")
            continue
        for entry in found:
            mode = entry.lstat().st_mode
            name = entry.relative_to(folder).as_posix()
            if stat.S_ISLNK(mode):
                notes.append(f"{name} is a link: it is not followed")
            elif stat.S_ISDIR(mode) and entry.name not in IGNORED_FOLDERS:
                if name.count("/") < FOLDERS_DEEP:
                    pending.append(entry)
            elif stat.S_ISREG(mode) and not entry.name.startswith("._"):
                files.append(File(name, entry))
        if len(files) > FILES_LIMIT:
            notes.append(f"{folder} holds more than {FILES_LIMIT} files: only these are looked at")
            return files[:FILES_LIMIT]
    return sorted(files, key=lambda file: file.label)


def unpacked(archive: File, spool: _Spool) -> list[File]:
    """Return the files in a zip, each written into the spool.

    Raises
    ------
    SubmissionError
        If it is damaged, protected, or larger than allowed.
    """
    name, files = archive.label, []
    try:
        if archive.path.stat().st_size > ARCHIVE_LIMIT:
            raise SubmissionError(f"{name} has more than {ARCHIVE_LIMIT >> 20} MB: hand in the notebooks")
        with zipfile.ZipFile(archive.path) as opened:
            members = [member for member in opened.infolist() if _is_wanted(member)]
            if len(members) > ZIP_MEMBERS_LIMIT:
                raise SubmissionError(f"{name} holds over {ZIP_MEMBERS_LIMIT} files: hand in the notebooks")
            for member in members:
                with opened.open(member) as source:
                    files.append(File(f"{name}/{member.filename}", spool.write(source, name)))
    except SubmissionError:
        raise
    except Exception as error:  # what reads damaged archives raises errors of all kinds
        reason = str(error) or type(error).__name__
        raise SubmissionError(f"{name} cannot be opened as a zip ({reason}): zip it again") from error
    return files


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a file with an honest path, and no leaving of a tool."""
    path = PurePosixPath(member.filename)
    parts = member.filename.split("/")
    honest = not any(part in ("", ".", "..") or len(part) > 200 for part in parts)
    linked = stat.S_ISLNK(member.external_attr >> 16)
    ignored = IGNORED_FOLDERS & set(path.parts) or path.name.startswith("._")
    return honest and not (linked or ignored or member.is_dir()) and "\\" not in member.filename


def content(file: File) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    SubmissionError
        If it cannot be read, or is larger than any notebook.
    """
    try:
        with file.path.open("rb") as opened:
            raw = opened.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise SubmissionError(f"{file.label} cannot be read ({error.strerror})") from error
    if len(raw) > SIZE_LIMIT:
        raise SubmissionError(f"{file.label} has more than {SIZE_LIMIT >> 20} MB: clear its outputs")
    return raw
