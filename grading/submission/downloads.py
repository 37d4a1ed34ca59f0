"""People of a platform's download: the layout says whose each path is; of several attempts, the last counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cs231n.sentences import first_of, sentence
from grading.submission import ids
from grading.submission.classes import Patterns, notebook_in
from grading.submission.contents import on_left_out
from grading.submission.handed_in import File
from grading.submission.listing import Listing, is_work, stem
from grading.submission.moments import when
from grading.submission.owners import Owned
from grading.submission.people import Person

NAMES_SHOWN = 5


def people_of(
    listing: Listing, told: Mapping[str, Owned], patterns: Patterns, submitters: Mapping[str, Sequence[str]]
) -> list[Person]:
    """Return the people of a download.

    Parameters
    ----------
    listing : Listing
    told : mapping of str to Owned
        The owner of each path.
    patterns : sequence of re.Pattern
    submitters : mapping of str to sequence of str
        Who handed in a folder, where the platform has a list.
    """
    by_owner: dict[tuple[str, ...], list[Owned]] = {}
    for owned in told.values():
        by_owner.setdefault(owned.owner, []).append(owned)
    people, teams = [], dict[str, list[Person]]()
    of = {file.label: file for file in listing.files}
    for several in by_owner.values():
        person = _person(listing, several, of, patterns)
        if several[0].group:
            teams.setdefault(several[0].group, []).append(person)
        else:
            members = tuple(submitters.get(person.name, ()))
            people.append(
                replace(person, name=members[0]) if len(members) == 1 else replace(person, members=members)
            )
    people += [_team(listing, name, persons) for name, persons in teams.items()]
    return sorted(people, key=lambda person: person.name)


def _person(listing: Listing, several: Sequence[Owned], of: Mapping[str, File], patterns: Patterns) -> Person:
    own, notes = _without_given(several)
    last, on_attempts = _last(own)
    notes += on_attempts
    files = [owned for owned in last if owned.label in of]
    if files and files[0].layout.name.startswith("canvas"):
        files, replaced = _without_replaced(files, patterns)
        notes += replaced
    called = Counter(owned.file for owned in files)
    found = tuple(
        File(owned.file if called[owned.file] == 1 else owned.label, of[owned.label].path) for owned in files
    )
    tops = {owned.label.partition("/")[0] for owned in several if "/" in owned.label}
    alone = len(tops) == 1 and all("/" in owned.label for owned in several)
    path = listing.path / next(iter(tops)) if alone else listing.path
    folders = tuple(owned.label for owned in several if owned.label.endswith("/"))
    left_out = [out for out in listing.left_out if f"{out.label}/".startswith(folders)]
    notes += on_left_out(left_out, several[0].student, beside_others=bool(found))
    entry = next(iter(tops)) if alone else several[0].student
    if files and all(owned.label.startswith("Working files/") for owned in files):
        notes.append(sentence("not handed in: graded are the working files"))
    # Of files that were uploaded apart the last: whoever handed in a text as well is known by a file.
    known_by = max(files or last or several, key=lambda owned: owned.upload).label
    attempt = next((owned.attempt for owned in last), "")
    return Person(several[0].student, entry, path, found, tuple(notes), downloaded=known_by, attempt=attempt)


def _without_given(several: Sequence[Owned]) -> tuple[list[Owned], list[str]]:
    """Leave out work that a person was given, such as a corrected notebook, and name it in a note."""
    given = [owned for owned in several if owned.given and is_work(owned.label.rpartition("/")[2])]
    if not given:
        return list(several), []
    note = sentence(
        "given back, not handed in, and not graded: {files}",
        files=_some(o.label for o in given),
    )
    return [owned for owned in several if owned not in given], [note]


def _team(listing: Listing, name: str, persons: Sequence[Person]) -> Person:
    """Return a group as one: what one of it handed in was handed in by all."""
    with_files = [person for person in persons if person.files]
    files = [
        File(file.label if len(with_files) == 1 else f"{person.name}/{file.label}", file.path)
        for person in with_files
        for file in person.files
    ]
    notes = tuple(note for person in persons for note in person.notes)
    members = tuple(ids.made(person.name) for person in persons)
    return Person(name, name, listing.path / name, tuple(files), notes, members=members)


def _last(several: Sequence[Owned]) -> tuple[list[Owned], list[str]]:
    """Return the paths of the last attempt that holds work, and a note that names the others.

    What lies in none of them counts where there is no attempt.
    """
    attempts = sorted({owned.attempt for owned in several} - {""} or {""}, key=when)
    with_work = {owned.attempt for owned in several if is_work(owned.file)}
    last = next((attempt for attempt in reversed(attempts) if attempt in with_work), attempts[-1])
    others: dict[str, list[str]] = {}
    for owned in several:
        if owned.attempt != last and is_work(owned.file):
            others.setdefault(owned.attempt, []).append(owned.file)
    template = "graded is {attempt}, not {others}"
    if len(attempts) > 1:
        template = "{count} attempts were handed in; graded is that of {attempt}, not {others}"
    elif not others:
        return [owned for owned in several if owned.attempt == last], []
    told = (f"{one} ({_some(files)})" if one else _some(files) for one, files in others.items())
    note = sentence(template, count=len(attempts), attempt=last, others=_some(told) or "the others")
    return [owned for owned in several if owned.attempt == last], [note]


def _without_replaced(files: Sequence[Owned], patterns: Patterns) -> tuple[list[Owned], list[str]]:
    """Leave out notebooks that were uploaded again: Canvas adds -1, -2 to the name, and the upload's number grows."""
    newest: dict[tuple[str, str], Owned] = {}
    for owned in files:
        key = _again(owned)
        if notebook_in(owned.file, patterns) and (key not in newest or newest[key].upload < owned.upload):
            newest[key] = owned
    replaced = [owned for owned in files if newest.get(_again(owned), owned) is not owned]
    if not replaced:
        return list(files), []
    kept = [owned for owned in files if newest.get(_again(owned), owned) is owned]
    note = sentence(
        "uploaded again, and graded as uploaded last: not {files}",
        files=_some(owned.label for owned in replaced),
    )
    return kept, [note]


def _again(owned: Owned) -> tuple[str, str]:
    name = stem(owned.file)
    return re.sub(r"-\d+$", "", name), owned.file[len(name) :].lower()


def _some(names: Iterable[str]) -> str:
    return first_of([*names], NAMES_SHOWN)
