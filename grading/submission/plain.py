"""Reading of what no platform has named: folders of students, files called after students, or one student's work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from cs231n.sentences import first_of, sentence
from grading.errors import SubmissionError
from grading.submission import ids
from grading.submission.choice import Choice
from grading.submission.classes import (
    Parts,
    Patterns,
    holds_results,
    is_nobodys,
    is_part,
    notebook_in,
    people_in,
    same_notebook,
    scattered,
)
from grading.submission.handed_in import Submission
from grading.submission.layouts import BY_NAME, PLAIN
from grading.submission.listing import LeftOut, Listing, is_archive, is_notebook, is_script, is_work, stem
from grading.submission.people import Person, owner_of_folder, submissions_of
from grading.submission.readings import ONE, Reading, by_platform, holds_work, strays_of, titled, whole

NAMES_SHOWN = 5
# So many copies of one notebook that a platform has numbered are no one student's for certain: Style (17).ipynb.
COPIES = 6
_NUMBERED = re.compile(r"\(\d{1,4}\)")
# Where nbgrader has put what was submitted, and what else lies in a course's folder.
SUBMITTED = "submitted"
COURSE_OF_NBGRADER = frozenset({"source", "release", "autograded", "gradebook.db", "nbgrader_config.py"})
_TITLES = {layout.name: layout.title for layout in (*BY_NAME, *PLAIN)}


def read(listing: Listing, patterns: Patterns, choice: Choice) -> Reading:
    """Tell the people of a class apart, or find that it is one student's work.

    Raises
    ------
    SubmissionError
        If two readings are possible, or it is unclear who wrote what.
    """
    if choice.one_student:
        return _one(listing)
    if reading := _in_course_of_nbgrader(listing, patterns, choice):
        return reading
    if reading := _unpacked_beside(listing, patterns, choice) or by_platform(listing, patterns, choice):
        return reading
    forced = choice.is_class or bool(choice.layout)
    root = _unwrapped(listing)
    if not listing.archive and not _have_several_owners(root, patterns):
        root = listing
    work = [parts for file in root.files if is_work(file.label) for parts in [tuple(file.label.split("/"))]]
    students = [name for name in root.top_folders if holds_work(root.below(name))]
    loose = [parts[0] for parts in work if len(parts) == 1]
    with_notebooks = any(len(parts) > 1 and not is_script(parts[-1]) for parts in work)
    if students and (with_notebooks or not any(is_notebook(name) for name in loose)):
        if not forced and _is_one(root, students, loose, work, patterns):
            return _one(listing)
        return _folders(root, students, patterns)
    if not loose:
        return _without_work(listing, patterns, forced)
    return _files(root, listing, loose, patterns, forced)


def _in_course_of_nbgrader(listing: Listing, patterns: Patterns, choice: Choice) -> Reading | None:
    """Read what was submitted in the folder of an nbgrader course; None, if it is none."""
    if SUBMITTED not in listing.top_folders or not COURSE_OF_NBGRADER & {*listing.tops}:
        return None
    reading = read(listing.below(SUBMITTED), patterns, choice)
    why = sentence("lies beside submitted/ in an nbgrader course, and is nobody's submission")
    beside = [LeftOut(name, why) for name in listing.tops if name != SUBMITTED]
    return replace(reading, left_out=(*reading.left_out, *beside))


def _unpacked_beside(listing: Listing, patterns: Patterns, choice: Choice) -> Reading | None:
    """Read the folder to which a class's archive was unpacked, where both lie beside each other and nothing else does.

    None, where it is no class: then both are one student's.
    """
    folders = [name for name in listing.top_folders if holds_work(listing.below(name))]
    loose = [file.label for file in listing.files if "/" not in file.label and is_work(file.label)]
    if len(folders) != 1 or len(loose) != 1 or not is_archive(loose[0]) or stem(loose[0]) != folders[0]:
        return None
    try:
        reading = read(listing.below(folders[0]), patterns, choice)
    except SubmissionError:
        return None
    if reading.layout == ONE or len(reading.people) < 2:
        return None
    why = sentence(
        "lies beside the folder of its name, which is graded: if it holds others, name it by itself"
    )
    return replace(reading, left_out=(*reading.left_out, LeftOut(loose[0], why)))


def _without_work(listing: Listing, patterns: Patterns, forced: bool) -> Reading:
    """Read a class in which nobody handed in what can be graded: each folder is a person's all the same.

    Of files alone nobody can say whether they are one student's: they are people's only where the instructor says so.
    """
    here = _around_people(listing, patterns)
    if here.top_folders and (forced or not all(is_part(name, patterns) for name in here.top_folders)):
        return _folders(here, [], patterns)
    if here.top_folders and here.files:
        return _one(listing)
    if forced and here.files:
        return _of_files(here, [], {}, {}, patterns, scripts=True)
    left_out = [LeftOut(name, sentence("holds nothing to grade")) for name in here.tops]
    return Reading((), "", (*left_out, *(out for out in here.left_out if out.label not in here.tops)))


def _around_people(listing: Listing, patterns: Patterns) -> Listing:
    """Return the listing below the folders that lie around all others."""
    here = listing
    while here.name != SUBMITTED and len(here.tops) == 1 and here.tops == here.top_folders:
        inner = here.below(here.tops[0])
        inside = inner.top_folders
        if not inside or inside != inner.tops or all(is_part(name, patterns) for name in inside):
            return here
        here = inner
    return here


def _one(listing: Listing) -> Reading:
    return Reading((whole(listing),), ONE)


def _unwrapped(listing: Listing) -> Listing:
    """Return the listing below the folder around everything, which is what zipping a folder leaves."""
    here = listing
    while True:
        work = [file.label for file in here.files if is_work(file.label)]
        tops = {label.partition("/")[0] for label in work}
        if len(tops) != 1 or not all("/" in label for label in work):
            return here
        here = here.below(tops.pop())


def _have_several_owners(folder: Listing, patterns: Patterns) -> bool:
    """Whether one notebook lies in a folder itself under the names of several people."""
    names = [file.label for file in folder.files if is_work(file.label) and "/" not in file.label]
    return _are_several({name: found for name in names if (found := notebook_in(name, patterns))})


def _is_one(
    root: Listing, students: Sequence[str], loose: Sequence[str], work: Sequence[Parts], patterns: Patterns
) -> bool:
    """Whether folders with work are one student's.

    One student's has notebooks of its own beside the folders, the course's package, or folders that are called like
    parts of an assignment.
    """
    notebooks = [name for name in loose if not is_script(name)]
    found = [notebook_in(name, patterns) for name in loose]
    same = same_notebook(work, patterns)
    if "cs231n" in students or any(named and not named[1] for named in found):
        if len(same) > 1:
            _stop(root, same)
        return True
    if all(is_part(name, patterns) for name in students):
        around, people = people_in(work, patterns)
        if people:
            _stop_at_class(root.path.joinpath(*around), people, students)
        return True
    if root.archive and len(same) < 2 and (notebooks or len(students) < 2):
        return True
    if not notebooks and scattered(work, patterns):
        _stop(root, students)
    if not notebooks:
        _stop_at_classes(root, students, patterns)
    return False


def _stop_at_classes(root: Listing, students: Sequence[str], patterns: Patterns) -> None:
    """Stop where each folder looks like a class: one that does, among others that do not, is an odd student's."""
    odd = [(name, *_people_of(root, name, patterns)) for name in students]
    if all(people for _, _, people in odd):
        name, around, people = odd[0]
        _stop_at_class(root.path.joinpath(name, *around), people, students)


