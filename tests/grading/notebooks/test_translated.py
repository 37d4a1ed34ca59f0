"""Notebooks in Chinese: every text translated, and cell by cell the code, ids and points of the English ones."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from cs231n import language
from cs231n.handin.magics import without_magics
from cs231n.handin.stubs import is_stub
from grading.assignments.example_class import EXAMPLES
from grading.assignments.registry import notebooks, shipped_notebooks
from grading.locations import TOP_LEVEL
from grading.notebooks import fill
from grading.notebooks.build import build_notebooks, read_notebook
from grading.notebooks.fill import write_class
from grading.notebooks.translated import texts_of

from ..verdict.test_grade import graded

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


class WithoutWords(ast.NodeTransformer):
    """Drops what may differ: docstrings, and the words (not the values) told by print, an error or a progress bar."""

    def visit_FunctionDef(self, node):
        if ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_Call(self, node):
        if ast.unparse(node.func) == "print":
            node.args = [self.blank(value) for value in node.args]
        for keyword in node.keywords:
            keyword.value = self.blank(keyword.value) if keyword.arg == "desc" else keyword.value
        return self.generic_visit(node)

    def visit_Raise(self, node):
        node.exc.args = [self.blank(value) for value in node.exc.args]
        return node

    def blank(self, value):
        if isinstance(value, ast.JoinedStr):
            value.values = [part for part in value.values if isinstance(part, ast.FormattedValue)]
        return ast.Constant("") if isinstance(value, ast.Constant) else value


def code(source):
    """What a cell does: its syntax tree, without comments and without words that a person is told."""
    return ast.unparse(WithoutWords().visit(ast.parse(without_magics(source))))


def test_only_words_may_differ_in_code():
    tells = 'raise ValueError(f"no {x}")\nprint(f"{x:.2f} of", "them", y)\nfor i in tqdm(x, desc="layers"): f("z")'
    assert code(tells) == code(
        tells.replace("no ", "没有").replace("of", "个").replace("them", "图").replace("layers", "层")
    )
    assert all(
        code(tells) != code(tells.replace(*other))
        for other in [("x:.2f", "y:.2f"), (", y", ""), ('"z"', '"y"'), ("y", "z")]
    )


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


@pytest.fixture
def handed_in(tmp_path, examples, chinese, monkeypatch):
    """The example class in Chinese notebooks, every other one with its first notebook in English."""
    fill._student_notebook.cache_clear()
    monkeypatch.setattr(fill, "STUDENT_NOTEBOOKS", chinese)
    write_class(tmp_path, EXAMPLES)
    fill._student_notebook.cache_clear()
    for example in EXAMPLES[::2]:
        name = f"{notebooks()[0].name}.ipynb"
        (tmp_path / example.name / name).write_bytes((examples / example.name / name).read_bytes())
    return tmp_path


def test_the_examples_get_their_verdicts_in_chinese_and_in_both_languages(handed_in, sandbox):
    texts = "".join(path.read_text(encoding="utf-8") for path in handed_in.glob("*/*.ipynb"))
    assert len(re.findall("[\u4e00-\u9fff]", texts)) > 100_000
    found, expected = {}, {}
    for example in EXAMPLES:
        result = graded(handed_in / example.name, sandbox)
        found[example.name] = (
            result["score"],
            {
                entry["name"]: (entry["score"], entry["status"], (entry["diagnosis"] or {"id": ""})["id"])
                for entry in result["functions"]
                if entry["status"] != "correct"
            },
        )
        expected[example.name] = (
            example.score,
            {flaw.function: (flaw.points, flaw.status, flaw.diagnosis) for flaw in example.flaws},
        )
    assert found == expected
