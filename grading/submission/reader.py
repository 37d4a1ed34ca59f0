"""Reader of a submission: a pure function from raw bytes and questions to what was found.

It runs behind the walls of the sandbox (`answer`, started by `grading.classroom.reading`): what it opens, parses and
searches may be hostile. `read` is the same in this process, for tests and for what is not hostile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from cs231n.sentences import sentence
from grading.submission.archives import opened
from grading.submission.classes import Patterns, people_in
from grading.submission.contents import contents_of, some
from grading.submission.handed_in import Contents, Submission
from grading.submission.load import Loaded, cut, modules_for_child
from grading.submission.select import Found, Sources, closure, find, notes_on_files
from grading.submission.selection import (
    ANSWER_LIMIT,
    NOTES_LIMIT,
    PIECES_LIMIT,
    Piece,
    Question,
    Questions,
    Said,
    Selected,
    Selection,
    encoded,
    said,
    sentence_of,
    with_notes,
)
from grading.submission.units import Unit


class Request(Struct, frozen=True):
    """What the program behind the walls is told beside the bytes of the files: their labels."""

    questions: Questions
    labels: tuple[str, ...]
    noted: bool


def request_of(contents: Contents, questions: Questions) -> bytes:
    """Return what `answer` is told of a submission."""
    labels = tuple(label for label, _ in contents.files)
    return msgspec.json.encode(Request(questions, labels, bool(contents.notes)))


def answer(request: bytes, parts: Sequence[bytes], _files: Sequence[int]) -> Iterator[bytes]:
    """Read a submission: the program that a child of the sandbox runs. `parts` are the bytes of the files."""
    told = msgspec.json.decode(request, type=Request)
    files = tuple(zip(told.labels, parts, strict=True))
    yield encoded(_read(Contents("", files), told.questions, noted=told.noted))


def read(contents: Contents, questions: Questions) -> Selection:
    """Read a submission in this process.

    Parameters
    ----------
    contents : Contents
    questions : Questions

    Returns
    -------
    Selection
        One entry for each function asked; what cannot be read is a note.
    """
    found = _read(Contents("", contents.files), questions, noted=bool(contents.notes))
    return with_notes(found, contents.student, contents.notes)


def load(submission: Submission) -> Loaded:
    """Read a submission's files in this process, as far as they are cut: for tests and benchmarks."""
    return cut(opened(contents_of(submission)))


def _read(contents: Contents, questions: Questions, *, noted: bool) -> Selection:
    whole = opened(contents)
    found = select(cut(whole, questions.names, noted=noted), questions)
    patterns = list(dict.fromkeys(question.file_pattern for question in questions.functions))
    odd = [note for label, _ in contents.files if (note := _on_class_in(label, contents, whole, patterns))]
    return (
        msgspec.structs.replace(found, notes=_bounded((*map(sentence_of, found.notes), *odd)))
        if odd
        else found
    )


def _on_class_in(label: str, given: Contents, whole: Contents, patterns: Patterns) -> str:
    """Return a note on an archive that looks like a class: that of a section, among those of students."""
    inside = "" if len(given.files) == 1 else f"{label}/"
    members = [
        name.removeprefix(inside) for name, _ in whole.files if name.startswith(inside) and name != label
    ]
    around, people = people_in([tuple(name.split("/")) for name in members], patterns)
    if not people:
        return ""
    return sentence(
        "{folder} holds the same notebook in several folders ({people}), and all is taken for one student's",
        folder="/".join((label, *around)),
        people=some(people),
    )


