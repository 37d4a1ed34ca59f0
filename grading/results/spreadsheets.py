"""Text of a table that a spreadsheet or a platform has saved: UTF-8, UTF-16, GB 18030, or else Windows-1252."""

from __future__ import annotations

import codecs

DELIMITERS = ",;\t"
_CHINESE = "gb18030"


def decoded(raw: bytes) -> tuple[str, str] | None:
    """Return the text of a file, a byte-order mark included, and the encoding that gives the same bytes again.

    None, if it is no text.
    """
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != _CHINESE or (_is_chinese(text) and text.encode(encoding) == raw):
            return text, encoding
    return None


def _encodings(raw: bytes) -> tuple[str, ...]:
    """Return the encodings to try, in order. Those with 8 bits keep every byte, whatever letter it is."""
    low, high = raw[0:8:2], raw[1:8:2]
    if raw.startswith(codecs.BOM_UTF16_LE) or (high and not any(high)):
        return ("utf-16-le",)
    if raw.startswith(codecs.BOM_UTF16_BE) or (high and not any(low)):
        return ("utf-16-be",)
    return () if b"\0" in raw else ("utf-8", _CHINESE, "cp1252", "latin-1")


def _is_chinese(text: str) -> bool:
    """Whether what is not ASCII is mostly common characters: any pair of accented letters is some rare one."""
    others = [character for character in text if not character.isascii()]
    common = 0
    for character in others:
        try:
            common += len(character.encode("gb2312")) == 2
        except UnicodeEncodeError:
            continue
    return 2 * common > len(others)


def delimiter_of(first: str) -> str:
    """Return what stands between the cells of a first line, its quoted cells left out."""
    return max(DELIMITERS, key=first.count)
