"""Makes archives of all kinds, and damages them the way disks, networks and people do."""

from __future__ import annotations

import binascii
import bz2
import gzip
import io
import json
import lzma
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

Members = Iterable[tuple[str, bytes]]


def notebook(*sources: str) -> bytes:
    """Return a notebook whose code cells have these sources."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return whole.getvalue()


def tarred(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return whole.getvalue()


def rarred(*members: tuple[str, bytes]) -> bytes:
    """Return a RAR 5 archive that stores its members, as https://www.rarlab.com/technote.htm describes it."""
    blocks = [_block(1, 0, _number(0))]
    for name, content in members:
        raw = name.encode()
        fields = (_number(4), _number(len(content)), _number(0), struct.pack("<I", binascii.crc32(content)))
        about = b"".join((*fields, _number(0), _number(1), _number(len(raw)), raw))
        blocks.append(_block(2, 2, _number(len(content)) + about) + content)
    return b"Rar!\x1a\x07\x01\x00" + b"".join(blocks) + _block(5, 0, _number(0))


def _block(kind: int, flags: int, rest: bytes) -> bytes:
    header = _number(kind) + _number(flags) + rest
    header = _number(len(header)) + header
    return struct.pack("<I", binascii.crc32(header)) + header


def _number(value: int) -> bytes:
    digits = bytearray()
    while value >= 0x80:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])


def seven_zipped(*members: tuple[str, bytes]) -> bytes:
    """Return a 7z archive, written by libarchive."""
    import libarchive

    written: list[bytes] = []

    def take(data: bytes) -> int:
        written.append(bytes(data))
        return len(data)

    with libarchive.custom_writer(take, "7zip") as archive:
        for name, content in members:
            archive.add_file_from_memory(name, len(content), content)
    return b"".join(written)


KINDS: dict[str, Callable[..., bytes]] = {
    "zip": zipped,
    "tar": tarred,
    "tar.gz": lambda *members: gzip.compress(tarred(*members), mtime=0),
    "tar.bz2": lambda *members: bz2.compress(tarred(*members)),
    "tar.xz": lambda *members: lzma.compress(tarred(*members)),
    "rar": rarred,
    "7z": seven_zipped,
}
BY_LIBARCHIVE = ("rar", "7z")


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """Return an archive with one to four damages: mostly in its first and last bytes, where its lists are."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        near = chance.choice((64, 512, len(raw)))
        start = max(
            0,
            min(len(raw), chance.choice((chance.randrange(near + 1), len(raw) - chance.randrange(near + 1)))),
        )
        end = min(len(raw), start + chance.choice((1, 1, 2, 4, 200)))
        match chance.randrange(6):
            case 0:
                raw = raw[:start]
            case 1:
                raw = raw[:start] + raw[end:]
            case 2:
                raw = raw[:end] + raw[start:]
            case 3:
                raw = raw[:start] + bytes(end - start) + raw[end:]
            case 4:
                raw = raw[:start] + b"\xff" * (end - start) + raw[end:]
            case _:
                raw = raw[:start] + chance.randbytes(end - start) + raw[end:]
    return raw
