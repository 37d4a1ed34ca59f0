"""Raw bytes of a submission, as the trusted process reads them: bounded, archives unopened, links not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cs231n.sentences import sentence
from grading.submission.files import FOLDERS_DEEP, IGNORED_FOLDERS
from grading.submission.handed_in import Contents, File, Submission

FILE_LIMIT = 100 << 20
TOTAL_LIMIT = 200 << 20
ENTRIES_LIMIT = 20_000
# So many files are named in a sentence.
NAMED = 5
# Read so much at a time: between two reads, Ctrl-C is heard.
CHUNK = 8 << 20

_CODE = (".ipynb", ".py")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".zst")
# What browsers and mail programs add to a name.
_ADDED = (".txt", ".json", ".html", ".htm", ".download", ".bin")


def may_be_work(name: str) -> bool:
    """Whether a file of this name is read: a notebook, a script, an archive, also with a suffix added to its name."""
    name = name.lower()
    if name.startswith("._"):  # what macOS leaves beside a file
        return False
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    return name.endswith((*_CODE, *_ARCHIVES)) or (suffix in _ADDED and stem.endswith((*_CODE, *_ARCHIVES)))


def contents_of(submission: Submission) -> Contents:
    """Read the files of a submission; what cannot be read, or exceeds the limits, becomes a note.

    Parameters
    ----------
    submission : Submission

    Returns
    -------
    Contents
        Of a submission that holds nothing to grade, a note names what it holds.
    """
    listing = _listed(submission) if submission.files else _walked(submission.path)
    notes = [*submission.notes, *listing.notes]
    chosen = [file for file in listing.files if may_be_work(_name(file))]
    if not chosen and listing.files:
        notes.append(_nothing_to_grade(listing.files))
    files, size = [], 0
    for file in chosen:
        raw = _read(file, min(FILE_LIMIT, TOTAL_LIMIT - size))
        if isinstance(raw, str):
            notes.append(raw)
        else:
            files.append((plain(file.label), raw))
            size += len(raw)
    return Contents(submission.student, tuple(files), tuple(notes))


def plain(text: str) -> str:
    """Return a name that can be written anywhere: of undecodable bytes, their numbers."""
    return text.encode("utf-8", "backslashreplace").decode()


def files_of(submission: Submission) -> list[File]:
    """Return the files of a submission that are read."""
    listing = _listed(submission) if submission.files else _walked(submission.path)
    return [file for file in listing.files if may_be_work(_name(file))]


@dataclass
class _Listing:
    files: list[File] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _name(file: File) -> str:
    return file.label.rpartition("/")[2]


def _listed(submission: Submission) -> _Listing:
    return _Listing(list(submission.files))


def _walked(path: Path) -> _Listing:
    """List what lies below a path, by lstat: links are named, not followed."""
    listing = _Listing()
    try:
        mode = path.stat().st_mode
    except OSError as error:
        listing.notes.append(_unreadable(path.name, error))
        return listing
    if not stat.S_ISDIR(mode):
        listing.files.append(File(path.name, path))
        return listing
    links = []
    for number, entry in enumerate(_entries(path, listing)):
        if number >= ENTRIES_LIMIT:
            listing.notes.append(
                sentence(
                    "more than {limit} files were handed in, and the others were not looked at: hand in only the "
                    "notebooks",
                    limit=ENTRIES_LIMIT,
                )
            )
            break
        if entry.is_symlink():
            links.append(_label(entry, path))
        elif entry.is_file(follow_symlinks=False) or may_be_work(entry.name):
            listing.files.append(File(_label(entry, path), Path(entry.path)))
    if links:
        listing.notes.append(
            sentence("{files}: a link, which is not followed; hand in the file itself", files=_some(links))
        )
    return listing


def _entries(top: Path, listing: _Listing) -> Iterator[os.DirEntry[str]]:
    """Yield what is no folder below `top`, in the order of names; also links to folders."""
    pending = [(str(top), 0)]
    while pending:
        folder, depth = pending.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            listing.notes.append(_unreadable(Path(folder).name, error))
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.name not in IGNORED_FOLDERS:
                if depth + 1 < FOLDERS_DEEP:
                    pending.append((entry.path, depth + 1))
                else:
                    listing.notes.append(
                        sentence(
                            "{folder} lies more than {limit} folders deep and was not looked into: hand in the files",
                            folder=entry.name,
                            limit=FOLDERS_DEEP,
                        )
                    )


def _label(entry: os.DirEntry[str], top: Path) -> str:
    return Path(entry.path).relative_to(top).as_posix()


def _read(file: File, limit: int) -> bytes | str:
    """Return a file's bytes, or the sentence that says why they are not read."""
    try:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return _unreadable(file.label, error)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return sentence(
                "{file} is no ordinary file and was not read: hand in the file itself", file=plain(file.label)
            )
        chunks, size = [], 0
        while size <= limit and (chunk := os.read(descriptor, CHUNK)):
            chunks.append(chunk)
            size += len(chunk)
    except OSError as error:
        return _unreadable(file.label, error)
    finally:
        os.close(descriptor)
    if size > limit and limit == FILE_LIMIT:
        return sentence(
            "{file} has more than {limit} MB and was not read: clear the outputs of its notebooks, leave data out, "
            "and hand it in again",
            file=plain(file.label),
            limit=FILE_LIMIT >> 20,
        )
    if size > limit:
        return sentence(
            "{file} was not read: more than {limit} MB were handed in. Hand in only the notebooks, without outputs",
            file=plain(file.label),
            limit=TOTAL_LIMIT >> 20,
        )
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _unreadable(name: str, error: OSError) -> str:
    return sentence(
        "{file} cannot be read ({reason}): hand it in again",
        file=plain(name),
        reason=error.strerror or str(error),
    )


def _nothing_to_grade(files: list[File]) -> str:
    return sentence(
        "{files}: neither a notebook nor a .py file nor an archive of them; hand in the notebooks",
        files=_some([file.label for file in files]),
    )


def _some(names: list[str]) -> str:
    """Return the first of some names, and how many more there are."""
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join([*(plain(name) for name in names[:NAMED]), *more])
