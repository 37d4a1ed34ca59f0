"""Inline answers wherever students wrote them: in their cell, below it, in another file, or where nobody expects them.

A person grades them, so a person must see each. nbgrader gives 0 where the cell of a question is as it was released.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nbformat import NotebookNode

from cs231n.handin.parse import parse, without_warnings
from cs231n.language import said, shown
from cs231n.places import parsed
from grading.exports.outcome import quoted
from grading.nbgrader.autograder_cells import KnownCell
from grading.nbgrader.notebooks import Handed, marks_of, node, plain
from grading.notebooks.translated import in_english

QUOTED = 200  # characters of a text in a comment
SHOWN = 5  # texts in a comment
# How lines begin that are no sentence, whether the rest is Python or not.
_CODE = ("%", "!", "?", "@", "def ", "class ", "import ", "from ", " ", "\t")
NOTE_SIZE = 20_000  # what is longer is no answer in a code cell


@dataclass(frozen=True)
class Question:
    """An inline question as it was released: the cell for the answer, and the text that asks."""

    name: str
    stub: str
    asked: str

    @property
    def heading(self) -> str:
        """The line by which the text that asks is known when students have changed it."""
        first = self.asked.partition("\n")[0]
        return first if first.startswith("#") else ""


@dataclass(frozen=True)
class Piece:
    """A text of a student's, the cell it stands in, and what messages call that place."""

    cell: NotebookNode | None
    text: str
    place: str


@dataclass
class Reading:
    """The inline questions in one file, by name.

    `cells` are those for answers, `asked` those that ask, `own` what is written in the former, `near` what is written
    where an answer would be, and `stray` any other text of the student's.
    """

    cells: dict[str, NotebookNode] = field(default_factory=dict)
    asked: dict[str, NotebookNode] = field(default_factory=dict)
    own: dict[str, list[Piece]] = field(default_factory=dict)
    near: dict[str, list[Piece]] = field(default_factory=dict)
    stray: list[Piece] = field(default_factory=list)


def is_question(cell: KnownCell) -> bool:
    """Whether a cell holds an answer that a person grades, as opposed to one that checks."""
    return bool(cell.marks["grade"] and cell.marks["solution"])


def questions_of(known: Mapping[str, KnownCell], released: NotebookNode | None) -> list[Question]:
    """Return the inline questions of a notebook; `asked` is "" where the released notebook is not there to tell."""
    asked: dict[str, str] = {}
    before = ""
    for cell in released.cells if released else ():
        asked[marks_of(cell)] = before
        before = plain(cell.source) if cell.cell_type == "markdown" else ""
    return [
        Question(name, plain(cell.source), asked.get(name, ""))
        for name, cell in known.items()
        if is_question(cell)
    ]


def read_answers(
    file: Handed, questions: Sequence[Question], known: Mapping[str, KnownCell], released: NotebookNode | None
) -> Reading:
    """Return where the answers stand in a file: after the text that asks, up to the next cell that was released."""
    # A class may hand in notebooks of several languages: what the course wrote is told apart in English.
    given = {in_english(plain(cell.source)) for cell in released.cells} if released else set()
    lines = {line.strip() for text in given for line in text.split("\n")} | {""}
    questions = [replace(one, stub=in_english(one.stub), asked=in_english(one.asked)) for one in questions]
    by_name = {question.name: question for question in questions}
    stubs = {question.stub for question in questions}
    found = Reading()
    here = ""  # the question that an answer would belong to
    for number, cell in enumerate(file.notebook.cells, start=1):
        text, name = in_english(plain(cell.source)), marks_of(cell)
        place = f"{file.label}, cell {number}"
        if name in by_name:
            here = name
            if own := _without(text, {line.strip() for line in by_name[name].stub.split("\n")}):
                found.own.setdefault(name, []).append(Piece(cell, own, place))
            if own or name not in found.cells:
                found.cells[name] = cell
        elif name in known:
            here = ""
        elif text in stubs:
            if here:
                found.cells.setdefault(here, cell)
        elif (question := _asked(text, questions)) is not None:
            here = question.name
            found.asked[here] = cell
            if rest := _without(text, lines):
                found.near.setdefault(here, []).append(Piece(None, rest, place))
        elif text in given:
            here = ""
        elif _is_note(cell) and (rest := _without(text, lines)):
            piece = Piece(cell, rest, place)
            if here:
                found.near.setdefault(here, []).append(piece)
            else:
                found.stray.append(piece)
    return found


def _asked(text: str, questions: Sequence[Question]) -> Question | None:
    """Return the question that a text asks, be it changed or added to."""
    own = {line.strip() for line in text.split("\n")} - {""}
    for question in questions:
        lines = {line.strip() for line in question.asked.split("\n")} - {""}
        if question.heading in own or (lines and 2 * len(lines & own) >= len(lines)):
            return question
    return None


def _without(text: str, lines: set[str]) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip() not in lines).strip()


