"""Opener of archives, behind the walls only: limits, names, and what becomes a note."""

from __future__ import annotations

import contextlib
import io
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cs231n.sentences import sentence
from grading.errors import SubmissionError
from grading.submission.contents import BY_CONTENT, FILE_LIMIT, TOTAL_LIMIT
from grading.submission.formats import HEAD, Member, format_of, members_of
from grading.submission.handed_in import Contents
from grading.submission.listing import (
    FOLDERS_DEEP,
    IGNORED_FOLDERS,
    is_archive,
    is_notebook,
    is_work,
    may_be_work,
)

MEMBERS_LIMIT = 20_000
NESTED_LIMIT = 3
# Notebooks become a tenth, with much repetition a hundredth; only what is meant to fill a disk becomes less.
RATIO_LIMIT = 200
RATIO_FROM = 32 << 20
NAME_LIMIT = 200
# A file that is not called like work is one notebook, or an archive of a few.
UNSURE_LIMIT = 16 << 20
# Volumes: hw.z01, hw.zip.001, hw.part2.rar, hw.r00.
_PART = re.compile(r"\.(?:[zr]\d\d|(?:zip|7z|rar|tar|gz)\.\d{3}|part\d+\.rar)\Z", re.IGNORECASE)


def opened(contents: Contents) -> Contents:
    """Return the files of a submission, those in archives in the place of the archives.

    What cannot be opened, is encrypted or damaged, or exceeds the limits, is named in a note with the remedy. An
    archive that is all that was handed in leaves no trace in the labels.
    """
    opener = _Opener(list(contents.notes))
    alone = len(contents.files) == 1
    for label, raw in contents.files:
        opener.add(label, raw, "" if alone else f"{label}/", 0)
    return Contents(contents.student, tuple(opener.files.items()), tuple(opener.notes))


@dataclass
class _Opener:
    notes: list[str]
    files: dict[str, bytes] = field(default_factory=dict)
    size: int = 0
    in_vain: int = 0

    def add(self, label: str, raw: bytes, inside: str, depth: int) -> None:
        """Add a file, or what is in it if it is an archive: by its bytes, whatever it is called."""
        format = format_of(raw[:HEAD])
        if _PART.search(label) and not is_notebook(label):
            self._note(
                "{file} is one part of an archive that was split: pack it again in one piece, or hand in the notebooks",
                label,
            )
        elif not raw and is_archive(label):
            self._note("{file} is empty: pack it again, or hand in the notebooks", label)
        elif not format:
            if not is_archive(label):
                self._keep(label, raw)
            else:
                self._note("{file} is no archive, whatever its name says: hand in the notebooks", label)
        elif depth >= NESTED_LIMIT:
            self._note("{file} is an archive in an archive in an archive: hand in the notebooks", label)
        else:
            self._open(label, raw, inside, format, depth)

    def _open(self, label: str, raw: bytes, inside: str, format: str, depth: int) -> None:
        before = len(self.files) + len(self.notes)
        try:
            self._take(label, members_of(io.BytesIO(raw), label, format), inside, len(raw), depth)
        except SubmissionError as error:
            self.notes.append(error.args[0])
        except MemoryError:
            self._note("{file} needs more memory than it may have: hand in only the notebooks", label)
        except Exception as error:  # what opens damaged archives raises errors of all kinds
            self._note(
                "{file} cannot be opened ({reason}): pack it again, or hand in the notebooks",
                label,
                _reason(error),
            )
        if len(self.files) + len(self.notes) == before:
            self._note("{file} holds no notebook and no .py file: hand in the notebooks", label)

    def _take(self, label: str, members: Iterator[Member], inside: str, packed: int, depth: int) -> None:
        unpacked, links, unsure = 0, [], dict[str, bytes | None]()
        before = len(self.files) + len(self.notes)
        for number, member in enumerate(members):
            if number >= MEMBERS_LIMIT:
                self._note(
                    "{file} holds more than {limit} files: hand in only the notebooks", label, MEMBERS_LIMIT
                )
                return
            parts = safe_parts(member.name)
            if not parts or member.kind == "folder" or IGNORED_FOLDERS & set(parts):
                continue
            name = inside + "/".join(parts)
            if not is_work(parts[-1]):
                nothing = len(self.files) + len(self.notes) == before
                if nothing and member.kind == "file" and may_be_work(parts[-1]) and len(unsure) < BY_CONTENT:
                    unsure[name] = _within_bounds(member)
                continue
            if member.kind == "link":
                links.append(name)
            elif member.kind == "encrypted":
                self._note("{file} is encrypted: pack it again without a password", label)
                return
            else:
                room = min(FILE_LIMIT, TOTAL_LIMIT - self.size, _most_from(packed) - unpacked)
                if self.in_vain > TOTAL_LIMIT or room <= 0:
                    self._note(
                        "the rest of {file} was not unpacked, for it is too large: hand in the notebooks",
                        label,
                    )
                    return
                raw = self._unpacked(member, name, room)
                if raw is None:
                    continue
                unpacked += len(raw)
                self.add(name, raw, f"{name}/", depth + 1)
        if len(self.files) + len(self.notes) == before and not links:
            for name, held in unsure.items():
                if held is not None:
                    self.add(name, held, f"{name}/", depth + 1)
        for name in links:
            self._note("{file} is a link, which is not followed: hand in the file itself", name)

    def _unpacked(self, member: Member, name: str, room: int) -> bytes | None:
        """Return a member's bytes; None, with a note, of one that is damaged or too large."""
        chunks, size = [], 0
        try:
            for chunk in member.chunks():
                chunks.append(chunk)
                size += len(chunk)
                if size > room:
                    self.in_vain += size
                    self._note(
                        "{file} was not unpacked, for it is too large: clear the outputs and hand it in again",
                        name,
                    )
                    return None
        except MemoryError:
            raise
        except Exception as error:  # as above
            self._note("{file} is damaged in its archive ({reason}): hand it in again", name, _reason(error))
            return None
        return b"".join(chunks)

    def _keep(self, label: str, raw: bytes) -> None:
        if label in self.files:
            self._note("{file} was handed in twice under one name: the last was graded", label)
        self.files[label] = raw
        self.size += len(raw)

    def _note(self, template: str, file: str, value: object = "") -> None:
        self.notes.append(sentence(template, file=file, reason=value, limit=value))


