"""Spool of a class's archive: its members as files of a temporary folder, called by number, never by their names."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cs231n.sentences import sentence
from grading.errors import SubmissionError
from grading.sandbox import ChildEndedError, Limits, Sandbox
from grading.submission.archives import (
    DATA,
    ENCRYPTED,
    FILE,
    FOLDER,
    LARGE,
    RATIO_FROM,
    RATIO_LIMIT,
    safe_parts,
)
from grading.submission.contents import FILE_LIMIT, plain
from grading.submission.handed_in import File
from grading.submission.listing import Unpack

PROGRAM = "grading.submission.archives:unpack"
# A class of 500 with outputs is a gigabyte or two.
LIMITS = Limits(
    call_cpu_seconds=900, call_wall_seconds=900, function_cpu_seconds=1000, memory_mb=1536, file_mb=0
)
MEMBERS_LIMIT = 200_000
SIZE_LIMIT = 32 << 30
LABEL_LIMIT = 16_384


@dataclass(frozen=True)
class Bounds:
    """What an archive may hold and cost: bytes in all, files, and what the program that opens it may use."""

    size: int
    members: int
    limits: Limits


@contextlib.contextmanager
def spool(sandbox: Callable[[], Sandbox]) -> Iterator[Unpack]:
    """Yield what opens the archives of classes; what it has written is removed in the end.

    Parameters
    ----------
    sandbox : callable
        Returns the sandbox in which they are opened; called where there is one to open.
    """
    with tempfile.TemporaryDirectory(prefix="class-") as folder:

        def unpack(path: Path) -> Sequence[File]:
            return unpacked(path, Path(tempfile.mkdtemp(dir=folder)), sandbox())

        yield unpack


def unpacked(
    path: Path, folder: Path, sandbox: Sandbox, bounds: Bounds | None = None, label: str = ""
) -> Sequence[File]:
    """Return the members of an archive, written into a folder.

    Parameters
    ----------
    path : Path
    folder : Path
        Files in it are called by number.
    sandbox : Sandbox
        Where it is opened.
    bounds : Bounds, optional
        By default those of a class.
    label : str, optional
        What messages call it, if not its path.

    Raises
    ------
    SubmissionError
        If it cannot be opened, or holds more than any class hands in.
    SandboxError
        If the sandbox has ended.
    """
    bounds = bounds or Bounds(SIZE_LIMIT, MEMBERS_LIMIT, LIMITS)
    remedy = sentence("unpack {path} and name the folder", path=path)
    if label:
        remedy = sentence("hand in the notebooks themselves")
    name = label or str(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SubmissionError(
            "{name} cannot be read ({strerror}): check the path", name=name, strerror=error.strerror
        ) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise SubmissionError("{name} is no file: name an archive or a folder", name=name)
        child = sandbox.start(bounds.limits)
        try:
            pieces = child.run(PROGRAM, plain(label or path.name).encode(), files=[descriptor])
            size = min(bounds.size, max(RATIO_FROM, RATIO_LIMIT * found.st_size))
            return _written(pieces, folder, size, bounds.members)
        finally:
            child.end().close()
    except ChildEndedError as error:
        raise SubmissionError("{name} cannot be opened: {remedy}", name=name, remedy=remedy) from error
    except _RefusedError as error:
        raise SubmissionError("{name} {error}: {remedy}", name=name, error=error, remedy=remedy) from None
    except OSError as error:
        raise SubmissionError(
            "{name} cannot be unpacked in {folder} ({strerror}): make room there, or {remedy}",
            name=name,
            folder=tempfile.gettempdir(),
            strerror=error.strerror,
            remedy=remedy,
        ) from error
    finally:
        os.close(descriptor)


class _RefusedError(Exception):
    """An archive that holds what is not taken, in the words that go on after its name."""


def _written(pieces: Iterator[bytes], folder: Path, most: int, members: int) -> list[File]:
    """Write what the reader sends; it may send anything, so it is bounded here, and names nothing on this machine."""
    files: list[File] = []
    size = 0
    with contextlib.ExitStack() as held:
        here: IO[bytes] | None = None
        for piece in pieces:
            kind, rest = piece[:1], piece[1:]
            size += len(
                rest
            )  # names, too: they are kept in memory, and a .tar.gz has long ones in a few bytes
            if size > most:
                raise _RefusedError(sentence("grows to more than anybody hands in"))
            if kind == DATA and here is not None:
                here.write(rest)
                continue
            if kind == LARGE and here is not None:
                size -= here.tell()
                here.truncate(0)
                here.truncate(FILE_LIMIT + 1)  # holes alone: whoever reads it sees that it is too large
                here = None
                continue
            if kind == ENCRYPTED:
                raise _RefusedError(sentence("is encrypted"))
            if kind not in (FILE, FOLDER) or len(rest) > LABEL_LIMIT:
                raise _RefusedError(sentence("cannot be opened"))
            if len(files) >= members:
                raise _RefusedError(sentence("holds more than {members} files", members=members))
            held.close()
            label, here = "/".join(safe_parts(rest.decode("utf-8", "backslashreplace"))), None
            if not label:
                raise _RefusedError(sentence("cannot be opened"))
            if kind == FOLDER:
                files.append(File(f"{label}/", folder))
            else:
                place = folder / str(len(files))
                here = held.enter_context(place.open("xb"))
                files.append(File(label, place))
    return files
