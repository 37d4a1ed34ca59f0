"""A table of a `course.toml`: its values by key, each of the type that is asked for or refused by its name."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grading.errors import KitError


@dataclass(frozen=True)
class Table:
    """A table of the file: its values and what messages call it."""

    file: Path
    name: str
    values: Mapping[str, Any]

    def error(self, key: str, wrong: str, remedy: str = "") -> KitError:
        """Return the error that names a key: what it must be and what it is, and what to do where that is not plain."""
        sentence = f"{f'{self.name}.{key}'.strip('.')} {wrong}"
        return KitError(f"{self.file}: {sentence}; {remedy}" if remedy else f"{self.file}: {sentence}")

    def only(self, keys: Collection[str], what: str = "key") -> None:
        """Refuse a key that is not among those known."""
        for key in self.values:
            if key not in keys:
                raise self.error(key, f"is an unknown {what}", nearest(key, keys))

    def number(
        self, key: str, default: float | None = None, most: float = math.inf, least: float = 0
    ) -> float:
        """Return a number from `least` to `most`."""
        value = self.values.get(key, default)
        if value is None or isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(key, f"must be a number, got {shown(value)}")
        if not least <= value <= most or math.isinf(value):
            bound = f"{least:g} or more" if math.isinf(most) else f"between {least:g} and {most:g}"
            raise self.error(key, f"must be {bound}, got {value}")
        return value

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"must be a text in quotes, got {shown(value)}")
        return value

    def time(self, key: str) -> datetime:
        """Return a time with its offset from UTC."""
        value = self.values.get(key)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.error(
                key,
                f"must be a date and time with an offset from UTC, got {shown(value)}",
                "example: 2026-05-20T23:59:00-07:00",
            )
        return value

    def table(self, key: str) -> Table:
        """Return a table inside this one; an empty one if it is not there."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            name = f"{self.name}.{key}".strip(".")
            raise self.error(
                key, f"must be a table, got {shown(value)}", f"write its keys below a line [{name}]"
            )
        return Table(self.file, f"{self.name}.{key}".strip("."), value)

    def numbered(self, key: str) -> Iterator[Table]:
        """Yield the tables of a list, each below a line [[key]]: messages call the first "key 1"."""
        entries = self.values.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise self.error(key, "must be a list of tables", f"write each below a line [[{key}]]")
        for number, entry in enumerate(entries, start=1):
            yield Table(self.file, f"{key} {number}", entry)

    def function(self, known: Collection[str]) -> str:
        """Return the name of a function, one that is known; "" if none is named."""
        function = self.text("function") if "function" in self.values else ""
        if function and function not in known:
            raise self.error("function", f"names an unknown function, {function!r}", nearest(function, known))
        return function


def nearest(word: str, known: Collection[str]) -> str:
    """Return what may have been meant by an unknown word, as the remedy of a message."""
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    few = sorted(known)[:12]
    return f"expected one of: {', '.join(few)}{', …' if len(known) > len(few) else ''}."


def shown(value: object) -> str:
    """Return a value as a message quotes it."""
    if value is None:
        return "nothing"
    return value.isoformat() if isinstance(value, datetime) else repr(value)[:60]
