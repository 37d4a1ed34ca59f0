"""Who of a course handed in nothing: a platform's gradebook, or a list of the course, beside what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grading.errors import KitError
from grading.exports.columns import Choice, find_people
from grading.exports.people import People, people_of
from grading.exports.platforms import LIST, PLATFORMS, Platform
from grading.exports.table import Table, read_table


@dataclass(frozen=True)
class Compared:
    """A course's list beside the students of a class.

    Attributes
    ----------
    without : tuple of str
        People of the list without a submission.
    unknown : tuple of str
        Students who are not in the list; where several people could be meant, with the reason.
    """

    without: tuple[str, ...]
    unknown: tuple[str, ...]


def read_roster(file: Path) -> People:
    """Return the people of a gradebook, of whichever platform, or of a CSV file with such columns.

    Raises
    ------
    KitError
        If it cannot be read, or no column says who is in a row.
    """
    table = read_table(file)
    platform = _platform(table, file)
    return people_of(table, find_people(table, platform, Choice(), file), platform)


def compare(people: People, students: Iterable[str]) -> Compared:
    """Return who of a list has no submission, and whose submission is nobody's of the list."""
    reached: set[int] = set()
    unknown = []
    for student in students:
        try:
            found = people.find(student)
        except KitError as error:
            unknown.append(f"{student} ({error})")
            continue
        reached |= {*found.rows}
        if not found.rows:
            unknown.append(f"{student} ({found.note})" if found.note else student)
    without = (people.row_name(rows[0]) for rows in people.persons() if reached.isdisjoint(rows))
    return Compared(tuple(without), tuple(unknown))


def _platform(table: Table, file: Path) -> Platform:
    """Return the platform of whose columns a file has most."""
    header = {name.casefold() for name in table.names}
    found = {platform: _known_columns(platform, header) for platform in (*PLATFORMS.values(), LIST)}
    best = max(found, key=lambda platform: found[platform])
    if not found[best]:
        raise KitError(
            "{file} is no gradebook of {platforms}: download one of them, or give a CSV file with a "
            "column Email, Username or ID number. It has: {header}",
            file=file,
            platforms=", ".join(platform.name for platform in PLATFORMS.values()),
            header=", ".join(table.names),
        )
    return best


def _known_columns(platform: Platform, header: set[str]) -> int:
    names = {*platform.ids, platform.number, *(part for parts in platform.names for part in parts)}
    return sum(name.casefold() in header for name in names if name)
