"""Export into a gradebook downloaded from a platform: one column is filled, found by name, and no other.

Everything is decided before anything is written: which row is whose, which grades are held back. Of what a student
wrote, nothing gets into the file: it takes numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cs231n.sentences import joined, listed, sentence
from grading.course.policies import NOT_FINAL, Grade, comparable_grades
from grading.errors import KitError
from grading.exports.columns import Choice, Columns, as_number, find_columns, most_points
from grading.exports.people import Found, People, people_of
from grading.exports.platforms import NO, YES, Platform
from grading.exports.table import Table, read_table
from grading.results.atomic import write_atomically
from grading.results.text import number

_NAMED = 5  # examples in a message


@dataclass(frozen=True)
class Filled:
    """The file that was written, and what became of every grade and every row.

    Attributes
    ----------
    path : Path
    count : int
        Grades written.
    held, missing : tuple of str
        Grades held back, and those whose student is not in the gradebook: the student, and why.
    without : tuple of str
        People of the gradebook without a submission.
    notes : tuple of str
        What else is to be known.
    """

    path: Path
    count: int
    held: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every grade was written."""
        return not self.held and not self.missing

    @property
    def summary(self) -> str:
        """The counts in one line."""
        return sentence(
            "{count} written, {held} held back, {missing} not found in the gradebook, {without} of the gradebook "
            "without a submission",
            count=self.count,
            held=len(self.held),
            missing=len(self.missing),
            without=len(self.without),
        )


@dataclass(frozen=True)
class _Gradebook:
    """A downloaded gradebook, as it was read. `decimal_comma` says how its numbers are written."""

    file: Path
    table: Table
    columns: Columns
    people: People
    platform: Platform
    scale: bool
    decimal_comma: bool


@dataclass
class _Plan:
    """What is to be written, and what is to be said; cells are those of (row, column of grades)."""

    cells: dict[int, str] = field(default_factory=dict)
    written: int = 0
    held: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)


def fill(out: Path, downloaded: Path, target: Path, platform: Platform, choice: Choice) -> Filled:
    """Write a copy of a downloaded gradebook with the grades of a results folder in it.

    Parameters
    ----------
    out : Path
        What `python -m grading grade` wrote.
    downloaded, target : Path
        The platform's file, and where the copy goes.
    platform : Platform
    choice : Choice

    Raises
    ------
    KitError
        If a column or a student cannot be found beyond doubt, two results reach one row, or the platform counts other
        points. Nothing is written then.
    """
    if target.resolve() == downloaded.resolve():
        raise KitError(
            "{downloaded} would be overwritten: name another file with --out", downloaded=downloaded
        )
    table = read_table(downloaded)
    grades = comparable_grades(out)
    columns = find_columns(table, platform, choice, _assignment(grades, out), downloaded)
    people = people_of(table, columns, platform)
    comma = table.decimal_comma(columns.points)
    book = _Gradebook(downloaded, table, columns, people, platform, choice.scale, comma)
    found = {grade.student: people.find(grade.student) for grade in grades}
    _refuse_shared_rows(found, people, downloaded)
    plan = _Plan()
    for grade in grades:
        _decide(plan, grade, found[grade.student], book)
    _add_notes(plan, grades, book)
    for row, text in plan.cells.items():
        table.write(row, columns.grade, text)
    write_atomically(target, table.encoded())
    reached = {row for one in found.values() for row in one.rows}
    without = tuple(people.row_name(rows[0]) for rows in people.persons() if reached.isdisjoint(rows))
    return Filled(target, plan.written, tuple(plan.held), tuple(plan.missing), without, tuple(plan.notes))


def _assignment(grades: Iterable[Grade], out: Path) -> str:
    """Return the one assignment that was graded."""
    assignments = sorted({grade.result.assignment for grade in grades})
    if len(assignments) != 1:
        raise KitError(
            "{out} holds grades of {names}: export one assignment at a time",
            out=out,
            names=", ".join(assignments) or sentence("nobody"),
        )
    return assignments[0]


