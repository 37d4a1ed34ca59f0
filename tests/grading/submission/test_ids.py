"""Ids of students are plain file names, whatever a platform or a person calls them."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.errors import SubmissionError
from grading.submission import ids

ACCENTS = "José Núñez"
# Anything that a file system or an archive can call a file, and what is made to be called badly.
NAMES = st.one_of(
    st.text(),
    st.text("./\\ \t\n:\x00\u202e\u200d-\udcffaAéE\u0301", max_size=12),
    st.sampled_from(
        ["CON", "nul.txt", "Lpt1", "..", "", ".", " . ", "/etc/passwd", "C:\\x", "a" * 5000, "é" * 300]
    ),
)


@pytest.mark.parametrize(
    "name",
    ["Ada Lovelace_12345", "lovelaceada_12345", "00123456", "O'Brien, Ann", "zhang.wei", ACCENTS, "张伟_7"],
)
def test_an_ordinary_name_is_its_own_id(name: str) -> None:
    assert ids.made(name) == name


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (unicodedata.normalize("NFD", ACCENTS), ACCENTS),
        ("/", "_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "unnamed"),
        ("", "unnamed"),
        (".hidden", "hidden"),
        ("ada.", "ada"),
        ("a\x1b[2Jb\nc\u202ed", "a[2Jb cd"),
        ("con", "_con"),
        ("NUL.ipynb", "_NUL.ipynb"),
        ("C:\\ada", "C__ada"),
        ("ada\udcff", "ada_udcff"),
    ],
)
def test_what_no_file_can_be_called_is_called_otherwise(name: str, student: str) -> None:
    assert ids.made(name) == student


@given(NAMES)
def test_an_id_is_one_plain_short_file_name_and_stays_what_it_is(name: str) -> None:
    student = ids.made(name)
    assert ids.made(student) == student == ids.file_name(student)
    assert unicodedata.is_normalized("NFC", student)
    assert PurePosixPath(student).name == PureWindowsPath(student).name == student
    assert not student.startswith(".")
    assert not {unicodedata.category(c) for c in student} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert 0 < len(student.encode()) <= ids.LONGEST


@given(NAMES)
def test_an_id_is_compared_without_case_and_in_one_normalisation(name: str) -> None:
    student = ids.made(name)
    assert ids.same_person(student, unicodedata.normalize("NFD", student))
    assert ids.same_person(student, student.lower()) or ids.key(student.lower()) != student.lower()


@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_no_two_ids_of_a_class_are_one_but_for_case(names: list[tuple[str, str]]) -> None:
    found = [student for student, _ in ids.distinct(names)]
    ids.checked(found)
    assert len(found) == len(names)


def test_names_that_are_alike_are_told_apart_and_name_each_other() -> None:
    found = ids.distinct([("ada", "ada.zip"), ("grace", "grace"), ("Ada", "Ada.rar")])
    assert found == [("ada.zip", ("Ada.rar",)), ("grace", ()), ("Ada.rar", ("ada.zip",))]
    assert [student for student, _ in ids.distinct([("ada", "ada"), ("Ada", "Ada")])] == ["ada-1", "Ada-2"]


def test_long_names_that_begin_alike_stay_two() -> None:
    one, other = ids.made("x" * 300 + "1"), ids.made("x" * 300 + "2")
    assert one != other


@pytest.mark.parametrize(
    "student", ["", "..", "a/b", ".a", "a\x07", "nul", unicodedata.normalize("NFD", "é")]
)
def test_no_file_is_written_for_what_is_no_id(student: str) -> None:
    with pytest.raises(SubmissionError, match="cannot be a student's id"):
        ids.file_name(student)


def test_a_class_with_one_id_twice_is_refused() -> None:
    with pytest.raises(SubmissionError, match="'ada' and 'ADA'"):
        ids.checked(["ada", "grace", "ADA"])


def test_a_table_of_the_course_is_read_by_the_ids_of_the_class() -> None:
    table = {unicodedata.normalize("NFD", ACCENTS).upper(): 1, "alan": 2}
    assert ids.known_as(table, [ACCENTS, "ada"]) == {ACCENTS: 1, "alan": 2}


def test_an_id_is_compared_whatever_the_width_of_its_letters() -> None:
    assert ids.same_person("２０２１００１王芳（１）", "2021001王芳(1)")
    assert not ids.same_person("2021001王芳", "2021002王芳")
