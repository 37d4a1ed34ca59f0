"""Every public function that students call has an example in its docstring, and the example is true."""

import ast
import doctest
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2]
MODULES = (
    "cs231n.class_visualization",
    "cs231n.classifiers.small",
    "cs231n.classifiers.squeezenet",
    "cs231n.data_utils",
    "cs231n.descent",
    "cs231n.frozen",
    "cs231n.image_utils",
    "cs231n.plots",
    "cs231n.style_transfer",
    *(
        f"cs231n.{folder}.{path.stem}"
        for folder in ("techniques", "lecture")
        for path in sorted((KIT / "cs231n" / folder).glob("[!_]*.py"))
    ),
)
# Of these modules students call one function; the others are the kit's own.
FUNCTIONS = (("cs231n.handin.stubs", "is_stub"), ("cs231n.self_check.check", "check"))
# What `occlusion` and `receptive_field` are built of; no person calls it.
INNER = {"cs231n.lecture.incremental", "cs231n.lecture.local_layers"}


def public_functions(module: str) -> Iterator[tuple[str, str]]:
    """Read from the text: nothing is imported before a test runs."""
    path = KIT / f"{module.replace('.', '/')}.py"
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.FunctionDef) and not statement.name.startswith("_"):
            yield module, statement.name


EXPLAINED = [
    *(found for module in MODULES if module not in INNER for found in public_functions(module)),
    *FUNCTIONS,
]


def test_the_list_holds_what_students_call() -> None:
    assert len(EXPLAINED) > 60
    assert {("cs231n.image_utils", "preprocess"), ("cs231n.techniques.grad_cam", "grad_cam")} <= set(
        EXPLAINED
    )


@pytest.mark.parametrize(("module", "name"), EXPLAINED, ids=lambda part: part.removeprefix("cs231n."))
def test_an_example_says_what_is_so(
    module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = import_module(module)
    (test,) = doctest.DocTestFinder(recurse=False).find(getattr(home, name), name, module=home)
    assert test.examples, f"{module}.{name} has no example in its docstring"
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert not said, "".join(said)
