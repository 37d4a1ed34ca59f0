"""Packer of the kit as an autograder that Gradescope runs: setup.sh, run_autograder, kit/."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from grading.assignments.registry import assignment_of, default_assignment
from grading.errors import KitError
from grading.locations import KIT, TOP_LEVEL

HERE = Path(__file__).parent
# What goes into the zip, and the folder it is in: in the zip the kit is as in its repository.
PACKED = {
    "requirements.txt": TOP_LEVEL,
    "constraints.txt": TOP_LEVEL,
    "datasets": TOP_LEVEL,
    "cs231n": KIT,
    "grading": KIT,
}
LEFT_OUT = {"__pycache__", "examples", "example_class.py", "attacks", "top_level"}
SUFFIXES = {".py", ".txt", ".npz", ".sh", ".md", ".json", ".html", ".css", ".js"}
# The same kit and course give the same zip.
DATE = (2000, 1, 1, 0, 0, 0)


def write_autograder(path: Path, course: Path, assignment: str = "") -> int:
    """Write the zip to upload to Gradescope, under “Configure Autograder”.

    Parameters
    ----------
    path : Path
        The zip. It holds the course's seed: it is for instructors only, readable by its owner alone.
    course : Path
        The course's `course.toml`: its seed and what it has decided.
    assignment : str
        What it grades; "" for the default.

    Returns
    -------
    int
        How many files are in it.

    Raises
    ------
    KitError
        If the course has no `course.toml`, or the zip cannot be written.
    """
    if not course.is_file():
        raise KitError(
            f"{course} does not exist: make a course (python -m grading course DIR), then name it with --course"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            run = (
                (HERE / "run_autograder")
                .read_text(encoding="utf-8")
                .replace(default_assignment(), assignment_of(assignment))
            )
            _add(archive, "setup.sh", (HERE / "setup.sh").read_bytes(), 0o755)
            _add(archive, "run_autograder", run.encode(), 0o755)
            _add(archive, "kit/course.toml", course.read_bytes(), 0o600)
            for name, file in _files():
                _add(archive, f"kit/{name}", file.read_bytes(), 0o644)
            return len(archive.namelist())
    except OSError as error:
        raise KitError(
            f"{path} cannot be written ({error.strerror}): name another file with --out"
        ) from error


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = mode << 16
    archive.writestr(entry, content)


def _files() -> Iterator[tuple[str, Path]]:
    """Yield what is packed: its path in the kit, and where it is here."""
    for top, place in PACKED.items():
        whole = place / top
        for file in [whole] if whole.is_file() else sorted(whole.rglob("*")):
            name = file.relative_to(place)
            if file.is_file() and file.suffix in SUFFIXES and not LEFT_OUT & set(name.parts):
                yield name.as_posix(), file
