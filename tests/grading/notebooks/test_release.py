"""The student's bundle: complete, working alone, and without a word of what is not for students."""

import ast
import importlib.metadata
import inspect
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from after_torch import AfterTorch
from nbformat import NotebookNode

from cs231n.handin.stubs import is_stub
from cs231n.report.convert import PACKAGES
from grading import assignments
from grading.assignments.registry import all_functions, notebooks
from grading.assignments.vocabulary.notebook import Notebook
from grading.errors import KitError
from grading.locations import KIT
from grading.notebooks import release
from grading.notebooks.build import read_notebook, solved_notebook
from grading.notebooks.reference import execute
from grading.notebooks.release import write_release

FIRST_PARTY = {"cs231n"}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("student") / "assignment3"
    write_release(folder)
    return folder


def written(bundle: Path) -> list[Path]:
    """What was written, without what Python keeps beside a module that a test imported."""
    return sorted(path for path in bundle.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def texts(bundle: Path) -> dict[str, str]:
    """Everything that can be read in the bundle, the stored answers unpacked."""
    found = {}
    for path in written(bundle):
        name = str(path.relative_to(bundle))
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                found[name] = "\n".join(
                    [*arrays.files, *(str(a) for a in arrays.values() if a.dtype.kind == "U")]
                )
        else:
            found[name] = path.read_text(encoding="utf-8")
    return found


def test_the_bundle_holds_what_a_student_needs_and_no_more(bundle: Path) -> None:
    assert {path.name for path in bundle.iterdir()} == {
        "notebooks", "cs231n", "datasets", "requirements.txt", "README.md", "nbgrader_config.py",
    }  # fmt: skip
    assert {path.suffix or path.name for path in written(bundle)} <= {
        ".ipynb", ".py", ".po", ".npz", ".sh", ".md", ".toml", ".txt", ".gitignore",
    }  # fmt: skip
    assert (bundle / "cs231n" / "answers" / "StyleTransfer.npz").is_file()
    assert (bundle / "datasets" / "get_squeezenet.sh").stat().st_mode & 0o111


def test_the_same_kit_gives_the_same_bundle(bundle: Path, tmp_path: Path) -> None:
    again = write_release(tmp_path / "again")
    assert [path.relative_to(tmp_path / "again") for path in again] == [
        path.relative_to(bundle) for path in written(bundle)
    ]
    for path in again:
        original = bundle / path.relative_to(tmp_path / "again")
        assert path.read_bytes() == original.read_bytes()
        assert path.stat().st_mode == original.stat().st_mode


def test_no_line_of_a_solution_is_in_the_bundle(bundle: Path) -> None:
    lines = set()
    for source in (notebook.source for notebook in notebooks()):
        for solution in re.findall(
            r"BEGIN SOLUTION(.*?)END SOLUTION", source.read_text(encoding="utf-8"), re.DOTALL
        ):
            stripped = (line.strip("# ") for line in solution.splitlines())
            lines |= {line for line in stripped if len(line) > 25}
    assert len(lines) > 50
    for name, text in texts(bundle).items():
        assert [line for line in lines if line in text] == [], name
        assert "BEGIN SOLUTION" not in text, name


def test_no_technique_that_students_write_is_in_the_bundle(bundle: Path, after_torch: AfterTorch) -> None:
    assert all((KIT / place).exists() for place in release.WITHHELD)
    assert [place for place in release.WITHHELD if (bundle / place).exists()] == []
    code = (
        "import importlib, pkgutil, cs231n.techniques as given\n"
        "names = [module.name for module in pkgutil.iter_modules(given.__path__)]\n"
        "for name in names:\n    importlib.import_module(f'cs231n.techniques.{name}')\n"
        "print(given.Unit.__name__, 'visualize' in names, 'occlusion' in names)\n"
        "try:\n    given.occlusion\nexcept ImportError as error:\n    print(error)\n"
    )
    first, second = after_torch(code, bundle).splitlines()
    assert first == "Unit True False"
    assert "it is what you write in VisualizingAndUnderstanding" in second


def test_no_function_that_is_asked_is_defined_in_the_bundle_but_as_a_stub(bundle: Path) -> None:
    """Whatever file it comes from: one that was forgotten would hand out a solution."""
    asked = {function.name for function in all_functions()}
    assert len(asked) > 15
    for path in sorted(bundle.rglob("*.py")):
        assert defined(ast.parse(path.read_text(encoding="utf-8"))) & asked == set(), path
    for path in sorted(bundle.rglob("*.ipynb")):
        for cell in read_notebook(path).cells:
            if cell.cell_type == "code":
                source = cell.source.replace("%matplotlib inline", "")
                assert is_stub(source) or defined(ast.parse(source)) & asked == set(), path


def defined(tree: ast.Module) -> set[str]:
    """The names that a module gives to something, at any depth: functions, classes, assignments and imports.

    A field of a dataclass without a value (`tv_loss: TVLoss`) is only declared.
    """
    names = set()
    declared = {id(n.target) for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) and n.value is None}
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in declared:
                names.add(name)
            case ast.alias(name=name, asname=None):
                names.add(name)
            case ast.alias(asname=str() as name):
                names.add(name)
    return names


