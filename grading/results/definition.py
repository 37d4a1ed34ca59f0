"""The result format: what a ``results/<student>.json`` holds, as types.

The one definition: the verdict is built from these types, `files` writes and reads them, `schema` makes the JSON
Schema from them. A key of the file is a field here, in this order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cs231n.language import said
from cs231n.sentences import joined, sentence

NOT_SAID = sentence("not recorded")
# How the note begins that stands where the grader itself failed: the result is not final.
NOT_GRADED = "not graded, by a fault of the grader"
TEMPLATE = "The English template, with arguments in braces; without arguments, the text itself."
CODE = "A hash of the code that decides; results of older versions have none."

CheckStatus = Literal["pass", "fail", "error", "timeout", "skipped"]
Isolation = Annotated[str, Meta(pattern="^(bubblewrap|landlock|process)$")]
FunctionStatus = Literal["correct", "partial", "wrong", "error", "timeout", "stub", "missing"]
Text = Annotated[str, Meta(min_length=1)]
# Whole numbers stay whole: 20, not 20.0.
Points = Annotated[int, Meta(ge=0)] | Annotated[float, Meta(ge=0)]
Hash = Annotated[str, Meta(pattern="^sha256:[0-9a-f]{4,64}$")]


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts of a result are: data that does not change, without a key that nobody knows."""


class Sentence(Record, frozen=True):
    """What a text was made of, so that it can be shown in another language.

    A text whose sentence is null has no template: it is Python's, or of a result of an older version.
    """

    id: Annotated[Text, Meta(description=TEMPLATE)]
    args: Annotated[
        dict[str, str | int | float | Sentence],
        Meta(description="Numbers are as exact as the text shows them; a sentence can be part of another."),
    ]


class CheckResult(Record, frozen=True):
    """One thing that was tried on a function."""

    id: Text
    title: Text
    status: CheckStatus
    points: Points
    max_points: Points
    message: str
    sentence: Annotated[Sentence | None, Meta(description="Of the message.")] = None


class Diagnosis(Record, frozen=True):
    """What is wrong with a function.

    `basis` is "recognised" where known mistakes explain every output that was off, "observed" where none do and how
    the results differ is described.
    """

    id: Annotated[Text, Meta(description="The parts, joined with +.")]
    parts: Annotated[tuple[Text, ...], Meta(min_length=1, extra_json_schema={"uniqueItems": True})]
    title: Text
    hint: str
    basis: Literal["recognised", "observed"] = "recognised"
    title_sentence: Sentence | None = None
    hint_sentence: Sentence | None = None

    @property
    def headline(self) -> str:
        """The title, which says so where it is no more than what was observed."""
        return said("Observed: {title}", title=self.title) if self.basis == "observed" else self.title


NoteSentences = Annotated[tuple[Sentence | None, ...], Meta(description="Of the notes, in their order.")]


class FunctionResult(Record, frozen=True):
    """The verdict on one function."""

    name: Annotated[str, Meta(description="The canonical name.", pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
    defined_as: Annotated[Text | None, Meta(description="The alias found, null if missing.")]
    notebook: Text | None
    file: Annotated[Text | None, Meta(description="Null if missing.")]
    status: FunctionStatus
    score: Points
    max_score: Points
    notes: tuple[str, ...]
    diagnosis: Diagnosis | None
    checks: tuple[CheckResult, ...]
    note_sentences: NoteSentences = ()

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that were tried and not passed."""
        return tuple(check for check in self.checks if check.status not in ("pass", "skipped"))


# What a folder of results has in common.
ASPECTS = {
    "version": sentence("version"),
    "code": sentence("code"),
    "seed": sentence("seed"),
    "isolation": sentence("isolation"),
    "assignment": sentence("assignment"),
}


class Grader(Record, frozen=True, order=True, kw_only=True):
    """How a verdict came about: the kit's version, hashes of the code that decided and of the seed, the isolation.

    `code` is "" in a result of an older version, which did not say.
    """

    version: Text
    code: Annotated[str, Meta(pattern="^(sha256:[0-9a-f]{4,64})?$", description=CODE)] = ""
    seed: Annotated[Hash, Meta(description="A hash of the private seed, never the seed.")]
    isolation: Isolation

    def named(self, aspects: Iterable[str]) -> str:
        """Say some of it in words: `code sha256:4f1c…, isolation bubblewrap`."""
        return joined((aspect_in_words(name, getattr(self, name) or NOT_SAID) for name in aspects), ", ")


def aspect_in_words(aspect: str, value: str) -> str:
    """Return an aspect of how a verdict came about, and what it was."""
    return sentence("{aspect} {value}", aspect=ASPECTS[aspect], value=value)


def differing(graders: Collection[Grader]) -> list[str]:
    """Return in which aspects verdicts did not all come about in the same way: of version, code, seed, isolation."""
    aspects = Grader.__struct_fields__
    return [aspect for aspect in aspects if len({getattr(grader, aspect) for grader in graders}) > 1]


class Result(Record, frozen=True):
    """The verdict on one submission: results/<student>.json."""

    student: Annotated[Text, Meta(description="The folder name, or the stem of a lone file.")]
    assignment: Annotated[Text, Meta(description="The name of the assignment.")]
    grader: Grader
    score: Points
    max_score: Points
    notes: tuple[str, ...]
    functions: Annotated[
        tuple[FunctionResult, ...],
        Meta(description="One entry for each function asked, in the order of the rubric."),
    ]
    note_sentences: NoteSentences = ()

    @property
    def graded(self) -> bool:
        """Whether the grader came to a verdict: where it failed, the points are nobody's."""
        made = [sentence.id for sentence in self.note_sentences if sentence]
        return not any(note.startswith(NOT_GRADED) for note in (*self.notes, *made))
