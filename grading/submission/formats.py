"""Formats of archives, told by what a file holds: zip, tar and single compressed files; 7z and rar by libarchive.

Only the reader behind the walls calls this: each of these programs has been broken by a damaged file before. libarchive
is asked for plain formats alone; others of its formats open further files, or start programs.
"""

from __future__ import annotations

import bz2
import contextlib
import ctypes
import functools
import gzip
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from grading.errors import SubmissionError

CHUNK = 1 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPRESSED: dict[bytes, Callable[[IO[bytes]], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_OTHERS = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar", b"\x28\xb5\x2f\xfd": "zst"}
_TAR_AT, _TAR = 257, b"ustar"
# The longest of them ends here.
HEAD = _TAR_AT + len(_TAR)
_COMPRESSED_SUFFIX = re.compile(r"\.(gz|bz2|xz)\Z", re.IGNORECASE)
# How Chinese programs write the names in a zip, without saying so.
_CHINESE = "gb18030"


@dataclass(frozen=True)
class Member:
    """Something in an archive: its name, what it is ("file", "folder", "link" or "encrypted"), and how to read it.

    `size` and `packed` are its bytes and those it is packed in, as the archive says; 0 where it does not.
    """

    name: str
    kind: str
    chunks: Callable[[], Iterator[bytes]]
    size: int = 0
    packed: int = 0


def format_of(head: bytes) -> str:
    """Return the format of a file by its first `HEAD` bytes; "" if it is no archive."""
    if head.startswith(_ZIP):
        return "zip"
    if head[_TAR_AT:HEAD] == _TAR:
        return "tar"
    if head.startswith(tuple(_COMPRESSED)):
        return "compressed"
    return next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")


def members_of(file: IO[bytes], label: str, format: str) -> Iterator[Member]:
    """Yield what is in an archive, in its order; each is read before the next is asked for, or not at all.

    Parameters
    ----------
    file : binary file
        That can seek.
    label : str
        What messages call it.
    format : str
        As `format_of` returns it.

    Raises
    ------
    SubmissionError
        If this machine cannot open the format.
    Exception
        Of many kinds, if it is damaged.
    """
    if format == "zip":
        return _in_zip(file)
    if format == "tar":
        return _in_tar(file)
    if format == "compressed":
        return _in_compressed(file, label)
    return _by_libarchive(file, label, format)


def _in_zip(file: IO[bytes]) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        encoding = _names_in(archive)
        for info in archive.infolist():
            kind = "folder" if info.filename.endswith("/") or info.orig_filename.endswith("\\") else "file"
            if (info.external_attr >> 28) == 0o12:
                kind = "link"
            elif info.flag_bits & 1:
                kind = "encrypted"
            chunks = functools.partial(_opened_in_zip, archive, info)
            yield Member(_name_in_zip(info, encoding), kind, chunks, info.file_size, info.compress_size)


def _opened_in_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    return _chunks(archive.open(info))


def _raw_name(info: zipfile.ZipInfo) -> bytes | None:
    """Return a name as its bytes; None, where the archive says that it is UTF-8."""
    return None if info.flag_bits & 0x800 else info.orig_filename.encode("cp437")


def _names_in(archive: zipfile.ZipFile) -> str:
    """Return how the names of an archive are written, of which it does not say so: one program has written all.

    Of a name alone nobody can tell: some Chinese ones in GBK are UTF-8 of other letters, too, and accents in cp437 are
    rare characters in GBK.
    """
    raw = [name for info in archive.infolist() if (name := _raw_name(info)) and not name.isascii()]
    with contextlib.suppress(UnicodeDecodeError):
        b"".join(raw).decode("utf-8")
        return "utf-8"
    letters = [c for name in raw for c in name.decode(_CHINESE, "replace") if not c.isascii()]
    common = sum("\u4e00" <= c <= "\u9fff" and bool(c.encode("gb2312", "ignore")) for c in letters)
    return _CHINESE if 2 * common >= len(letters) else "cp437"


def _name_in_zip(info: zipfile.ZipInfo, encoding: str) -> str:
    if (raw := _raw_name(info)) is None:
        return info.orig_filename
    for one in (encoding, "utf-8", _CHINESE):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(one)
    return info.orig_filename


def _in_tar(file: IO[bytes]) -> Iterator[Member]:
    with tarfile.open(fileobj=file, mode="r|") as archive:
        for info in archive:
            kind = "file" if info.isreg() else "folder" if info.isdir() else "link"
            yield Member(info.name, kind, lambda info=info: _chunks(archive.extractfile(info)))  # type: ignore[misc]


def _in_compressed(file: IO[bytes], label: str) -> Iterator[Member]:
    """Yield what is in a compressed tar; of another compressed file, that file."""
    magic = next(magic for magic in _COMPRESSED if _head(file).startswith(magic))
    try:
        is_tar = _COMPRESSED[magic](file).read(HEAD)[_TAR_AT:HEAD] == _TAR
    finally:
        file.seek(0)
    if is_tar:
        with _COMPRESSED[magic](file) as whole:
            yield from _in_tar(whole)
            while whole.read(CHUNK):  # the sum that tells damage stands at its end
                pass
        return
    name = _COMPRESSED_SUFFIX.sub("", PurePosixPath(label).name)
    yield Member(name, "file", lambda: _chunks(_COMPRESSED[magic](file)))


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return head


def _chunks(file: IO[bytes] | None) -> Iterator[bytes]:
    if file is not None:
        with file:
            while chunk := file.read(CHUNK):
                yield chunk


def _by_libarchive(file: IO[bytes], label: str, format: str) -> Iterator[Member]:
    libarchive = _libarchive()
    if libarchive is None:
        raise SubmissionError(
            "{label} is a .{format} archive, which cannot be opened here: hand in a .zip or the "
            "notebooks themselves (whoever grades can install libarchive13 with apt-get, and "
            "grade again)",
            label=label,
            format=format,
        )
    ffi, read = libarchive
    archive = ffi.read_new()
    buffer = ctypes.create_string_buffer(CHUNK)
    place = ctypes.cast(buffer, ctypes.c_void_p)

    def more(_archive: Any, _context: Any, pointer: Any) -> int:
        length = int(file.readinto(buffer))  # type: ignore[attr-defined]
        ctypes.cast(pointer, ctypes.POINTER(ctypes.c_void_p))[0] = place
        return length

    def seek(_archive: Any, _context: Any, offset: int, whence: int) -> int:
        return file.seek(offset, whence)

    reading, seeking = ffi.READ_CALLBACK(more), ffi.SEEK_CALLBACK(seek)
    try:
        for name in ("format_7zip", "format_rar", "format_rar5", "format_tar", "filter_zstd"):
            getattr(ffi.libarchive, f"archive_read_support_{name}")(ctypes.c_void_p(archive))
        ffi.read_set_seek_callback(archive, seeking)
        ffi.read_open(archive, None, ffi.NO_OPEN_CB, reading, ffi.NO_CLOSE_CB)
        for found in read.ArchiveRead(archive):
            yield Member(str(found.pathname), _kind(found, ffi), found.get_blocks)
    finally:
        ffi.read_free(archive)


def _kind(found: Any, ffi: Any) -> str:
    if ffi.libarchive.archive_entry_is_data_encrypted(ctypes.c_void_p(found._entry_p)):
        return "encrypted"
    if found.isdir:
        return "folder"
    # some programs write no type
    return "file" if (found.isreg or not found.filetype) and not found.islnk else "link"


def _libarchive() -> Any:
    """Return the modules of libarchive-c, or None where it, or the library itself, is not installed."""
    try:
        from libarchive import ffi, read
    except (ImportError, OSError, AttributeError, TypeError):
        return None
    return ffi, read
