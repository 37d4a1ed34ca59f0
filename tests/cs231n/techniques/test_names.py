"""What `cs231n.techniques` offers, and what it leaves to students."""

import ast
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from after_torch import AfterTorch

from cs231n import lecture, techniques


def test_every_name_is_there() -> None:
    for name in techniques.__all__:
        assert callable(getattr(techniques, name)), name


def test_what_a_type_checker_sees_is_the_table() -> None:
    tree = ast.parse(Path(str(techniques.__file__)).read_text())
    imports = {
        (alias.asname, str(node.module).rpartition(".")[2])
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("cs231n.techniques.")
        for alias in node.names
    }
    assert imports == set(techniques._MODULE_OF.items())


def test_a_technique_is_imported_when_it_is_asked_for_and_not_hidden_by_the_module_of_its_name(
    after_torch: AfterTorch,
) -> None:
    loaded = after_torch(
        "import sys; from cs231n.techniques import Unit, guided_backprop;"
        "print([m for m in ('cv2', 'scipy', 'cs231n.techniques.texture') if m in sys.modules]);"
        "import cs231n.techniques.texture; from cs231n.techniques.grad_cam import grad_cam as first;"
        "from cs231n.techniques import grad_cam, texture; assert grad_cam is first; assert callable(texture)",
        Path(),
    )
    assert loaded.strip() == "[]"


@pytest.mark.parametrize("name", techniques.WRITTEN)
def test_who_looks_here_for_what_students_write_hears_so(name: str) -> None:
    with pytest.raises(
        ImportError, match=f"{name} is not in .*what you write in VisualizingAndUnderstanding"
    ):
        getattr(techniques, name)


@pytest.mark.parametrize("name", techniques.WRITTEN)
def test_what_students_write_is_complete_in_the_lecture(name: str) -> None:
    homes = [module.name for module in pkgutil.iter_modules(lecture.__path__)]
    found = [home for home in homes if callable(getattr(import_module(f"cs231n.lecture.{home}"), name, None))]
    assert found


def test_a_name_that_never_was_is_no_attribute() -> None:
    assert not hasattr(techniques, "palmistry")


def test_nothing_beside_the_lecture_imports_it() -> None:
    folder = Path(str(techniques.__file__)).parents[1]
    for path in folder.rglob("*.py"):
        if "lecture" not in path.relative_to(folder).parts:
            assert "cs231n.lecture" not in path.read_text(encoding="utf-8"), path
