"""Records of what was handed in: a file and where its bytes lie, one student's submission, and its raw bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class File:
    """A file as it was handed in.

    Attributes
    ----------
    label : str
        Its path inside the submission, with "/" between parts: what messages call it.
    path : Path
        Where its bytes lie on this machine: a regular file, never a link.
    """

    label: str
    path: Path


@dataclass(frozen=True)
class Submission:
    """What one student, or one group, handed in.

    Attributes
    ----------
    student : str
        The id, as `grading.submission.ids` makes it.
    path : Path
        The folder, file or archive it came from: for messages, and where `files` is None. It may be others', too.
    assignment : str
        nbgrader's assignment folder, or "".
    notes : tuple of str
        What to look at by hand.
    files : tuple of File, or None
        The files of this student; None where all that lies below `path` is.
    members : tuple of str
        The ids of a group's people; () where a student worked alone.
    downloaded : str
        The path of a file in the platform's download, which says by what the platform knows it; "" elsewhere.
    attempt : str
        What a platform calls the attempt that counts, mostly by its moment; "" elsewhere.
    """

    student: str
    path: Path
    assignment: str = ""
    notes: tuple[str, ...] = ()
    files: tuple[File, ...] | None = None
    members: tuple[str, ...] = ()
    downloaded: str = ""
    attempt: str = ""


@dataclass(frozen=True)
class Contents:
    """The raw bytes of what was handed in, (label, bytes) of each file, archives unopened; and notes.

    All that a grade depends on of a submission is in it, so it can be hashed, and sent to another machine.
    """

    student: str
    files: tuple[tuple[str, bytes], ...]
    notes: tuple[str, ...] = ()