def test_what_counts_as_defined() -> None:
    code = "def a(): pass\nasync def b(): pass\nclass c:\n def d(): pass\ne = f\nfrom g import h, i as j\nk: l\nm: n = 1"
    assert defined(ast.parse(code)) == {"a", "b", "c", "d", "e", "h", "j", "m"}


def test_the_bundle_tells_a_stub_by_itself(bundle: Path, tmp_path: Path) -> None:
    """The rule and what released stubs contain come along; of the kit nothing else is on the path."""
    command = [sys.executable, "-m", "cs231n.submit", "notebooks", "--out", str(tmp_path / "a.zip")]
    done = subprocess.run(command, cwd=bundle, capture_output=True, text=True, check=True)
    assert done.stdout.count("still a stub") == len(all_functions())


def test_no_private_check_is_in_the_bundle(bundle: Path) -> None:
    private = [check for asked in all_functions() for check in asked.checks if not check.public]
    public_titles = {check.title for asked in all_functions() for check in asked.checks if check.public}
    assert len(private) > 10
    for name, text in texts(bundle).items():
        for check in private:
            assert check.title in public_titles or check.title not in text, name
            assert check.why not in text or not check.why, name


def test_nothing_of_grading_is_in_the_bundle(bundle: Path) -> None:
    hints = [
        line for line in re.findall(r'"([^"\n]{40,})"', _mistakes_of(assignments)) if "cs231n" not in line
    ]
    assert len(hints) > 10
    for name, text in texts(bundle).items():
        if name.endswith((".py", ".ipynb")):
            assert not re.search(r"\b(from|import) grading\b", text), name
        assert [hint for hint in hints if hint in text] == [], name


def _mistakes_of(package: object) -> str:
    folder = Path(inspect.getfile(package)).parent  # type: ignore[arg-type]
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*/mistakes/**/*.py"))


def test_requirements_cover_every_import_with_an_exact_version(bundle: Path) -> None:
    pins = (bundle / "requirements.txt").read_text().splitlines()[1:]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", pin) for pin in pins)
    assert set(pins) <= set((KIT / "requirements.txt").read_text().splitlines())
    pinned = {pin.split("==")[0] for pin in pins}
    assert "nbgrader" not in pinned
    pinned |= {package.split("==")[0] for package in PACKAGES.split()}  # who wants a report installs these
    code = [path.read_text(encoding="utf-8") for path in bundle.rglob("*.py")]
    code += [
        "\n".join(c.source for c in solved_notebook(s.source).cells if c.cell_type == "code")
        for s in notebooks()
    ]
    imported = {name for text in code for name in _imports(text.replace("%matplotlib inline", ""))}
    distributions = importlib.metadata.packages_distributions()
    for name in imported - FIRST_PARTY - sys.stdlib_module_names:
        providers = {provider.lower().replace("_", "-") for provider in distributions[name]}
        assert providers & pinned or name == "IPython", (
            f"{name} comes from {providers}, which is not required"
        )


