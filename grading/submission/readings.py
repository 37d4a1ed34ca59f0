"""Reading of a listing as a class: a platform's layout, or what folders and files are called, or one student.

Where two readings are possible, nothing is read: the instructor is shown both, and how to choose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cs231n.sentences import joined, sentence
from grading.errors import SubmissionError
from grading.submission import ids
from grading.submission.choice import Choice, chosen
from grading.submission.classes import Patterns, is_nobodys, is_part, notebook_in, owner_in
from grading.submission.contents import on_left_out
from grading.submission.downloads import people_of
from grading.submission.groups import submitters
from grading.submission.handed_in import Submission
from grading.submission.layouts import BY_ATTEMPT, PLAIN, PLATFORMS, Layout
from grading.submission.listing import (
    LeftOut,
    Listing,
    is_archive,
    is_notebook,
    is_script,
    is_work,
    may_be_work,
    stem,
    telling,
)
from grading.submission.owners import Owned, owners
from grading.submission.people import Person, owner_of_folder, submissions_of
from grading.submission.receipts import start_of_names
from grading.submission.sections import one_each

ONE = sentence("one student")
# Where the person stands in "Ada - hw3" and in "hw3 - Ada".
_SIDES: tuple[Callable[[str], str], ...] = (
    lambda name: name.partition(" - ")[0],
    lambda name: name.rpartition(" - ")[2],
)
# What students hand in where notebooks are asked.
_DOCUMENT = re.compile(r"\.(pdf|docx?|odt|rtf|pages|html?)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """The people of one path, how they were told apart, whether by a platform's layout, and what is left out.

    `name` is that of a section, where others are named beside it.
    """

    people: tuple[Submission, ...]
    layout: str
    left_out: tuple[LeftOut, ...] = ()
    of_platform: bool = False
    name: str = ""


def whole(listing: Listing, name: str = "") -> Submission:
    """Return all of a listing as one student's."""
    notes = tuple(on_left_out(listing.left_out, listing.name, beside_others=True)) if listing.files else ()
    files = telling(listing.files) or None  # of an empty folder, whoever reads it says what it holds
    return Submission(ids.made(name or listing.name), listing.path, notes=notes, files=files)


def by_platform(listing: Listing, patterns: Patterns, choice: Choice) -> Reading | None:
    """Read a download in the layout of a platform, or in that which the instructor names; None, if it is in none.

    Raises
    ------
    SubmissionError
        If the named layout does not fit.
    """
    layouts: Sequence[Layout] = PLATFORMS
    if choice.layout:
        layouts = (chosen(choice.layout),)
        if layouts[0] in PLAIN:
            return None
    root = _root(listing, layouts, patterns)
    told = _told(root, layouts, patterns)
    if told:
        return _read(root, told, patterns)
    if not choice.layout and (sections := _sections(listing, patterns)):
        return sections
    if not choice.layout and (attempts := _by_attempt(listing, patterns)):
        return _read(*attempts, patterns)
    if choice.layout:
        raise SubmissionError(
            "nothing in {path} is called as in {title} ({pattern}): choose another --layout",
            path=listing.path,
            title=layouts[0].title,
            pattern=layouts[0].pattern,
        )
    return None


def _told(listing: Listing, layouts: Sequence[Layout], patterns: Patterns) -> dict[str, Owned]:
    """Return the owner of each path, by the layout that fits most paths; where it does not fit, by the next.

    So what a student calls a file is never taken for the name that another platform would have given it.
    """
    found = [
        owners(
            layout,
            listing.labels,
            patterns,
            start_of_names(layout, listing.files) if layout.shared_start else None,
        )
        for layout in layouts
    ]
    told: dict[str, Owned] = {}
    for of_layout in sorted(found, key=len, reverse=True):
        told = of_layout | told
    return told


