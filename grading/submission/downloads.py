"""Owners of files in a flat download: learning platforms write the student into the name of every file."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Canvas: lovelaceada_12345_67890_Style.ipynb, or lovelaceada_LATE_12345_67890_Style-1.ipynb: the name, the number of
# the user, that of the upload. Moodle: Ada Lovelace_12345_assignsubmission_file_Style.ipynb.
_NAMES = (
    re.compile(r"(?P<name>[^_/]+)_(?:LATE_)?(?P<user>\d{2,})_\d{2,}_(?P<file>[^/]+)"),
    re.compile(r"(?P<name>[^_/]+)_(?P<user>\d+)_assignsubmission_file_(?P<file>[^/]+)"),
)


def owner_and_name(file: str) -> tuple[str, str] | None:
    """Return the student's id ("lovelaceada_12345") and what the file was called, or None if it is no such name.

    The number stays in the id: two students may have one name, and a gradebook knows the number.
    """
    for pattern in _NAMES:
        if match := pattern.fullmatch(file):
            return f"{match['name']}_{match['user']}", match["file"]
    return None


def by_owner(files: Iterable[str]) -> dict[str, list[str]]:
    """Return the files of each student in a flat download; those that have no such name are nobody's."""
    owners: dict[str, list[str]] = {}
    for file in files:
        if found := owner_and_name(file):
            owners.setdefault(found[0], []).append(file)
    return dict(sorted(owners.items()))
