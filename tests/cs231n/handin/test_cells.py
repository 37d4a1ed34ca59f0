"""Claims about reading files: every nbformat, encoding and export gives the code a student wrote."""

from __future__ import annotations

import json

import pytest

from cs231n.handin.cells import read_cells
from cs231n.handin.errors import UnreadableError

CODE = "def tv_loss(img, w):\n    print('总变差', w)\n"


def sources(raw: bytes, label: str = "Style.ipynb") -> list[str]:
    return [cell.source for cell in read_cells(raw, label).cells]


def notebook(*cells: dict[str, object], **more: object) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": list(cells), **more})


def code(source: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}}


@pytest.mark.parametrize("source", [CODE, CODE.splitlines(keepends=True)])
def test_a_cells_source_is_a_text_or_a_list_of_lines(source):
    assert sources(notebook(code(source)).encode()) == [CODE]


def test_nbformat_3_keeps_cells_in_worksheets_and_code_in_input():
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "code", "input": CODE, "language": "python"}]}],
    }
    assert sources(json.dumps(old).encode()) == [CODE]


def test_only_code_cells_with_text_count_and_are_named_by_their_number():
    raw = notebook({"cell_type": "markdown", "source": "def no(): pass"}, code("  \n"), code(CODE)).encode()
    assert [cell.place for cell in read_cells(raw, "a/Style.ipynb").cells] == ["a/Style.ipynb, cell 3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_notebook_is_read_in_any_encoding_of_unicode(encoding):
    text = json.dumps(json.loads(notebook(code(CODE))), ensure_ascii=False)
    assert sources(text.encode(encoding)) == [CODE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_script_is_read_in_any_encoding_of_unicode(encoding):
    assert sources(CODE.encode(encoding), "style.py") == [CODE]


def test_a_script_says_its_encoding_or_is_read_as_latin_1():
    chinese = "# -*- coding: gbk -*-\nx = '总变差'\n"
    assert sources(chinese.encode("gbk"), "a.py") == [chinese]
    assert sources("x = 'été'\n".encode("latin-1"), "a.py") == ["x = 'été'\n"]


def test_raw_tabs_inside_a_string_of_the_json_are_let_pass():
    raw = notebook(code("def f():\n\treturn 1")).replace("\\t", "\t").encode()
    assert sources(raw) == ["def f():\n\treturn 1"]


def test_an_exported_script_falls_into_its_cells_and_keeps_its_line_numbers():
    script = "# coding: utf-8\n\n# # Style\n# In[1]:\na = 1\n\n# In[ ]:\n\nb = = 2\n"
    script += "# %% [markdown]\n# text\n# %%\nc = 3\n"
    cells = read_cells(script.encode(), "Style.py").cells
    assert [line for cell in cells for line in cell.source.strip("\n").split("\n") if "=" in line] == [
        "a = 1",
        "b = = 2",
        "c = 3",
    ]
    assert cells[-1].source.split("\n").index("c = 3") == script.split("\n").index("c = 3")


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[1]", b'{"cells": 3}', b"\x00\x05\x16\x07\x00\x02", b"[" * 100_000]
)
def test_what_is_no_notebook_is_told_so(raw):
    with pytest.raises(
        UnreadableError,
        match=r"^Style\.ipynb is (empty|not a (valid )?notebook|what macOS keeps beside a file): ",
    ):
        read_cells(raw, "Style.ipynb")


def test_cells_that_are_no_cells_are_passed_over():
    assert sources(notebook(code(CODE), 3, None, {"cell_type": "code"}, code(["a = 1", 5])).encode()) == [
        CODE,
        "a = 1",
    ]