def _sections(listing: Listing, patterns: Patterns) -> Reading | None:
    """Read folders that each hold a download of a platform ("Section 1", "Late"), if all work is called as in one.

    One of them has several people: what a student calls files in the own folder makes no section.
    """
    here = listing
    while len(here.top_folders) == 1 and not any(is_work(name) for name in here.tops):
        here = here.below(here.top_folders[0])
    names = [name for name in here.top_folders if holds_work(here.below(name))]
    if len(names) < 2 or any(is_work(name) for name in here.tops):
        return None
    found: list[Reading] = []
    for name in names:
        section = _section(here.below(name), patterns)
        if section is None:
            return None
        found.append(section)
    if max(len(section.people) for section in found) < 2:
        return None
    beside = [LeftOut(name, _no_work(name)) for name in here.tops if name not in here.top_folders]
    of = dict(zip(names, found, strict=True))
    return joined_sections(of, (*_left_out_of(of), *beside))


def joined_sections(sections: Mapping[str, Reading], left_out: Sequence[LeftOut]) -> Reading:
    """Return the sections of one class, by the names of their folders or archives, as one reading."""
    return Reading(
        one_each({name: section.people for name, section in sections.items()}),
        joined([section.layout for section in sections.values()], "; "),
        tuple(left_out),
        of_platform=True,
    )


def _section(folder: Listing, patterns: Patterns) -> Reading | None:
    """Read a folder as a download of a platform, if all work in it is called so."""
    told = _told(folder, PLATFORMS, patterns)
    work = {file.label for file in folder.files if is_work(file.label)}
    return _read(folder, told, patterns) if told and work <= told.keys() else None


def _left_out_of(sections: Mapping[str, Reading]) -> list[LeftOut]:
    return [
        LeftOut(f"{name}/{out.label}", out.why) for name, found in sections.items() for out in found.left_out
    ]


def _by_attempt(listing: Listing, patterns: Patterns) -> tuple[Listing, dict[str, Owned]] | None:
    """Return the owners of paths that each name a person and an attempt, if all work is called so, by several people.

    A notebook's name, or an assignment's, before the attempt is nobody's: these are one student's versions.
    """
    for layout in BY_ATTEMPT:
        root = _root(listing, (layout,), patterns)
        told = _told(root, (layout,), patterns)
        people = {owned.student for owned in told.values()}
        work = {file.label for file in root.files if is_work(file.label)}
        if len(people) < 2 or not work <= told.keys():
            continue
        if all(owner_in(name) and not (notebook_in(name, patterns) or is_part(name, ())) for name in people):
            return root, told
    return None


def _root(listing: Listing, layouts: Sequence[Layout], patterns: Patterns) -> Listing:
    """Return the listing below the folders that a download has around everything, but for lists and the like.

    There it has several people: one folder with one person's files is a student's, whatever the files are called.
    """
    if listing.name == "submitted" or _told(listing, layouts, patterns):
        return listing
    here = listing
    beside: list[LeftOut] = []
    while len(here.top_folders) == 1 and not any(is_work(name) for name in here.tops):
        folder = here.top_folders[0]
        beside += [LeftOut(name, _no_work(name)) for name in here.tops if name != folder]
        here = here.below(folder)
        here = replace(here, left_out=(*here.left_out, *beside))
        if told := _told(here, layouts, patterns):
            return here if len({owned.owner for owned in told.values()}) > 1 else listing
    return listing


def _read(listing: Listing, told: Mapping[str, Owned], patterns: Patterns) -> Reading:
    of_gradescope = any(owned.layout.name == "gradescope" for owned in told.values())
    people = people_of(listing, told, patterns, submitters(listing.files) if of_gradescope else {})
    tops = {label.partition("/")[0] for label in told}
    beside = {owned.layout.beside for owned in told.values() if owned.layout.beside}
    rest = [
        name
        for name in listing.tops
        if name not in tops and not any(re.fullmatch(pattern, name) for pattern in beside)
    ]
    sections = {
        name: section
        for name in rest
        if name in listing.top_folders
        and (section := _section(listing.below(name), patterns))
        and len(section.people) > 1
    }
    strays, left_out = strays_of(listing, [name for name in rest if name not in sections], patterns)
    left_out += _left_out_of(sections)
    left_out += [out for out in listing.left_out if "/" not in out.label and out.label not in tops]
    left_out += [
        LeftOut(file.label, sentence("lies among the people's folders, and is nobody's by its name"))
        for file in listing.files
        if is_work(file.label) and file.label not in told and file.label.partition("/")[0] in tops
    ]
    here = Reading(submissions_of([*people, *strays]), _title(told, strays))
    return joined_sections({".": here, **sections}, left_out)


