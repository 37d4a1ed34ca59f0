"""Which columns of a downloaded gradebook hold what: ids, names, the grade, the most points, whether it may change."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.errors import KitError
from grading.exports.platforms import NO, YES, Platform
from grading.exports.table import Table

_PARTICIPANT = re.compile(r"\D*[^\W\d]\D*\d+")


@dataclass(frozen=True)
class Choice:
    """What the instructor says: the columns of grades and of students' ids ("": find them), whether to convert."""

    column: str = ""
    id_column: str = ""
    scale: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonColumns:
    """Where a table says who is in which row.

    Attributes
    ----------
    ids, numbers : tuple of int
        Columns of ids, and of the numbers that stand in the names of downloaded files.
    names : tuple of tuple of int
        Columns that make up a full name.
    by_name : bool
        Whether a person may be found by the name: not where the instructor has named the column of ids.
    people, nobodys : tuple of int
        Rows of people, and rows like “Points Possible”.
    """

    ids: tuple[int, ...]
    numbers: tuple[int, ...]
    names: tuple[tuple[int, ...], ...]
    by_name: bool
    people: tuple[int, ...]
    nobodys: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Columns(PersonColumns):
    """Where a gradebook says who is in which row, and what about the grade; None where it says nothing."""

    grade: int
    maximum: int | None
    changeable: int | None

    @property
    def points(self) -> tuple[int, ...]:
        """The columns that show how numbers are written."""
        return (self.grade,) if self.maximum is None else (self.grade, self.maximum)


def find_columns(table: Table, platform: Platform, choice: Choice, assignment: str, file: Path) -> Columns:
    """Find the columns of a gradebook.

    Raises
    ------
    KitError
        If no column of ids is found, or not just one of grades, or that one is not to be written.
    """
    header = table.names
    worksheet = _worksheet(table) if platform.changeable else None
    who = find_people(table, platform, choice, file)
    read_only = {column for column in range(len(header)) if _read_only(table, who.nobodys, column)}
    grade = _grade(header, platform, choice, assignment, file, worksheet, read_only)
    maximum = next(iter(_named(header, (platform.maximum,))), worksheet[1] if worksheet else None)
    changeable = next(iter(_named(header, (platform.changeable,))), worksheet[2] if worksheet else None)
    return Columns(**vars(who), grade=grade, maximum=maximum, changeable=changeable)


def find_people(table: Table, platform: Platform, choice: Choice, file: Path) -> PersonColumns:
    """Find the columns that say who is in which row.

    Raises
    ------
    KitError
        If there is none.
    """
    header = table.names
    worksheet = _worksheet(table) if platform.changeable else None
    ids = _named(header, platform.ids)
    numbers = _named(header, (platform.number,)) or ([0] if worksheet else [])
    if platform.changeable:
        ids = sorted({*ids, *_addresses(table)})
    names = _names(header, platform)
    columns_of_people = [*ids, *numbers]
    if choice.id_column:
        ids = numbers = _named(header, (choice.id_column,))
        columns_of_people = columns_of_people or ids
    if not ids and not numbers:
        wanted = (choice.id_column,) if choice.id_column else (platform.number, *platform.ids)
        raise KitError(
            "{file} has none of the columns {wanted}: name the column of the students' ids with "
            "--id-column. It has: {header}",
            file=file,
            wanted=", ".join(filter(None, wanted)),
            header=", ".join(header),
        )
    people, nobodys = _people(table, columns_of_people, names, platform)
    return PersonColumns(
        ids=tuple(ids),
        numbers=tuple(numbers),
        names=names,
        by_name=bool(names) and not choice.id_column,
        people=people,
        nobodys=nobodys,
    )


def _named(header: Sequence[str], wanted: Collection[str]) -> list[int]:
    names = {name.casefold() for name in wanted if name}
    return [column for column, name in enumerate(header) if name.casefold() in names]


def _names(header: Sequence[str], platform: Platform) -> tuple[tuple[int, ...], ...]:
    found = (
        tuple(column for part in parts for column in _named(header, (part,))) for parts in platform.names
    )
    return tuple(
        columns for columns, parts in zip(found, platform.names, strict=True) if len(columns) == len(parts)
    )[:1]


def _addresses(table: Table) -> Iterator[int]:
    """Yield the columns that hold e-mail addresses and nothing else, whatever they are called."""
    for column in range(len(table.names)):
        values = [value for row in table.below if (value := table.value(row, column).strip())]
        if values and all(re.fullmatch(r"[^@\s]+@[^@\s]+", value) for value in values):
            yield column


def _people(
    table: Table, ids: Sequence[int], names: Sequence[Sequence[int]], platform: Platform
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the rows of people, and those that are nobody's: they have no id, or are called so (“Points Possible”).

    A row of the platform's own (Canvas's test student) is neither.
    """
    people, nobodys = [], []
    for row in table.below:
        name = next((full_name(table, row, parts) for parts in names), "").casefold()
        if not any(table.value(row, column).strip() for column in ids) or name in platform.nobody:
            nobodys.append(row)
        elif name not in platform.no_student:
            people.append(row)
    return tuple(people), tuple(nobodys)


def full_name(table: Table, row: int, parts: Sequence[int]) -> str:
    """Return a person's name as the columns that make it up say it."""
    return " ".join(table.value(row, column).strip() for column in parts)


