"""Spool of a class's archive: its members as files of a temporary folder, called by number, never by their names."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from grading.errors import SubmissionError
from grading.sandbox import ChildEndedError, Limits, Sandbox
from grading.submission.archives import DATA, FILE, FOLDER, RATIO_FROM, RATIO_LIMIT, safe_parts
from grading.submission.handed_in import File

PROGRAM = "grading.submission.archives:unpack"
# A class of 500 with outputs is a gigabyte or two.
LIMITS = Limits(
    call_cpu_seconds=900, call_wall_seconds=900, function_cpu_seconds=1000, memory_mb=1536, file_mb=0
)
MEMBERS_LIMIT = 200_000
SIZE_LIMIT = 32 << 30
LABEL_LIMIT = 16_384

# Opens the archive of a class: a file for each member, a label that ends in "/" for a folder.
Unpack = Callable[[Path], Sequence[File]]


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


def unpacked(path: Path, folder: Path, sandbox: Sandbox) -> Sequence[File]:
    """Return the members of an archive, written into a folder.

    Raises
    ------
    SubmissionError
        If it cannot be opened, or holds more than any class hands in.
    SandboxError
        If the sandbox has ended.
    """
    remedy = f"unpack {path} and name the folder"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SubmissionError(f"{path} cannot be read ({error.strerror}): check the path") from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise SubmissionError(f"{path} is no file: name an archive or a folder")
        child = sandbox.start(LIMITS)
        try:
            pieces = child.run(PROGRAM, os.fsencode(path.name), files=[descriptor])
            return _written(pieces, folder, max(RATIO_FROM, RATIO_LIMIT * found.st_size))
        finally:
            child.end().close()
    except ChildEndedError as error:
        raise SubmissionError(f"{path} cannot be opened: {remedy}") from error
    except _RefusedError as error:
        raise SubmissionError(f"{path} {error}: {remedy}") from None
    except OSError as error:
        raise SubmissionError(
            f"{path} cannot be unpacked in {tempfile.gettempdir()} ({error.strerror}): make room there, or {remedy}"
        ) from error
    finally:
        os.close(descriptor)


class _RefusedError(Exception):
    """An archive that holds what is not taken, in the words that go on after its name."""


def _written(pieces: Iterator[bytes], folder: Path, most: int) -> list[File]:
    """Write what the reader sends; it may send anything, so it is bounded here, and names nothing on this machine."""
    files: list[File] = []
    size = 0
    with contextlib.ExitStack() as held:
        here: IO[bytes] | None = None
        for piece in pieces:
            kind, rest = piece[:1], piece[1:]
            if kind == DATA and here is not None:
                size += len(rest)
                if size > min(most, SIZE_LIMIT):
                    raise _RefusedError("grows to more than any class hands in")
                here.write(rest)
                continue
            if kind not in (FILE, FOLDER) or len(rest) > LABEL_LIMIT:
                raise _RefusedError("cannot be opened")
            if len(files) >= MEMBERS_LIMIT:
                raise _RefusedError(f"holds more than {MEMBERS_LIMIT} files")
            held.close()
            label, here = "/".join(safe_parts(rest.decode("utf-8", "backslashreplace"))), None
            if not label:
                raise _RefusedError("cannot be opened")
            if kind == FOLDER:
                files.append(File(f"{label}/", folder))
            else:
                place = folder / str(len(files))
                here = held.enter_context(place.open("xb"))
                files.append(File(label, place))
    return list(
        {file.label: file for file in files}.values()
    )  # as unpacking does, of two with one name the last