def _title(told: Mapping[str, Owned], strays: Sequence[Person]) -> str:
    counts: dict[str, set[tuple[str, ...]]] = {}
    for owned in told.values():
        counts.setdefault(owned.layout.title, set()).add(owned.owner)
    titles = [titled(title, len(owner)) for title, owner in counts.items()]
    beside = [sentence("beside it {people}", people=_people(len(strays)))] if strays else []
    return joined([*titles, *beside], "; ")


def titled(title: str, people: int) -> str:
    """Return what was read: "a Moodle download, 48 people"."""
    return sentence("{title}, {people}", title=sentence(title), people=_people(people))


def _people(count: int) -> str:
    return sentence("1 person") if count == 1 else sentence("{count} people", count=count)


def strays_of(
    listing: Listing, names: Sequence[str], patterns: Patterns, *, documents: bool = False
) -> tuple[list[Person], list[LeftOut]]:
    """Return the people of what lies in a class's folder by itself, a folder or a file each; and what is nobody's.

    Where each file is a person's, so is a document that is called like one: who handed in only that has a line.
    """
    people: list[Person] = []
    left_out: list[LeftOut] = []
    of = {file.label: file for file in listing.files}
    loose = [name for name in names if name in of and (is_notebook(name) or is_archive(name))]
    loose += [name for name in names if documents and name in of and _is_a_persons(name, patterns)]
    for owner, called in _called(loose, patterns):
        people.append(Person(owner, called[0], listing.path, tuple(of[name] for name in called)))
    for name in sorted({*names} - {*loose}):
        if name in of:
            left_out.append(LeftOut(name, _no_work(name)))
        elif holds_work(listing.below(name)):
            people.append(owner_of_folder(listing, name, patterns))
        else:
            left_out.append(LeftOut(name, sentence("holds nothing to grade")))
    return people, left_out


def holds_work(folder: Listing) -> bool:
    """Whether a folder holds something to grade; scripts in a hidden folder are a tool's."""
    hidden = folder.name.startswith(".")
    return any(is_work(file.label) and not (hidden and is_script(file.label)) for file in folder.files)


def _called(names: Sequence[str], patterns: Patterns) -> list[tuple[str, list[str]]]:
    """Return whose files are, by their names: notebooks by whom they name, others by themselves.

    "Ada - hw3.zip" is Ada's if a notebook is "Ada - StyleTransfer.ipynb". Where all are called so, "Grace - hw3.zip" is
    Grace's. The person may stand behind the file, too, as in the answers to a form of Google.
    """
    owners: dict[str, tuple[str, list[str]]] = {}
    found = {name: notebook_in(name, patterns) for name in names}
    for name, named in found.items():
        if named and named[1]:
            owners.setdefault(ids.key(named[1]), (named[1], []))[1].append(name)
    own = [name for name, named in found.items() if named and named[1]]
    sides = [
        side for side in _SIDES if all(" - " in name and ids.key(side(stem(name))) in owners for name in own)
    ]
    side = sides[0] if sides else _SIDES[0]
    all_so = bool(owners and sides) and all(" - " in name for name in names)
    for name in (name for name in names if name not in own):
        person = side(stem(name))
        key = ids.key(person)
        if " - " in name and (key in owners or (all_so and owner_in(person))):
            owners.setdefault(key, (person, []))[1].append(name)
        else:
            owners[f"/{name}"] = (stem(name), [name])
    return [*owners.values()]


def _is_a_persons(name: str, patterns: Patterns) -> bool:
    """Whether a file is called like a person, not like a part, a version or what graders keep; and is a document.

    Called after a notebook and a person, it may be anything that could hold the notebook.
    """
    if is_nobodys(stem(name)):
        return False
    if found := notebook_in(name, patterns):
        return bool(found[1]) and bool(_DOCUMENT.search(name) or may_be_work(name))
    return bool(_DOCUMENT.search(name) and owner_in(stem(name)))


def _no_work(name: str) -> str:
    if is_script(name):
        return sentence("is a script beside the students: if it is a student's, name it by itself")
    return sentence("is neither a notebook nor an archive")
