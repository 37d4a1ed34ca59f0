"""People of a class, as they were told apart; and the submissions they become, under ids that cannot be mistaken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.sentences import first_of, sentence
from grading.submission import ids
from grading.submission.classes import Patterns
from grading.submission.contents import on_left_out
from grading.submission.handed_in import File, Submission
from grading.submission.layouts import MOMENT
from grading.submission.listing import Listing, is_notebook, is_work, telling

# What a folder of one attempt is called: after its moment, or as in Teams.
_ATTEMPT = rf"{MOMENT}[^/]*|Version \d{{1,6}}"
_MOMENT = re.compile(_ATTEMPT)
_IN_PATH = re.compile(rf"(?P<around>(?:[^/]+/)??)(?P<moment>{_ATTEMPT})/(?P<rest>.*)", re.DOTALL)
# What browsers and Drive put behind a name that is there already.
_NUMBER_OF_COPY = re.compile(r"[ _]?[(（]\d{1,3}[)）]\Z| ?- ?(?:副本|copy)\Z", re.IGNORECASE)
# What OneDrive puts there: only where the name without it is there, too.
_NUMBER_BEHIND = re.compile(r" \d{1,2}\Z")
_STUDENT_NUMBER = re.compile(r"(?<!\d)\d{6,14}(?!\d)")
# A number that more have in common is a day's, or a course's.
SHARE_A_NUMBER = 3
# A note that names others, for whoever grades.
ALIKE = sentence("{entry} is graded as {student}, beside {others}: are they one person?")


@dataclass(frozen=True)
class Person:
    """One of a class, before there are ids.

    Attributes
    ----------
    name : str
        What the person is called.
    entry : str
        The file or folder that says so, which is more than the name.
    path : Path
        The folder that is the person's alone, or the class's.
    files : tuple of File
    notes : tuple of str
    assignment : str
        nbgrader's assignment folder, or "".
    members : tuple of str
        The people of a group.
    downloaded : str
        The path of a file in the platform's download, or "".
    attempt : str
        What the platform calls the attempt that counts, or "".
    """

    name: str
    entry: str
    path: Path
    files: tuple[File, ...]
    notes: tuple[str, ...] = ()
    assignment: str = ""
    members: tuple[str, ...] = ()
    downloaded: str = ""
    attempt: str = ""


def owner_of_folder(listing: Listing, name: str, patterns: Patterns) -> Person:
    """Return the person whose folder it is; in nbgrader's layout the folder inside is the assignment's.

    Of several assignments, as a course has them, it is the one with a timestamp that holds what is asked. Of folders
    that are each called after a moment, the last that holds work was handed in.
    """
    below = listing.below(name)
    files, notes = _last_moment(below.files)
    inner = sorted({label.partition("/")[0] for label in below.folders if not _MOMENT.fullmatch(label)})
    own = any("/" not in file.label and is_work(file.label) for file in files)
    if len(inner) > 1:
        stamped = {file.label.partition("/")[0] for file in files if file.label.endswith("/timestamp.txt")}
        inner = sorted(
            stamped & {file.label.partition("/")[0] for file in files if _is_asked(file, patterns)}
        )
    assignment = inner[0] if len(inner) == 1 and not own and inner[0] != "cs231n" else ""
    left_out = on_left_out(below.left_out, below.name, beside_others=bool(below.files))
    return Person(name, name, below.path, files, (*left_out, *notes), assignment)


def _is_asked(file: File, patterns: Patterns) -> bool:
    name = file.label.rpartition("/")[2]
    return is_notebook(name) and any(pattern.search(name) for pattern in patterns)


def _last_moment(files: Sequence[File]) -> tuple[tuple[File, ...], tuple[str, ...]]:
    """Return the files without those of earlier attempts, if all work lies in folders called after moments."""
    moments = {file: _moment_in(file.label) for file in files}
    work = {moment for file, moment in moments.items() if is_work(file.label.rpartition("/")[2])}
    if len(work) < 2 or None in work or len({around for around, _, _ in filter(None, work)}) > 1:
        return tuple(files), ()
    attempts = sorted({moment for _, moment, _ in filter(None, work)}, key=_digits)
    if len(attempts) < 2:
        return tuple(files), ()
    outside = {file.label for file, found in moments.items() if found is None}  # nbgrader's timestamp.txt
    kept = []
    for file, found in moments.items():
        label = f"{found[0]}{found[2]}" if found else file.label
        if found is None or found[1] == attempts[-1]:
            kept.append(file if label in outside else File(label, file.path))
    template = "{count} attempts were handed in; graded is that of {attempt}, not {others}"
    note = sentence(template, count=len(attempts), attempt=attempts[-1], others=first_of(attempts[:-1], 5))
    return tuple(sorted(kept, key=lambda file: file.label)), (note,)


def _moment_in(label: str) -> tuple[str, str, str] | None:
    """Return what stands around a folder that is called after a moment, and the folder; None without one."""
    found = _IN_PATH.fullmatch(label)
    return (found["around"], found["moment"], found["rest"]) if found else None


def _digits(moment: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d{1,6}", moment))


def submissions_of(people: Sequence[Person]) -> tuple[Submission, ...]:
    """Return a submission for each; where names are alike, a note names the others."""
    found = []
    names = ids.distinct([(person.name, person.entry) for person in people])
    copies = _copies([student for student, _ in names])
    for person, (student, alike) in zip(people, names, strict=True):
        notes = person.notes
        if alike := alike or copies.get(student, ()):
            note = sentence(
                ALIKE.id,
                entry=person.entry,
                student=student,
                others=", ".join(alike),
            )
            notes = (*notes, note)
        found.append(
            Submission(
                student,
                person.path,
                person.assignment,
                notes,
                telling(person.files),
                person.members,
                person.downloaded,
                person.attempt,
            )
        )
    return tuple(found)


def _copies(students: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return, of ids that may be one person's, the others: ("ada", "ada (1)"), ("1_2021001_王芳", "9_2021001_王芳").

    They differ in the number of a copy alone, or have a student's number in common that hardly anybody else has.
    """
    names = {ids.key(student) for student in students}
    same: dict[str, set[str]] = {}
    for student in students:
        same.setdefault(ids.key(_NUMBER_OF_COPY.sub("", student)), set()).add(student)
        if (plain := ids.key(_NUMBER_BEHIND.sub("", student))) in names:
            same.setdefault(plain, set()).add(student)
    numbers: dict[str, set[str]] = {}
    for student in students:
        for number in _STUDENT_NUMBER.findall(student):
            numbers.setdefault(number, set()).add(student)
    together = [*same.values(), *(several for several in numbers.values() if len(several) <= SHARE_A_NUMBER)]
    found: dict[str, set[str]] = {}
    for several in together:
        for student in several if len(several) > 1 else ():
            found.setdefault(student, set()).update(several - {student})
    return {student: tuple(sorted(others)) for student, others in found.items()}
