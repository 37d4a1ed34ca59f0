"""A result in the language in which it is shown; the file stays English."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from cs231n import language, sentences
from grading.locations import CATALOGUES
from grading.results.definition import CheckResult, Diagnosis, FunctionResult, Result, Sentence

language.add_catalogues(CATALOGUES)


def shown(result: Result) -> Result:
    """Return a result whose texts are in the language in use; what has no translation stays as it is."""
    if language.in_use() == language.ENGLISH:
        return result
    functions = tuple(_function(function) for function in result.functions)
    notes = _notes(result.notes, result.note_sentences)
    return structs.replace(result, notes=notes, functions=functions)


def _function(function: FunctionResult) -> FunctionResult:
    return structs.replace(
        function,
        notes=_notes(function.notes, function.note_sentences),
        diagnosis=function.diagnosis and _diagnosis(function.diagnosis),
        checks=tuple(_check(check) for check in function.checks),
    )


def _check(check: CheckResult) -> CheckResult:
    return structs.replace(
        check, title=language.translation(check.title), message=_text(check.message, check.sentence)
    )


def _diagnosis(diagnosis: Diagnosis) -> Diagnosis:
    return structs.replace(
        diagnosis,
        title=_text(diagnosis.title, diagnosis.title_sentence),
        hint=_text(diagnosis.hint, diagnosis.hint_sentence),
    )


def _notes(texts: Sequence[str], found: Sequence[Sentence | None]) -> tuple[str, ...]:
    known = (*found, *[None] * (len(texts) - len(found)))  # a result of an older version has no sentences
    return tuple(_text(text, sentence) for text, sentence in zip(texts, known, strict=True))


def _text(text: str, sentence: Sentence | None) -> str:
    return language.shown(_as_sentence(sentence)) if sentence else text


def _as_sentence(sentence: Sentence) -> sentences.Sentence:
    arguments = {
        name: _as_sentence(value) if isinstance(value, Sentence) else value
        for name, value in sentence.args.items()
    }
    return sentences.sentence(sentence.id, **arguments)
