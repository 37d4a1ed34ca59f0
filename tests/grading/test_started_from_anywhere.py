"""From wherever it is started, the kit grades, and student code that looks everywhere finds nothing private."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from grading.locations import KIT
from grading.sandbox.isolation import why_not

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(why_not("bubblewrap")), reason="no walls can be put up here"),
]

# A right total variation, unless something is found that must not be.
LOOKS_EVERYWHERE = """
import os

PRIVATE = {"course.toml", "ada.json", "grades.csv", "checks.py", "mistakes", "stored_answers.py", "answers", "lecture"}
OTHERS = {"torch", "nbgrader", "distributed", "otter"}  # packages with files of these names

def tv_loss(img, tv_weight):
    found = []
    for folder, folders, files in os.walk("/"):
        folders[:] = [name for name in folders if name not in OTHERS and folder + name not in ("/proc", "/usr")]
        found += [os.path.join(folder, name) for name in (*folders, *files) if name in PRIVATE]
        if any(name.startswith(("formulas.", "course.")) for name in files if "__pycache__" in folder):
            found.append(folder)
    if found:
        raise ValueError("found " + " ".join(found))
    dx = img[:, :, :, 1:] - img[:, :, :, :-1]
    dy = img[:, :, 1:, :] - img[:, :, :-1, :]
    return tv_weight * ((dx * dx).sum() + (dy * dy).sum())
"""


@dataclass
class Start:
    """How a command is started; the situations below change it."""

    kit: Path
    course: Path
    python: Path = Path(sys.executable)
    options: tuple[str, ...] = ()
    out: Path | None = None
    umask: int = -1
    environment: dict[str, str] = field(default_factory=lambda: {**os.environ, "OMP_NUM_THREADS": "1"})

    def grade(self) -> subprocess.CompletedProcess[str]:
        work = self.course / "class" / "ada"
        work.mkdir(parents=True)
        (work / "StyleTransfer.py").write_text(LOOKS_EVERYWHERE)
        command = [str(self.python), *self.options, "-m", "grading", "grade", "class", "--jobs", "1"]
        command += ["--out", str(self.out or "results")]
        return subprocess.run(
            command, cwd=self.course, env=self.environment, capture_output=True, text=True, umask=self.umask
        )


def copy_of_kit(start: Start, folder: Path) -> None:
    for name in ("cs231n", "grading"):
        shutil.copytree(KIT / name, folder / name, ignore=shutil.ignore_patterns("attacks", "examples"))
    shutil.copytree(KIT / "datasets", folder / "datasets")
    for name in ("requirements.txt", "constraints.txt"):
        shutil.copy(KIT / name, folder)
    (folder / "course.toml").write_text('seed = "private"\n')
    start.kit = folder
    start.environment["PYTHONPATH"] = str(folder)


def environment_in(start: Start, folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "beside.pth").write_text(sysconfig.get_path("purelib"))
    start.python = folder / "bin" / "python"


def in_the_course_itself(start: Start) -> None:
    environment_in(start, start.course)


def in_a_folder_of_results(start: Start) -> None:
    environment_in(start, start.course / "results" / "environment")


def in_the_kit_itself(start: Start) -> None:
    copy_of_kit(start, start.course.parent / "kit")
    environment_in(start, start.kit)


def with_modules_of_the_kits_names(start: Start) -> None:
    for name in ("torch.py", "numpy.py", "typer.py", "cs231n.py"):
        (start.course / name).write_text("raise RuntimeError('of the course')")
    (start.course / "cs231n.py").unlink()
    for name in ("datasets", "cs231n", "results"):
        (start.course / name).mkdir()
        (start.course / name / "ours.txt").touch()


def with_a_module_called_grading(start: Start) -> None:
    (start.course / "grading.py").write_text("raise RuntimeError('of the course')")
    start.options = ("-P",)


def by_a_strange_path(start: Start) -> None:
    copy_of_kit(start, start.course.parent / "le kit, ça marche")
    (start.course.parent / "my links").mkdir()
    (start.course.parent / "my links" / "python three").symlink_to(sys.executable)
    environment_in(start, start.course.parent / "my environment")
    start.python = start.course.parent / "my links" / ".." / "my environment" / "bin" / "python"


def into_the_kit(start: Start) -> None:
    copy_of_kit(start, start.course.parent / "kit")
    start.out = start.kit / "cs231n" / "graded"


def from_the_kit_by_a_link(start: Start) -> None:
    copy_of_kit(start, start.course.parent / "kit")
    (start.course.parent / "link").symlink_to(start.kit)
    start.environment["PYTHONPATH"] = str(start.course.parent / "link")


def by_a_user_without_a_home(start: Start) -> None:
    start.environment = {
        "PYTHONPATH": str(KIT),
        "CS231N_CACHE": str(start.course),
        "TMPDIR": str(start.course),
    }


def with_a_closed_umask(start: Start) -> None:
    start.umask = 0o077
    os.chmod(start.course, 0o700)  # noqa: PTH101
    before = os.umask(0o077)
    try:
        copy_of_kit(start, start.course.parent / "kit")
    finally:
        os.umask(before)
    for path in start.kit.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def from_a_kit_that_is_read_only(start: Start) -> None:
    copy_of_kit(start, start.course.parent / "kit")
    for path in (start.kit, *start.kit.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def ignoring_users_packages(start: Start) -> None:
    start.options = ("-s", "-P")


SITUATIONS: tuple[Callable[[Start], None], ...] = (
    in_the_course_itself,
    in_a_folder_of_results,
    in_the_kit_itself,
    with_modules_of_the_kits_names,
    with_a_module_called_grading,
    by_a_strange_path,
    into_the_kit,
    from_the_kit_by_a_link,
    by_a_user_without_a_home,
    with_a_closed_umask,
    from_a_kit_that_is_read_only,
    ignoring_users_packages,
)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.__name__)
def test_a_class_is_graded_and_its_code_finds_nothing(
    tmp_path: Path, situation: Callable[[Start], None]
) -> None:
    course = tmp_path / "course"
    course.mkdir()
    (course / "course.toml").write_text('seed = "private"\n')
    start = Start(KIT, course)
    start.environment["PYTHONPATH"] = str(KIT)
    situation(start)
    done = start.grade()
    assert done.returncode == 0, done.stdout + done.stderr
    out = start.out or course / "results"
    assert "tv_loss,10" in scores(out / "grades.csv"), said(out / "results" / "ada.json")


def scores(table: Path) -> list[str]:
    header, row = (line.split(",") for line in table.read_text(encoding="utf-8-sig").splitlines()[:2])
    return [f"{name},{value}" for name, value in zip(header, row, strict=True)]


def said(result: Path) -> set[str]:
    functions = json.loads(result.read_text())["functions"]
    return {check["message"] for function in functions for check in function["checks"]}


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = (
        f"cd '{tmp_path}/gone' && rmdir '{tmp_path}/gone' && '{sys.executable}' -m grading check x.ipynb"
    )
    environment = {**os.environ, "PYTHONPATH": str(KIT)}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "error: the current folder does not exist any more: change to one that does\n"
