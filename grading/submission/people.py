"""People of a class, as they were told apart; and the submissions they become, under ids that cannot be mistaken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.sentences import sentence
from grading.submission import ids
from grading.submission.contents import on_left_out
from grading.submission.handed_in import File, Submission
from grading.submission.listing import LeftOut, Listing, is_work, telling

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
    """

    name: str
    entry: str
    path: Path
    files: tuple[File, ...]
    notes: tuple[str, ...] = ()
    assignment: str = ""
    members: tuple[str, ...] = ()
    downloaded: str = ""


def owner_of_folder(listing: Listing, name: str) -> Person:
    """Return the person whose folder it is; in nbgrader's layout the folder inside is the assignment's."""
    below = listing.below(name)
    inner = sorted({label.partition("/")[0] for label in below.folders})
    own = any("/" not in file.label and is_work(file.label) for file in below.files)
    assignment = inner[0] if len(inner) == 1 and not own and inner[0] != "cs231n" else ""
    return Person(name, name, below.path, below.files, notes_on(below), assignment)


def notes_on(listing: Listing) -> tuple[str, ...]:
    """Return what was left out of a person's files; where there are none, with what to do."""
    if not listing.files:
        return tuple(on_left_out(listing.left_out, listing.name))
    return tuple(note_on(out, listing.name) for out in listing.left_out)


def note_on(out: LeftOut, name: str) -> str:
    """Return the sentence that says what was left out."""
    return sentence("{file} {why}", file=out.label or name, why=out.why)


def submissions_of(people: Sequence[Person]) -> tuple[Submission, ...]:
    """Return a submission for each; where names are alike, a note names the others."""
    found = []
    names = ids.distinct([(person.name, person.entry) for person in people])
    for person, (student, alike) in zip(people, names, strict=True):
        notes = person.notes
        if alike:
            note = sentence(
                ALIKE.id,
                entry=person.entry,
                student=student,
                others=", ".join(alike),
            )
            notes = (*notes, note)
        files = telling(person.files)
        found.append(
            Submission(
                student, person.path, person.assignment, notes, files, person.members, person.downloaded
            )
        )
    return tuple(found)
