"""Results and evidence without what tells whose they are: ids, names of files, notes about people.

By default a text loses what looks like a name; what only the kit can have written stays. A note is shown by its
template, and its arguments are left out. The code of a function stays as the student wrote it, but for the student's
id: a name in a comment stays, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, TypeVar

from msgspec import Struct, structs

from cs231n import language, sentences
from grading.results.definition import NOT_GRADED, Result, Sentence
from grading.results.evidence import Evidence
from grading.results.sentences import text_of

CUT = "…"
LEFT_OUT = sentences.sentence("a note that may tell whose this is: left out")
# What the kit wrote: ids and titles of checks and mistakes, names of functions, how a verdict came about.
_THE_KITS = frozenset(
    {"name", "defined_as", "notebook", "status", "id", "parts", "checks", "title", "basis", "dtype"}
    | {"assignment", "version", "code", "seed", "isolation"}
)
_OF_CODE = frozenset({"source", "line"})
_NOTES = frozenset({"notes", "note_sentences"})
# A text, and the sentence it is of.
_TEXT_OF = {"sentence": "message", "title_sentence": "title", "hint_sentence": "hint"}
_PLACE = re.compile(r"(.*?)((?: \(submitted\))?(?:, cell \d+)?(?:, line \d+)?)", re.DOTALL)
# An address, or a path from the root.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.\w+)+|(?:\b[A-Za-z]:)?(?:[/\\][^\s/\\'\":,]+){2,}")
_WORD, _PART = re.compile(r"[^\W_]+"), re.compile(r"[^\W\d_]{3,}|\d{4,}")
_FIELD, _LETTER = re.compile(r"\{\w*(?::[^{}]*)?\}"), re.compile(r"[^\W\d_]")
# Characters of nobody's, for names of files until all are found: one found in another's new name would make it longer.
_MARKS = 0xF0000
# Shorter ids of plain letters could be a part of any word.
_SHORT = 5

_Kept = TypeVar("_Kept", bound=Struct)


def words_of(students: Iterable[str]) -> frozenset[str]:
    """Return the words of ids by which somebody could be known: `Lovelace, Ada 1815` has three."""
    words: set[str] = set()
    for student in students:
        plain = _plain(student)
        words.update(word for word in _WORD.findall(plain) if len(word) > 1)
        words.update(_PART.findall(plain))
    return frozenset(words)


class Redaction:
    """What is left out of one submission, the same in its result and its evidence.

    Parameters
    ----------
    student, pseudonym : str
    words : frozenset of str
        Of all the class (`words_of`): notes and messages may name others.
    """

    def __init__(self, student: str, pseudonym: str, words: frozenset[str]) -> None:
        self._pseudonym, self._words = pseudonym, words
        self._files: dict[str, str] = {}
        long = len(student) >= _SHORT or (len(student) > 1 and not student.isascii())
        self._id = re.compile(re.escape(_plain(student)), re.IGNORECASE) if long else None

    def result(self, result: Result) -> Result:
        """Return a result under the pseudonym."""
        asked = {
            function.file for function in result.functions if function.file == f"{function.notebook}.ipynb"
        }
        self._files |= {file: file for file in asked if file}
        return self._record(result)

    def evidence(self, evidence: Evidence) -> Evidence:
        """Return evidence under the pseudonym; after the result, whose files are called so here, too."""
        return self._record(evidence)

    def _record(self, record: _Kept) -> _Kept:
        fields: dict[str, Any] = {name: getattr(record, name) for name in record.__struct_fields__}
        new = {name: self._value(name, value) for name, value in fields.items() if name not in _NOTES}
        for sentence, text in _TEXT_OF.items():
            if new.get(sentence):
                new[text] = text_of(new[sentence])
        if "notes" in fields:  # last: they may name the files of what they are about
            known = (*fields["note_sentences"], *[None] * len(fields["notes"]))
            notes = tuple(self._note(*note) for note in zip(fields["notes"], known, strict=False))
            new |= {"notes": tuple(text_of(note) for note in notes), "note_sentences": notes}
        return structs.replace(record, **new)

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, Sentence):
            return self._sentence(value)
        if isinstance(value, Struct):
            return self._record(value)
        if isinstance(value, tuple):
            return tuple(self._value(name, part) for part in value)
        return self._string(name, value) if isinstance(value, str) else value

    def _string(self, name: str, text: str) -> str:
        if name == "student":
            return self._pseudonym
        if name in ("file", "place"):
            return self._place(text)
        if name in _OF_CODE:
            return self._code(text)
        return text if name in _THE_KITS else self._text(text)

    def _place(self, place: str) -> str:
        """Return a place in a file, which is called as the course calls it, or `file1.ipynb`."""
        found = _PLACE.fullmatch(place)
        file, within = found.groups() if found else (place, "")
        if not file:
            return within
        suffix = PurePosixPath(file).suffix
        known = suffix if suffix in (".ipynb", ".py") else ""
        renamed = sum(old != new for old, new in self._files.items())
        return self._files.setdefault(file, f"file{renamed + 1}{known}") + within

    def _code(self, source: str) -> str:
        return self._id.sub(CUT, source) if self._id else source

    def _text(self, text: str) -> str:
        renamed: dict[int, str] = {}
        for mark, file in enumerate(sorted(self._files, key=len, reverse=True), _MARKS):
            text = text.replace(file, chr(mark))
            renamed[mark] = self._files[file]
        text = text.translate(renamed)
        text = self._code(unicodedata.normalize("NFC", _ADDRESS.sub(CUT, text)))
        return _WORD.sub(lambda word: CUT if self._tells(word[0]) else word[0], text)

    def _tells(self, word: str) -> bool:
        plain = _plain(word)
        return plain in self._words or not self._words.isdisjoint(_PART.findall(plain))

    def _sentence(self, sentence: Sentence) -> Sentence:
        template = sentence.id if _is_the_kits(sentence.id) else self._text(sentence.id)
        return Sentence(
            template, {name: self._argument(name, value) for name, value in sentence.args.items()}
        )

    def _argument(self, name: str, value: str | int | float | Sentence) -> str | int | float | Sentence:
        if isinstance(value, Sentence):
            return self._sentence(value)
        if not isinstance(value, str):
            return value
        if name == "code":
            return self._code(value)
        return self._place(value) if name == "place" else self._text(value)

    def _note(self, text: str, sentence: Sentence | None) -> Sentence:
        """Return a note without texts that are not the kit's: they are names of files, people and groups."""
        if shown := self._known_note(sentence):
            return shown
        return Sentence(NOT_GRADED if text.startswith(NOT_GRADED) else LEFT_OUT.id, {})

    def _known_note(self, sentence: Sentence | None) -> Sentence | None:
        if sentence is None or not _is_the_kits(sentence.id):
            return None
        return Sentence(sentence.id, {name: self._of_note(value) for name, value in sentence.args.items()})

    def _of_note(self, value: str | int | float | Sentence) -> str | int | float | Sentence:
        if isinstance(value, Sentence):
            return self._known_note(value) or CUT
        return self._files.get(value, CUT) if isinstance(value, str) else value


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _is_the_kits(template: str) -> bool:
    """Whether a template is one of the kit's, not a student's words: a catalogue has it, or it only joins others."""
    return language.is_known(template) or not _LETTER.search(_FIELD.sub("", template))
