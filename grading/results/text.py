"""Text that came from students, made safe to show; names in a row; numbers and durations as text; links to pages."""

import hashlib
import math
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup, escape

from cs231n.language import said

LONGEST = 4000  # characters of one message on a page
_JOINERS = "\u200c\u200d\u00ad"  # parts of words and of emoji in several scripts
_LONGEST_NAME = 200  # bytes; file systems stop at 255, and a temporary name is longer


def harmless(text: str) -> str:
    """Make control, bidirectional and invisible characters visible, and cut what is too long.

    Line breaks and tabs stay; ``\\x1b`` becomes ``⟨U+001B⟩`` and a right-to-left override ``⟨U+202E⟩``, so
    that no text is shown in another order than it was written in. What comes back can be encoded as UTF-8.
    """
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} … ({len(text) - LONGEST} more characters)"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text.replace("\r\n", "\n"))


def _visible(character: str) -> str:
    # Cc control, Cf format (bidirectional marks among them), Cs lone surrogate, Zl and Zp line separators
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    if hidden and character not in "\n\t" and character not in _JOINERS:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def first_names(names: Sequence[str], most: int = 5) -> str:
    """Return names in a row, and how many more there are."""
    some, more = ", ".join(names[:most]), len(names) - most
    return said("{names} and {more} more", names=some, more=more) if more > 0 else some


def prose(text: str) -> Markup:
    """Escape a sentence and set what stands between backticks as code."""
    pieces = re.split(r"`([^`\n]+)`", harmless(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if i % 2 else escape(piece) for i, piece in enumerate(pieces)
    )


def number(value: float, digits: int = 2) -> str:
    """Write a number of points with at most `digits` decimals and no trailing zeros: 92.5, 100, 0.33."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration(seconds: float) -> str:
    """Write a time for a person: 0.42 s, 12 s, 3 min 5 s, 2 h 14 min."""
    if not math.isfinite(seconds):
        return "unknown"
    if seconds < 10:
        return f"{seconds:.2g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes == 0:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def page_name(student: str) -> str:
    """Return the file name of a student's page, ``<student>.html`` wherever that is a sound file name.

    An id that cannot be one (a path separator, a control character, too long, hidden, or that of one of the class's
    own pages) keeps what is readable of it and ends in a hash.
    """
    unsafe = (
        any(unicodedata.category(c) == "Cc" for c in student)
        or any(
            "\ud800" <= c < "\udc80" for c in student
        )  # those from \udc80 on stand for a byte of a file name
        or re.search(r'[/\\:*?"<>|]', student)
        or student.startswith(".")
        or len(_as_bytes(student)) > _LONGEST_NAME
        or re.fullmatch(r"index(-\d+)?", student.casefold())
    )
    if not unsafe:
        return f"{student}.html"
    readable = re.sub(r"[^\w-]+", "_", student)[:40].strip("_")
    return f"{readable}-{hashlib.sha256(_as_bytes(student)).hexdigest()[:16]}.html"


def page_href(student: str, fragment: str = "") -> str:
    """Return the address of a student's page as seen from the class's page, percent-encoded to ASCII."""
    # "./": an id such as "javascript" with a colon later in it must never read as a scheme.
    address = "./" + quote(os.fsencode(page_name(student)), safe="")
    return f"{address}#{quote(fragment, safe='')}" if fragment else address


def inside(folder: Path, *names: str) -> Path | None:
    """Return ``folder/name/name`` if every name is one plain component of a path, else None."""
    if any(name in ("", ".", "..") or re.search(r"[/\\\x00]", name) for name in names):
        return None
    return folder.joinpath(*names)


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")
