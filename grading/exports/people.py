"""Who is in which row of a gradebook: one rule for all platforms.

What a student is called in a results folder is compared, in this order, with ids and addresses as they are; with the
number that stands in the names of downloaded files; with the part of an address before the “@”; with ids without the
zeros that Excel removes from the front of a number; with an id in a longer name, if the person's name is in it, too
(2021001-王芳-作业3); with names. The first that is found counts, and what is not certain is not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cs231n.sentences import listed, sentence
from grading.errors import KitError
from grading.exports.columns import PersonColumns, full_name
from grading.exports.platforms import PARTICIPANT, Platform
from grading.exports.table import Table
from grading.submission import ids

# What platforms write into the names of files: Ada Lovelace_12345_assignsubmission_file, lovelaceada_12345.
_NUMBER_BEHIND = re.compile(r"(?P<name>.*)_(?P<number>\d+)(_assignsubmission_\w*)?")
# Brightspace: 12345-67890 - Ada Lovelace - May 20, 2026 900 PM. Its numbers are in no gradebook.
_NUMBERS_BEFORE = re.compile(r"\d+-\d+ - (?P<name>.+?)( - .*)?")
# Moodle, where groups are apart: Lab A-Ada Lovelace. What is before a hyphen without such a word may be a part of the
# name.
_GROUP_BEFORE = re.compile(
    r"[^-]*(?:\b(?:group|gruppe|groupe|grupo|gruppo|team|lab|section|tutorial|class|seminar)\b|[组組班])[^-]*-(?P<name>.+)",
    re.IGNORECASE,
)
# What students write beside their names: 王芳-作业3, Ada Lovelace hw3.
_ASSIGNMENT = re.compile(
    r"[ _-]*(?:(?:第[\d一二三四五六七八九十]{1,3}次)?(?:大?作业|实验)[\d一二三四五六七八九十]{0,3}"
    r"|(?<![^\W_])(?:homework|hw|assignment|lab)[ _-]?\d{0,3}(?![^\W_]))[ _-]*",
    re.IGNORECASE,
)
# Before a name's key with the family name first: what is written as one word may be either (lovelaceada, 李伟), and so
# may be what has no capitals (李 伟).
_BACKWARDS = "<"
# What may be an id in a longer name.
_ID_WITHIN = re.compile(r"[A-Za-z]*\d[A-Za-z\d]{3,}")
_EXCEL_NUMBER = re.compile(r"\d([.,]\d+)?E\+\d+")


@dataclass(frozen=True)
class Found:
    """The rows of a student (several, if one person has several), and what is to be known of how they were found."""

    rows: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class People:
    """The people of a gradebook, by everything they are known by: key -> rows."""

    table: Table
    columns: PersonColumns
    ids: dict[str, set[int]]
    numbers: dict[str, set[int]]
    addresses: dict[str, set[int]]
    without_zeros: dict[str, set[int]]
    names: dict[str, set[int]]
    groups_have_numbers: bool = False

    def row_name(self, row: int) -> str:
        """Return what a message calls a row: the name and the first id."""
        columns = self.columns
        name = next((full_name(self.table, row, parts) for parts in columns.names), "")
        values = (self.table.value(row, column).strip() for column in (*columns.ids, *columns.numbers))
        one = next(filter(None, values), "")
        return f"{name} ({one})" if name and one not in ("", name) else name or one or f"row {row + 1}"

    def persons(self) -> list[list[int]]:
        """Return the rows of each person, in the order of the file."""
        rows_of: dict[object, list[int]] = {}
        for row in self.columns.people:
            rows_of.setdefault(tuple(self._ids_in(row)), []).append(row)
        return list(rows_of.values())

    def are_one_person(self, rows: Collection[int]) -> bool:
        """Whether rows agree in every id they have, as those of one person in two sections do."""
        return len({tuple(self._ids_in(row)) for row in rows}) == 1

    def _ids_in(self, row: int) -> Iterator[str]:
        columns = sorted({*self.columns.ids, *self.columns.numbers})
        return (comparable(self.table.value(row, column)) for column in columns)

    def find(self, student: str) -> Found:
        """Find the rows of a student; none, where nobody is known by anything like it.

        Raises
        ------
        KitError
            If several people could be meant.
        """
        within = self._within(student)
        for index, keys in self._tries(student):
            if index is self.names and within.rows:
                return within
            rows = set().union(*(index.get(key, set()) for key in keys))
            if index is self.without_zeros and rows and not self.are_one_person(rows):
                named = self._named(rows)
                return Found((), sentence("{named} differ from it by leading zeros alone", named=named))
            if rows and not self.are_one_person(rows):
                raise KitError(
                    "{student!r} matches {count} rows, of different people: {rows}: name the column of the "
                    "ids with --id-column, or call the file or folder after the person's id and grade it again",
                    student=student,
                    count=len(rows),
                    rows=self._named(rows),
                )
            if rows and index is self.numbers and not self._may_be_its_number(student, rows):
                named = self._named(rows)
                return Found(
                    (),
                    sentence(
                        "its number is that of {named}, whose name is not in it: if it is a group, write its people "
                        "into [groups] of course.toml and grade again",
                        named=named,
                    ),
                )
            if rows:
                note = ""
                if index is self.without_zeros:
                    note = sentence("leading zeros are lost on one side (Excel removes them)")
                elif index is self.names:
                    note = sentence("found by the name alone")
                return Found(tuple(sorted(rows)), note)
        return within

    def _within(self, student: str) -> Found:
        """Find the person whose id and name are in a longer name; where only the id is, nobody, and a note."""
        keys = {comparable(found) for found in _ID_WITHIN.findall(unicodedata.normalize("NFKC", student))}
        keys -= {comparable(student)}
        rows = set[int]().union(*(self.ids.get(key, set()) for key in keys))
        rows = rows or set[int]().union(
            *(self.without_zeros.get(key.lstrip("0"), set()) for key in keys if key.isdecimal())
        )
        if not rows:
            return Found()
        if not self.are_one_person(rows):
            named = self._named(rows)
            return Found((), sentence("several ids are in its name: {named}", named=named))
        if self._is_named_in(student, rows):
            return Found(tuple(sorted(rows)), sentence("found by the id in its name"))
        named = self._named(rows)
        return Found(
            (), sentence("an id in its name is that of {named}, whose name is not in it", named=named)
        )

    def _may_be_its_number(self, student: str, rows: Iterable[int]) -> bool:
        """Whether the number behind a name is a person's: of a group the name says so."""
        hidden = PARTICIPANT.match(student) or not any(
            full_name(self.table, row, parts) for row in rows for parts in self.columns.names
        )
        name = student.rpartition("_")[0]
        return not self.groups_have_numbers or bool(hidden) or self._is_named_in(name, rows)

    def _is_named_in(self, student: str, rows: Iterable[int]) -> bool:
        """Whether the name of a person is in a longer one."""
        text = _name_key(student)
        return any(
            name and name in text
            for row in rows
            for parts in self.columns.names
            for name in (
                _name_key(full_name(self.table, row, parts)),
                _name_key(_swapped(self.table, row, parts)),
            )
        )

    def _tries(self, student: str) -> Iterator[tuple[dict[str, set[int]], list[str]]]:
        """Yield where to look, and for what."""
        key = comparable(student)
        behind, before = _NUMBER_BEHIND.fullmatch(student), _NUMBERS_BEFORE.fullmatch(student)
        local, at, _ = key.partition("@")
        yield self.ids, [key]
        if behind:
            yield self.numbers, [behind["number"]]
        yield (self.ids, [local]) if at else (self.addresses, [key])
        if key.isdecimal():
            yield self.without_zeros, [key.lstrip("0")]
        if behind and self.numbers:
            return  # the number says who it is: a person of the same name is another one
        named = before or behind
        name = named["name"] if named else student
        for called in dict.fromkeys((name, _ASSIGNMENT.sub(" ", name).strip())):
            key = _name_key(called)
            told_apart = len(called.split()) > 1 and any(
                letter.lower() != letter.upper() for letter in called
            )
            yield self.names, [key] if told_apart else [key, f"{_BACKWARDS}{key}"]
        if in_group := _GROUP_BEFORE.fullmatch(name):
            yield self.names, [_name_key(in_group["name"])]

    def _named(self, rows: Iterable[int]) -> str:
        return listed(
            sentence("row {row}, {name}", row=row + 1, name=self.row_name(row)) for row in sorted(rows)
        )

    def spoiled_column(self) -> str:
        """Return the name of a column of ids that Excel has turned into rounded numbers (1.23457E+11), or ""."""
        for column in self.columns.ids:
            if any(_EXCEL_NUMBER.fullmatch(self.table.value(row, column)) for row in self.columns.people):
                return self.table.names[column]
        return ""


