"""Ids of students: made and compared in one place. An id is also the name of every file written for its student."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from grading.errors import SubmissionError

# Bytes of UTF-8. File systems stop at 255, and a file's name has more than the id in it.
LONGEST = 120
# Who has no name that can be written.
UNNAMED = "unnamed"
# Control, format (bidirectional marks among them), surrogate, private, and separators of lines.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# What Windows keeps for devices, whatever the suffix.
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)

_Value = TypeVar("_Value")


def made(name: str) -> str:
    """Return the id for a name that a platform or a person has given: one plain file name, whatever the name.

    The same for a name however a system writes its accents; without control characters, separators, leading dots and
    names that systems keep for themselves; never empty, and of bounded length.
    """
    written = name.encode("utf-8", "backslashreplace").decode(
        "utf-8"
    )  # bytes that are no text: their numbers
    text = unicodedata.normalize("NFC", written)
    text = "".join(" " if c.isspace() else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    text = unicodedata.normalize("NFC", re.sub(r"[/\\:]", "_", text))
    text = " ".join(text.split()).strip(". ") or UNNAMED
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    raw = text.encode("utf-8")
    if len(raw) > LONGEST:
        head = raw[: LONGEST - 20].decode("utf-8", "ignore").strip(". ")
        text = f"{head}-{hashlib.sha256(raw).hexdigest()[:12]}"
    return text


def key(name: str) -> str:
    """Return what an id is compared by: two that differ in case, in how accents are written, or in width, are one's.

    >>> key("２０２１００１王芳") == key("2021001王芳")
    True
    """
    folded = unicodedata.normalize("NFKD", made(name)).casefold()
    return unicodedata.normalize("NFKC", folded)


def same_person(one: str, other: str) -> bool:
    """Whether two ids, of whatever source, are one person's."""
    return key(one) == key(other)


def known_as(names: Mapping[str, _Value], students: Iterable[str]) -> dict[str, _Value]:
    """Return what a table says of students, by the ids that they have here; of others, by the names in the table."""
    ids = {key(student): student for student in students}
    return {ids.get(key(name), name): value for name, value in names.items()}


def file_name(student: str) -> str:
    """Return an id as the name of a file, without a suffix.

    Raises
    ------
    SubmissionError
        If it is no id: nothing is written for it.
    """
    if made(student) != student:
        raise SubmissionError(
            "{student!r} cannot be a student's id: rename the folder or file to {made!r}",
            student=student,
            made=made(student),
        )
    return student


def checked(students: Sequence[str]) -> None:
    """Refuse a class in which an id cannot be a file's name, or two are one but for case or normalisation.

    Raises
    ------
    SubmissionError
        That names them.
    """
    seen: dict[str, str] = {}
    for student in students:
        file_name(student)
        if other := seen.get(key(student)):
            raise SubmissionError(
                "two submissions are called {other!r} and {student!r}: rename one of them, or grade "
                "them separately",
                other=other,
                student=student,
            )
        seen[key(student)] = student


def distinct(names: Sequence[tuple[str, str]]) -> list[tuple[str, tuple[str, ...]]]:
    """Return an id for each (name, longer name), no two the same, and the names of those it could be taken for.

    Where names are one but for case or normalisation, their longer names are taken; where these are, too, a number is
    added to each.
    """
    ids = [made(name) for name, _ in names]
    alike = _alike(ids)
    longer = [made(names[i][1]) if i in alike else ids[i] for i in range(len(ids))]
    still, taken = _alike(longer), {key(name) for name in longer}
    found: list[tuple[str, tuple[str, ...]]] = []
    for i, name in enumerate(longer):
        if i in still:
            name = _numbered(name, taken)
        found.append((name, tuple(names[other][1] for other in alike.get(i, still.get(i, ())))))
    return found


def _alike(ids: Sequence[str]) -> dict[int, list[int]]:
    """Return, of each id that is not alone, the places of the others."""
    places: dict[str, list[int]] = {}
    for i, name in enumerate(ids):
        places.setdefault(key(name), []).append(i)
    return {i: [j for j in same if j != i] for same in places.values() if len(same) > 1 for i in same}


def _numbered(name: str, taken: set[str]) -> str:
    number = 1
    while key(numbered := made(f"{name}-{number}")) in taken or key(name) not in key(numbered):
        number += 1
        if number > 100_000:
            break
    taken.add(key(numbered))
    return numbered