def _worksheet(table: Table) -> tuple[int, int, int] | None:
    """Return where Moodle's worksheet has grade, maximum and “can be changed”, in whatever language, or None.

    The first column holds a word and a number for each participant; further on stand, in this order, the grade, its
    maximum (a number, or the words of a scale), perhaps the state of the workflow, and a column of yes and no.
    """
    rows = [row for row in table.below if any(cell.strip() for cell in table.rows[row])]
    if not rows or not all(_PARTICIPANT.fullmatch(table.value(row, 0).strip()) for row in rows):
        return None
    for column in range(3, len(table.names)):
        if all(table.value(row, column).strip().casefold() in NO | YES for row in rows):
            before = (column - 1, column - 2)
            told = {c: {table.value(row, c).strip() for row in rows} for c in before}
            points = [c for c in before if all(as_number(text) is not None for text in told[c])]
            scale = [c for c in before if len(told[c]) == 1 and any("," in text for text in told[c])]
            for maximum in (*points, *scale):
                return maximum - 1, maximum, column
    return None


def _read_only(table: Table, nobodys: Sequence[int], column: int) -> bool:
    """Whether Canvas says so, in the row of the points: “(read only)”, in whatever language."""
    return any(re.fullmatch(r"\(.*[^\W\d].*\)", table.value(row, column).strip()) for row in nobodys)


def words(text: str) -> list[str]:
    """Return words and numbers: "assignment3" and "Assignment 3" have the same."""
    return re.findall(r"[^\W\d_]+|\d+", text.casefold())


def _grade(
    header: Sequence[str],
    platform: Platform,
    choice: Choice,
    assignment: str,
    file: Path,
    worksheet: tuple[int, int, int] | None,
    read_only: Collection[int],
) -> int:
    """Return the column called as the instructor says, or after the assignment, or as the platform does."""
    if choice.column:
        found = [i for i, name in enumerate(header) if choice.column in _known_as(name)]
    else:
        wanted = words(assignment)
        found = [i for i, name in enumerate(header) if _contains(words(name), wanted)]
        found = [i for i in found if _may_be_grades(header[i], platform)]
        found = found or _named(header, platform.grades) or ([worksheet[0]] if worksheet else [])
        found = [i for i in found if i not in read_only] or found
    asked, has = choice.column or assignment, ", ".join(header)
    if not found:
        raise KitError(
            "{file} has no column for {asked}: name one with --column. It has: {has}",
            file=file,
            asked=asked,
            has=has,
        )
    if len(found) > 1:
        raise KitError(
            "{file} has more than one column for {asked} ({which}): name one with --column. It has: {has}",
            file=file,
            asked=asked,
            which=", ".join(header[i] for i in found),
            has=has,
        )
    if found[0] in read_only:
        raise KitError(
            "{file}: the column {name} is read-only, the platform would ignore its grades: name "
            "another with --column",
            file=file,
            name=header[found[0]],
        )
    return found[0]


def _known_as(name: str) -> tuple[str, ...]:
    """Return a column's name, also without what a platform puts behind it: Canvas's number, Blackboard's points."""
    short = re.sub(r"( \(\d+\)| Points Grade)?(\s*[\[<].*)?$", "", name)
    return name, short, re.sub(r"\s*[\[<].*$", "", name)


def _contains(name: Sequence[str], wanted: Sequence[str]) -> bool:
    return any(name[k : k + len(wanted)] == wanted for k in range(len(name)))


def _may_be_grades(name: str, platform: Platform) -> bool:
    are, are_not = platform.grades_are, platform.grades_are_not
    return (are is None or bool(are.fullmatch(name))) and not (are_not and are_not.fullmatch(name))


def most_points(table: Table, row: int, columns: Columns, platform: Platform) -> float | None:
    """Return the most points that the platform counts in a row, or None if the file does not say it.

    Raises
    ------
    KitError
        If it counts in words: Moodle's scales.
    """
    if columns.maximum is not None:
        text = table.value(row, columns.maximum).strip()
        if text and as_number(text) is None:
            raise KitError(
                "the platform grades with the scale {text!r}, expected a number of points: let the "
                "assignment count points there, and download the file again",
                text=text,
            )
        return as_number(text)
    if platform.maximum_in_name and (found := platform.maximum_in_name.search(table.names[columns.grade])):
        return as_number(found["points"])
    said = (as_number(table.value(row, columns.grade)) for row in columns.nobodys)
    return next((points for points in said if points is not None), None)


def as_number(text: str) -> float | None:
    """Return the number that a cell says, with a point or a comma before its decimals; None if it is none."""
    return float(text.strip().replace(",", ".")) if re.fullmatch(r"\s*-?\d+([.,]\d+)?\s*", text) else None
