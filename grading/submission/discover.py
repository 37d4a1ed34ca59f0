"""Discovery of the submissions below the paths an instructor names: who handed in which files."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from cs231n.sentences import joined, sentence
from grading.errors import SubmissionError
from grading.submission import ids
from grading.submission.choice import Choice
from grading.submission.classes import Patterns
from grading.submission.groups import one_row_each, unknown
from grading.submission.handed_in import File, Submission
from grading.submission.listing import (
    LeftOut,
    Listing,
    Unpack,
    is_archive,
    is_work,
    joined_parts,
    may_be_work,
    named,
    part_of,
    stem,
    unpacked,
    walked,
)
from grading.submission.plain import read, with_oddity
from grading.submission.readings import ONE, Reading, joined_sections, whole
from grading.submission.sections import one_each

# A class's archive may lie in another: so often is one opened that holds nothing else.
ARCHIVES_DEEP = 2
NAMES_SHOWN = 50
# What Canvas, Blackboard, Gradescope and Brightspace call the archive of a class, or of one of its sections.
_DOWNLOAD = re.compile(
    r"(?:submissions|gradebook_.*_\d{4}(?:-\d\d){5}|assignment_\d+_export|.+ Download .*\d{4}.*)"
    r"(?:[ _-]?\(?\d+\)?)?\.zip",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Class(Sequence[Submission]):
    """The submissions of a class, sorted by student, and how they were told apart.

    Attributes
    ----------
    people : tuple of Submission
    layout : str
        "a Moodle download, 48 people".
    left_out : tuple of LeftOut
        What was found and is not graded.
    """

    people: tuple[Submission, ...]
    layout: str = ""
    left_out: tuple[LeftOut, ...] = ()

    def __len__(self) -> int:
        return len(self.people)

    @overload
    def __getitem__(self, place: int) -> Submission: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Submission]: ...
    def __getitem__(self, place: int | slice) -> Submission | Sequence[Submission]:
        """Return one of the people, or some."""
        return self.people[place]


def discover(
    paths: Iterable[Path], patterns: Patterns, *, unpack: Unpack | None = None, choice: Choice | None = None
) -> Class:
    """Return the submissions below `paths`, sorted by student.

    Parameters
    ----------
    paths : iterable of Path
        Notebooks, scripts, archives and folders: of one student, or of a class in one of the layouts of
        `grading.submission.layouts`.
    patterns : sequence of re.Pattern
        What the names of the notebooks that are asked contain.
    unpack : callable, optional
        Opens an archive that may be a class. Without it, each archive is one student's.
    choice : Choice, optional
        What an instructor says of the layout; by default it is found out.

    Raises
    ------
    SubmissionError
        If a path does not exist or holds no submission, if two readings are possible, or if two submissions have one
        id.
    """
    given, choice = list(paths), choice or Choice()
    readings = list(_readings(given, patterns, unpack, choice))
    sections = {
        reading.name or str(number): reading.people
        for number, reading in enumerate(readings)
        if reading.of_platform
    }
    people = [submission for reading in readings if not reading.of_platform for submission in reading.people]
    people += one_each(sections)
    if not people:
        raise SubmissionError(_nothing([out for reading in readings for out in reading.left_out]))
    nobodys = [
        LeftOut(group, sentence("is a group in course.toml, and no submission here"))
        for group in unknown(people, choice.groups)
    ]
    people = one_row_each(people, choice.groups)
    _refuse_alike(people)
    return Class(
        tuple(sorted(people, key=lambda submission: submission.student)),
        joined(_layouts(readings), "; "),
        (*(out for reading in readings for out in reading.left_out), *nobodys),
    )


def _layouts(readings: Iterable[Reading]) -> list[str]:
    """Return how each path was read; what is said of one student, once."""
    found = [reading.layout for reading in readings if reading.people]
    return [*(layout for layout in found if layout != ONE), *([ONE] if ONE in found else [])]


def one_student(path: Path, name: str = "") -> Submission:
    """Return a path as one student's submission, whatever the folders and names inside.

    Parameters
    ----------
    path : Path
        A folder, notebook, script or archive; where it is a link itself, what it points to.
    name : str
        The student; by default what the path is called.

    Raises
    ------
    SubmissionError
        If the path does not exist, or is another file.
    """
    if stat.S_ISDIR(_mode(path)):
        return whole(walked(path), name)
    if not (is_work(path.name) or may_be_work(path.name)):
        raise SubmissionError(
            "{path} is neither a notebook nor a script nor an archive: name one of these, or a folder",
            path=path,
        )
    called = ids.made(name or stem(path.resolve().name))
    return Submission(called, path, files=(File(path.name, path.resolve()),))


def _readings(
    given: Sequence[Path], patterns: Patterns, unpack: Unpack | None, choice: Choice
) -> Iterator[Reading]:
    """Yield what each folder holds, a lone archive, and all files that are named one by one, together."""
    folders, files, left_out = [], [], []
    for path in given:
        if len(given) > 1 and path.is_symlink():
            left_out.append(
                LeftOut(str(path), sentence("is a link, which is not followed: name what it points to"))
            )
        elif stat.S_ISDIR(_mode(path)):
            folders.append(path)
        elif len(given) == 1 or is_work(path.name):
            files.append(path)
        else:
            left_out.append(LeftOut(str(path), sentence("is neither a notebook nor a script nor an archive")))
    if left_out:
        yield Reading((), "", tuple(left_out))
    yield from _of_folders(folders, len(given) == 1, patterns, unpack, choice)
    yield from _of_files(files, len(given) == 1, patterns, unpack, choice)


def _of_folders(
    folders: Sequence[Path], alone: bool, patterns: Patterns, unpack: Unpack | None, choice: Choice
) -> list[Reading]:
    """Read each folder; among students' folders, one that looks like a class is an odd student's, and never others'.

    Where several are named, one without anything to grade is a student's, too, unless the others are classes.
    """
    if choice.one_student:
        return [Reading((one_student(folder),), ONE) for folder in folders]
    listings = [joined_parts(walked(folder)) for folder in folders]
    found: list[Reading | SubmissionError] = []
    for listing in listings:
        try:
            found.append(read(listing, patterns, choice))
        except SubmissionError as error:
            found.append(error)
    if alone and listings and (inside := _classes_in_archives(listings[0], patterns, unpack, choice)):
        return inside
    empty = [isinstance(reading, Reading) and not reading.layout for reading in found]
    if len(found) > 1 and all(
        nothing or (isinstance(reading, Reading) and reading.layout == ONE)
        for reading, nothing in zip(found, empty, strict=True)
    ):
        return [Reading((whole(listing),), ONE) for listing in listings]
    ones = sum(isinstance(reading, Reading) and reading.layout == ONE for reading in found)
    readings = []
    for listing, reading in zip(listings, found, strict=True):
        if isinstance(reading, Reading) and (reading.layout == ONE or not ones):
            readings.append(replace(reading, name=str(listing.path)))
        elif 2 * ones > len(found):
            readings.append(Reading((with_oddity(whole(listing), patterns),), ONE))
        elif isinstance(reading, SubmissionError):
            raise reading
        else:
            raise SubmissionError(
                "{path} looks like a class ({layout}), others of the paths like one student: name "
                "the classes and the students by themselves, or say --class or --one-student",
                path=listing.path,
                layout=reading.layout,
            )
    return readings


def _classes_in_archives(
    listing: Listing, patterns: Patterns, unpack: Unpack | None, choice: Choice
) -> list[Reading] | None:
    """Read the only work in a folder, if that is archives and they hold classes: as downloaded, not yet unpacked."""
    work = [file for file in listing.files if is_work(file.label)]
    if not unpack or not work or not all(is_archive(file.label) for file in work):
        return None
    if len(work) > 1:
        sections = _downloads([file.path for file in work], patterns, unpack, choice)
        return [sections] if sections else None
    if "/" in work[0].label:
        return None
    reading = _of_archive(work[0].path, patterns, unpack, choice)
    return None if reading.layout == ONE else [reading]


def _downloads(
    archives: Sequence[Path], patterns: Patterns, unpack: Unpack, choice: Choice
) -> Reading | None:
    """Read archives as downloads of a platform, of a section each; None, if one of them is no such download.

    Archives beside each other are mostly students': none is opened as a class's unless all are called as platforms call
    a class's, and nobody is asked.
    """
    found: dict[str, Reading] = {}
    if len(wholes := {part_of(path.name) for path in archives}) == 1 and "" not in wholes:
        return _of_parts(archives, patterns, unpack, choice)
    if not all(_DOWNLOAD.fullmatch(path.name) for path in archives):
        return None
    for path in archives:
        try:
            found[str(path)] = reading = _of_archive(path, patterns, unpack, choice)
        except SubmissionError:
            return None
        if not reading.of_platform or len(reading.people) < 2:
            return None
    return joined_sections(found, [out for reading in found.values() for out in reading.left_out])


def _of_parts(archives: Sequence[Path], patterns: Patterns, unpack: Unpack, choice: Choice) -> Reading | None:
    """Read a download that Google Drive has packed in several archives; None, if one of them cannot be opened."""
    try:
        members = [
            File(f"{stem(path.name)}/{member.label}", member.path)
            for path in archives
            for member in unpack(path)
        ]
    except SubmissionError:
        return None
    whole = archives[0].with_name(f"{part_of(archives[0].name)}.zip")
    return read(joined_parts(unpacked(whole, members)), patterns, choice)


def _of_files(
    files: Sequence[Path], alone: bool, patterns: Patterns, unpack: Unpack | None, choice: Choice
) -> Iterator[Reading]:
    archives = [path for path in files if is_archive(path.name)]
    undecided = not (alone or choice.is_class or choice.one_student)
    if (
        undecided
        and unpack
        and archives == files
        and (found := _downloads(archives, patterns, unpack, choice))
    ):
        yield found
        return
    classes = archives if alone or choice.is_class else []
    for path in classes:
        yield replace(_of_archive(path, patterns, unpack, choice), name=str(path))
    others = [path for path in files if path not in classes]
    if alone or choice.one_student:
        for path in others:
            yield Reading((one_student(path),), ONE)
    elif others:
        yield _located(read(named(others), patterns, replace(choice, is_class=True)))


def _of_archive(path: Path, patterns: Patterns, unpack: Unpack | None, choice: Choice) -> Reading:
    """Read an archive as a class; where it is none, or cannot be opened, it is one student's, unopened."""
    student = one_student(path)
    one = Reading((student,), ONE)
    if unpack is None or choice.one_student:
        return one
    try:
        listing = unpacked(path, unpack(path))
    except SubmissionError as error:
        return Reading((replace(student, notes=error.args),), ONE)
    for _ in range(ARCHIVES_DEEP):
        work = [file for file in listing.files if is_work(file.label)]
        if len(work) != 1 or not is_archive(work[0].label):
            break
        try:
            listing = unpacked(path / work[0].label, unpack(work[0].path))
        except SubmissionError:
            return one
    if not listing.files:
        return one
    reading = read(listing, patterns, choice)
    return one if reading.layout == ONE else reading


