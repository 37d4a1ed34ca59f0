"""Export into a gradebook CSV downloaded from a platform: one column is filled, found by name, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.course.policies import Grade, comparable_grades
from grading.errors import KitError
from grading.exports.table import Table, read_table
from grading.results.atomic import write_atomically
from grading.results.text import number


@dataclass(frozen=True)
class Layout:
    """What a platform's columns are called.

    Attributes
    ----------
    ids : tuple of str
        Columns that say who a row is of.
    grades : tuple of str
        Names of the column to fill, where none is called after the assignment.
    most : str
        Column of the most points that can be reached, or "": then a row of nobody's has them in the grade's column.
    closed : str
        Column that says "No" where the platform takes no grade, or "".
    """

    ids: tuple[str, ...]
    grades: tuple[str, ...] = ()
    most: str = ""
    closed: str = ""


@dataclass(frozen=True)
class Choice:
    """What the instructor says: the columns of grades and of students' ids ("": find them), whether to convert."""

    column: str = ""
    id_column: str = ""
    scale: bool = False


@dataclass(frozen=True)
class Filled:
    """The file that was written, how many grades are in it, and what is to be known."""

    path: Path
    count: int
    notes: tuple[str, ...]


def fill(out: Path, downloaded: Path, target: Path, layout: Layout, choice: Choice) -> Filled:
    """Write a copy of a downloaded gradebook with the grades of a results folder in it.

    Parameters
    ----------
    out : Path
        What `python -m grading grade` wrote.
    downloaded, target : Path
        The platform's file, and where the copy goes.
    layout : Layout
    choice : Choice

    Raises
    ------
    KitError
        If a column or a student cannot be found beyond doubt, or the platform counts other points.
    """
    if target.resolve() == downloaded.resolve():
        raise KitError(f"{downloaded} would be overwritten: name another file with --out")
    table = read_table(downloaded)
    grades = comparable_grades(out)
    assignments = sorted({grade.result.assignment for grade in grades})
    if len(assignments) != 1:
        raise KitError(
            f"{out} holds grades of {', '.join(assignments) or 'nobody'}: export one assignment at a time"
        )
    header = [table.value(0, column).strip() for column in range(len(table.rows[0]))]
    column = _grade_column(header, layout, choice, assignments[0], downloaded)
    people = _People(table, _id_columns(header, layout, choice, downloaded))
    notes, count = [], 0
    for grade in grades:
        row = people.row_of(grade.student)
        if row is None:
            notes.append(f"{grade.student} is not in {downloaded.name}")
        elif _is_closed(table, row, header, layout):
            notes.append(f"{grade.student}: the platform accepts no grade in this row")
        else:
            most = _most(table, row, header, layout, column, people)
            score = _converted(grade, most, choice, downloaded)
            table.write(row, column, score.replace(".", ",") if table.decimal_comma else score)
            count += 1
    left = len(people.rows - {people.row_of(grade.student) for grade in grades})
    if left:
        notes.append(f"{left} of {len(people.rows)} rows have no graded student and stay unchanged")
    write_atomically(target, table.text())
    return Filled(target, count, tuple(notes))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", text.casefold())


def _grade_column(header: Sequence[str], layout: Layout, choice: Choice, assignment: str, file: Path) -> int:
    """Return the column called as the instructor says, or after the assignment, or as the platform does."""
    if choice.column:
        found = [
            i for i, name in enumerate(header) if choice.column in (name, re.sub(r" \(\d+\)$", "", name))
        ]
    else:
        wanted = _words(assignment)
        found = [
            i
            for i, name in enumerate(header)
            if any(_words(name)[k : k + len(wanted)] == wanted for k in range(len(_words(name))))
        ] or [i for i, name in enumerate(header) if name in layout.grades]
    if len(found) != 1:
        which = "no column" if not found else "more than one column"
        raise KitError(
            f"{file} has {which} for {choice.column or assignment}: name one with --column. "
            f"It has: {', '.join(header)}"
        )
    return found[0]


def _id_columns(header: Sequence[str], layout: Layout, choice: Choice, file: Path) -> list[int]:
    wanted = (choice.id_column,) if choice.id_column else layout.ids
    found = [i for i, name in enumerate(header) if name in wanted]
    if not found:
        raise KitError(
            f"{file} has none of the columns {', '.join(wanted)}: name the column of the students' ids by "
            f"--id-column. It has: {', '.join(header)}"
        )
    return found


class _People:
    """Who is in which row, by every id that a row has."""

    def __init__(self, table: Table, columns: Sequence[int]) -> None:
        self.rows: set[int] = set()
        self.exact: dict[str, set[int]] = {}
        self.derived: dict[str, set[int]] = {}
        for row in range(1, len(table.rows)):
            for column in columns:
                value = table.value(row, column).strip()
                if value:
                    self.rows.add(row)
                    self.exact.setdefault(value, set()).add(row)
                    for key in _derived(value):
                        self.derived.setdefault(key, set()).add(row)

    def row_of(self, student: str) -> int | None:
        """Return the row of a student, or None.

        Raises
        ------
        KitError
            If several rows could be meant.
        """
        keys = [(self.exact, student), (self.derived, student.casefold())]
        keys += [(index, key) for key in _in_download(student) for index in (self.exact, self.derived)]
        for index, key in keys:
            rows = index.get(key, set())
            if len(rows) > 1:
                raise KitError(
                    f"{student} matches {len(rows)} rows: name the column of the ids with --id-column"
                )
            if rows:
                return next(iter(rows))
        return None


def _derived(value: str) -> Iterator[str]:
    """Yield what an id is also known by: without regard to case, an address by its name, a participant by number."""
    yield value.casefold()
    if "@" in value:
        yield value.partition("@")[0].casefold()
    if match := re.fullmatch(r"\D+ (\d+)", value):
        yield match[1]


def _in_download(student: str) -> Iterator[str]:
    """Yield the number that a platform writes into the names of the files it lets you download."""
    if match := re.search(r"_(\d+)(_assignsubmission_\w*)?$", student):
        yield match[1]


def _is_closed(table: Table, row: int, header: Sequence[str], layout: Layout) -> bool:
    return layout.closed in header and table.value(row, header.index(layout.closed)).strip() == "No"


def _most(
    table: Table, row: int, header: Sequence[str], layout: Layout, column: int, people: _People
) -> float | None:
    """Return the most points that the platform takes, if the file says so."""
    if layout.most in header:
        return _as_number(table.value(row, header.index(layout.most)))
    nobodys = (
        _as_number(table.value(row, column)) for row in range(1, len(table.rows)) if row not in people.rows
    )
    return next((points for points in nobodys if points is not None), None)


def _as_number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _converted(grade: Grade, most: float | None, choice: Choice, file: Path) -> str:
    if most is None or most == grade.max_score:
        return number(grade.score, 4)
    if not choice.scale:
        raise KitError(
            f"{file} has a maximum of {number(most)} points, but the grades have {number(grade.max_score)}: "
            "change the points on the platform, or convert with --scale"
        )
    return number(grade.score * most / grade.max_score, 2)
