"""Times of submission, from the source that the course names.

A student can write any file in a folder, and copying changes the time of every file: so nothing is guessed.
`[deadline] times` is one of

- "nbgrader": the `timestamp.txt` that nbgrader writes into submitted/<student>/<assignment>/ when it collects,
- "files": the newest file of a submission (of a student's zip: the zip's own time). In an archive of the class no
  file has a time of its own, and that of the archive says when the instructor downloaded it: nobody's time is known,
- a `.csv` file beside course.toml with the columns `student` and `time`.

The table `[submitted]` goes before all of these.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from grading.course.settings import Deadline
from grading.errors import KitError
from grading.submission import ids
from grading.submission.contents import files_of
from grading.submission.handed_in import Submission
from grading.submission.listing import is_work

# A student may have put anything in the place of nbgrader's file.
TIMESTAMP_LIMIT = 100


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
        return ids.known_as(_table(course.parent / deadline.times), students)
    time_of = _nbgrader if deadline.times == "nbgrader" else _newest
    times = {submission.student: time_of(submission) for submission in submissions}
    return {student: time for student, time in times.items() if time}


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


def _table(path: Path) -> dict[str, datetime]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise KitError(
            "{path} cannot be read ({reason}): correct `times` below [deadline]", path=path, reason=reason
        ) from error
    if rows and not {"student", "time"} <= rows[0].keys():
        raise KitError(
            "{path} must have the columns `student` and `time`: write both names into its first line",
            path=path,
        )
    return {
        row["student"]: _moment(row["time"], f"{path}, line {number}")
        for number, row in enumerate(rows, start=2)
        if row["time"]
    }


def _moment(text: str, place: str) -> datetime:
    """Read a time as nbgrader writes it ("2026-05-20 23:59:00.123456 UTC") or in ISO 8601."""
    plain = text.strip()
    for zone in (" UTC", " GMT"):
        plain = plain.removesuffix(zone) + ("+00:00" if plain.endswith(zone) else "")
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        raise KitError(
            "{place}: expected a date and time such as 2026-05-20T23:59:00-07:00, got {text!r}",
            place=place,
            text=text.strip()[:40],
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # as nbgrader reads one without an offset
