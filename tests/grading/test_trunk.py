"""The trunk knows no function and no notebook: what is true of one of them stands in its room alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.assignments.registry import notebooks

KIT = Path(__file__).parents[2]
ROOMS = ("assignments", "attacks")
CS231N = ("self_check", "trials", "submit.py")
NAMES = {name for notebook in notebooks() for function in notebook.functions for name in function.names}
NAMES |= {notebook.name for notebook in notebooks()} | {notebook.folder.name for notebook in notebooks()}


def trunk() -> list[Path]:
    """The modules of `grading/` outside its rooms, and those of `cs231n` that judge and pack any function."""
    grading = KIT / "grading"
    own = [path for path in grading.rglob("*.py") if path.relative_to(grading).parts[0] not in ROOMS]
    shared = [KIT / "cs231n" / name for name in CS231N]
    return [*own, *(path for one in shared for path in ([one] if one.is_file() else one.rglob("*.py")))]


def words(text: str) -> Iterator[tuple[int, str]]:
    """The line and text of each identifier, of each part of an import, and of each string that is no docstring."""
    tree = ast.parse(text)
    statements = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    docstrings = {id(value) for value in statements if isinstance(value, ast.Constant)}
    for node in ast.walk(tree):
        for word in _words_of(node) if id(node) not in docstrings else ():
            yield getattr(node, "lineno", 0), word


def _words_of(node: ast.AST) -> list[str]:
    match node:
        case (
            ast.Name(id=name)
            | ast.Attribute(attr=name)
            | ast.FunctionDef(name=name)
            | ast.ClassDef(name=name)
        ):
            return [name]
        case ast.arg(arg=name) | ast.keyword(arg=str(name)) | ast.Constant(value=str(name)):
            return [name]
        case ast.ImportFrom(module=str(module)):
            return module.split(".")
        case ast.alias(name=name, asname=other):
            return [*name.split("."), *([other] if other else [])]
    return []


def test_no_word_of_the_trunk_is_the_name_of_a_function_or_a_notebook() -> None:
    found = [
        f"{path.relative_to(KIT)}:{line}: {word}"
        for path in trunk()
        for line, word in words(path.read_text(encoding="utf-8"))
        if word in NAMES
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "ABOUT = 'tv_loss'",
        "tv_loss(img, 1)",
        "student.tv_loss",
        "def judged(tv_loss): ...",
        "judged(tv_loss=1)",
        "def tv_loss(): ...",
        "def make_adversarial_attack(): ...",
        "import kit.tv_loss as loss",
        "from grading.assignments.style_transfer import checks",
        "NOTEBOOK = {'StyleTransfer': 1}",
    ],
)
def test_such_a_word_is_found_wherever_it_stands(line: str) -> None:
    assert NAMES & {word for _, word in words(line)}


@pytest.mark.parametrize(
    "line", ['"""tv_loss"""', "def judged():\n    'tv_loss'", "# tv_loss", "TEXT = 'of tv_loss'"]
)
def test_documentation_and_sentences_may_name_one(line: str) -> None:
    assert not NAMES & {word for _, word in words(line)}


def test_the_trunk_is_all_that_grades() -> None:
    files = {path.relative_to(KIT).as_posix() for path in trunk()}
    assert {"grading/verdict/judge.py", "grading/submission/select.py", "cs231n/self_check/check.py"} <= files
    assert not any(name.startswith("grading/assignments/") for name in files)
