"""Claims about what a file is called: by its first bytes first, then by its name, and with a remedy."""

from __future__ import annotations

import io
import json
import pickle
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cs231n.handin.cells import read_cells
from cs231n.handin.errors import UnreadableError
from cs231n.handin.kinds import kind_of, suffix_of, usual_name

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


def tarred(mode: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        archive.addfile(tarfile.TarInfo("StyleTransfer.ipynb"))
    return file.getvalue()


OTHERS: dict[str, tuple[bytes, str, str, str]] = {
    "empty": (b"", "other", "is empty", "save the notebook"),
    "blank": (b" \n\n", "other", "is empty", "save the notebook"),
    "lost by a disk": (bytes(5000), "other", "is empty", "save the notebook"),
    "page": (b"\n<!DOCTYPE html>\n<html><body>404</body>", "html", "a web page", "File, Download"),
    "page in UTF-16": ("<html><body>404</body>".encode("utf-16"), "html", "a web page", "File, Download"),
    "login": (
        b'<html><form action="https://accounts.google.com/x">',
        "html",
        "the page of a login",
        "sign in",
    ),
    "export": (b'<!DOCTYPE html><body class="jp-Notebook">', "html", "exported as HTML", "not its export"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "pdf", "is a PDF", "the notebook itself"),
    "zip": (zipped("StyleTransfer.ipynb"), "archive", "a zip archive", "unpack it"),
    "tar": (tarred("w"), "archive", "a tar archive", "unpack it"),
    "tar.gz": (tarred("w:gz"), "archive", "a gzip archive", "unpack it"),
    "tar.xz": (tarred("w:xz"), "archive", "an xz archive", "unpack it"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "archive", "a RAR archive", "unpack it"),
    "Word": (zipped("[Content_Types].xml"), "other", "office program", "the notebook itself"),
    "pickle": (pickle.dumps({"cells": []}), "other", "a pickle", "the notebook itself"),
    "picture": (b"\x89PNG\r\n\x1a\n", "other", "a picture", "the notebook itself"),
    "link": (b"https://colab.research.google.com/drive/1x\n", "other", "only a link", "File, Download"),
    "shortcut": (b"[InternetShortcut]\r\nURL=https://x.org", "other", "only a link", "File, Download"),
    "of Drive": (
        b'{"url": "https://drive.google.com/x", "doc_id": "1"}',
        "other",
        "only a link",
        "File, Download",
    ),
    "shortcut of Windows": (b"L\0\0\0\x01\x14\x02\0" + bytes(70), "other", "only a link", "File, Download"),
    "shortcut of macOS": (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist>\n<plist><dict><key>URL</key></dict></plist>',
        "other",
        "only a link",
        "File, Download",
    ),
    "LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "other", "Git LFS", "git lfs pull"),
    "of macOS": (b"\x00\x05\x16\x07\x00\x02", "other", "macOS", "the notebook itself"),
}


@pytest.mark.parametrize("name", ["Style.ipynb", "Style.ipynb.txt", "style.py"])
@pytest.mark.parametrize(("raw", "kind", "what", "remedy"), OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_notebook_is_named_with_a_remedy(
    raw: bytes, kind: str, what: str, remedy: str, name: str
) -> None:
    if name == "style.py" and what == "is empty" and raw.strip(b"\0 \n") == b"":
        return  # a module may be empty: the next test
    assert kind_of(name, raw).name == kind
    with pytest.raises(UnreadableError, match=rf"^{name} is |^{name} holds ") as error:
        read_cells(raw, name)
    assert what in str(error.value)
    assert remedy in str(error.value)


def test_a_module_may_be_empty() -> None:
    assert read_cells(b"", "mine/__init__.py").cells == ()


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("Style.ipynb", "Style.ipynb"),
        ("a/b/Style.IPYNB", "Style.ipynb"),
        ("Style.ipynb.txt", "Style.ipynb"),
        ("Style.ipynb.json.txt", "Style.ipynb"),
        ("Style.ipynb.ipynb", "Style.ipynb"),
        ("Style.ipynb (1)", "Style (1).ipynb"),
        ("Style.ipynb(12).txt", "Style (12).ipynb"),
        ("Style (1).ipynb", "Style (1).ipynb"),
        ("Style.ipynb~", "Style.ipynb"),
        ("losses.py.txt", "losses.py"),
        ("notes.txt", "notes.txt"),
        ("data.json", "data.json"),
        (".ipynb", ".ipynb"),
        ("Style", "Style"),
    ],
)
def test_what_browsers_put_behind_a_name_is_seen_through(name: str, usual: str) -> None:
    assert usual_name(name) == usual


@pytest.mark.parametrize("name", ["Style.ipynb.txt", "Style.json", "Style", "Style.ipynb (2)", "Style.py"])
def test_a_notebook_is_known_whatever_it_is_called_and_its_name_is_noted(name: str) -> None:
    assert kind_of(name, NOTEBOOK).name == "notebook"
    (note,) = read_cells(NOTEBOOK, name).notes
    assert note.startswith(f"{name} was read as a notebook: its name should be Style")
    assert note.args["name"] != name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.py", "script"), ("a.py.txt", "script"), ("A.PY", "script"), ("a.txt", "other"), ("a.md", "other")],
)
def test_plain_python_is_a_script_only_by_its_name(name: str, kind: str) -> None:
    assert kind_of(name, b"def tv_loss(img, w):\n    return w\n").name == kind


def test_python_text_that_is_called_a_notebook_is_a_script_with_a_note() -> None:
    document = read_cells(b"import torch\n", "Style.ipynb")
    assert [cell.source for cell in document.cells] == ["import torch\n"]
    assert document.notes == ("Style.ipynb is no notebook but Python text: it was graded as a script",)


@pytest.mark.parametrize("text", ['{"name": "x"}', '{"cells": 3}', "[1, 2]"])
def test_other_json_is_no_notebook(text: str) -> None:
    assert kind_of("package.json", text.encode()).name == "other"
    with pytest.raises(UnreadableError, match=r"Style\.ipynb is not a notebook"):
        read_cells(text.encode(), "Style.ipynb")


@given(st.text(max_size=40), st.binary(max_size=200))
def test_any_name_and_any_bytes_are_of_some_kind(name: str, head: bytes) -> None:
    kind = kind_of(name, head)
    assert (kind.name in ("notebook", "script")) == (not kind.remedy)
    assert usual_name(usual_name(name)) == usual_name(name)
    assert "/" not in suffix_of(name)
