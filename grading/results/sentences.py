"""Sentences of a result: from a text that knows its template to what the file holds, and back to a text."""

from __future__ import annotations

from cs231n import sentences
from grading.results.definition import Sentence


def recorded(text: str) -> Sentence | None:
    """Return what a result holds of a sentence beside its text; None of a text that is not made from a template."""
    if not text or not isinstance(text, sentences.Sentence):
        return None
    return Sentence(text.id, {name: _recorded_argument(value) for name, value in text.args.items()})


def text_of(sentence: Sentence) -> str:
    """Return the English text of a sentence."""
    arguments = {
        name: text_of(value) if isinstance(value, Sentence) else value
        for name, value in sentence.args.items()
    }
    return sentences.filled(sentence.id, arguments)


def _recorded_argument(value: sentences.Argument) -> str | int | float | Sentence:
    if isinstance(value, str):
        return recorded(value) or str(value)
    return value
