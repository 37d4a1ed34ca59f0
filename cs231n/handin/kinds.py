"""The kind of a file that was handed in, by its name and its first bytes: a notebook, a script, or what else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from cs231n.handin.decode import decode

# How much of a file its kind is told by: `head` is at most so many of its first bytes.
HEAD = 64 << 10
# No file system has longer names.
NAME_LIMIT = 255
NOTEBOOK, SCRIPT = ".ipynb", ".py"
# What browsers and systems put behind a name that had a suffix already.
_PUT_BEHIND = (".txt", ".json", ".text", ".download", ".crdownload", ".part", ".html", ".htm")


@dataclass(frozen=True)
class Kind:
    """What a file is.

    Attributes
    ----------
    name : str
        "notebook", "script", "archive", "html", "pdf" or "other".
    what : str
        What it is in words, for a sentence that begins with its name: "is a PDF".
    remedy : str
        What its owner can do; "" for a notebook or a script.
    """

    name: str
    what: str = ""
    remedy: str = ""


_AS_NOTEBOOK = "hand in the notebook itself, the file that ends in .ipynb"
_UNPACK = "unpack it and hand in the notebook inside"
_DOWNLOAD = "open the notebook, choose File, Download, and hand in the .ipynb that is saved"
_NB, _PY = Kind("notebook"), Kind("script")
_EMPTY = Kind("other", "is empty", "save the notebook in Jupyter again and hand it in once more")
_PAGE = Kind("html", "is a web page, not a notebook", _DOWNLOAD)
_LOGIN = Kind("html", "is the page of a login, not a notebook", f"sign in, {_DOWNLOAD}")
_EXPORT = Kind(
    "html",
    "is a notebook that was exported as HTML, and can no longer be run",
    f"{_AS_NOTEBOOK}, not its export",
)
_LINK = Kind("other", "holds only a link, not the notebook", _DOWNLOAD)
_OTHER = Kind("other", "is not a notebook", "save it in Jupyter and hand it in again")
_ZIP = Kind("archive", "is a zip archive", _UNPACK)
_OFFICE = Kind("other", "is a document of an office program", _AS_NOTEBOOK)

# First bytes -> what has them.
_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"Rar!", Kind("archive", "is a RAR archive", _UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Kind("archive", "is a 7z archive", _UNPACK)),
    (b"\x1f\x8b", Kind("archive", "is a gzip archive", _UNPACK)),
    (b"BZh", Kind("archive", "is a bzip2 archive", _UNPACK)),
    (b"\xfd7zXZ\x00", Kind("archive", "is an xz archive", _UNPACK)),
    (b"\x28\xb5\x2f\xfd", Kind("archive", "is a zstd archive", _UNPACK)),
    (b"%PDF-", Kind("pdf", "is a PDF", _AS_NOTEBOOK)),
    (b"{\\rtf", _OFFICE),
    (b"\xd0\xcf\x11\xe0", _OFFICE),
    (b"\x89PNG", Kind("other", "is a picture", _AS_NOTEBOOK)),
    (b"\xff\xd8\xff", Kind("other", "is a picture", _AS_NOTEBOOK)),
    (b"GIF8", Kind("other", "is a picture", _AS_NOTEBOOK)),
    (b"SQLite format 3", Kind("other", "is a database", _AS_NOTEBOOK)),
    (b"bplist0", _LINK),
    (b"L\0\0\0\x01\x14\x02\0", _LINK),
    (b"\x00\x05\x16\x07", Kind("other", "is what macOS keeps beside a file", _AS_NOTEBOOK)),
    (b"\x7fELF", Kind("other", "is a program", _AS_NOTEBOOK)),
    (
        b"version https://git-lfs",
        Kind("other", "is a pointer of Git LFS, not the notebook", "run git lfs pull and hand it in again"),
    ),
)
_TAR_MARK, _TAR_PLACE = b"ustar", 257
_TAR = Kind("archive", "is a tar archive", _UNPACK)
_PICKLE = Kind("other", "is a pickle, which is never opened", _AS_NOTEBOOK)
_LINKS = ("http://", "https://", "[internetshortcut]", '{"url"', '{"doc_id"')
_LINK_LENGTH = 4_000


def all_kinds() -> list[Kind]:
    """Return every kind there is."""
    named = (kind for kind in globals().values() if isinstance(kind, Kind))
    return [*named, *(kind for _, kind in _SIGNATURES)]


def kind_of(label: str, head: bytes) -> Kind:
    """Return what a file is.

    What is in it decides, whatever it is called; but any text could be Python, so that a script is one by its name.

    Parameters
    ----------
    label : str
        Its path.
    head : bytes
        Its first bytes, `HEAD` of them or all.

    Examples
    --------
    >>> kind_of("Style.ipynb.txt", b'{"cells": [], "nbformat": 4}').name
    'notebook'
    >>> kind_of("Style.ipynb", b"%PDF-1.7").what
    'is a PDF'
    """
    binary = _binary(head)
    if binary:
        return binary
    text = decode(_whole_characters(head)).lstrip("\ufeff \t\r\n\0")
    if not text:
        return _PY if suffix_of(label) == SCRIPT else _EMPTY  # an `__init__.py` may be empty
    start = text[:_LINK_LENGTH].lower().replace('{ "', '{"')
    if start.startswith(("<!doctype html", "<html", "<head", "<?xml", "<!--")):
        return _page(text.lower())
    if start.startswith(_LINKS) and len(head) < _LINK_LENGTH and '"cells"' not in start:
        return _LINK
    suffix = suffix_of(label)
    if _is_notebook(text, suffix):
        return _NB
    return _PY if suffix == SCRIPT or (suffix == NOTEBOOK and _is_python(text)) else _OTHER


def suffix_of(label: str) -> str:
    """Return the suffix that a file's name should have: ".ipynb", ".py" or its own.

    >>> suffix_of("Style.IPYNB (1)"), suffix_of("mine.py.txt"), suffix_of("Style.pdf")
    ('.ipynb', '.py', '.pdf')
    """
    return PurePosixPath(usual_name(label)).suffix


def usual_name(label: str) -> str:
    """Return the name, without folders, that a notebook or script should have; of other files their own.

    >>> usual_name("ada/Style.ipynb.json"), usual_name("Style.ipynb (1)"), usual_name("mine.py.txt")
    ('Style.ipynb', 'Style (1).ipynb', 'mine.py')
    """
    own = PurePosixPath(label).name
    if len(own) > NAME_LIMIT:
        return own
    name, copy = own.strip(), ""
    while True:
        stem, dot, last = name.rpartition(".")
        suffix = f"{dot}{last}".lower()
        if suffix.rstrip("~_ ") in (NOTEBOOK, SCRIPT):
            suffix = suffix.rstrip("~_ ")
            if stem.lower().endswith(suffix):
                name = stem  # twice: Style.ipynb.ipynb
                continue
            return f"{stem}{copy}{suffix}" if stem else own
        bracket, number = _numbered(name)
        if number and not copy:
            name, copy = bracket, f" ({number})"
        elif suffix in _PUT_BEHIND and stem:
            name = stem
        else:
            return own


def _numbered(name: str) -> tuple[str, str]:
    """Split "Style.ipynb (1)" into the name and the number of the copy."""
    before, bracket, rest = name.rpartition("(")
    number = rest.removesuffix(")")
    return (before.rstrip(), number) if bracket and rest.endswith(")") and number.isdecimal() else (name, "")


def _binary(head: bytes) -> Kind | None:
    if not head.strip(b"\0"):
        return None
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _OFFICE if b"[Content_Types].xml" in head or b"mimetypeapplication/vnd" in head else _ZIP
    for start, kind in _SIGNATURES:
        if head.startswith(start):
            return kind
    if head[_TAR_PLACE : _TAR_PLACE + len(_TAR_MARK)] == _TAR_MARK:
        return _TAR
    return _PICKLE if head[0] == 0x80 and len(head) > 1 and head[1] <= 5 else None


def _whole_characters(head: bytes) -> bytes:
    """Cut what may be half a character at the end of a head; nothing is told by it."""
    if len(head) < HEAD:
        return head
    head = head[: HEAD - HEAD % 4]
    newline = head.rfind(b"\n")
    return head if b"\0" in head[:4] or newline < 0 else head[:newline]


def _is_notebook(text: str, suffix: str) -> bool:
    begins = text.startswith(("{", "<<<<<<<"))
    if suffix == NOTEBOOK:
        return begins or '"cell_type"' in text
    return begins and ('"nbformat"' in text or '"worksheets"' in text or '"cell_type"' in text)


def _is_python(text: str) -> bool:
    """Whether what is called a notebook is the text of a script: it has a line that only Python begins so."""
    return any(line.startswith(("def ", "import ", "from ", "class ", "# %%")) for line in text.split("\n"))


def _page(text: str) -> Kind:
    if "<plist" in text and "<key>url</key>" in text:
        return _LINK
    if "servicelogin" in text or "accounts.google" in text or 'type="password"' in text:
        return _LOGIN
    return _EXPORT if "jp-notebook" in text or "nbconvert" in text or "input_area" in text else _PAGE
