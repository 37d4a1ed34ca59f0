"""When work was handed in is read where the course says, and nowhere else."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from grading.assignments.registry import file_patterns
from grading.course.settings import Deadline
from grading.course.submission_times import submission_times
from grading.errors import KitError
from grading.submission.discover import discover
from grading.submission.handed_in import File, Submission

WHEN = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)


def deadline(times: str) -> Deadline:
    return Deadline(WHEN, 10.0, times=times)


@pytest.fixture
def submitted(tmp_path: Path) -> list[Submission]:
    """nbgrader's layout; only ada has a timestamp."""
    for student in ("ada", "grace"):
        file = tmp_path / "submitted" / student / "a3" / "StyleTransfer.ipynb"
        file.parent.mkdir(parents=True)
        file.write_text("{}")
        os.utime(file, (WHEN.timestamp(), WHEN.timestamp()))
    (tmp_path / "submitted" / "ada" / "a3" / "timestamp.txt").write_text("2026-05-20 22:30:00.000000 UTC\n")
    return discover([tmp_path / "submitted"], file_patterns())


@pytest.mark.parametrize("times", ["", "nbgrader", "files"])
def test_times_come_from_where_the_course_says(
    times: str, submitted: list[Submission], tmp_path: Path
) -> None:
    found = submission_times(deadline(times), tmp_path / "course.toml", submitted)
    assert found == {"": {}, "nbgrader": {"ada": WHEN}, "files": {"ada": WHEN, "grace": WHEN}}[times]


def test_without_a_deadline_nothing_is_asked(submitted: list[Submission], tmp_path: Path) -> None:
    assert submission_times(None, tmp_path / "course.toml", submitted) == {}


@pytest.mark.parametrize(
    "text",
    ["2026-05-20 22:30:00", "2026-05-20T22:30:00Z", "2026-05-21 00:30:00+02:00", "2026-05-20 22:30 GMT"],
)
def test_a_timestamp_is_read_as_nbgrader_reads_it(
    text: str, submitted: list[Submission], tmp_path: Path
) -> None:
    (tmp_path / "submitted" / "ada" / "a3" / "timestamp.txt").write_text(text)
    assert submission_times(deadline("nbgrader"), tmp_path / "c.toml", submitted) == {"ada": WHEN}


def test_a_timestamp_that_is_none_is_no_time_and_stops_nobody(
    submitted: list[Submission], tmp_path: Path
) -> None:
    (tmp_path / "submitted" / "ada" / "a3" / "timestamp.txt").write_text("yesterday, CEST")
    assert submission_times(deadline("nbgrader"), tmp_path / "c.toml", submitted) == {}


def test_a_table_lies_beside_the_course(submitted: list[Submission], tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("\ufeffname,student,time\nA,ada,2026-05-20T22:30:00Z\nG,grace,\n")
    found = submission_times(deadline("times.csv"), tmp_path / "course.toml", submitted)
    assert found == {"ada": WHEN}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who,when\nada,now\n", "must have the columns `student` and `time`"),
        (
            "student,time\nada,2026-05-20T22:30:00Z\ngrace,noon\n",
            r"line 3: expected a date and time such as .*, got 'noon'",
        ),
        (None, r"cannot be read \(No such file"),
    ],
)
def test_a_table_that_cannot_be_understood_is_an_error(text: str | None, words: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "times.csv").write_text(text)
    with pytest.raises(KitError, match=rf"times\.csv.*{words}"):
        submission_times(deadline("times.csv"), tmp_path / "course.toml", [])


def test_the_time_of_a_classs_archive_makes_nobody_late(tmp_path: Path) -> None:
    archive, member, own = tmp_path / "class.zip", tmp_path / "spooled", tmp_path / "alan.zip"
    for path in (archive, member, own):
        path.touch()
    os.utime(own, (WHEN.timestamp(), WHEN.timestamp()))
    class_of = [
        Submission("ada", archive / "ada", files=(File("StyleTransfer.ipynb", member),)),
        Submission("grace", archive, files=(File("grace_1_2_StyleTransfer.ipynb", member),)),
        Submission("alan", own, files=(File("alan.zip", own),)),
    ]
    assert submission_times(deadline("files"), tmp_path / "course.toml", class_of) == {"alan": WHEN}


