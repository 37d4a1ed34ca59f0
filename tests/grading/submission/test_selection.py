"""Of an answer that may be forged nothing is believed but what it can be: form, sizes, counts, sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cs231n.sentences import joined, sentence
from grading.submission import selection
from grading.submission.handed_in import Contents
from grading.submission.reader import read
from grading.submission.selection import Question, Questions, decoded, empty, encoded, said, sentence_of

TV, GRAM = (
    Question("tv_loss", ("tv_loss",), "Style"),
    Question("gram_matrix", ("gram_matrix", "gram"), "Style"),
)
QUESTIONS = Questions((TV, GRAM), ("tv_loss", "gram_matrix"), {"style": (TV, GRAM)})
TEXT = b"import torch\n\ndef helper(x):\n    return x\n\n\ndef tv_loss(img, w):\n    return helper(w)\n"
HONEST = json.loads(encoded(read(Contents("", (("style.py", TEXT),)), QUESTIONS)))


def forged(**changed: Any) -> bytes:
    return json.dumps({**HONEST, **changed}).encode()


def tv(**changed: Any) -> bytes:
    first, second = HONEST["functions"]
    return forged(functions=[{**first, **changed}, second])


def test_an_honest_answer_is_taken_as_it_is() -> None:
    found = decoded(forged(), QUESTIONS)
    tv_loss, gram = found.functions
    assert (tv_loss.state, tv_loss.file, gram.state) == ("filled", "style.py", "missing")
    assert [(piece.line, piece.source.split("(")[0]) for piece in found.text(tv_loss.pieces)] == [
        (3, "def helper"),
        (7, "def tv_loss"),
    ]
    assert [piece.kind for piece in found.text(found.modules["style"])] == [
        "import",
        "definition",
        "definition",
    ]


def test_what_is_defined_of_each_assignment_is_counted_where_nothing_asked_is_found() -> None:
    which = Questions(assignments={"style": (TV, GRAM)})
    assert read(Contents("ada", (("style.py", TEXT),)), which).defined == {"style": 1}
    assert HONEST["defined"] == {}


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff", b"[]", b"{", b"[" * 100_000, b'{"student": 3}', b'{"unheard": 1}',
        forged(functions=[]), forged(functions=HONEST["functions"][::-1]), forged(functions=HONEST["functions"] * 2),
        tv(state="correct"), tv(state="missing"), tv(defined_as=None), tv(defined_as="gram_matrix"), tv(file=None),
        tv(pieces=[99]), tv(pieces=[-1]), tv(pieces=[0] * 9), tv(pieces=["0"]), tv(alone=[99]), tv(state="broken"),
        tv(message={"id": "x"}), tv(names=[1]), tv(file="x" * 30_000), tv(notes=[{"id": "x"}] * 101),
        forged(modules={"a": [7]}), forged(defined={"style": 3}), forged(defined={"other": 1}),
        forged(notes=[{"id": "x"}] * 101), forged(notes=["x"]), forged(notes=[{"id": "x" * 30_000}]),
        forged(pieces=[{"source": "", "place": "", "kind": "import", "line": 10**12}]),
        forged(pieces=[{"source": "", "place": "", "kind": "exec", "line": 1}]),
    ],
)  # fmt: skip
def test_a_forged_answer_is_none(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decoded(raw, QUESTIONS)


def test_an_answer_that_is_too_large_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "ANSWER_LIMIT", 100)
    with pytest.raises(ValueError, match="more than 0 MB"):
        decoded(forged(), QUESTIONS)


DEEP: dict[str, Any] = {"id": "{a}", "args": {"a": "x"}}
for _ in range(6):
    DEEP = {"id": "{a}", "args": {"a": DEEP}}


@pytest.mark.parametrize(
    "note",
    [
        {"id": "{a:>1000000000}", "args": {"a": "x"}}, {"id": "{a:.999999999f}", "args": {"a": 1.5}},
        {"id": "{a.__class__}", "args": {"a": "x"}}, {"id": "{a[0]}", "args": {"a": "x"}},
        {"id": "{a!r}", "args": {"a": "x"}}, {"id": "{b}", "args": {"a": "x"}}, {"id": "{", "args": {"a": "x"}},
        {"id": "{a}" * 300, "args": {"a": "x" * 300}}, {"id": "{a:d}", "args": {"a": 1.5}}, DEEP,
    ],
)  # fmt: skip
def test_a_sentence_that_cannot_be_filled_in_or_grows_is_not_taken(note: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a note of another form"):
        decoded(forged(notes=[note]), QUESTIONS)


def test_sentences_keep_what_they_were_made_of() -> None:
    inner = sentence("graded {file}", file="a.ipynb")
    whole = joined([inner, sentence("{n} more, {x:.2g} of all", n=3, x=0.25), "plain {braces}"], "; ")
    back = sentence_of(said(whole))
    assert (str(back), back.id, back.args) == (str(whole), whole.id, whole.args)
    assert back.args["part0"].id == "graded {file}"  # type: ignore[union-attr]
    assert len(sentence_of(said("x" * 100_000))) < 10_000


def test_what_could_not_be_read_is_a_submission_in_which_nothing_is_found() -> None:
    nothing = empty("ada", QUESTIONS, ["why"])
    assert [found.state for found in nothing.functions] == ["missing", "missing"]
    assert decoded(encoded(nothing), QUESTIONS) == nothing


def test_halves_of_characters_cost_the_function_that_holds_them_alone() -> None:
    cells = [
        "def tv_loss(img, w):\n    return '\ud800'",
        "def gram_matrix(features):\n    return features @ features",
    ]
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": source} for source in cells]})
    answer = encoded(read(Contents("", (("style.ipynb", notebook.encode()),)), QUESTIONS))
    assert [one.state for one in decoded(answer, QUESTIONS).functions] == ["broken", "filled"]


def test_files_in_which_nothing_is_that_is_asked_are_named() -> None:
    found = read(Contents("ada", (("hw1.py", b"def knn(x):\n    return x\n"),)), QUESTIONS)
    assert [note.id for note in found.notes] == [
        "{files}: no function that is asked is in it; look at what was handed in"
    ]
    assert not read(Contents("ada", (("style.py", TEXT),)), QUESTIONS).notes