def _stop_at_class(folder: Path, people: Sequence[str], students: Sequence[str]) -> NoReturn:
    raise SubmissionError(
        "{folder} looks like a class, not a student: name {folder} itself, a class of "
        "{names}; or, if the students are {students}, say --class",
        folder=folder,
        names=_names(people),
        students=_names(students),
    )


def _people_of(root: Listing, name: str, patterns: Patterns) -> tuple[Parts, list[str]]:
    return people_in([tuple(file.label.split("/")) for file in root.below(name).files], patterns)


def _stop(root: Listing, people: Sequence[str]) -> NoReturn:
    raise SubmissionError(
        "{path} can be read in two ways, and nothing is graded: as a class of {count} "
        "({names}): say --class; or as one student's work, {name}: say --one-student",
        path=root.path,
        count=len(people),
        names=_names(people),
        name=root.name,
    )


def _names(people: Sequence[str]) -> str:
    return first_of(people, NAMES_SHOWN)


def _folders(root: Listing, students: Sequence[str], patterns: Patterns) -> Reading:
    """Read a class of folders: one without work is that of a student who handed in nothing to grade."""
    without = sorted({*root.top_folders} - {*students})
    nobodys = {name for name in without if is_nobodys(name) or holds_results(root.below(name))}
    owners = [name for name in root.top_folders if name not in nobodys]
    known = {*owners}
    people = [owner_of_folder(root, name, patterns) for name in owners]
    rest = sorted({*root.tops} - {*root.top_folders})
    strays, left_out = strays_of(root, rest, patterns)
    left_out += [
        LeftOut(name, sentence("holds no student's work, by its name and content"))
        for name in sorted(nobodys)
    ]
    left_out += [out for out in root.left_out if "/" not in out.label and out.label not in known]
    people, strays = _with_archives_of_their_names(people, strays)
    found = tuple(with_oddity(s, patterns) for s in submissions_of([*people, *strays]))
    return Reading(found, titled(_kind(root, people), len(found)), tuple(left_out))


