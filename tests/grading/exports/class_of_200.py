"""A class of 200 people with the names that make trouble, and its gradebooks as the platforms write them."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FIRST = (
    "Ada", "Grace", "Alan", "José", "Zoë", "Anne-Marie", "D'Arcy", "Seán", "Åsa", "Þóra", "Ngọc Ánh", "Jean Paul",
    "İpek", "Łucja", "Αθηνά", "Мария",
)  # fmt: skip
LAST = (
    "Lovelace", "Hopper", "Turing", "Núñez", "O'Brien", "Smith-Jones", "von der Heide", "Müller", "Sørensen", "Nguyễn",
    "Ó Súilleabháin", "Yılmaz", "Wałęsa", "Παπαδοπούλου", "Иванова", "King, Jr.",
)  # fmt: skip
CJK = (("伟", "张"), ("伟", "李"), ("芳", "王"), ("さくら", "佐藤"), ("민준", "김"))


@dataclass(frozen=True)
class Person:
    """One person as every platform knows them. `number` has leading zeros, `score` is nobody else's."""

    first: str
    last: str
    number: str
    login: str
    platform_number: int
    score: float

    @property
    def address(self) -> str:
        """The e-mail address."""
        return f"{self.login}@example.edu"

    @property
    def sortable(self) -> str:
        """The name as Canvas sorts by it."""
        return f"{self.last}, {self.first}"


def people(count: int = 200, seed: int = 7) -> list[Person]:
    """Return a class: every fifth has a namesake, ids of some are those of others but for a zero at the front."""
    rng = random.Random(seed)
    names = [(first, last) for first in FIRST for last in LAST]
    rng.shuffle(names)
    names = [*CJK, *names]
    platform_numbers = rng.sample(range(10_000, 99_999), count)
    found = []
    for index in range(count):
        first, last = names[index - 1] if index % 5 == 4 else names[index]
        number = f"{rng.choice(['0', '00', ''])}{100_000 + index}"
        found.append(
            Person(first, last, number, f"user{index}", platform_numbers[index], round(index * 0.35, 2))
        )
    return found


def table(rows: Iterable[Sequence[object]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Return a CSV text as the platforms' own writers make it."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)  # type: ignore[arg-type]
    return buffer.getvalue()


def canvas(class_: Sequence[Person]) -> bytes:
    """Return Canvas's gradebook, with its rows of nobody, a test student and people of two sections."""
    header = [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "Assignment 2 (10)",
        "Assignment 3 (11)",
    ]
    rows: list[list[object]] = [[*header, "Current Score"], ["", "", "", "", "", "", "Manual Posting", ""]]
    rows.append(["    Points Possible", "", "", "", "", "50.0", "100.0", "(read only)"])
    for index, person in enumerate(sorted(class_, key=lambda person: person.sortable)):
        section = "CS 01 and CS 02" if index % 9 == 0 else "CS 01"
        ids = [person.sortable, person.platform_number, person.number, person.login]
        rows.append([*ids, section, index % 51, "", "88.1"])
    rows.append(["Student, Test", 99_999_999, "", "f00d", "CS 01", "", "", ""])
    return table(rows).encode("utf-8-sig")


def moodle(class_: Sequence[Person]) -> bytes:
    """Return Moodle's worksheet as a German course downloads it."""
    header = ["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung"]
    rows: list[list[object]] = [[*header, "Bewertung kann geändert werden", "Zuletzt geändert (Bewertung)"]]
    for p in class_:
        name = f"{p.first} {p.last}"
        participant = f"Teilnehmer/in{p.platform_number}"
        rows.append([participant, name, p.address, "Zur Bewertung abgegeben", "", "100,00", "Ja", "-"])
    return table(rows).encode("utf-8-sig")


def blackboard(class_: Sequence[Person]) -> bytes:
    """Return Blackboard's download: UTF-16 with tabs, every cell in quotes."""
    header = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    rows: list[list[object]] = [[*header, "Assignment 3 [Total Pts: 100 Score] |12345"]]
    rows += [[p.last, p.first, p.login, p.number, "-", "Yes", "Needs Grading"] for p in class_]
    return b"\xff\xfe" + table(rows, "\t", csv.QUOTE_ALL).encode("utf-16-le")


def brightspace(class_: Sequence[Person]) -> bytes:
    """Return Brightspace's export of grades."""
    header = ["OrgDefinedId", "Username", "Last Name", "First Name"]
    grade = "Assignment 3 Points Grade <Numeric MaxPoints:100 Weight:10 Category:Homework>"
    rows: list[list[object]] = [[*header, grade, "End-of-Line Indicator"]]
    rows += [[f"#{p.number}", f"#{p.login}", p.last, p.first, "", "#"] for p in class_]
    return table(rows).encode("utf-8")
