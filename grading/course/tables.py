"""A table of a course.toml: values of the kind that is asked, or an error that names the key and what to write."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cs231n.sentences import sentence
from grading.errors import KitError


@dataclass(frozen=True)
class Table:
    """A table of the file: its values and what messages call it."""

    file: Path
    name: str
    values: Mapping[str, Any]

    def error(self, key: str, wrong: str, remedy: str = "") -> KitError:
        """Return the error that names a key: what it must be and what it is, and what to do where that is not plain."""
        name = f"{self.name}.{key}".strip(".")
        template = "{file}: {name} {wrong}; {remedy}" if remedy else "{file}: {name} {wrong}"
        return KitError(template, file=self.file, name=name, wrong=wrong, remedy=remedy)

    def only(self, keys: Collection[str], what: str = "") -> None:
        """Refuse a key that is not among those known."""
        for key in self.values:
            if key not in keys:
                raise self.error(
                    key, sentence("is an unknown {what}", what=what or sentence("key")), nearest(key, keys)
                )

    def number(
        self, key: str, default: float | None = None, most: float = math.inf, least: float = 0
    ) -> float:
        """Return a number from `least` to `most`."""
        value = self.values.get(key, default)
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, sentence("must be a number, got {value}", value=shown(value)))
        if not least <= value <= most or math.isinf(value):
            template = "{least:g} or more" if math.isinf(most) else "between {least:g} and {most:g}"
            bound = sentence(template, least=least, most=most)
            raise self.error(key, sentence("must be {bound}, got {value}", bound=bound, value=value))
        return value

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, sentence("must be a text in quotes, got {value}", value=shown(value)))
        return value

    def one_of(self, key: str, allowed: Collection[str], default: str) -> str:
        """Return one of the words that are allowed."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            raise self.error(
                key,
                sentence("must be one of {units}, got {value}", units=", ".join(allowed), value=shown(value)),
            )
        return value

    def time(self, key: str) -> datetime:
        """Return a time with its offset from UTC."""
        value = self.values.get(key)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.error(
                key,
                sentence("must be a date and time with an offset from UTC, got {value}", value=shown(value)),
                sentence("example: 2026-05-20T23:59:00-07:00"),
            )
        return value

    def table(self, key: str) -> Table:
        """Return a table inside this one; an empty one if it is not there."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            name = f"{self.name}.{key}".strip(".")
            raise self.error(
                key,
                sentence("must be a table, got {value}", value=shown(value)),
                sentence("write its keys below a line [{name}]", name=name),
            )
        return Table(self.file, f"{self.name}.{key}".strip("."), value)

    def numbered(self, key: str) -> Iterator[Table]:
        """Yield the tables of a list, each below a line [[key]]: messages call the first "key 1"."""
        entries = self.values.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.error(
                key,
                sentence("must be a list of tables"),
                sentence("write each below a line [[{key}]]", key=key),
            )
        for number, entry in enumerate(entries, start=1):
            yield Table(self.file, f"{key} {number}", entry)

    def function(self, known: Collection[str]) -> str:
        """Return the name of a function, one that is known; "" if none is named."""
        function = self.text("function") if "function" in self.values else ""
        if function and function not in known:
            raise self.error(
                "function",
                sentence("names an unknown function, {function!r}", function=function),
                nearest(function, known),
            )
        return function


def nearest(word: str, known: Collection[str]) -> str:
    """Say which of the known words was meant, or which there are."""
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return sentence("did you mean {near!r}?", near=near[0])
    few = sorted(known)[:12]
    return sentence(
        "expected one of: {few}.", few=", ".join([*few, *(["…"] if len(known) > len(few) else [])])
    )


def shown(value: object) -> str:
    """Return a value as a message shows it."""
    if value is None:
        return sentence("nothing")
    return value.isoformat() if isinstance(value, date) else repr(value)[:60]