def _imports(code: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_readme_says_how_to_install_and_start(bundle: Path) -> None:
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    assert "\npython3 -m venv .venv\n.venv/bin/python -m pip install -r requirements.txt\n" in readme
    assert "\n.venv/bin/jupyter lab notebooks\n" in readme


@pytest.mark.sample()
@pytest.mark.parametrize("asked_for", notebooks(), ids=lambda notebook: notebook.name)
def test_filled_with_the_solution_the_bundle_works_alone(bundle: Path, asked_for: Notebook) -> None:
    """Every self-check is green in a real kernel; the demos run in the long test of the reference."""
    notebook = read_notebook(bundle / "notebooks" / f"{asked_for.name}.ipynb")
    solutions = {cell.id: cell.source for cell in solved_notebook(asked_for.source).cells}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = solutions[cell.id]
    _append(
        notebook, "from cs231n.datasets import registry\nprint(registry.__file__, registry.STYLES_FOLDER)"
    )
    execute(notebook, bundle, title=asked_for.name, demos=False, progress=False)
    checks = [cell for cell in notebook.cells if cell.source.startswith("check(")]
    assert len(checks) == sum(asked.notebook == asked_for.name for asked in all_functions())
    assert all("checks pass" in str(cell.outputs) for cell in checks)
    (printed,) = notebook.cells[-1].outputs
    places = ("cs231n/datasets/registry.py", "datasets/styles")
    assert printed.text.split() == [str(bundle / place) for place in places]


@pytest.mark.long  # tests/cs231n/handin/test_stubs.py tells it of each stub
@pytest.mark.parametrize("name", [notebook.name for notebook in notebooks()])
def test_with_the_stubs_each_self_check_says_what_to_do(bundle: Path, name: str) -> None:
    notebook = read_notebook(bundle / "notebooks" / f"{name}.ipynb")
    checks = [cell for cell in notebook.cells if cell.source.startswith("check(")]
    for cell in checks:
        cell.metadata.tags = ["raises-exception"]
    execute(notebook, bundle, title=name, demos=False, progress=False)
    for cell in checks:
        (error,) = [output for output in cell.outputs if output.output_type == "error"]
        assert error.ename == "AssertionError"
        if "style_loss" in cell.source:  # it comes after the Gram matrix, which is a stub here as well
            assert error.evalue == "style_loss needs your gram_matrix: fill it in and run its cell first."
            continue
        assert "not filled in yet" in error.evalue
        assert "Write your lines between START OF YOUR CODE and END OF YOUR CODE" in error.evalue


def _append(notebook: NotebookNode, code: str) -> None:
    cell = notebook.cells[-1].copy()
    cell.update(cell_type="code", id="where-from", metadata={}, source=code, outputs=[], execution_count=None)
    notebook.cells.append(NotebookNode(cell))


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert write_release(tmp_path / "empty")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_pictures_somebody_put_into_the_kit_stay_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kit"
    for package in release.COPIED:
        (folder / package / "styles").mkdir(parents=True)
        (folder / package / "__init__.py").write_text("")
        (folder / package / "styles" / "private.png").write_text("")
        (folder / package / "__pycache__").mkdir()
        (folder / package / "__pycache__" / "old.py").write_text("")
    (folder / "requirements.txt").write_text("numpy==2.4.6\n# the grader\nnbgrader==0.9.6\n")
    monkeypatch.setattr(release, "COPIED", dict.fromkeys(release.COPIED, folder))
    monkeypatch.setattr(release, "TOP_LEVEL", folder)
    written = write_release(tmp_path / "out")
    assert {path.name for path in written} == {
        "__init__.py", "requirements.txt", "README.md", "nbgrader_config.py",
        "NetworkVisualization.ipynb", "StyleTransfer.ipynb", "VisualizingAndUnderstanding.ipynb",
        "NetworkVisualization.npz", "StyleTransfer.npz", "VisualizingAndUnderstanding.npz",
    }  # fmt: skip
    assert "nbgrader" not in (tmp_path / "out" / "requirements.txt").read_text()


def test_requirements_without_a_section_for_the_grader_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==2.4.6\n")
    monkeypatch.setattr(release, "TOP_LEVEL", tmp_path)
    with pytest.raises(KitError, match="the grader"):
        release.student_requirements()
