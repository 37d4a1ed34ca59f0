"""A student's folder in a course: its files as they were handed in, archives opened within limits, links left alone."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from cs231n.handin.cells import SIZE_LIMIT
from cs231n.language import said, shown
from grading.classroom.reading import LIMITS
from grading.classroom.spool import Bounds
from grading.classroom.spool import unpacked as behind_walls
from grading.classroom.worker import Settings, sandbox_of
from grading.errors import SandboxError, SubmissionError
from grading.sandbox import Sandbox, strongest
from grading.submission.contents import FILE_LIMIT
from grading.submission.handed_in import File
from grading.submission.listing import IGNORED_FOLDERS, is_archive, walked

FILES_LIMIT = 5_000
ZIP_MEMBERS_LIMIT = 2_000
ARCHIVES_DEEP = 2  # a zip in a zip
ARCHIVE_LIMIT = 64 << 20
UNPACKED_LIMIT = 256 << 20  # of one student, all archives together
NOTES_LIMIT = 20
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
        return Folder(notes=(said("{name} is a link, which is not followed", name=linked[0].name),))
    listing = walked(folder)
    notes = [f"{out.label or folder.name} {shown(out.why)}" for out in listing.left_out[:NOTES_LIMIT]]
    if len(listing.files) > FILES_LIMIT:
        notes.append(
            said(
                "{folder} holds more than {count} files: only these are looked at",
                folder=folder,
                count=FILES_LIMIT,
            )
        )
    files: list[File] = []
    pending = [(file, 0) for file in listing.files[:FILES_LIMIT]]
    room = _Spool(spool)
    while pending:
        file, depth = pending.pop(0)
        if not is_archive(PurePosixPath(file.label).name):
            files.append(file)
            continue
        try:
            if depth >= ARCHIVES_DEEP:
                raise SubmissionError(
                    "{label} is an archive in an archive: unpack it in {folder}",
                    label=file.label,
                    folder=folder,
                )
            pending += [(member, depth + 1) for member in _members(file, room, notes)]
        except SubmissionError as error:
            files.append(file)
            notes.append(str(error))
    return Folder(tuple(files), tuple(dict.fromkeys(notes)))


def _members(archive: File, room: _Spool, notes: list[str]) -> Sequence[File]:
    """Return the files in an archive, opened behind the walls, or with bounds where there can be none."""
    if archive.path.stat().st_size > ARCHIVE_LIMIT:
        raise SubmissionError(
            "{label} has more than {size} MB: hand in the notebooks",
            label=archive.label,
            size=ARCHIVE_LIMIT >> 20,
        )
    try:
        isolation = strongest()
    except SandboxError as error:
        why = str(error)
    else:
        return room.unpacked(archive, sandbox_of(Settings(seed="", isolation=isolation)))
    if not archive.label.lower().endswith(".zip"):
        raise SubmissionError(
            "{label} cannot be opened here ({why}): unpack it", label=archive.label, why=why
        )
    notes.append(said("{file} was opened without walls ({why})", file=archive.label, why=why))
    return unpacked(archive, room)


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
                        "{label} holds more than {size} MB: hand in the notebooks",
                        label=label,
                        size=UNPACKED_LIMIT >> 20,
                    )
                file.write(chunk)
        return target

    def unpacked(self, archive: File, sandbox: Sandbox) -> list[File]:
        """Let a child behind the walls open an archive; what it really holds counts here as well."""
        folder = self.folder / f"archive-{self.files}"
        folder.mkdir()
        self.files += 1
        bounds = Bounds(self.left, ZIP_MEMBERS_LIMIT, LIMITS)
        found = [
            file
            for file in behind_walls(archive.path, folder, sandbox, bounds, archive.label)
            if not file.label.endswith("/")
        ]
        sizes = [file.path.stat().st_size for file in found]
        if max(sizes, default=0) > FILE_LIMIT:
            raise SubmissionError(
                "{label} holds a file of more than {size} MB: hand in the notebooks",
                label=archive.label,
                size=FILE_LIMIT >> 20,
            )
        self.left -= sum(sizes)
        return [File(f"{archive.label}/{file.label}", file.path) for file in found]


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
            raise SubmissionError(
                "{name} has more than {size} MB: hand in the notebooks", name=name, size=ARCHIVE_LIMIT >> 20
            )
        with zipfile.ZipFile(archive.path) as opened:
            members = [member for member in opened.infolist() if _is_wanted(member)]
            if len(members) > ZIP_MEMBERS_LIMIT:
                raise SubmissionError(
                    "{name} holds over {most} files: hand in the notebooks",
                    name=name,
                    most=ZIP_MEMBERS_LIMIT,
                )
            for member in members:
                with opened.open(member) as source:
                    files.append(File(f"{name}/{member.filename}", spool.write(source, name)))
    except SubmissionError:
        raise
    except Exception as error:  # what reads damaged archives raises errors of all kinds
        reason = str(error) or type(error).__name__
        raise SubmissionError(
            "{name} cannot be opened as a zip ({reason}): zip it again", name=name, reason=reason
        ) from error
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
        raise SubmissionError(
            "{label} cannot be read ({strerror})", label=file.label, strerror=error.strerror
        ) from error
    if len(raw) > SIZE_LIMIT:
        raise SubmissionError(
            "{label} has more than {size} MB: clear its outputs", label=file.label, size=SIZE_LIMIT >> 20
        )
    return raw