def select(loaded: Loaded, questions: Questions) -> Selection:
    """Return what is found in files that are cut already."""
    sources = Sources(loaded.sources)
    found = [find(question, sources) for question in questions.functions]
    table = _Table()
    functions = tuple(
        _selected(one, question, sources, table)
        for one, question in zip(found, questions.functions, strict=True)
    )
    modules, left_out = _importable(loaded, questions, table)
    nothing = all(one.state == "missing" for one in found)
    defined = _defined(questions, sources) if nothing else {}
    notes = (*loaded.notes, *notes_on_files(found, sources), *left_out)
    if nothing and loaded.sources and not notes and not any(defined.values()):
        files = some([source.label for source in loaded.sources])
        notes = (
            sentence("{files}: no function that is asked is in it; look at what was handed in", files=files),
        )
    return Selection(
        student=loaded.student,
        functions=functions,
        pieces=tuple(table.pieces),
        modules=modules,
        notes=_bounded(notes),
        defined=defined,
    )


def _importable(
    loaded: Loaded, questions: Questions, table: _Table
) -> tuple[dict[str, tuple[int, ...]], list[str]]:
    """Return the modules that a child can import, as many as an answer may hold, and a note on the others."""
    modules, left_out = {}, []
    for name, units in modules_for_child(loaded, questions.names).items():
        if table.has_room(units):
            modules[name] = table.numbers(units)
        else:
            left_out.append(name)
    note = "{modules}: cannot be imported, for too much code was handed in; hand in only your own work"
    return modules, [sentence(note, modules=some(left_out))] if left_out else []


def _selected(found: Found, question: Question, sources: Sources, table: _Table) -> Selected:
    source = sources.by_label.get(found.file or "")
    alone: tuple[Unit, ...] = ()
    if question.needs and source and found.state == "filled":
        without = {*question.provided, question.needs}
        alone = closure(found.holder or found.defined_as or "", source.units, without)
    return Selected(
        function=question.name,
        state=found.state,  # type: ignore[arg-type]
        defined_as=found.defined_as,
        file=found.file,
        holder=found.holder,
        package=source.module.rpartition(".")[0] if source else "",
        message=said(found.message) if found.state == "broken" else None,
        notes=tuple(map(said, found.notes)),
        names=tuple(sorted({name for unit in found.units for name in unit.uses})),
        pieces=table.numbers(found.units),
        alone=table.numbers(alone),
    )


class _Table:
    """The pieces of a selection; functions share most of what they refer to."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._numbers: dict[int, tuple[int, Unit]] = {}
        self._size = 0

    def has_room(self, units: Sequence[Unit]) -> bool:
        """Whether an answer can hold these units, too."""
        size = sum(map(_size, units))
        return self._size + size < ANSWER_LIMIT // 2 and len(self.pieces) + len(units) < PIECES_LIMIT

    def numbers(self, units: Iterable[Unit]) -> tuple[int, ...]:
        """Return the numbers of the pieces of units, each added once."""
        return tuple(self._number(unit) for unit in units)

    def _number(self, unit: Unit) -> int:
        # by identity: two equal units of two files are as good as one, but to compare them takes time
        if id(unit) not in self._numbers:
            self._numbers[id(unit)] = len(self.pieces), unit
            self.pieces.append(piece_of(unit))
            self._size += _size(unit)
        return self._numbers[id(unit)][0]


def _size(unit: Unit) -> int:
    """Return how much of an answer a unit takes."""
    return len(msgspec.json.encode(piece_of(unit)))


def piece_of(unit: Unit) -> Piece:
    """Return a unit as what is sent to a child: text that Python cannot read may hold halves of characters."""
    text = unit.text.encode(errors="replace").decode()
    return Piece(text, unit.place, unit.kind, unit.line)  # type: ignore[arg-type]


def _bounded(notes: Sequence[str]) -> tuple[Said, ...]:
    """Keep so many notes as an answer may have."""
    most = NOTES_LIMIT // 2
    if len(notes) <= most:
        return tuple(map(said, notes))
    more = sentence("{count} more notes are left out", count=len(notes) - most)
    return tuple(map(said, (*notes[:most], more)))


def _defined(questions: Questions, sources: Sources) -> dict[str, int]:
    """Count how many functions of each assignment are defined."""
    return {
        name: sum(find(question, sources).state != "missing" for question in functions)
        for name, functions in questions.assignments.items()
    }