def _is_note(cell: NotebookNode) -> bool:
    """Whether a cell is written for people: a code cell may be, for it is what Jupyter adds."""
    lines = [line for line in cell.source.split("\n") if line.strip()]
    if cell.cell_type != "code":
        return not any(line.startswith(("def ", "class ", "async def ")) for line in lines)
    if all(line.startswith("#") for line in lines):
        return True
    if len(cell.source) > NOTE_SIZE or any(line.startswith(_CODE) for line in lines):
        return False
    try:
        with without_warnings():
            statements = parse(cell.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return all(_is_text(statement) for statement in statements)


def _is_text(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def place_answers(
    base: Handed, readings: Sequence[Reading], questions: Sequence[Question], elsewhere: Sequence[Piece]
) -> dict[str, str]:
    """Give each question of a notebook its cell with what was written for it; return comments on those that were moved.

    Parameters
    ----------
    base : Handed
        The notebook that was graded; it is changed.
    readings : sequence of Reading
        `base` itself, then the other files that are this notebook.
    questions : sequence of Question
    elsewhere : sequence of Piece
        Texts outside of these files that may be answers.
    """
    comments = {}
    stray = [piece for reading in readings for piece in reading.stray] + list(elsewhere)
    for question in questions:
        cell = _cell_for(base, readings[0], question)
        comment = _fill(cell, question, readings, base.label)
        if comment is None:
            comment = _doubt(cell, question, readings, stray, base.label)
        if comment:
            comments[question.name] = comment
    return comments


def _cell_for(base: Handed, reading: Reading, question: Question) -> NotebookNode:
    """Return the cell of a question, marked as such; one is made where there is none."""
    name = question.name
    cell = reading.cells.get(name)
    near = [piece.cell for piece in reading.near.get(name, ()) if piece.cell is not None]
    cells = base.notebook.cells
    if cell is None and near:
        cell = near[0]
    elif cell is None:
        cell = node({"cell_type": "markdown", "id": name, "source": question.stub, "metadata": {}})
        asked = reading.asked.get(name)
        cells.insert(_index(cells, asked) + 1 if asked is not None else len(cells), cell)
    for other in cells:
        if marks_of(other) == name and other is not cell:
            other.metadata.pop("nbgrader")
    cell.metadata["nbgrader"] = node({"grade_id": name})
    return cell


def _index(cells: Sequence[NotebookNode], wanted: NotebookNode) -> int:
    return next(index for index, cell in enumerate(cells) if cell is wanted)


def _fill(cell: NotebookNode, question: Question, readings: Sequence[Reading], label: str) -> str | None:
    """Put what was written for a question into its cell; return a comment, or None where nothing was found."""
    name, first = question.name, readings[0]
    own, near = first.own.get(name, []), first.near.get(name, [])
    if own:
        if len(own) == 1:
            return ""
        return _joined(
            cell,
            own,
            said(
                "The cell of this question was there {count} times. This is all that was written:",
                count=len(own),
            ),
        )
    if near:
        if len(near) == 1 and near[0].cell is cell:
            return said(
                "{places} had lost nbgrader's marks: it was known by the question above it.",
                places=_places(near),
            )
        moved = said("The answer was written in {places}, not in the cell for it:", places=_places(near))
        return _joined(cell, near, moved)
    for other in readings[1:]:
        if pieces := [*other.own.get(name, ()), *other.near.get(name, ())]:
            moved = said(
                "The answer was written in {places}, and {file} was graded:",
                places=_places(pieces),
                file=label,
            )
            return _joined(cell, pieces, moved)
    return None


def _joined(cell: NotebookNode, pieces: Sequence[Piece], comment: str) -> str:
    texts = list(dict.fromkeys(piece.text for piece in pieces))
    cell.source = "\n\n".join([f"*{comment}*", *texts])
    return f"{comment[:-1]}{said('.')}"


def _places(pieces: Sequence[Piece]) -> str:
    return ", ".join(dict.fromkeys(quoted(shown(parsed(piece.place))) for piece in pieces))


def _doubt(
    cell: NotebookNode, question: Question, readings: Sequence[Reading], stray: Sequence[Piece], label: str
) -> str:
    """Send a question up for review that may be answered somewhere; "" where it is as it was released."""
    there = question.name in readings[0].cells
    if stray:
        found = [
            f"{quoted(shown(parsed(p.place)))}{': ' if p.text else ''}{quoted(_cut(p.text)) if p.text else ''}"
            for p in stray
        ]
        template = (
            "Nothing is written in the cell of this question. An answer may be in {places}; and in {more} more."
            if len(stray) > SHOWN
            else "Nothing is written in the cell of this question. An answer may be in {places}."
        )
        comment = said(template, places="; ".join(found[:SHOWN]), more=len(stray) - SHOWN)
    elif there:
        cell.source = question.stub  # maybe the one of another language
        return ""
    else:
        comment = said(
            "The cell of this question is not in {file}, and no other text there looks like an answer.",
            file=quoted(label),
        )
    cell.source = f"{question.stub}\n\n{comment}"
    return comment


def _cut(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED]} …"


def texts_in(files: Sequence[Handed]) -> Iterator[Piece]:
    """Yield what is written for people in notebooks that are none of the assignment."""
    for file in files:
        for number, cell in enumerate(file.notebook.cells, start=1):
            if cell.source.strip() and _is_note(cell):
                yield Piece(cell, plain(cell.source), f"{file.label}, cell {number}")
