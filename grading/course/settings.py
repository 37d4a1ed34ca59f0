"""Settings of a course, from the `course.toml` in the current folder: its seed and its policies."""

from __future__ import annotations

import math
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cs231n import language
from cs231n.sentences import sentence
from grading.errors import KitError
from grading.locations import CATALOGUES

# The demo's seed is public: with it, a student can find out the inputs of every check.
DEMO_SEED = "demo"
COURSE = Path("course.toml")


UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True)
class Deadline:
    """When work is due, and what being late costs.

    Attributes
    ----------
    at : datetime
        With its offset from UTC.
    penalty : float
        Percent of the points earned, for each started day or hour (`per`); never more than `most` percent.
    grace_minutes : float
        Lateness counts from the end of this time, of which nobody need be told.
    times : str
        Where the times of submission come from; see `grading.course.submission_times`.
    extensions : mapping of str to datetime
        The deadlines of single students.
    """

    at: datetime
    penalty: float
    per: str = "day"
    most: float = 100.0
    grace_minutes: float = 0.0
    times: str = ""
    extensions: Mapping[str, datetime] = field(default_factory=dict)

    def due(self, student: str) -> datetime:
        """Return a student's deadline."""
        return self.extensions.get(student, self.at)

    def percent(self, student: str, submitted: datetime) -> float:
        """Return how many percent of the points are lost."""
        late = submitted - self.due(student) - timedelta(minutes=self.grace_minutes)
        return min(self.most, max(0, math.ceil(late / UNITS[self.per])) * self.penalty)


@dataclass(frozen=True)
class Override:
    """A grade given by hand: of one function, or (`function` is "") of the whole submission."""

    student: str
    score: float
    reason: str
    function: str = ""


@dataclass(frozen=True)
class Comment:
    """What is said of a function to all who made one mistake in it, to those of a group, or to one student.

    Attributes
    ----------
    points : float
        Won or lost with it.
    mistake : str
        Part of a diagnosis, or all of it ("a+b"); "" where `students` are meant.
    group : str
        The id of a group of the class, whose members are then `students`; "" where a student is named.
    function : str
        "" with a mistake: in whatever function it was made.
    """

    text: str
    points: float = 0.0
    mistake: str = ""
    group: str = ""
    function: str = ""
    students: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """What it is on, as messages call it."""
        return self.mistake or self.group or f"{', '.join(self.students)}: {self.function}"


@dataclass(frozen=True)
class Policies:
    """What a course has decided, and when its students handed in.

    Attributes
    ----------
    points : mapping
        Of a function to its points, or to those of some of its checks.
    drop : tuple of str
        Functions that count for nobody: neither points nor maximum.
    submitted : mapping of str to datetime
        Known times; a student without one is not late.
    """

    points: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    deadline: Deadline | None = None
    overrides: tuple[Override, ...] = ()
    comments: tuple[Comment, ...] = ()
    submitted: Mapping[str, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether they can change a grade, or what is said of it."""
        return bool(self.points or self.drop or self.deadline or self.overrides or self.comments)


def seed_of(given: str | None, file: Path | None = None, course: Path = COURSE) -> str:
    """Return the seed to grade with: the one given, that of a file or the course, or the public one of the demo.

    Raises
    ------
    KitError
        If the seed is empty, given twice, or cannot be read.
    """
    if given is not None and file is not None:
        raise KitError("the seed is given twice: leave out --seed or --seed-file")
    if given is not None:
        return _filled(
            given, sentence("give --seed a long random text, or leave it out to use that of course.toml")
        )
    if file is not None:
        return _filled(
            _read(file, sentence("give another --seed-file")),
            sentence("write a long random text into {file}", file=file),
        ).strip()
    if not course.exists():
        return DEMO_SEED
    settings = read_course(course)
    seed = settings.get("seed")
    if not isinstance(seed, str):
        raise KitError(
            '{course} has no seed: add a line seed = "..." with a long random text, or give --seed-file',
            course=course,
        )
    return _filled(
        seed, sentence("write a long random text into {course}, or give --seed-file", course=course)
    )


def use_language(given: str | None = None, course: Path = COURSE) -> None:
    """Show texts in the language given, else in that of the course; else what a student's own setting says holds.

    Raises
    ------
    KitError
        If there is no such language.
    """
    language.add_catalogues(CATALOGUES)
    chosen = given or (read_course(course).get("language") if course.exists() else None)
    if chosen is None:
        return
    try:
        language.use(str(chosen))
    except ValueError as error:
        if given:
            raise KitError("{error}: correct --language", error=error) from error
        raise KitError("{error}: correct `language` in {course}", error=error, course=course) from error


def read_course(course: Path) -> dict[str, Any]:
    """Return what a `course.toml` holds.

    Raises
    ------
    KitError
        If it cannot be read or is no TOML.
    """
    text = _read(course, sentence("correct it, or give --seed-file"))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KitError(
            "{course} cannot be read ({error}): correct it, or give --seed-file", course=course, error=error
        ) from error


def is_open_to_others(course: Path) -> bool:
    """Whether other users of the machine may read a file that holds the seed."""
    return bool(course.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _read(path: Path, remedy: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KitError(
            "{path} cannot be read ({strerror}): {remedy}", path=path, strerror=error.strerror, remedy=remedy
        ) from error
    except UnicodeDecodeError as error:
        raise KitError(
            "{path} cannot be read (it is not UTF-8 text): {remedy}", path=path, remedy=remedy
        ) from error


def _filled(seed: str, remedy: str) -> str:
    """Refuse an empty seed, such as "$(cat FILE)" of a file that is not there."""
    if not seed.strip():
        raise KitError("the seed is empty: {remedy}", remedy=remedy)
    return seed