def _within_bounds(member: Member) -> bytes | None:
    """Return the bytes of a member of which only they say if it is work; None of one that is damaged or large."""
    chunks, size = [], 0
    with contextlib.suppress(Exception):  # as above
        for chunk in member.chunks():
            chunks.append(chunk)
            size += len(chunk)
            if size > UNSURE_LIMIT:
                return None
        return b"".join(chunks)
    return None


def _most_from(packed: int) -> int:
    """Return how much may come out of so many bytes."""
    return max(RATIO_FROM, RATIO_LIMIT * packed)


def _reason(error: Exception) -> str:
    # libarchive's errors without a message say where in memory the archive lay: another text each time
    text = str(getattr(error, "msg", error) or sentence("it is damaged")) or type(error).__name__
    return "".join(c for c in text if c.isprintable())[:NAME_LIMIT]


def safe_parts(name: str) -> tuple[str, ...]:
    """Return the path of a member, as parts that can be written anywhere: inside the archive, and nowhere else.

    >>> safe_parts("..\\\\..\\\\ada/./Style.ipynb"), safe_parts("C:/Style.ipynb"), safe_parts("/")
    (('ada', 'Style.ipynb'), ('Style.ipynb',), ())
    """
    return tuple(safe for _, safe in _parts_of(name))


def _parts_of(name: str) -> list[tuple[str, str]]:
    """Return the parts of a path as they are, each with the name under which it can be written."""
    parts = [(part, _safe(part)) for part in re.split(r"[/\\]", name[: NAME_LIMIT * FOLDERS_DEEP])]
    return [(part, safe) for part, safe in parts if safe not in ("", ".", "..")][-FOLDERS_DEEP:]


def _safe(part: str) -> str:
    """Return a name without what no name needs: control characters, halves of characters, text that runs backwards."""
    kept = "".join(
        "_" if unicodedata.category(c) in ("Zl", "Zp") or unicodedata.category(c)[0] == "C" else c
        for c in part
    )
    kept = re.sub("^(?:[A-Za-z]:)+", "", kept.strip()).strip()
    return kept if len(kept) <= NAME_LIMIT else kept[: NAME_LIMIT // 2] + kept[-NAME_LIMIT // 2 :]


class _Paths:
    """The paths of an archive's members: two that differ stay two, though what tells them apart cannot be written."""

    def __init__(self) -> None:
        self._written: dict[tuple[tuple[str, ...], str], str] = {}
        self._taken: set[tuple[str, ...]] = set()

    def of(self, name: str) -> tuple[str, ...]:
        """Return the path of a member, as `safe_parts` does; one that another has got is numbered."""
        around: tuple[str, ...] = ()
        for part, safe in _parts_of(name):
            if (around, part) not in self._written:
                number, written = 1, safe
                while (*around, written) in self._taken:
                    number += 1
                    before, dot, suffix = safe.rpartition(".")
                    written = f"{before} ({number}).{suffix}" if before and dot else f"{safe} ({number})"
                self._written[around, part] = written
                self._taken.add((*around, written))
            around = (*around, self._written[around, part])
        return around


# What `unpack` yields: a file begins, more of it, a folder; the label, or the bytes, follow. Or: it is too large; or
# the archive is encrypted.
FILE, DATA, FOLDER, LARGE, ENCRYPTED = b"F", b"D", b"/", b"L", b"E"


def unpack(request: bytes, _parts: Sequence[bytes], files: Sequence[int]) -> Iterator[bytes]:
    """Unpack the archive of a class: a program that a child of the sandbox runs.

    What is in it is not opened further. A file that is damaged ends where it is damaged, a link is an empty file: whose
    it is has a line all the same. So has whose file is too large.

    Parameters
    ----------
    request : bytes
        What messages call the archive.
    files : sequence of int
        One descriptor of the archive.

    Raises
    ------
    Exception
        Of many kinds, if it cannot be opened.
    """
    label = request.decode()
    with os.fdopen(files[0], "rb") as file:
        format = format_of(file.read(HEAD))
        file.seek(0)
        paths = _Paths()
        for member in members_of(file, label, format):
            parts = paths.of(member.name)
            if not parts or IGNORED_FOLDERS & set(parts):
                continue
            name = "/".join(parts).encode("utf-8", "backslashreplace")
            if member.kind == "folder":
                yield FOLDER + name
                continue
            if member.kind == "encrypted":
                yield ENCRYPTED
                return
            yield FILE + name
            if member.kind == "file":
                yield from _as_far_as_it_goes(member)


def _as_far_as_it_goes(member: Member) -> Iterator[bytes]:
    most = min(FILE_LIMIT, _most_from(member.packed)) if member.packed else FILE_LIMIT
    if member.size > most:  # nobody waits until a bomb has gone off
        yield LARGE
        return
    size = 0
    with contextlib.suppress(Exception):  # damaged archives raise errors of all kinds
        for chunk in member.chunks():
            size += len(chunk)
            if size > most:
                yield LARGE
                return
            yield DATA + chunk
