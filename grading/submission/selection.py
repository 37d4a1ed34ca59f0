"""Records of what the reader is asked and what it answers, their JSON, and what an answer must be to be believed.

The reader works behind walls, on files that may be hostile, so its answer may be forged: `decoded` takes nothing of
it on trust. What it says of the text is as good as the text itself, for both come from the student.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from cs231n.sentences import Sentence, as_sentence, sentence

# A bounded answer: what is larger is no answer.
ANSWER_LIMIT = 16 << 20
PIECES_LIMIT = 100_000
NOTES_LIMIT = 100
TEXT_LIMIT = 20_000
LINES_LIMIT = 10_000_000
NESTED_LIMIT = 4

State = Literal["filled", "stub", "broken", "missing"]
Label = Annotated[str, Meta(max_length=TEXT_LIMIT)]


class Question(Struct, frozen=True):
    """What must be known of a function to find it (`select.Wanted`), as plain data.

    `pattern` is what the names of its notebook's files contain, `loops` those of its names that a loop around it has,
    `needs` another function, whose text is asked for apart.
    """

    name: str
    names: tuple[str, ...]
    pattern: str
    flags: int = 0
    provided: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    needs: str = ""

    @property
    def file_pattern(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return re.compile(self.pattern, self.flags)

    def is_loop_around(self, name: str) -> bool:
        """Whether one of its names is that of a loop around it."""
        return name in self.loops


class Questions(Struct, frozen=True):
    """What is asked of a submission.

    Attributes
    ----------
    functions : tuple of Question
        Those that are graded.
    names : tuple of str
        Every name under which a function of the kit is accepted: where one of the kit's own modules defines it, that
        module is the student's.
    assignments : mapping
        Name of an assignment -> its functions. How many of them are defined is counted where none of `functions` is.
    """

    functions: tuple[Question, ...] = ()
    names: tuple[str, ...] = ()
    assignments: dict[str, tuple[Question, ...]] = {}


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence: its template and what that is filled in with."""

    id: str
    args: dict[str, Said | int | float | str] = {}


class Piece(Struct, frozen=True, forbid_unknown_fields=True):
    """The text of one unit, without the lines before it: "definition", "import" or "assignment".

    That of a function that is broken may be no Python.
    """

    source: str
    place: Label
    kind: Literal["definition", "import", "assignment"]
    line: Annotated[int, Meta(ge=1, le=LINES_LIMIT)]


