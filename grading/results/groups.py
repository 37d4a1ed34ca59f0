"""Groups of a class: whose function did the same, in ``groups.json`` of the graded folder, mode 0600."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from cs231n.sentences import sentence
from grading.errors import KitError
from grading.results.atomic import write_atomically
from grading.results.definition import Record, Text
from grading.results.files import LONGEST_ERROR, json_bytes, unreadable

FILE = "groups.json"
# Bytes: a class of many thousands has some hundred kilobytes.
LARGEST = 64 << 20
_REMEDY = sentence("remove it and make the pages again; comments by group then need the new ids")
# Of these there is one group of a function, whatever was seen.
WHOLE = ("correct", "stub", "missing")
GroupId = Annotated[str, Meta(pattern="^[A-Za-z_][A-Za-z0-9_]*-[1-9][0-9]{0,8}$")]


class Group(Record, frozen=True):
    """Students whose function did the same: `tv_loss-3`. `mistake` is the name that they share, "" if none.

    The rest is how the group is found again on a regrade: what its function was, the hash of what can only be the same
    or not, and the first numbers of the sketches of its first student's arrays (`made_by` says on which inputs).
    """

    id: GroupId
    function: Text
    students: Annotated[tuple[Text, ...], Meta(min_length=1)]
    mistake: str = ""
    status: str = ""
    made_by: str = ""
    key: str = ""
    sketch: tuple[float, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether it is known what its students did."""
        return bool(self.mistake) or self.status in WHOLE

    @property
    def number(self) -> int:
        """The number at the end of its id."""
        return int(self.id.rpartition("-")[2])


def read_groups(out: Path) -> tuple[Group, ...]:
    """Return the groups of a graded folder, none if it has none yet.

    Raises
    ------
    KitError
        If the file cannot be read, holds no groups, or has an id or a student of a function twice.
    """
    path = out / FILE
    if not path.exists():
        return ()
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError(f"expected at most {LARGEST} bytes")
        groups = msgspec.convert(json.loads(content), tuple[Group, ...])
        _check(groups)
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path, error, _REMEDY) from error
    return groups


def write_groups(out: Path, groups: Sequence[Group]) -> None:
    """Write the groups of a graded folder, whole or not at all.

    Raises
    ------
    KitError
        If nobody could read them: an id, or a student of a function, is there twice, or they are too many.
    """
    try:
        content = json_bytes(msgspec.to_builtins(tuple(groups)))
        _check(msgspec.convert(json.loads(content), tuple[Group, ...]))
        if len(content) > LARGEST:
            raise ValueError(f"expected at most {LARGEST} bytes, got {len(content)}")
    except ValueError as error:
        raise KitError("these are no groups of a class: {error}", error=str(error)[:LONGEST_ERROR]) from error
    write_atomically(out / FILE, content, mode=0o600)


def _check(groups: Sequence[Group]) -> None:
    """Raise ValueError if two groups have one id or share a student."""
    ids: set[str] = set()
    members: set[tuple[str, str]] = set()
    for group in groups:
        if group.id in ids:
            raise ValueError(f"the id {group.id} is there twice")
        ids.add(group.id)
        for student in group.students:
            if (group.function, student) in members:
                raise ValueError(f"{student} is in two groups of {group.function}")
            members.add((group.function, student))
