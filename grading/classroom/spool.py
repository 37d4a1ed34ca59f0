"""Spool of a class's archive: its members as files of a temporary folder, called by number, never by their names."""

from __future__ import annotations

import contextlib
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from grading.errors import SubmissionError
from grading.sandbox import Sandbox
from grading.submission.handed_in import File
from grading.submission.listing import Unpack


@contextlib.contextmanager
def spool(sandbox: Callable[[], Sandbox]) -> Iterator[Unpack]:  # noqa: ARG001 - the reader's has this form
    """Yield what opens the archives of classes; what it has written is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="class-") as folder:

        def unpack(path: Path) -> Sequence[File]:
            place = Path(tempfile.mkdtemp(dir=folder))
            try:
                with zipfile.ZipFile(path) as archive:
                    files = []
                    for number, member in enumerate(archive.infolist()):
                        (place / str(number)).write_bytes(archive.read(member))
                        files.append(File(member.filename, place / str(number)))
                    return files
            except (
                zipfile.BadZipFile,
                OSError,
                RuntimeError,
                NotImplementedError,
                ValueError,
                EOFError,
            ) as error:
                raise SubmissionError(
                    f"{path} cannot be opened: unpack {path} and name the folder"
                ) from error

        yield unpack
