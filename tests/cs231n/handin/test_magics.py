"""Claims about what Jupyter adds to Python: it becomes Python as IPython makes it, whatever stands around it."""

from __future__ import annotations

import ast

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from cs231n.handin.magics import without_magics

CELLS = [
    "%matplotlib inline\n%load_ext autoreload\nx = 1\n",
    "!pip install torch\n!!ls\nfiles = !ls *.py\nnow = %pwd\n",
    "if x:\n    %cd data\n    !ls\n",
    "!echo a \\\n  b\nx = 1\n",
    "text = '''\n%run a.py\n'''\nf(a\n% b)\n",
    "    x = 1\n    y = 2\n",
    ">>> x = 1\n>>> if x:\n...     y = 2\n",
    "In [1]: x = 1\n   ...: y = 2\n",
    "# %run a.py\nx = a % b\n",
    ",f a b\n;f a b\n/f a b\n",
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_becomes_what_ipython_makes_of_it(cell: str) -> None:
    expected = TransformerManager().transform_cell(cell)
    assert ast.dump(ast.parse(without_magics(cell))) == ast.dump(ast.parse(expected))


@pytest.mark.parametrize("line", ["?f", "f?", "f??", "x.y?", "x[0]?", "%time?", "Isn't it so?"])
def test_a_question_is_no_error(line: str) -> None:
    (asked, last) = ast.parse(without_magics(f"{line}\nx = 1")).body
    assert isinstance(asked, ast.Expr)
    assert isinstance(last, ast.Assign)


@pytest.mark.parametrize("line", ["x = 'why?'", "f()  # why?", "x = (1  # why?\n)", '"""\nWhy?\n"""'])
def test_a_question_in_a_string_or_a_comment_is_left_alone(line: str) -> None:
    assert without_magics(line) == line


def test_a_thousand_magics_are_translated() -> None:
    assert len(ast.parse(without_magics("%y\n" * 1_000)).body) == 1_000


@pytest.mark.parametrize(
    "cell", ["%y\n\nx = 1", "!a \\\n b\n\nx = 1", "\n\n%%time\nx = 1", "f?\n>>> y\nx = 1"]
)
def test_lines_keep_their_numbers(cell: str) -> None:
    found = ast.parse(without_magics(cell)).body[-1].lineno
    assert found == cell.count("\n") + 1


@pytest.mark.parametrize("magic", ["time", "capture out", "timeit -n 1", "python", "prun"])
def test_a_cell_of_python_counts(magic: str) -> None:
    assert [type(node) for node in ast.parse(without_magics(f"%%{magic}\nx = 1")).body] == [ast.Assign]


@pytest.mark.parametrize("magic", ["bash", "html", "javascript", "!", "script perl"])
def test_a_cell_of_something_else_is_no_code(magic: str) -> None:
    assert not without_magics(f"%%{magic}\nx = 1\ndef f(): pass").strip()
