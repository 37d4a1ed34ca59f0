"""Ledger of a run: what each result was made from, so that a stopped run continues and repeats nothing.

For each student, `DIR/.grading/<student>.json` holds the key of the result (`grading.classroom.keys`) and the hash of
every file that was written for it. It is written last: whenever a run is killed, a result without a fitting entry is
graded again.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cs231n.sentences import sentence
from grading.classroom.worker import Outcome
from grading.errors import KitError
from grading.results.atomic import sweep, write_atomically
from grading.results.files import evidence_bytes, json_bytes, result_bytes
from grading.submission.ids import file_name

FOLDER = ".grading"
# Who may read the evidence: whoever grades.
PRIVATE = 0o600


@dataclass(frozen=True)
class Usage:
    """What one submission cost, and when it was graded."""

    student: str
    seconds: float
    cpu_seconds: float
    max_rss_mb: float
    graded: str


@dataclass(frozen=True)
class Ledger:
    """The results folder `out` and what is known of the files in it."""

    out: Path

    def kept(self, student: str, key: str) -> Usage | None:
        """Return what a student's result cost if it was made from `key` and its files are as they were written."""
        try:
            entry = json.loads(self._entry(student).read_text(encoding="utf-8"))
            files: Mapping[str, str] = entry["files"]
            if entry["key"] != key or set(files) != {
                _result(student),
                _evidence(student),
                *self._pictures(student),
            }:
                return None
            if any(_hash((self.out / name).read_bytes()) != known for name, known in files.items()):
                return None
            return Usage(**entry["usage"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def record(self, outcome: Outcome, key: str, graded: str) -> Usage:
        """Write a student's result, its evidence and pictures, and last what they were made from.

        Raises
        ------
        OSError
            If something cannot be written; what was written before stays whole.
        """
        student = outcome.result.student
        files = {_result(student): result_bytes(outcome.result)}
        files |= {f"{_pictures_folder(student)}/{name}.npz": raw for name, raw in outcome.pictures.items()}
        for name, raw in files.items():
            write_atomically(self.out / name, raw)
        evidence = evidence_bytes(outcome.evidence)
        write_atomically(self.out / _evidence(student), evidence, PRIVATE)
        files[_evidence(student)] = evidence
        for name in set(self._pictures(student)) - set(files):
            (self.out / name).unlink(missing_ok=True)
        usage = Usage(student, outcome.seconds, outcome.cpu_seconds, outcome.max_rss_mb, graded)
        if outcome.fault:  # the next run shall try again
            self._entry(student).unlink(missing_ok=True)
            return usage
        entry = {
            "key": key,
            "files": {name: _hash(raw) for name, raw in files.items()},
            "usage": asdict(usage),
        }
        write_atomically(self._entry(student), json_bytes(entry))
        return usage

    def sweep(self) -> None:
        """Remove half-written files of a run that was killed."""
        below = [self.out / name for name in ("results", "evidence", "report", "report-anonymous", FOLDER)]
        for folder in (self.out, *below, *(self.out / "pictures").glob("*/")):
            sweep(folder)

    def remove_if_empty(self) -> None:
        """Remove the folders of a run that has written nothing."""
        if not any((self.out / "results").glob("*")):
            (self.out / FOLDER / "lock").unlink(missing_ok=True)
        folders = (self.out / name for name in ("pictures", "results", "evidence", FOLDER, "."))
        for folder in (*(self.out / "pictures").glob("*/"), *folders):
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _entry(self, student: str) -> Path:
        return self.out / FOLDER / f"{file_name(student)}.json"

    def _pictures(self, student: str) -> list[str]:
        folder = _pictures_folder(student)
        return [f"{folder}/{path.name}" for path in (self.out / folder).glob("*.npz")]


@contextlib.contextmanager
def writing(out: Path) -> Iterator[None]:
    """Tell a user which folder cannot be written, and what to do.

    Raises
    ------
    KitError
        In the place of an OSError.
    """
    try:
        yield
    except OSError as error:
        remedy = sentence("name another folder with --out")
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = sentence("make room there and give the command again; what was graded is kept")
        raise KitError(
            "{out} cannot be written ({strerror}): {remedy}", out=out, strerror=error.strerror, remedy=remedy
        ) from error


def _result(student: str) -> str:
    return f"results/{file_name(student)}.json"


def _evidence(student: str) -> str:
    return f"evidence/{file_name(student)}.json"


def _pictures_folder(student: str) -> str:
    return f"pictures/{file_name(student)}"


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
