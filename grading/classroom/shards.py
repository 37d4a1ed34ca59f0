"""Shards: parts of a class that are graded by calls of their own, into one folder, by files alone.

Who belongs to which part follows from the id. A shard writes only files of its own students, each atomically, and a
note of its own in `DIR/.grading/shards/`: no two ever write one file, so no file system need have locks. The same
command without `--shard` merges: it keeps what they have graded, grades what is missing, and removes the notes.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import structs

from cs231n.sentences import listed
from grading.assignments.registry import assignment
from grading.classroom.ledger import FOLDER
from grading.classroom.worker import Settings
from grading.errors import KitError
from grading.results.atomic import write_atomically
from grading.results.definition import ASPECTS
from grading.results.files import json_bytes
from grading.submission import ids
from grading.verdict.provenance import grader

NOTES = "shards"


@dataclass(frozen=True)
class Shard:
    """One of `count` parts of a class, counted from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def has(self, student: str) -> bool:
        """Whether a student is in this part: by the id alone, whoever else is in the class.

        >>> sum(Shard(number, 3).has("ada") for number in (1, 2, 3))
        1
        """
        digest = hashlib.sha256(ids.key(student).encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    def note(self, out: Path) -> Path:
        """Return where this part says how it is graded, and whether it has ended."""
        return out / FOLDER / NOTES / f"{self.number}-of-{self.count}.json"


def shard_of(text: str) -> Shard:
    """Read "I/N".

    Raises
    ------
    KitError
        If it is anything else, or I is not between 1 and N.

    >>> shard_of("3/16")
    Shard(number=3, count=16)
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise KitError("--shard must be I/N with I from 1 to N, such as 3/16, got {text!r}", text=text)
    return Shard(int(found[1]), int(found[2]))


def announce(out: Path, shard: Shard, settings: Settings, *, ended: bool = False) -> None:
    """Say in the folder how a part is graded; then see whether all others are graded so.

    Raises
    ------
    KitError
        If one is not: side by side, scores would be compared that cannot be. Then this part has said nothing.
    """
    note = {**_how(settings), "machine": platform.node(), "ended": ended}
    write_atomically(shard.note(out), json_bytes(note))
    try:
        _check(out, settings)
    except KitError:
        shard.note(out).unlink()
        raise


def unfinished(out: Path, settings: Settings) -> list[str]:
    """Return the parts in a folder that have not ended, and where each runs or ran.

    Raises
    ------
    KitError
        If one is graded otherwise than `settings` says.
    """
    return [
        f"{name.replace('-of-', '/')} on {note.get('machine')}"
        for name, note in _check(out, settings).items()
        if not note.get("ended")
    ]


def forget(out: Path) -> None:
    """Remove the notes of a class that is merged."""
    shutil.rmtree(out / FOLDER / NOTES, ignore_errors=True)


def _how(settings: Settings) -> dict[str, Any]:
    made_by = grader(settings.seed, settings.isolation, settings.assignment)
    return {**structs.asdict(made_by), "assignment": assignment(settings.assignment).name}


def _check(out: Path, settings: Settings) -> dict[str, dict[str, Any]]:
    """Return the notes in a folder, by part, if all say the same of how it is graded."""
    how, notes = _how(settings), {}
    for path in sorted((out / FOLDER / NOTES).glob("*-of-*.json")):
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # removed meanwhile, or of a power cut
            continue
        if aspects := [name for name in how if note.get(name) != how[name]]:
            raise KitError(
                "shard {part} in {out} is graded with another {aspects}: give every shard the same seed "
                "(--seed-file), kit, isolation and assignment; to begin anew, name another folder "
                "with --out, or delete {parent} and start all shards again",
                part=path.stem.replace("-of-", "/"),
                out=out,
                aspects=listed(ASPECTS[aspect] for aspect in aspects),
                parent=path.parent,
            )
        notes[path.stem] = note
    return notes