def _located(reading: Reading) -> Reading:
    """Say of files that were named one by one where they lie."""
    people = tuple(
        replace(s, path=s.files[0].path) if s.files and len(s.files) == 1 else s for s in reading.people
    )
    return replace(reading, people=people)


def _refuse_alike(people: Sequence[Submission]) -> None:
    seen: dict[str, Submission] = {}
    for submission in people:
        ids.file_name(submission.student)
        other = seen.setdefault(ids.key(submission.student), submission)
        if other is not submission:
            names = f"{other.student!r}" + (
                f" and {submission.student!r}" if other.student != submission.student else ""
            )
            raise SubmissionError(
                "two submissions are called {names}: {other} and {path}; rename one of them, or "
                "grade them separately",
                names=names,
                path=submission.path,
                other=other.path,
            )


def _nothing(left_out: Sequence[LeftOut]) -> str:
    """Say what was found where nothing can be graded, and what to do."""
    if not left_out:
        return sentence("nothing to grade: name notebooks, archives (.zip) or a folder of them")
    found = [sentence("{label} {why}", label=out.label, why=out.why) for out in left_out[:NAMES_SHOWN]]
    if len(left_out) > NAMES_SHOWN:
        found.append(sentence("and {count} more", count=len(left_out) - NAMES_SHOWN))
    return sentence(
        "nothing to grade; {found}: name notebooks, archives (.zip) or a folder of them, or say --class if each of "
        "these files is a student's",
        found=joined(found, "; "),
    )


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise SubmissionError("{path} does not exist: check the path", path=path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SubmissionError(
            "{path} cannot be read ({reason}): check the path", path=path, reason=reason
        ) from error
