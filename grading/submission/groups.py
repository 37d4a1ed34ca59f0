"""Groups: one submission of several people, from the platform's own list or from the course's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cs231n.sentences import sentence
from grading.errors import SubmissionError
from grading.submission import ids
from grading.submission.handed_in import File, Submission

METADATA = "submission_metadata.yml"
_SIZE_LIMIT = 16 << 20
# Exactly as Gradescope indents it: what lies deeper are earlier submissions, and what the student's code has printed.
_FOLDER = re.compile(r"(\S[^:]*):\s*")
_FIELD = re.compile(r"(  :|  - :|    :)(\w+):\s*(.*?)\s*")
_OF_SUBMISSION, _FIRST_OF_PERSON, _OF_PERSON = "  :", "  - :", "    :"


@dataclass(frozen=True)
class _Person:
    name: str = ""
    sid: str = ""
    email: str = ""

    @property
    def id(self) -> str:
        """The number, which gradebooks know, after the name; without a number the address; without both the name."""
        if self.sid:
            return f"{self.name}_{self.sid}" if self.name and self.sid.isdecimal() else self.sid
        return self.email or self.name


def submitters(files: Iterable[File]) -> dict[str, tuple[str, ...]]:
    """Return who handed in each submission of a Gradescope export, by its folder: what `submission_metadata.yml` says.

    Read line by line: of the file's YAML, only what Gradescope writes about submitters is looked at.
    """
    found = [file for file in files if file.label == METADATA]
    if not found:
        return {}
    try:
        with found[0].path.open("rb") as file:
            lines = file.read(_SIZE_LIMIT).decode("utf-8", "replace").splitlines()
    except OSError:
        return {}
    people: dict[str, list[_Person]] = {}
    folder, among = "", False
    for line in lines:
        if match := _FOLDER.fullmatch(line):
            folder, among = _plain(match[1]).partition(".")[0], False
        elif (match := _FIELD.fullmatch(line)) and folder:
            place, name, value = match[1], match[2], _plain(match[3])
            if place == _OF_SUBMISSION:
                among = name == "submitters" and folder not in people
            elif among and place == _FIRST_OF_PERSON:
                people.setdefault(folder, []).append(_Person())
            if among and place != _OF_SUBMISSION and name in ("name", "sid", "email") and people.get(folder):
                people[folder][-1] = replace(people[folder][-1], **{name: value})
    return {folder: tuple(p.id for p in several if p.id) for folder, several in people.items()}


def _plain(value: str) -> str:
    """Return what a plain or quoted value of YAML says."""
    if len(value) >= 2 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return re.sub(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)", _unescaped, value[1:-1])
    return "" if value in ("", "null", "~") else value


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else code


def one_row_each(people: Sequence[Submission], groups: Mapping[str, Sequence[str]]) -> list[Submission]:
    """Return a submission for each person: of a group's, each of its people has all.

    Parameters
    ----------
    people : sequence of Submission
        Of a group that the platform has named, with its `members`.
    groups : mapping of str to sequence of str
        The course's groups: an id of a submission, with or without the platform's number -> its people.

    Raises
    ------
    SubmissionError
        If somebody would have two submissions.
    """
    of = {ids.key(group): tuple(ids.made(member) for member in members) for group, members in groups.items()}
    found: list[Submission] = []
    for submission in people:
        without_number = submission.student.rpartition("_")[0]
        members = of.get(ids.key(submission.student)) or of.get(ids.key(without_number)) or submission.members
        if not members:
            found.append(submission)
            continue
        note = sentence(
            "handed in by the group {group}: {people}", group=submission.student, people=", ".join(members)
        )
        found += [
            replace(submission, student=member, members=members, notes=(*submission.notes, note))
            for member in members
        ]
    _refuse_twice(found)
    return found


def unknown(people: Sequence[Submission], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the course's groups that nobody has handed in as."""
    known = {ids.key(name) for s in people for name in (s.student, s.student.rpartition("_")[0])}
    return [group for group in groups if ids.key(group) not in known]


def _refuse_twice(people: Sequence[Submission]) -> None:
    first: dict[str, Submission] = {}
    for submission in people:
        other = first.setdefault(ids.key(submission.student), submission)
        if other is not submission and (other.members or submission.members):
            raise SubmissionError(
                "{student!r} has two submissions, one in a group: {other} and {path}; remove one of "
                "them, or correct [groups] in course.toml",
                student=submission.student,
                path=submission.path,
                other=other.path,
            )
