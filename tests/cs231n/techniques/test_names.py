"""What `cs231n.techniques` offers, in this repository and in a student's folder."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from cs231n import techniques
from cs231n.techniques import defaults


def in_a_fresh_interpreter(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


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


def test_a_technique_is_imported_when_it_is_asked_for() -> None:
    loaded = in_a_fresh_interpreter(
        "import sys; from cs231n.techniques import Unit, guided_backprop;"
        "print([m for m in ('cv2', 'scipy', 'cs231n.techniques.formulas') if m in sys.modules])"
    )
    assert loaded.strip() == "[]"


def test_a_module_does_not_hide_the_technique_of_its_name() -> None:
    in_a_fresh_interpreter(
        "import cs231n.techniques.occlusion; from cs231n.techniques.grad_cam import grad_cam as first;"
        "from cs231n.techniques import grad_cam, occlusion; assert grad_cam is first; assert callable(occlusion)"
    )


def test_a_student_hears_which_function_is_to_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(techniques, "pca", raising=False)
    monkeypatch.setattr(techniques, "import_module", as_in_a_students_folder)
    with pytest.raises(
        ImportError, match=r"pca is not in a student's folder: .* VisualizingAndUnderstanding"
    ):
        techniques.pca  # noqa: B018


def test_a_driver_asks_a_student_for_the_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(defaults, "import_module", as_in_a_students_folder)
    with pytest.raises(ImportError, match="dream_gradient is yours to write: pass your own dream_gradient"):
        defaults.formula("dream_gradient")


def test_a_name_that_never_was_is_no_attribute() -> None:
    assert not hasattr(techniques, "palmistry")


def as_in_a_students_folder(name: str) -> ModuleType:
    if name in {"cs231n.techniques.layout", "cs231n.techniques.formulas"}:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return import_module(name)