def _with_archives_of_their_names(
    people: Sequence[Person], strays: Sequence[Person]
) -> tuple[list[Person], list[Person]]:
    """Give an archive beside a folder of the same name, which it was unpacked to, to the folder's owner."""
    archives = {stray.name: stray for stray in strays if all(is_archive(file.label) for file in stray.files)}
    given = [
        replace(person, files=(*person.files, *archives[person.name].files))
        if person.name in archives
        else person
        for person in people
    ]
    names = {person.name for person in people}
    return given, [
        stray for stray in strays if archives.get(stray.name) is not stray or stray.name not in names
    ]


def with_oddity(submission: Submission, patterns: Patterns) -> Submission:
    """Return a student's submission with a note, if it looks like a class."""
    around, people = people_in([tuple(file.label.split("/")) for file in submission.files or ()], patterns)
    if not people:
        return submission
    note = sentence(
        "{folder} holds the same notebook in several folders ({people}), and all is taken for one student's",
        folder="/".join((submission.student, *around)),
        people=_names(people),
    )
    return replace(submission, notes=(*submission.notes, note))


def _kind(root: Listing, people: Sequence[Person]) -> str:
    assignments = {person.assignment for person in people if person.files}
    if "" not in assignments and (root.name == SUBMITTED or (len(assignments) == 1 and len(people) > 1)):
        return _TITLES["nbgrader"]
    starts = {person.name.partition("-")[0].lower() for person in people}
    if len(people) > 1 and len(starts) == 1 and is_part(starts.pop(), ()):
        return _TITLES["github-classroom"]
    return _TITLES["folders"]


def _files(
    root: Listing, listing: Listing, loose: Sequence[str], patterns: Patterns, forced: bool
) -> Reading:
    """Read files that lie in one folder: of one student, or called after notebooks and students."""
    named = {name: found for name in loose if (found := notebook_in(name, patterns))}
    others = [name for name in loose if name not in named and not is_script(name)]
    owners: dict[str, str] = {}
    for _, owner in named.values():
        if owner:
            owners.setdefault(ids.key(owner), owner)
    if not forced:
        if _is_one_students(named, others, owners, loose):
            return _one(listing)
        if named and not _are_certainly_several(named):
            _stop(root, [*owners.values(), *(stem(name) for name in (*_nobodys(named), *others))])
        if not named and not others:
            raise SubmissionError(
                "{path} holds scripts, but it is unclear which students wrote them: if each script "
                "is from one student, name the scripts ({scripts}) or say --class; if all are from one "
                "student, say --one-student",
                path=root.path,
                scripts=root.path / "*.py",
            )
    return _of_files(root, loose, named, owners, patterns, scripts=forced)


def _nobodys(named: dict[str, tuple[int, str]]) -> list[str]:
    return [name for name, (_, owner) in named.items() if not owner]


def _is_one_students(
    named: dict[str, tuple[int, str]], others: Sequence[str], owners: dict[str, str], loose: Sequence[str]
) -> bool:
    """Whether files in one folder are certainly one student's: each notebook once, copies and versions aside."""
    if not named:
        return (len(loose) == 1 and not is_archive(loose[0])) or sum(map(is_notebook, loose)) == 1 == len(
            others
        )
    if not owners:
        numbered = Counter(number for name, (number, _) in named.items() if _NUMBERED.search(name))
        return max(numbered.values(), default=0) < COPIES
    one_of_each = all(
        len({owner for n, owner in named.values() if n == number}) == 1 for number, _ in named.values()
    )
    return len(owners) == 1 and one_of_each and not others


def _are_certainly_several(named: dict[str, tuple[int, str]]) -> bool:
    """Whether one notebook was handed in by several, and every file says by whom."""
    return not _nobodys(named) and _are_several(named)


def _are_several(named: dict[str, tuple[int, str]]) -> bool:
    """Whether one notebook names several people."""
    return any(
        len({ids.key(owner) for n, owner in named.values() if n == number and owner}) > 1
        for number, _ in named.values()
    )


def _of_files(
    root: Listing,
    loose: Sequence[str],
    named: dict[str, tuple[int, str]],
    owners: dict[str, str],
    patterns: Patterns,
    *,
    scripts: bool,
) -> Reading:
    """Read a class of files; scripts are people's only where the instructor says so."""
    taken = [name for name in loose if is_script(name) and (scripts or (name in named and named[name][1]))]
    rest = [name for name in root.tops if name not in taken]
    people, left_out = strays_of(root, rest, patterns, documents=True)
    of = {file.label: file for file in root.files}
    for name in taken:
        owner = named[name][1] if name in named else ""
        same = next((p for p in people if owner and ids.key(p.name) == ids.key(owner)), None)
        if same:
            people[people.index(same)] = Person(
                same.name, same.entry, same.path, (*same.files, of[name]), same.notes
            )
        else:
            people.append(Person(owner or stem(name), name, root.path, (of[name],)))
    left_out += [out for out in root.left_out if "/" not in out.label]
    as_google_does = bool(owners) and all(" - " in name for name in loose)
    title = _TITLES["google" if as_google_does else "notebook-name" if owners else "files"]
    found = submissions_of(people)
    return Reading(found, titled(title, len(found)), tuple(left_out))
