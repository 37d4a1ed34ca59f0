"""Pseudonyms of a class: the same for a student whenever pages are made, and who is behind each, in a private file."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from itertools import count
from pathlib import Path

import msgspec

from grading.course.settings import DEMO_SEED
from grading.errors import KitError
from grading.results.atomic import write_atomically
from grading.results.files import json_bytes
from grading.submission import ids

FILE = "pseudonyms.json"
_PRIVATE = 0o600
_DIGITS = 4


class _Key(msgspec.Struct):
    secret: str
    students: dict[str, str] = {}


def pseudonyms_of(out: Path, students: Iterable[str], seed: str) -> dict[str, str]:
    """Return a pseudonym for each student, such as ``student-4821-7730``, and keep in ``pseudonyms.json`` who is who.

    Parameters
    ----------
    out : Path
        A graded folder. The file in it, mode 0600, holds the secret that pseudonyms are made with, and all that were
        given: what is in it stays.
    students : iterable of str
    seed : str
        The course's, from which a new file takes its secret, so that all graded folders of a course give a student one
        pseudonym. Of the demo's, which is public, none is made: chance makes the secret.

    Raises
    ------
    KitError
        If the file is there and cannot be read: other pseudonyms would be given.
    OSError
        If it cannot be written.
    """
    key = _read(out / FILE) or _Key(secrets.token_hex(32) if seed == DEMO_SEED else _secret_of(seed))
    given = {ids.key(student): pseudonym for pseudonym, student in key.students.items()}
    found = {}
    for student in sorted(students, key=ids.key):
        known = given.get(ids.key(student)) or _free(key, student)
        key.students.setdefault(known, student)
        found[student] = known
    key.students = dict(sorted(key.students.items()))
    write_atomically(out / FILE, json_bytes(msgspec.to_builtins(key)), _PRIVATE)
    return found


def _read(path: Path) -> _Key | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Key)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise KitError(
            "{path} cannot be read ({error}): restore it, or remove it for other pseudonyms",
            path=path,
            error=error,
        ) from error


def _secret_of(seed: str) -> str:
    return hashlib.sha256(f"pseudonyms of {seed}".encode("utf-8", "surrogatepass")).hexdigest()


def _free(key: _Key, student: str) -> str:
    """Return the first of a student's pseudonyms that is free: of ten thousand students two may share their first."""
    for attempt in count():
        text = f"{attempt} {ids.key(student)}".encode("utf-8", "surrogatepass")
        number = int(hmac.new(bytes.fromhex(key.secret), text, "sha256").hexdigest(), 16)
        high, low = divmod(number % 10 ** (2 * _DIGITS), 10**_DIGITS)
        if (pseudonym := f"student-{high:0{_DIGITS}}-{low:0{_DIGITS}}") not in key.students:
            return pseudonym
    raise AssertionError("count() ends nowhere")