def people_of(table: Table, columns: PersonColumns, platform: Platform) -> People:
    """Return who is in a gradebook."""

    def value(row: int, column: int) -> str:
        return table.value(row, column).strip().removeprefix(platform.before_ids)

    def numbers(row: int) -> Iterator[str]:
        found = (re.fullmatch(r"\D*(\d+)", value(row, column)) for column in columns.numbers)
        yield from (match[1] for match in found if match)

    def all_ids(row: int) -> Iterator[str]:
        yield from (comparable(value(row, column)) for column in (*columns.ids, *columns.numbers))
        yield from numbers(row)

    def addresses(row: int) -> Iterator[str]:
        parts = (value(row, column).partition("@") for column in columns.ids)
        yield from (comparable(local) for local, at, _ in parts if at)

    def without_zeros(row: int) -> Iterator[str]:
        found = (value(row, column) for column in columns.ids)
        yield from (text.lstrip("0") for text in found if text.isdecimal())

    def names(row: int) -> Iterator[str]:
        for parts in columns.names if columns.by_name else ():
            key, backwards = _name_key(full_name(table, row, parts)), _name_key(_swapped(table, row, parts))
            yield from (key, f"{_BACKWARDS}{backwards}")

    def index(keys: Callable[[int], Iterator[str]]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for row in columns.people:
            for key in filter(None, keys(row)):
                found.setdefault(key, set()).add(row)
        return found

    keys = (all_ids, numbers, addresses, without_zeros, names)
    known = dict(
        zip(("ids", "numbers", "addresses", "without_zeros", "names"), map(index, keys), strict=True)
    )
    return People(table, columns, **known, groups_have_numbers=platform.groups_have_numbers)


def comparable(text: str) -> str:
    """Return an id as ids are compared everywhere (`grading.submission.ids.key`); of an empty cell, nothing."""
    return ids.key(text) if text.strip() else ""


def _name_key(name: str) -> str:
    """Return a name as names are compared: letters alone, “Lovelace, Ada” as “Ada Lovelace”; or ""."""
    last, comma, first = comparable(name).partition(",")
    text = f"{first} {last}" if comma else last
    # Marks are parts of letters in many scripts. Apostrophes and hyphens are lost on the way through a file's name.
    return "".join(character for character in text if unicodedata.category(character)[0] in "LMN")


def _swapped(table: Table, row: int, parts: Sequence[int]) -> str:
    """Return a name with its two parts the other way round."""
    name = full_name(table, row, parts)
    last, comma, first = name.partition(",")
    return f"{last} {first}" if comma else full_name(table, row, parts[::-1])
