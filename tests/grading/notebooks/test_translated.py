"""Notebooks in Chinese: every text translated, and cell by cell the code, ids and points of the English ones."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from cs231n import language
from cs231n.handin.magics import without_magics
from cs231n.handin.stubs import is_stub
from grading.assignments.registry import shipped_notebooks
from grading.notebooks.translated import texts_of
from grading.locations import TOP_LEVEL
from grading.notebooks.build import build_notebooks, read_notebook

pytestmark = pytest.mark.long
NAMES = [notebook.name for notebook in shipped_notebooks()]


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zh")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "_chosen", "zh")
        build_notebooks(folder, shipped_notebooks())
    return folder


def pair(chinese, name):
    return read_notebook(TOP_LEVEL / "notebooks" / f"{name}.ipynb"), read_notebook(chinese / f"{name}.ipynb")


def code(source):
    """The tokens of a cell without comments and docstrings."""
    text = without_magics(source)
    docstrings = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
    }
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE)
    kept = [token.string for token in tokens if token.type not in skipped]
    return [token for token in kept if token.strip('"') not in docstrings]


@pytest.mark.parametrize("name", NAMES)
def test_code_ids_points_and_order_are_those_of_the_english_one(chinese, name):
    english, other = pair(chinese, name)
    checksums = [
        cell.metadata.get("nbgrader", {}).pop("checksum", None) for n in (english, other) for cell in n.cells
    ]
    assert any(checksums)
    for one, two in zip(english.cells, other.cells, strict=True):
        assert (one.id, one.cell_type, one.metadata) == (two.id, two.cell_type, two.metadata)
        if one.cell_type == "code":
            assert code(one.source) == code(two.source), two.source


@pytest.mark.parametrize("name", NAMES)
def test_no_english_sentence_is_left(chinese, name):
    _, other = pair(chinese, name)
    texts = [message.id for message in texts_of(other) if message.id]
    assert len(texts) > 20
    left = [text for text in texts if not re.search("[\u4e00-\u9fff]", text)]
    # references, tables of names, and formulas with words in them
    assert [text for text in left if not re.match(r"\d\. |\$\$|!\[|\[|```|## 10\. DeepDream", text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_its_stubs_are_stubs(chinese, name):
    _, other = pair(chinese, name)
    functions = [
        cell.source for cell in other.cells if cell.cell_type == "code" and "OF YOUR CODE" in cell.source
    ]
    assert functions
    assert all(is_stub(source[source.index("def ") :]) for source in functions)
