"""Raw bytes of a submission, as the trusted process reads them: bounded, archives unopened, links not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from cs231n.sentences import first_of, sentence
from grading.submission.handed_in import Contents, File, Submission
from grading.submission.listing import LeftOut, is_work, may_be_work, walked

FILE_LIMIT = 100 << 20
TOTAL_LIMIT = 200 << 20
# Of who handed in no file that is called like work, so many are looked into.
BY_CONTENT = 8
# So many files are named in a sentence.
NAMED = 5
# Read so much at a time: between two reads, Ctrl-C is heard.
CHUNK = 8 << 20


def contents_of(submission: Submission) -> Contents:
    """Read the files of a submission; what cannot be read, or exceeds the limits, becomes a note.

    Parameters
    ----------
    submission : Submission

    Returns
    -------
    Contents
        Of a submission that holds nothing to grade by its name, a note names what it holds; files that may be work
        all the same are there, and whoever opens them says what they are.
    """
    listed, left_out = _listed(submission)
    notes = [*submission.notes, *left_out]
    chosen = [file for file in listed if is_work(_name(file))]
    if not chosen and listed:
        chosen = [file for file in listed if may_be_work(_name(file))][:BY_CONTENT]
        if others := [file for file in listed if file not in chosen]:
            notes.append(_nothing_to_grade(others))
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


def files_of(submission: Submission) -> tuple[File, ...]:
    """Return the files of a submission as they lie, archives unopened."""
    return _listed(submission)[0]


def _name(file: File) -> str:
    return file.label.rpartition("/")[2]


def _listed(submission: Submission) -> tuple[tuple[File, ...], Sequence[str]]:
    """Return the files of a submission, and notes on what is none: links, and what cannot be looked into."""
    path = submission.path
    if submission.files is not None:
        return submission.files, []
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return (), [_unreadable(path.name, error)]
    if not stat.S_ISDIR(mode):
        return (File(path.name, path),), []
    listing = walked(path)
    return listing.files, on_left_out(listing.left_out, path.name)


def on_left_out(left_out: Sequence[LeftOut], name: str, *, beside_others: bool = False) -> list[str]:
    """Return notes on what a student's folder, called `name`, holds and is not read: links, pipes, what is closed.

    Where it is all that there is, and not `beside_others`, they say what to do.
    """
    notes: list[str] = [
        sentence("{file} {why}", file=plain(out.label or name), why=out.why)
        if beside_others
        else sentence("{file} {why}: hand in the file itself", file=plain(out.label or name), why=out.why)
        for out in left_out[:NAMED]
    ]
    if (more := len(left_out) - NAMED) > 0:
        notes.append(sentence("{count} more were left out", count=more))
    return notes


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
        chunks, size = [], found.st_size if found.st_size > limit else 0
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


def _nothing_to_grade(files: Sequence[File]) -> str:
    return sentence(
        "{files}: neither a notebook nor a .py file nor an archive of them; hand in the notebooks",
        files=some([file.label for file in files]),
    )


def some(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    return first_of([plain(name) for name in names], NAMED)
