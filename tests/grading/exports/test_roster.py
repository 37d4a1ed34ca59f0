"""People of a gradebook without a submission are named, whichever platform wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.errors import KitError
from grading.exports.roster import Compared, compare, read_roster


@pytest.mark.parametrize(
    ("text", "students", "without"),
    [
        (
            "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
            '"Lovelace, Ada",4001,00123456,ada,A\n"Turing, Alan",4003,00123458,alan,A\n',
            ["lovelaceada_4001"],
            "Turing, Alan (00123458)",
        ),
        (
            "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed\n"
            "Participant 12345,Ada Lovelace,ada@example.org,,,100,Yes\n"
            "Participant 12346,Alan Turing,alan@example.org,,,100,Yes\n",
            ["Ada Lovelace_12345"],
            "Alan Turing (alan@example.org)",
        ),
        (
            "Last Name\tFirst Name\tUsername\tStudent ID\nLovelace\tAda\tada\t1\nTuring\tAlan\talan\t2\n",
            ["ada"],
            "Alan Turing (alan)",
        ),
        (
            "OrgDefinedId,Username,Last Name,First Name\n#1,#ada,Lovelace,Ada\n#2,#alan,Turing,Alan\n",
            ["Ada Lovelace_12345"],
            "Alan Turing (#2)",
        ),
        ("Email\nada@example.org\nalan@example.org\n", ["ada"], "alan@example.org"),
    ],
    ids=["Canvas", "Moodle", "Blackboard", "Brightspace", "a course's list"],
)
def test_who_handed_in_nothing_is_named(text: str, students: list[str], without: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(text)
    assert compare(read_roster(tmp_path / "list.csv"), [*students, "grace"]) == Compared(
        (without,), ("grace",)
    )


def test_who_could_be_several_people_is_said_to_be_nobody(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Student,ID\nAda Lovelace,1\nAda Lovelace,2\n")
    found = compare(read_roster(tmp_path / "list.csv"), ["Ada Lovelace"])
    assert len(found.without) == 2
    assert "matches 2 rows, of different people" in found.unknown[0]


def test_a_file_without_people_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("points,comment\n1,x\n")
    with pytest.raises(KitError, match=r"is no gradebook of Canvas.*It has: points, comment"):
        read_roster(tmp_path / "list.csv")


CHINESE = "学号,姓名,邮箱\n2021001,王芳,wf@x.edu\n2021002,李娜,ln@x.edu\n2021003,张镕基,zr@x.edu\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_of_a_chinese_course_is_read_however_a_spreadsheet_saved_it(
    encoding: str, delimiter: str, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_bytes(CHINESE.replace(",", delimiter).encode(encoding))
    found = compare(
        read_roster(tmp_path / "list.csv"), ["2021001-王芳-网络可视化", "2021002李娜 作业3", "2021001-张三"]
    )
    assert found.without == ("张镕基 (2021003)",)
    assert len(found.unknown) == 1
    assert "whose name is not in it" in found.unknown[0]
