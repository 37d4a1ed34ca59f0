"""Installed by pip and called from an empty folder, the kit does what it does in its repository."""

import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from grading.locations import KIT
from grading.sandbox.readable import KIT_FOLDERS
from grading.verdict.provenance import code_hash

PIP = [sys.executable, "-m", "pip"]
# What `pip install .` reads.
READ = ("setup.py", "pyproject.toml", "README.md", "LICENSE", "requirements.txt", "constraints.txt")
# Data that only a person reads, or that a command makes.
NOT_INSTALLED = {".pyc", ".ipynb"}
A_LOSS = "def tv_loss(img, tv_weight):\n    return tv_weight * (img[..., 1:] - img[..., :-1]).abs().sum()\n"
LOOKS_AROUND = """
import os, sys, grading, cs231n
def tv_loss(img, tv_weight):
    there = sorted(os.listdir(grading.__path__[0])) + os.listdir(cs231n.__path__[0])
    there += [entry for path in sys.path if path.startswith("/packages/") and os.path.isdir(path + "/grading")
              for entry in os.listdir(path + "/grading")]
    raise ValueError("I see " + " ".join(there))
"""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from a copy: setuptools leaves its own files where it builds."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in READ:
        shutil.copy(KIT / name, source)
    for name in ("cs231n", "datasets", "grading"):
        shutil.copytree(KIT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
    run(*PIP, "wheel", ".", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, cwd=source)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the kit in it, and all that it needs from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "beside.pth").write_text(sysconfig.get_path("purelib"))
    (packages / "datasets").mkdir()
    (packages / "datasets" / "__init__.py").write_text("OWNER = 'somebody else'")
    run(*PIP, "--python", folder / "bin" / "python", "install", "--no-deps", "--no-index", wheel, cwd=folder)
    return folder / "bin"


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    tracked = run("git", "ls-files", "cs231n", "grading", cwd=KIT).split("\n")
    wanted = {name for name in tracked if name and Path(name).suffix not in NOT_INSTALLED}
    assert len(wanted) > 200
    assert wanted - packed == set()
    assert {name.split("/")[0] for name in packed if ".dist-info" not in name} == {"cs231n", "grading"}


def test_another_package_called_datasets_is_found_as_ever(installed: Path, tmp_path: Path) -> None:
    code = "import cs231n.datasets.registry, datasets; print(datasets.OWNER)"
    assert run(installed / "python", "-c", code, cwd=tmp_path) == "somebody else\n"


def test_the_same_code_decides(installed: Path, tmp_path: Path) -> None:
    code = "from grading.verdict.provenance import code_hash; print(code_hash())"
    assert run(installed / "python", "-c", code, cwd=tmp_path).strip() == code_hash()


@pytest.mark.parametrize("command", [["release", "out"], ["course", "out"]], ids=lambda command: command[0])
def test_what_it_hands_out_is_what_the_repository_hands_out(
    installed: Path, tmp_path: Path, command: list[str]
) -> None:
    found = {}
    for name, start in {
        "installed": [installed / "cs231n-grading"],
        "repository": [sys.executable, "-m", "grading"],
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        target = folder / command[1]
        run(*start, command[0], target, cwd=folder if name == "installed" else KIT)
        files = (path for path in target.rglob("*") if path.is_file())
        # The files at the top of a course are its own: its seed, and where its kit is.
        found[name] = {
            str(path.relative_to(target)): path.read_bytes()
            for path in files
            if command[0] != "course" or path.parent != target
        }
    assert "cs231n/datasets/registry.py" in "".join(found["installed"])
    assert found["installed"] == found["repository"]


def test_the_autograder_of_gradescope_holds_the_same_files(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text('seed = "of a test"\n')
    run(installed / "cs231n-grading", "gradescope-autograder", "--out", "a.zip", cwd=tmp_path)
    run(
        *(sys.executable, "-m", "grading", "gradescope-autograder"),
        *("--out", tmp_path / "b.zip", "--course", tmp_path / "course.toml"),
        cwd=KIT,
    )
    with zipfile.ZipFile(tmp_path / "a.zip") as one, zipfile.ZipFile(tmp_path / "b.zip") as other:
        assert set(one.namelist()) == set(other.namelist())
        assert all(one.read(name) == other.read(name) for name in one.namelist())


def test_it_grades_and_its_solutions_stay_hidden(installed: Path, tmp_path: Path) -> None:
    assert KIT_FOLDERS == (KIT,)  # the repository is hidden whole; installed, only its two packages are
    for student, text in {"ada": A_LOSS, "grace": LOOKS_AROUND}.items():
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "StyleTransfer.py").write_text(text)
    run(installed / "cs231n-grading", "grade", "class", "--out", "graded", cwd=tmp_path)
    entries = {}
    for student in ("ada", "grace"):
        result = json.loads((tmp_path / "graded" / "results" / f"{student}.json").read_text())
        (entries[student],) = [entry for entry in result["functions"] if entry["name"] == "tv_loss"]
    assert entries["ada"]["status"] == "partial"
    seen = entries["grace"]["checks"][0]["message"]
    for name in ("__init__.py", "errors.py", "locations.py", "sandbox", "submission"):
        assert name in seen
    assert not [name for name in ("answers", "lecture", "npz") if name in seen]
    assert "assignments" not in seen
    assert (tmp_path / "graded" / "report" / "index.html").is_file()
