"""Decoding of a text file in whatever encoding it was saved."""

from __future__ import annotations

import codecs
import contextlib
import json
import tokenize
from collections.abc import Iterator
from io import BytesIO

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# A Chinese text in it may hold a backslash as the second half of a character; as latin-1 that would escape a quote.
_CHINESE = "gb18030"


def decodings(raw: bytes, *, source: bool = False) -> Iterator[str]:
    """Yield the texts that bytes may stand for, the likeliest first; there is always one.

    Parameters
    ----------
    raw : bytes
        With or without a byte order mark.
    source : bool
        Whether it is Python, which may name its encoding itself (`# -*- coding: gbk -*-`).

    Examples
    --------
    >>> next(decodings("{}".encode("utf-16-le")))
    '{}'
    """
    for encoding in dict.fromkeys(_encodings(raw, source)):
        try:
            yield _cut_off(raw, encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding not in ("latin-1", _CHINESE):
            return  # by chance alone no text is right in any of the others


def _cut_off(raw: bytes, encoding: str) -> str:
    """Decode; of a file that ends in the middle of a character without that character."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(raw) - 4 or error.start == 0:
            raise
        return raw[: error.start].decode(encoding)


def decode(raw: bytes, *, source: bool = False) -> str:
    """Return the likeliest of the `decodings`."""
    return next(decodings(raw, source=source))


def _encodings(raw: bytes, source: bool) -> Iterator[str]:
    marked = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "")
    if marked:
        yield marked
    elif b"\0" in raw[:4]:
        yield json.detect_encoding(
            raw[:4]
        )  # by the pattern of null bytes: text has them in UTF-16 and UTF-32 alone
    elif source:
        with contextlib.suppress(SyntaxError, LookupError):
            yield tokenize.detect_encoding(BytesIO(raw[:1_000]).readline)[0]
    yield "utf-8-sig"
    yield "latin-1"
    yield _CHINESE