def test_a_table_of_times_is_read_by_the_ids_of_the_class(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("student,time\nADA,2026-05-20T22:30:00Z\n", encoding="utf-8")
    times = submission_times(deadline("times.csv"), tmp_path / "course.toml", [Submission("ada", tmp_path)])
    assert times == {"ada": WHEN}


@pytest.mark.parametrize(
    ("raw", "students"),
    [
        ("学号;时间\r\n王芳;2026/5/20 22:30\r\n".encode("gb18030"), {"王芳"}),
        ("student,time\n王芳,2026年5月20日 22:30\n".encode("utf-16"), {"王芳"}),
        (b"Student\tTime\nada\t2026-05-20 22:30:00\ngrace\n", {"ada"}),
    ],
)
def test_a_table_is_read_as_a_spreadsheet_has_saved_it(
    raw: bytes, students: set[str], tmp_path: Path
) -> None:
    (tmp_path / "times.csv").write_bytes(raw)
    found = submission_times(deadline("times.csv"), tmp_path / "course.toml", [])
    assert found == dict.fromkeys(students, WHEN)


def test_a_time_of_a_table_without_an_offset_is_of_the_deadlines_zone(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("student,time\nada,2026-05-20 23:00\ngrace,2026-05-20T23:00Z\n")
    at = datetime(2026, 5, 20, 23, 59, tzinfo=timezone(timedelta(hours=8)))
    found = submission_times(Deadline(at, 10.0, times="times.csv"), tmp_path / "course.toml", [])
    assert [found["ada"] < at, found["grace"] < at] == [True, False]


def test_a_students_own_timestamp_is_not_nbgraders(submitted: list[Submission], tmp_path: Path) -> None:
    ada = tmp_path / "submitted" / "ada" / "a3"
    (ada / "StyleTransfer.ipynb").unlink()
    for moment in ("2026-01-01 00:00:00", "2026-01-02 00:00:00"):
        (ada / moment).mkdir()
        (ada / moment / "StyleTransfer.ipynb").touch()
        (ada / moment / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
    found = discover([tmp_path / "submitted"], file_patterns())
    assert submission_times(deadline("nbgrader"), tmp_path / "c.toml", found) == {"ada": WHEN}


@pytest.mark.parametrize(
    "name",
    [
        "hw_{}_attempt_2026-05-20-23-00-00_StyleTransfer.ipynb",
        "1{}-2 - {} - May 20, 2026 1100 PM/StyleTransfer.ipynb",
        "1{}-2 - {} - 2026年5月20日 2300/StyleTransfer.ipynb",
        "{}_20260520230000_StyleTransfer.ipynb",
        "{}-2026-05-20T15_00Z/StyleTransfer.ipynb",
    ],
)
def test_the_moment_in_the_name_of_the_attempt_is_a_time_of_the_deadlines_zone(
    name: str, tmp_path: Path
) -> None:
    zone = timezone(timedelta(hours=8))
    for number, person in enumerate(("ada", "grace")):
        file = tmp_path / (name.format(number, person) if name.count("{}") == 2 else name.format(person))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    at = Deadline(datetime(2026, 5, 20, 22, 59, tzinfo=zone), 10.0, times="names")
    found = submission_times(at, tmp_path / "course.toml", discover([tmp_path], file_patterns()))
    assert [*found.values()] == [datetime(2026, 5, 20, 23, tzinfo=zone)] * 2


def test_what_is_called_after_no_moment_has_no_time_by_its_name(tmp_path: Path) -> None:
    for attempt in ("", "Version 2", "Revision 1 - Late", "2026-02-31-00-00-00", "1" * 5000):
        one = Submission("ada", tmp_path, attempt=attempt)
        assert submission_times(deadline("names"), tmp_path / "course.toml", [one]) == {}
