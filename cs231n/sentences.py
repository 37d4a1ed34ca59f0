"""Sentences that remember what they were made of: a template and its arguments.

A sentence is a text like any other. Beside it, a result stores the template and the arguments, so that a page can show
the same sentence in another language: as in gettext, the English template is the id of a sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from string import Formatter

# A Sentence is a str, too.
Argument = str | int | float


class Sentence(str):
    """A text, with the template and the arguments that give it.

    Attributes
    ----------
    id : str
        The English template, with the names of arguments in braces, as `str.format` reads it. Without arguments it is
        the text itself, and braces have no meaning.
    args : dict
        Argument -> text, number, or another sentence. Numbers are as exact as the text shows them.
    """

    id: str
    args: dict[str, Argument]


class _Filling(Formatter):
    """Fills in a template. A text has no number format: "nan" stands where a number was expected."""

    def format_field(self, value: object, format_spec: str) -> str:
        return value if isinstance(value, str) else format(value, format_spec)


def filled(id: str, args: Mapping[str, Argument]) -> str:
    """Return the text that a template and its arguments give.

    >>> filled("expected {asked:.2g}, got {found}", {"asked": 0.5, "found": "nothing"})
    'expected 0.5, got nothing'
    """
    return _Filling().vformat(id, (), args) if args else id


def sentence(template: str, /, **arguments: object) -> Sentence:
    """Return a sentence.

    >>> short = sentence("the step has length {length:.2g}", length=0.12345)
    >>> str(short), short.id, short.args
    ('the step has length 0.12', 'the step has length {length:.2g}', {'length': 0.12})

    Parameters
    ----------
    template : str
        The English text, with the names of the arguments in braces; without arguments it is taken as it is.
    **arguments
        Numbers, texts, sentences. Anything else is stored as its text.
    """
    fields = (
        [(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name] if arguments else []
    )
    args = {name: _argument(arguments[name], spec) for name, spec in fields}
    made = Sentence(filled(template, args))
    made.id, made.args = template, args
    return made


def as_sentence(text: str) -> Sentence:
    """Return a text as a sentence: itself if it is one, else one without arguments."""
    return text if isinstance(text, Sentence) else sentence(text)


def joined(parts: Iterable[str], separator: str) -> Sentence:
    """Return several texts as one sentence; a sentence alone stays what it is.

    >>> str(joined([sentence("one"), "two"], "; "))
    'one; two'
    """
    parts = list(parts)
    if len(parts) == 1 and isinstance(parts[0], Sentence):
        return parts[0]
    named = {f"part{number}": part for number, part in enumerate(parts)}
    return sentence(separator.join(f"{{{name}}}" for name in named), **named)


def listed(parts: Iterable[str]) -> Sentence:
    """Return several texts as "a and b", "a, b and c" in the language in which the sentence is shown.

    >>> str(listed(["a", "b", "c"]))
    'a, b and c'
    """
    *first, last = [as_sentence(part) for part in parts] or [sentence("")]
    return sentence("{some} and {other}", some=joined(first, ", "), other=last) if first else last


def first_of(names: Sequence[str], most: int) -> str:
    """Return the first of some names in a row, and how many more there are.

    >>> str(first_of(["a", "b", "c", "d"], 2))
    'a, b, 2 more'
    """
    some = ", ".join(names[:most])
    return sentence("{names}, {more} more", names=some, more=len(names) - most) if len(names) > most else some


def _argument(value: object, spec: str) -> Argument:
    """Return what is stored of an argument: a number as it is shown, so that rounding is the same everywhere."""
    if isinstance(value, str):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        shown = format(float(value), spec)
        return float(shown.replace(",", "")) if math.isfinite(value) else shown
    return str(value)


# What moves a cursor, renames a window, turns text around or hides when a terminal shows it, and what cannot be
# encoded: halves of characters, as they stand for bytes of a file's name.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def plain(text: object) -> str:
    """Return a text, in which a student's words or names may be, without commands to the terminal.

    >>> plain("\\x1b[31mred\\x07")
    '�[31mred�'
    """
    return (
        _CONTROLS.sub("\ufffd", str(text).replace("\t", "    ")).encode("utf-8", "backslashreplace").decode()
    )
