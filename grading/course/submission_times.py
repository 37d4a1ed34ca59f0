"""Times of submission, from the source that the course names.

A student can write any file in a folder, and copying changes the time of every file: so nothing is guessed.
`[deadline] times` is one of

- "nbgrader": the `timestamp.txt` that nbgrader writes into submitted/<student>/<assignment>/ when it collects,
- "files": the newest file of a submission (of a student's zip: the zip's own time). In an archive of the class no
  file has a time of its own, and that of the archive says when the instructor downloaded it: nobody's time is known,
- "names": the moment that a platform's download has in the name of the attempt that counts (Blackboard, Brightspace and
  others); without an offset it is of the deadline's zone,
- a `.csv` file beside course.toml with the columns `student` and `time`; a time without an offset has the deadline's.

The table `[submitted]` goes before all of these.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from grading.course.settings import Deadline
from grading.errors import KitError
from grading.results.spreadsheets import decoded, delimiter_of
from grading.submission import ids
from grading.submission.contents import files_of
from grading.submission.handed_in import Submission
from grading.submission.listing import is_work
from grading.submission.moments import moment_of

# A student may have put anything in the place of nbgrader's file.
TIMESTAMP_LIMIT = 100


# What the two columns of a table are called.
_COLUMNS = (("student", "学生", "学号"), ("time", "时间", "提交时间"))
# 2026/5/20 9:05, in which spreadsheets turn 2026-05-20 09:05; 2026年5月20日 9:05.
_EXCEL_TIME = re.compile(
    r"(?P<year>\d{4})[-/年](?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日? +(?P<hour>\d{1,2}):(?P<rest>\d\d)"
)


def submission_times(
    deadline: Deadline | None, course: Path, submissions: Iterable[Submission]
) -> dict[str, datetime]:
    """Return when each student handed in; one whose time is not known is left out.

    Raises
    ------
    KitError
        If the .csv file cannot be read, or a time in it cannot be understood.
    """
    if deadline is None or not deadline.times:
        return {}
    if deadline.times.endswith(".csv"):
        students = [submission.student for submission in submissions]
        return ids.known_as(_table(course.parent / deadline.times, deadline.at.tzinfo), students)
    if deadline.times == "names":
        times = {submission.student: _in_name(submission, deadline.at.tzinfo) for submission in submissions}
    else:
        time_of = _nbgrader if deadline.times == "nbgrader" else _newest
        times = {submission.student: time_of(submission) for submission in submissions}
    return {student: time for student, time in times.items() if time}


def _in_name(submission: Submission, zone: tzinfo | None) -> datetime | None:
    moment = moment_of(submission.attempt)
    return moment.replace(tzinfo=zone) if moment and not moment.tzinfo else moment


def _nbgrader(submission: Submission) -> datetime | None:
    label = f"{submission.assignment}/timestamp.txt".lstrip("/")
    path = {file.label: file.path for file in files_of(submission)}.get(label)
    if path is None:
        return None
    try:
        with path.open(encoding="utf-8") as file:
            return _moment(file.read(TIMESTAMP_LIMIT), str(path))
    except (OSError, UnicodeDecodeError, KitError):  # said at the end, with all whose time is not known
        return None


def _newest(submission: Submission) -> datetime | None:
    files = files_of(submission)
    work = [file.path for file in files if is_work(file.label)] or [file.path for file in files]
    try:
        own = submission.path.resolve()
        if not own.is_dir() and own not in {path.resolve() for path in work}:
            return None  # of an archive of the class
        times = [path.stat().st_mtime for path in work]
    except OSError:
        return None
    return datetime.fromtimestamp(int(max(times)), UTC) if times else None


def _table(path: Path, zone: tzinfo | None) -> dict[str, datetime]:
    try:
        raw = path.read_bytes()
        found = decoded(raw)
        text = found[0].removeprefix("\ufeff") if found else ""
        rows = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text.partition("\n")[0]))
        )
    except (OSError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise KitError(
            "{path} cannot be read ({reason}): correct `times` below [deadline]", path=path, reason=reason
        ) from error
    if found is None:
        raise KitError("{path} is no text: save the table as “CSV UTF-8”", path=path)
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    columns = [next((i for i, name in enumerate(header) if name in names), None) for names in _COLUMNS]
    student, time = columns
    if rows and (student is None or time is None):
        raise KitError(
            "{path} must have the columns `student` and `time`: write both names into its first line",
            path=path,
        )
    if student is None or time is None:
        return {}
    return {
        row[student]: _moment(row[time], f"{path}, line {number}", zone)
        for number, row in enumerate(rows[1:], start=2)
        if len(row) > max(student, time) and row[time].strip()
    }


def _iso(found: re.Match[str]) -> str:
    year, month, day, hour = (int(found[name]) for name in ("year", "month", "day", "hour"))
    return f"{year}-{month:02}-{day:02} {hour:02}:{found['rest']}"


def _moment(text: str, place: str, zone: tzinfo | None = None) -> datetime:
    """Read a time as nbgrader writes it ("2026-05-20 23:59:00.123456 UTC"), in ISO 8601, or as Excel makes of that.

    One without an offset is of the zone, by default UTC, as nbgrader reads it.
    """
    plain = _EXCEL_TIME.sub(_iso, text.strip())
    for name in (" UTC", " GMT"):
        plain = plain.removesuffix(name) + ("+00:00" if plain.endswith(name) else "")
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise KitError(
            "{place}: expected a date and time such as 2026-05-20T23:59:00-07:00, got {text!r}",
            place=place,
            text=text.strip()[:40],
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone or UTC)