class Selected(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a function was found, and its text.

    Attributes
    ----------
    function : str
        Its canonical name.
    state : str
        "filled", "stub", "broken" (it cannot be run: `message` says why) or "missing".
    defined_as, file : str, optional
        Its name there, and the file; None where it is missing.
    holder : str
        The class of which it is a method, or "".
    package : str
        "cs231n" in a module below it, else "".
    names : tuple of str
        Global names that its text uses.
    pieces : tuple of int
        The text that defines it and all it refers to, as numbers of the selection's `pieces`.
    alone : tuple of int
        The same without the function that it `needs`; () where it needs none.
    """

    function: str
    state: State
    defined_as: Label | None = None
    file: Label | None = None
    holder: Label = ""
    package: Label = ""
    message: Said | None = None
    notes: tuple[Said, ...] = ()
    names: tuple[str, ...] = ()
    pieces: tuple[int, ...] = ()
    alone: tuple[int, ...] = ()


class Selection(Struct, frozen=True, forbid_unknown_fields=True):
    """What was found in a submission.

    Attributes
    ----------
    student : str
    functions : tuple of Selected
        One for each function asked, in their order.
    pieces : tuple of Piece
        All text that is run, and that of broken functions, each piece once.
    modules : mapping
        Dotted name -> numbers of the pieces of a module that was handed in.
    notes : tuple of Said
        What an instructor should know of the files.
    defined : mapping
        Assignment -> how many of its functions are defined; empty where that was not counted.
    """

    student: str = ""
    functions: tuple[Selected, ...] = ()
    pieces: tuple[Piece, ...] = ()
    modules: dict[Label, tuple[int, ...]] = {}
    notes: tuple[Said, ...] = ()
    defined: dict[str, int] = {}

    def text(self, numbers: Iterable[int]) -> tuple[Piece, ...]:
        """Return pieces by their numbers."""
        return tuple(self.pieces[number] for number in numbers)


def said(text: str) -> Said:
    """Return a text, or a sentence, as a record; one that is too long is cut off."""
    whole = as_sentence(text)
    if len(whole) > TEXT_LIMIT // 2:
        whole = sentence(f"{whole[: TEXT_LIMIT // 4]}...")
    return Said(_plain(whole.id), {name: _said_argument(value) for name, value in whole.args.items()})


def _said_argument(value: str | int | float) -> Said | str | int | float:
    if isinstance(value, Sentence):
        return said(value)
    return _plain(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def sentence_of(record: Said) -> Sentence:
    """Return the sentence of a record."""
    arguments = {
        name: sentence_of(value) if isinstance(value, Said) else value for name, value in record.args.items()
    }
    return sentence(record.id, **arguments)


def empty(student: str, questions: Questions, notes: Iterable[str]) -> Selection:
    """Return the selection of a submission in which nothing was found, with notes that say why."""
    missing = tuple(Selected(question.name, "missing") for question in questions.functions)
    return Selection(student, missing, notes=tuple(map(said, notes)))


def with_notes(selection: Selection, student: str, notes: Iterable[str]) -> Selection:
    """Return a selection as that of a student, notes on reading first."""
    return msgspec.structs.replace(selection, student=student, notes=(*map(said, notes), *selection.notes))


def encoded(selection: Selection) -> bytes:
    """Return the JSON of a selection."""
    return msgspec.json.encode(selection)


@functools.cache
def _decoder() -> msgspec.json.Decoder[Selection]:
    return msgspec.json.Decoder(Selection)


def decoded(raw: bytes, questions: Questions) -> Selection:
    """Return the selection in an answer of the reader.

    Raises
    ------
    ValueError
        If it is no answer to these questions: of another form, larger than allowed, or with parts that are not there.
    """
    if len(raw) > ANSWER_LIMIT:
        raise ValueError(f"more than {ANSWER_LIMIT >> 20} MB")
    try:
        selection = _decoder().decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ValueError(str(error)) from error
    if tuple(found.function for found in selection.functions) != tuple(q.name for q in questions.functions):
        raise ValueError("other functions than those asked")
    if len(selection.pieces) > PIECES_LIMIT or len(selection.notes) > NOTES_LIMIT:
        raise ValueError("more pieces or notes than allowed")
    for found, question in zip(selection.functions, questions.functions, strict=True):
        _check(found, question, len(selection.pieces))
    for numbers in selection.modules.values():
        _check_numbers(numbers, len(selection.pieces))
    if any(not _is_sound(note, NESTED_LIMIT) for note in selection.notes):
        raise ValueError("a note of another form")
    _check_counts(selection.defined, questions)
    return selection


def _check(found: Selected, question: Question, pieces: int) -> None:
    missing = found.state == "missing"
    if missing != (found.defined_as is None) or missing != (found.file is None):
        raise ValueError("a function with a name or a file, but not both")
    if not missing and found.defined_as not in question.names:
        raise ValueError("a function under a name that is not its own")
    if (found.state == "broken") != (found.message is not None) or len(found.notes) > NOTES_LIMIT:
        raise ValueError("messages that do not fit the state")
    for numbers in (found.pieces, found.alone):
        _check_numbers(numbers, pieces)
    if any(
        not _is_sound(one, NESTED_LIMIT)
        for one in (*found.notes, *([found.message] if found.message else []))
    ):
        raise ValueError("a sentence of another form")


def _check_numbers(numbers: tuple[int, ...], pieces: int) -> None:
    if len(numbers) > pieces or any(not 0 <= number < pieces for number in numbers):
        raise ValueError("pieces that are not there")


def _check_counts(defined: Mapping[str, int], questions: Questions) -> None:
    for name, count in defined.items():
        if name not in questions.assignments or not 0 <= count <= len(questions.assignments[name]):
            raise ValueError("a count of what was not asked")


def _is_sound(record: Said, depth: int) -> bool:
    """Whether a sentence can be filled in, with no more text than allowed: its template may be forged, too."""
    if _length(record, depth) > TEXT_LIMIT:
        return False
    try:
        sentence_of(record)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return False
    return True


def _length(record: Said, depth: int) -> int:
    """Return the most characters that a sentence can have; more than allowed of one that cannot be filled in."""
    if not record.args:
        return len(record.id)
    try:
        fields = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(record.id)]
    except ValueError:
        return TEXT_LIMIT + 1
    length = len(record.id)
    for name, spec, conversion in fields:
        if name is None:
            continue
        if name not in record.args or conversion or not _FORMAT.fullmatch(spec or "") or not depth:
            return TEXT_LIMIT + 1
        value = record.args[name]
        length += _length(value, depth - 1) if isinstance(value, Said) else len(str(value)) + 40
        if length > TEXT_LIMIT:
            break
    return length


_FORMAT = re.compile(r"(\.[0-9]{1,2}[fg]|d|,)?")
