"""What can be read inside is a list of what is needed: nothing that lies beside it comes along."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from grading.errors import SandboxError
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.locations import KIT
from grading.sandbox import readable as module
from grading.sandbox.readable import check_out_of_sight, copy_kit, kit_files, readable


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course's folder in which a command is started."""
    folder = tmp_path / "a course, née Kurs"
    (folder / "results").mkdir(parents=True)
    for name in ("course.toml", "results/ada.json"):
        (folder / name).write_text("private")
    monkeypatch.chdir(folder)
    return folder


def packages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the folders of installed packages be one of a virtual environment in a folder."""
    place = folder / "lib" / "python3.11" / "site-packages"
    place.mkdir(parents=True)
    for open_to_all in (place, *place.parents[:3]):
        open_to_all.chmod(0o755)
    monkeypatch.setattr(
        sys, "path", [*(entry for entry in sys.path if "site-packages" not in entry), str(place)]
    )
    return place


def seen(path: Path) -> bool:
    """Whether a file of this machine can be read inside."""
    what = readable(HIDDEN_FROM_CHILDREN)
    covered = {one.place for one in what.covered}
    for one in what.shown:
        if path == one.source or one.source in path.parents:
            place = one.place / path.relative_to(one.source)
            if not covered & {place, *place.parents}:
                return True
    return False


@pytest.mark.parametrize("where", [".", ".venv", "results", "results/environment"])
def test_of_an_environment_in_a_course_its_packages_alone(
    course: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    place = packages(course / where, monkeypatch)
    (place / "library.py").touch()
    assert seen(place / "library.py")
    assert not seen(course / "course.toml")
    assert not seen(course / "results" / "ada.json")


def test_a_course_in_a_folder_that_is_shown_is_covered_and_an_environment_in_it_is_not(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SYSTEM", (*module.SYSTEM, str(course.parent)))
    place = packages(course / ".venv", monkeypatch)
    (place / "library.py").touch()
    (course.parent / "beside.txt").touch()
    course.parent.chmod(0o755)
    assert seen(course.parent / "beside.txt")
    assert seen(place / "library.py")
    assert not seen(course / "course.toml")


def test_what_is_hidden_in_a_covered_folder_is_covered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = packages(tmp_path, monkeypatch)
    for folder in (place / "cs231n" / "answers", place / "grading"):
        folder.mkdir(parents=True)
    monkeypatch.setattr(module, "KIT", place)
    monkeypatch.setattr(module, "KIT_FOLDERS", (place / "grading", place / "cs231n"))
    covered = [one.source for one in readable(("cs231n/answers",)).covered]
    assert sorted(covered) == [place / "cs231n", place / "grading"]


def test_a_course_among_packages_is_refused(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = packages(course, monkeypatch)
    shutil.copy(course / "course.toml", place)
    monkeypatch.chdir(place)
    with pytest.raises(SandboxError, match=r"must be able to read: move the course"):
        readable()


def test_results_and_submissions_among_packages_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = packages(tmp_path, monkeypatch)
    with pytest.raises(SandboxError, match="use a folder elsewhere"):
        check_out_of_sight([tmp_path, place / "graded"])
    (tmp_path / "link").symlink_to(place)
    with pytest.raises(SandboxError, match="use a folder elsewhere"):
        check_out_of_sight([tmp_path / "link" / "graded"])
    check_out_of_sight([tmp_path, KIT / "graded", KIT / "cs231n" / "graded"])


def test_of_the_kit_sources_of_its_packages_and_none_of_what_is_withheld() -> None:
    files = [*kit_files(HIDDEN_FROM_CHILDREN)]
    assert Path("cs231n/trials/wire.py") in files
    assert {path.suffix for path in files} == {".py"}
    tops = {path.parts[:2] for path in files if path.parts[0] == "grading"}
    assert tops == {
        ("grading", name) for name in ("__init__.py", "errors.py", "locations.py", "sandbox", "submission")
    }
    assert not [path for path in files if {"lecture", "answers"} & set(path.parts)]


def test_what_somebody_keeps_in_the_kit_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, copy = tmp_path / "kit", tmp_path / "copy"
    for name in (
        "cs231n/__init__.py",
        "cs231n/plots.py",
        "cs231n/lecture/__init__.py",
        "cs231n/graded/results.py",
    ):
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).write_text("pass")
    for name in ("plots", "lecture/formulas"):
        compiled = kit / "cs231n" / name
        cache = compiled.parent / "__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / f"{compiled.name}.{sys.implementation.cache_tag}.pyc").touch()
    (kit / "course.toml").touch()
    monkeypatch.setattr(module, "KIT", kit)
    monkeypatch.setattr(module, "KIT_INSIDE", ("cs231n",))
    before = os.umask(0o077)
    try:
        copy.mkdir()
        copy_kit(copy, ("cs231n/lecture",))
    finally:
        os.umask(before)
    copied = sorted(path for path in copy.rglob("*") if path.is_file())
    assert [path.relative_to(copy).as_posix() for path in copied] == [
        "cs231n/__init__.py",
        f"cs231n/__pycache__/plots.{sys.implementation.cache_tag}.pyc",
        "cs231n/plots.py",
    ]
    assert {path.stat().st_mode & 0o777 for path in copied} == {0o644}
    assert copied[2].stat().st_mtime_ns == (kit / "cs231n" / "plots.py").stat().st_mtime_ns


@pytest.mark.skipif(os.getuid() != 0, reason="only root's children are other users")
def test_packages_that_a_child_could_not_read_are_said_before_anything_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = packages(tmp_path, monkeypatch) / "library"
    library.mkdir(mode=0o700)
    with pytest.raises(SandboxError, match=r"library cannot be read by other users.*chmod -R o\+rX"):
        readable()


@pytest.mark.parametrize(("named", "words"), [("", "is not found"), ("/proc/self/exe/none", "is not found")])
def test_a_python_that_cannot_be_found_is_said(
    monkeypatch: pytest.MonkeyPatch, named: str, words: str
) -> None:
    monkeypatch.setattr(sys, "executable", named)
    monkeypatch.setattr(sys, "_base_executable", named)
    with pytest.raises(SandboxError, match=words):
        module.interpreter()


def test_a_python_by_links_and_dots_is_the_file_that_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.interpreter()
    (tmp_path / "my pythons").mkdir()
    (tmp_path / "my pythons" / "python").symlink_to(real)
    (tmp_path / "link").symlink_to(tmp_path / "my pythons")
    monkeypatch.setattr(sys, "_base_executable", str(tmp_path / "my pythons" / ".." / "link" / "python"))
    assert module.interpreter() == real
