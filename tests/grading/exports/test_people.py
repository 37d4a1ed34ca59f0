"""Every result reaches the row of its own person, whatever that person is called, or no row at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.errors import KitError
from grading.exports.columns import Choice, find_columns
from grading.exports.people import People, people_of
from grading.exports.platforms import BLACKBOARD, BRIGHTSPACE, CANVAS, MOODLE, Platform
from grading.exports.table import parse

HEADERS = {
    "Canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Assignment 3 (1)",
    "Moodle": "First name,Last name,ID number,Email address,Assignment: Assignment 3 (Real)",
    "Blackboard": "Last Name,First Name,Username,Student ID,Assignment 3 [Total Pts: 100 Score] |9",
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,Assignment 3 Points Grade <Numeric MaxPoints:100>",
}
WORKSHEET = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed"


def people(platform: Platform, rows: Sequence[str], header: str = "") -> People:
    table = parse("\n".join([header or HEADERS[platform.name], *rows]) + "\n")
    columns = find_columns(table, platform, Choice(), "assignment3", Path("gradebook.csv"))
    return people_of(table, columns, platform)


def rows_of(student: str, platform: Platform, rows: Sequence[str], header: str = "") -> tuple[int, ...]:
    return people(platform, rows, header).find(student).rows


TWO = ['"Lovelace, Ada",4001,00123456,alovelace,A,', '"Núñez, José",4002,00123457,jn@example.org,A,']


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("00123457", 2),
        ("ALOVELACE", 1),
        (" alovelace", 1),
        ("4002", 2),
        ("lovelaceada_4001", 1),
        ("anybody_4002", 2),
        ("jn", 2),
        ("jn@example.org", 2),
        ("José Núñez", 2),
        ("Núñez, José", 2),
        (unicodedata.normalize("NFD", "José Núñez"), 2),
        ("josé  núñez", 2),
        ("lovelaceada", 1),
        ("123457", 2),
        ("0123456", 1),
    ],
)
def test_a_person_is_known_by_any_id_and_by_a_name_however_it_is_encoded(student: str, row: int) -> None:
    assert rows_of(student, CANVAS, TWO) == (row,)


@pytest.mark.parametrize(
    "student", ["lovelaceada_4003", "jn@elsewhere.org", "eve", "Ada", "José", "004001", "", "0"]
)
def test_what_is_only_alike_is_nobody(student: str) -> None:
    assert rows_of(student, CANVAS, TWO) == ()


@pytest.mark.parametrize(
    ("platform", "rows", "student"),
    [
        (BLACKBOARD, ['"O\'Brien","Ann","aobrien","00123456",""'], "O’Brien, Ann"),
        (BLACKBOARD, ['"O\'Brien","Ann","aobrien","00123456",""'], "aobrien"),
        (BLACKBOARD, ['"O\'Brien","Ann","aobrien","00123456",""'], "123456"),
        (BRIGHTSPACE, ["#00123456,#alovelace,Lovelace,Ada,,#"], "00123456"),
        (BRIGHTSPACE, ["#00123456,#alovelace,Lovelace,Ada,,#"], "alovelace"),
        (BRIGHTSPACE, ["#7,#x,Lovelace,Ada,,#"], "12345-67890 - Ada Lovelace - May 20, 2026 900 PM"),
        (MOODLE, ["Ann,O'Brien,,ann@example.org,-"], "Ann OBrien_12345"),
        (MOODLE, ["伟,李,,li@example.org,-"], "李伟"),
        (MOODLE, ["伟,李,,li@example.org,-"], "李 伟_12345"),
        (CANVAS, ["李伟,4001,7,li,A,"], "李伟_4001"),
        (CANVAS, ["Ada,4001,2026/17,ada,A,"], "2026_17"),
        (CANVAS, ['"Smith-Jones, Anne Marie",4001,7,asj,A,'], "Anne Marie Smith Jones"),
    ],
)
def test_every_platform_has_its_own_way_to_name_a_person(
    platform: Platform, rows: list[str], student: str
) -> None:
    assert rows_of(student, platform, rows) == (1,)


@pytest.mark.parametrize("word", ["Participant ", "Teilnehmer/in", "Participante ", "参加者", "Учасник "])
def test_moodles_participants_are_known_by_their_number_in_any_language(word: str) -> None:
    rows = [f"{word}{number},Ada,{number}@example.org,-,,100.00,Yes" for number in (501, 502)]
    for student in ("Ada_502_assignsubmission_file", "Ada_502", f"{word}502", "502"):
        assert rows_of(student, MOODLE, rows, WORKSHEET) == (2,)
    with pytest.raises(KitError, match="'Ada' matches 2 rows, of different people: row 2, Ada"):
        rows_of("Ada", MOODLE, rows, WORKSHEET)


def test_two_people_of_one_name_are_told_apart_by_their_numbers_alone() -> None:
    rows = ['"Lee, Min",1,,mlee,A,', '"Lee, Min",2,,mlee2,A,']
    assert rows_of("leemin_2", CANVAS, rows) == (2,)
    with pytest.raises(
        KitError, match=r"'Min Lee' matches 2 rows, .*row 2, Lee, Min \(mlee\) and row 3, Lee, Min \(mlee2\)"
    ):
        rows_of("Min Lee", CANVAS, rows)


def test_one_person_in_two_sections_has_two_rows() -> None:
    rows = ['"Lovelace, Ada",1,7,ada,A,', '"Hopper, Grace",2,8,grace,A,', '"Lovelace, Ada",1,7,ada,B,']
    for student in ("ada", "7", "lovelaceada_1", "Ada Lovelace"):
        assert rows_of(student, CANVAS, rows) == (1, 3)


def test_lost_zeros_are_recognised_where_one_person_can_be_meant_and_said() -> None:
    found = people(CANVAS, ['"Lovelace, Ada",1,123456,ada,A,']).find("00123456")
    assert (found.rows, "leading zeros" in found.note) == ((1,), True)
    two = ['"Lovelace, Ada",1,123456,ada,A,', '"Hopper, Grace",2,0123456,grace,A,']
    found = people(CANVAS, two).find("00123456")
    assert found.rows == ()
    assert "Lovelace, Ada (123456) and row 3, Hopper, Grace (0123456) differ from it by leading" in found.note
    assert rows_of("123456", CANVAS, two) == (1,)


def test_an_id_that_is_one_persons_and_another_persons_number_is_refused() -> None:
    rows = ['"Lovelace, Ada",4001,7,ada,A,', '"Hopper, Grace",4002,4001,grace,A,']
    with pytest.raises(KitError, match="'4001' matches 2 rows"):
        rows_of("4001", CANVAS, rows)
    assert rows_of("lovelaceada_4001", CANVAS, rows) == (1,)


_PART = st.sampled_from(["1", "01", "001", "é", "Ada", "ada", "lee", "min", "o'b", "李"])
_ROW = st.tuples(_PART, _PART, st.sampled_from(["1", "2", "12", "21"]), _PART, _PART, st.booleans())


@given(st.lists(_ROW, min_size=1, max_size=6), st.data())
def test_nobody_ever_reaches_the_row_of_somebody_else(
    class_: list[tuple[str, str, str, str, str, bool]], data: st.DataObject
) -> None:
    """Ids, numbers and names of a class are drawn so that they are often those of others, but for a zero or a case."""
    rows = [
        f'"{last}, {first}",{number},{sis},{login}{"@x.org" * mail},A,'
        for last, first, number, sis, login, mail in class_
    ]
    place = data.draw(st.integers(0, len(class_) - 1))
    last, first, number, sis, login, mail = class_[place]
    student = data.draw(
        st.sampled_from([sis, login + "@x.org" * mail, f"{last}{first}_{number}", f"{first} {last}_{number}"])
    )
    spelt = data.draw(st.sampled_from([str.upper, lambda s: unicodedata.normalize("NFD", s), str.strip]))
    try:
        found = rows_of(spelt(student), CANVAS, rows)
    except KitError:  # several people could be meant
        return
    ids = [(row[2], row[3].casefold(), row[4].casefold(), row[5]) for row in class_]
    assert found
    assert {ids[row - 1] for row in found} == {ids[place]}


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("00123456-Ada Lovelace-hw3", 1),
        ("00123456 Lovelace Ada", 1),
        ("hw3 José Núñez 00123457", 2),
        ("Ada Lovelace_00123456", 1),
        ("Ada Lovelace_123456", 1),
        ("00123456-Grace Hopper-hw3", None),
        ("00123456-Ada Lovelace, 00123457-José Núñez", None),
        ("Lovelace-00123456", None),
        ("99123456-Ada Lovelace", None),
    ],
)
def test_an_id_in_a_longer_name_counts_where_the_persons_name_is_in_it_too(
    student: str, row: int | None
) -> None:
    assert rows_of(student, CANVAS, TWO) == ((row,) if row else ())


PARTICIPANTS = [
    "Participant 77,Ada Lovelace,ada@school.edu,Submitted,,100,Yes",
    "Participant 78,王芳,wang@school.edu,Submitted,,100,Yes",
]


@pytest.mark.parametrize(
    ("student", "rows"),
    [
        ("Group 1_77", ()),
        ("Wolves_78", ()),
        ("王芳的组_78", (2,)),
        ("Ada Lovelace_77", (1,)),
        ("Lovelace, Ada_77", (1,)),
        ("Lab A-Ada Lovelace_77", (1,)),
        ("Participant_77", (1,)),
        ("参与者_78", (2,)),
    ],
)
def test_the_number_of_a_moodle_group_is_nobodys(student: str, rows: tuple[int, ...]) -> None:
    found = people(MOODLE, PARTICIPANTS, WORKSHEET).find(student)
    assert found.rows == rows
    assert bool(found.note) == (not rows)


def test_a_number_is_enough_where_a_worksheet_hides_names() -> None:
    header = WORKSHEET.replace("Full name,Email address,", "")
    assert rows_of("Wolves_77", MOODLE, ["Participant 77,Submitted,,100,Yes"], header) == (1,)


@pytest.mark.parametrize(
    ("student", "rows"),
    [
        ("Lab A-Ada Lovelace_501", (1,)),
        ("第一组-王 芳_502", (2,)),
        ("3班-王芳_502", (2,)),
        ("Group A-Maria Ada Lovelace_503", ()),
        ("Maria-Ada Lovelace_503", ()),
    ],
)
def test_who_is_called_after_a_group_is_found_by_the_name_behind_it(
    student: str, rows: tuple[int, ...]
) -> None:
    class_of_two = ["Ada,Lovelace,1,ada@school.edu,", "王,芳,2,wang@school.edu,"]
    assert rows_of(student, MOODLE, class_of_two) == rows


@pytest.mark.parametrize(
    ("student", "rows"),
    [
        ("王芳-作业3", (2,)),
        ("第三次作业_王芳", (2,)),
        ("王芳_大作业", (2,)),
        ("Ada Lovelace hw3", (1,)),
        ("Assignment 3 - Ada Lovelace", (1,)),
        ("作业3", ()),
        ("hw3", ()),
        ("Ada Lovelacehw3", ()),
        ("王芳芳-作业3", ()),
    ],
)
def test_an_assignment_beside_a_name_is_no_part_of_it(student: str, rows: tuple[int, ...]) -> None:
    class_of_two = ["Ada,Lovelace,1,ada@school.edu,", "芳,王,2,wang@school.edu,"]
    assert rows_of(student, MOODLE, class_of_two) == rows
