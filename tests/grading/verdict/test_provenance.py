"""A verdict says by which code it came about: all that decides it is in the hash, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from after_torch import AfterTorch

from grading import __version__
from grading.locations import KIT
from grading.verdict.provenance import EXCEPT, code_hash, deciding_files, grader, hash_of_code, made_by

DECIDING = {
    "cs231n/a.py": b"a = 1\n# one\n",
    "cs231n/answers/c.npz": b"1\r\n2",
    "cs231n/handin/released.json": b"{}\n",
    "grading/assignments/style_transfer/checks.py": b"b = 1\n",
    "grading/verdict/grade.py": b"",
    "grading/assignments/style_transfer/notebook.py": b"",
}
OTHER = (
    "cs231n/__pycache__/a.py",
    "cs231n/.ipynb_checkpoints/a-checkpoint.py",
    "cs231n/lecture/gallery/page.py",
    "cs231n/lecture/formulas.py",
    "cs231n/a.pyc",
    "cs231n/note.md",
    "cs231n/datasets/README.md",
    "docs/conf.py",
    "grading/assignments/example_class.py",
    "grading/assignments/style_transfer/examples/right/tv_loss.py",
    "grading/notebooks/rubric_page.py",
    "grading/report/pages.py",
    "grading/results/results.schema.json",
    "tests/test_a.py",
)


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    return write(tmp_path / "kit", dict(DECIDING))


def write(kit: Path, files: dict[str, bytes]) -> Path:
    for name, raw in files.items():
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).write_bytes(raw)
    return kit


@pytest.mark.parametrize("name", DECIDING)
def test_a_change_of_any_deciding_file_is_a_change_of_the_code(name: str, kit: Path) -> None:
    before = hash_of_code(kit)
    (kit / name).write_bytes(DECIDING[name] + b"#")
    changed = hash_of_code(kit)
    (kit / name).rename(kit / name.replace(".", "2."))
    assert len({before, changed, hash_of_code(kit)}) == 3
    assert len(before) == len("sha256:") + 16


@pytest.mark.parametrize("name", OTHER)
def test_what_makes_pages_documents_or_lies_there_by_chance_is_no_part_of_the_code(
    name: str, kit: Path
) -> None:
    before = hash_of_code(kit)
    assert hash_of_code(write(kit, {name: b"anything"})) == before


def test_every_checkout_of_one_commit_has_one_hash(kit: Path, tmp_path: Path) -> None:
    """Elsewhere, with its files made in another order, and its texts with the line ends of Windows."""
    windows = {
        name: raw if name.endswith(".npz") else raw.replace(b"\n", b"\r\n")
        for name, raw in reversed(DECIDING.items())
    }
    assert hash_of_code(write(tmp_path / "elsewhere", windows)) == hash_of_code(kit)
    assert hash_of_code(write(kit, {"cs231n/answers/c.npz": b"1\n2"})) != hash_of_code(tmp_path / "elsewhere")


def test_a_change_of_a_courses_own_file_is_a_change_of_the_code_and_its_place_is_none(
    kit: Path, tmp_path: Path
) -> None:
    files = {"softmax/checks.py": b"a = 1\n", "softmax/Softmax.npz": b"1", "softmax/note.md": b"a"}
    folders = [write(tmp_path / place, files) / "softmax" for place in ("here", "there")]
    here, there = (hash_of_code(kit, [folder]) for folder in folders)
    assert here == there != hash_of_code(kit)
    (folders[0] / "note.md").write_text("b")
    assert hash_of_code(kit, folders[:1]) == here
    (folders[0] / "checks.py").write_text("a = 2\n")
    assert hash_of_code(kit, folders[:1]) != here


def test_the_code_of_a_result_is_that_of_the_resume_key() -> None:
    assert grader("s", "process").code == made_by()["code"] == code_hash()
    assert grader("s", "process").version == __version__


def test_all_code_that_a_verdict_needs_is_part_of_the_key(after_torch: AfterTorch) -> None:
    program = (
        "import sys, grading.classroom.worker\n"
        "from grading.assignments.registry import rubric\n"
        "from grading.verdict.diagnosis.diagnose import diagnose\n"
        "from grading.verdict.reference import reference_functions\n"
        "rubric(); reference_functions()\n"
        "print(*(m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)), sep='\\n')\n"
    )
    loaded = {Path(line) for line in after_torch(program, KIT).splitlines()}
    own = {path for path in loaded if path.is_relative_to(KIT) and "site-packages" not in path.parts}
    assert len(own) > 40
    assert own <= set(deciding_files())


def test_all_code_that_a_verdict_may_import_is_part_of_the_hash() -> None:
    """Also what is imported only when it is needed, on either side of the walls."""
    pending, seen = [KIT / "grading/classroom/worker.py", KIT / "grading/sandbox/inside/main.py"], set()
    while pending:
        path = pending.pop()
        if path not in seen:
            seen.add(path)
            pending += imported(path)
    assert len(seen) > 80
    assert seen <= set(deciding_files())
    assert not [path for path in seen if any(path.is_relative_to(KIT / place) for place in EXCEPT)]


def imported(path: Path) -> Iterator[Path]:
    """The kit's own modules that a module's text imports anywhere; it imports none relative to itself."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, path
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            for depth in range(1, len(parts) + 1):
                module = KIT.joinpath(*parts[:depth])
                candidates = (module.with_suffix(".py"), module / "__init__.py")
                yield from (candidate for candidate in candidates if candidate.is_file())
