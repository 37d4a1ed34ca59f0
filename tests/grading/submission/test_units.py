"""Claims about cutting cells: definitions, imports and constants come out whole; one error costs one block."""

from __future__ import annotations

import ast

import pytest

from cs231n.handin.cells import Cell
from grading.submission.old_python import translate
from grading.submission.units import STAR, Broken, Unit, units_of


def cut(*sources: str) -> tuple[list[Unit], list[Broken]]:
    return units_of(Cell(f"cell {number}", source) for number, source in enumerate(sources, start=1))


def names(*sources: str) -> list[tuple[str, list[str]]]:
    return [(unit.kind, sorted(unit.binds)) for unit in cut(*sources)[0]]


def test_definitions_imports_and_assignments_are_units_and_demos_are_not():
    assert names(
        "import torch, numpy as np\nfrom cs231n.image_utils import *\nk = 3\nplt.show()\n"
        "for i in range(3): print(i)\n\ndef f(x):\n    return x\n\nclass A: pass\nwhile True: pass"
    ) == [
        ("import", ["torch"]),
        ("import", ["np"]),
        ("import", [STAR]),
        ("assignment", ["k"]),
        ("definition", ["f"]),
        ("definition", ["A"]),
    ]


def test_what_a_unit_uses_are_globals_of_its_whole_body():
    (unit,), _ = cut(
        "def f(x):\n    y = x + k\n    def g(z): return torch.sum(z * y) + helper(z)\n    return g(y)"
    )
    assert unit.uses & {"k", "torch", "helper", "x", "y", "z"} == {"k", "torch", "helper"}


def test_a_definition_keeps_its_text_decorators_and_line_numbers():
    (unit,), _ = cut("\n\n@torch.no_grad()\n# why\ndef f():\n    return 1  # one\n\nf()")
    assert unit.source == "\n\n@torch.no_grad()\n# why\ndef f():\n    return 1  # one"


@pytest.mark.parametrize(
    "block",
    [
        "if USE_GPU:\n    dtype = 1\nelse:\n    dtype = 2",
        "try:\n    dtype = 1\nexcept E:\n    dtype = 2",
        "with a:\n    dtype = 1",
        "for i in b:\n    dtype = i",
    ],
)
def test_names_bound_inside_a_block_count(block):
    (unit,), _ = cut(block)
    assert "dtype" in unit.binds


@pytest.mark.parametrize(
    "cell",
    [
        "%time k = f(1)\nm = 2",
        "%%time\nk = f(1)\nm = 2",
        "if 1:\n  %time  k = f(1)\nm = 2",
        "%%capture\nk, m = 1, 2",
    ],
)
def test_what_is_assigned_in_a_timed_line_or_cell_counts(cell):
    units, broken = cut(cell)
    assert not broken
    assert {"k", "m"} <= {name for unit in units for name in unit.binds}


def test_a_line_that_only_measures_is_no_unit():
    assert names("%time\n%time f(1)\n%timeit k = 1\nm = 2") == [("assignment", ["m"])]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end):
    units, broken = cut(end.join(["import torch", "", "def f(x):", "    return x", "k = 1"]))
    assert not broken
    assert [unit.source.strip() for unit in units] == ["import torch", "def f(x):\n    return x", "k = 1"]


def test_magics_and_commands_of_the_shell_are_no_errors():
    found, broken = cut(
        "%matplotlib inline\n%load_ext autoreload\n!pip install x\nfiles = !ls\na = 1\n?a\n",
        "%%time\ndef f():\n    return 2",
        "from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content\nb = 3",
    )
    assert not broken
    assert {"a", "f", "b"} <= {name for unit in found for name in unit.binds}


def test_a_percent_sign_at_the_start_of_a_continued_line_is_an_operator():
    found, broken = cut(
        "%matplotlib inline\ndef f(x):\n    print('%d'\n% x)\n    return ('%d'\n            % x)"
    )
    assert not broken
    assert "def f" in found[-1].source


@pytest.mark.parametrize(
    "bad",
    [
        "def broken(x):\n    return x +",
        "def broken(x):\n    this note is left here\n    return x",
        "def broken(x):\n    a = 1\n\tb = 2",
        "def broken(x):\n    y = (x[0]\n    return y",
    ],
)
def test_an_error_costs_its_definition_alone_and_is_told_with_its_line(bad):
    found, broken = cut(f"a = 1\n\ndef before():\n    return 1\n\n{bad}\n\ndef after():\n    return 2\nb = 2")
    assert [sorted(unit.binds) for unit in found] == [["a"], ["before"], ["after"], ["b"]]
    (error,) = broken
    assert error.names == {"broken"}
    assert "Error" in error.message
    line = int(error.message.rpartition("line ")[2].rstrip(")"))
    assert 6 <= line <= 9


def test_a_note_in_prose_between_definitions_costs_nothing():
    found, broken = cut(
        "This is my answer, it's fine.\n\ndef f():\n    return 1\n\nAnd (here\nis more\ndef g():\n    return 2"
    )
    assert [sorted(unit.binds) for unit in found] == [["f"], ["g"]]
    assert not any(error.names for error in broken)


def test_a_docstring_at_the_margin_stays_with_its_function():
    found, _ = cut('x = = 1\ndef f(a):\n    """\nInputs:\n- a: a number\n    """\n    return a\ny = 2')
    assert [sorted(unit.binds) for unit in found] == [["f"], ["y"]]


def test_old_syntax_is_translated_and_noted():
    found, broken = cut("def f(x):\n    print 'x is', x\n    return x.cuda(async=True)")
    assert not broken
    assert found[0].translated == ("async", "print")
    assert "print('x is', x)" in found[0].source
    assert "non_blocking=True" in found[0].source


@pytest.mark.parametrize(
    "text",
    [
        "print(x)",
        "print = 3",
        "async def f(): pass",
        "printed = 1",
        "x.print",
        "# print this",
        "except (A, B):",
    ],
)
def test_what_is_not_old_is_left_alone(text):
    assert translate(text) == (text, ())


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ('f"{d["a"]} of {n}"', "f\"{d['a']} of {n}\""),
        ("f'{d['a']!r:>{w}} {', '.join(x)}'", 'f\'{d["a"]!r:>{w}} {", ".join(x)}\''),
        ('print(f"{a["b"]}", f"{c}", "d")', """print(f"{a['b']}", f"{c}", "d")"""),
    ],
)
def test_the_f_strings_of_python_312_are_translated(new, old):
    assert translate(new) == (old, ("f-string",))
    ast.parse(old)


@pytest.mark.parametrize("text", ["f\"{d['a']}\"", 'f"{{}}" + "{"', 'x = if_"a"', 'f"""{d["a"]}"""', 'f"{x'])
def test_other_f_strings_are_left_alone(text):
    assert translate(text) == (text, ())


def test_translation_keeps_the_number_of_lines():
    text = "try:\n    print 'a'\nexcept ValueError, error:\n    print error, 1,\n"
    new, done = translate(text)
    assert new == "try:\n    print('a')\nexcept ValueError as error:\n    print(error, 1)\n"
    assert done == ("print", "except")


def test_what_an_index_looks_up_is_not_bound() -> None:
    """Or a demo that masks a picture would come along with every function that uses torch."""
    (units, _) = cut("shown[:, torch.isnan(x)] *= 0.15\n(a, *b), c.d = 1, 2")
    assert [sorted(unit.binds) for unit in units] == [["shown"], ["a", "b", "c"]]