def _refuse_shared_rows(found: Mapping[str, Found], people: People, file: Path) -> None:
    reached: dict[int, list[str]] = {}
    for student, one in found.items():
        for row in one.rows:
            reached.setdefault(row, []).append(student)
    shared = [(row, students) for row, students in reached.items() if len(students) > 1]
    if shared:
        which = joined(
            (
                sentence(
                    "{students} reach row {row}, {name}",
                    students=listed(map(repr, students)),
                    row=row + 1,
                    name=people.row_name(row),
                )
                for row, students in shared[:_NAMED]
            ),
            "; ",
        )
        raise KitError(
            "several results reach one row of {name}: {which}. Nothing was written: remove the "
            "results that do not count, or name the column of the ids with --id-column",
            name=file.name,
            which=which,
        )


def _decide(plan: _Plan, grade: Grade, found: Found, book: _Gradebook) -> None:
    """Decide what becomes of one grade."""
    student = grade.student
    if not found.rows:
        plan.missing.append(
            sentence("{student} ({note})", student=student, note=found.note) if found.note else student
        )
        return
    if found.note:
        name = book.people.row_name(found.rows[0])
        plan.notes.append(
            sentence("{student} is {name}: {note}", student=student, name=name, note=found.note)
        )
    if not grade.final:
        plan.held.append(sentence("{what}: {found}", what=student, found=NOT_FINAL))
        return
    locked = [reason for row in found.rows if (reason := _locked(row, book))]
    if locked:
        plan.held.append(sentence("{what}: {found}", what=student, found=locked[0]))
        return
    plan.written += 1
    for row in found.rows:
        most = most_points(book.table, row, book.columns, book.platform)
        text = _converted(grade, most, book)
        if most is not None and float(text) > most:
            plan.notes.append(
                sentence(
                    "{student}: {text} is more than the {most} points that the platform counts",
                    student=student,
                    text=text,
                    most=number(most),
                )
            )
        before = book.table.value(row, book.columns.grade).strip()
        if as_number(before) == float(text):
            continue
        plan.cells[row] = text.replace(".", ",") if book.decimal_comma else text
        if as_number(before) is not None:
            plan.replaced.append(f"{student}: {before} -> {plan.cells[row]}")


def _locked(row: int, book: _Gradebook) -> str:
    """Return why a cell must be kept as it is, or ""."""
    table, columns = book.table, book.columns
    if columns.changeable is not None:
        said = table.value(row, columns.changeable).strip()
        if said.casefold() in NO:
            return sentence("the platform accepts no grade in this row")
        if said.casefold() not in YES:
            return sentence(
                "the column {name!r} says {said!r}, which is neither yes nor no",
                name=table.names[columns.changeable],
                said=said,
            )
    held = table.value(row, columns.grade).strip()
    if held.casefold() in book.platform.no_grade or as_number(held) is not None:
        return ""
    return sentence("the gradebook says {held!r}, which is kept", held=held)


def _converted(grade: Grade, most: float | None, book: _Gradebook) -> str:
    if most is None or most == grade.max_score:
        return number(grade.score, 4)
    if not book.scale or not most:
        raise KitError(
            "{file} has a maximum of {most} points, but the grades have {points}: change the "
            "points on the platform{or_convert}",
            file=book.file,
            most=number(most),
            points=number(grade.max_score),
            or_convert=sentence(", or convert with --scale") if most else "",
        )
    return number(grade.score * most / grade.max_score, 2)


def _add_notes(plan: _Plan, grades: Iterable[Grade], book: _Gradebook) -> None:
    table, columns, name = book.table, book.columns, book.file.name
    if table.encoding in ("cp1252", "latin-1"):
        plan.notes.append(
            sentence(
                "{name} is no Unicode: it was read, and is written, as Western European (Windows-1252); names with "
                "other letters cannot be compared",
                name=name,
            )
        )
    if plan.missing and (spoiled := book.people.spoiled_column()):
        plan.notes.append(
            sentence(
                "Excel has rounded the numbers in the column {spoiled} (1.2E+11): download the file again, and do not "
                "save it with Excel",
                spoiled=spoiled,
            )
        )
    if columns.people and most_points(table, columns.people[0], columns, book.platform) is None:
        most = number(max(grade.max_score for grade in grades))
        plan.notes.append(
            sentence(
                "{name} does not say how many points count: the grades are out of {most}",
                name=name,
                most=most,
            )
        )
    if plan.replaced:
        more = len(plan.replaced) - _NAMED
        some = "; ".join(plan.replaced[:_NAMED])
        which = sentence("{names} and {more} more", names=some, more=more) if more > 0 else some
        plan.notes.append(sentence("grades that stood there are replaced: {which}", which=which))
