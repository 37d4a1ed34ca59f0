"""Packer of the kit as an autograder that Gradescope runs: setup.sh, run_autograder, kit/."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from grading.assignments.registry import assignment, default_assignment
from grading.course.course_toml import chosen_assignment, composed_assignments
from grading.errors import KitError
from grading.locations import KIT, TOP_LEVEL

HERE = Path(__file__).parent
# What goes into the zip, and the folder it is in: in the zip the kit is as in its repository.
REQUIREMENTS = "requirements.txt"
PACKED = {
    REQUIREMENTS: TOP_LEVEL,
    "constraints.txt": TOP_LEVEL,
    "cs231n": KIT,
    "grading": KIT,
}
LEFT_OUT = {"__pycache__", "examples", "example_class.py", "attacks", "top_level"}
# What grading one upload never imports: commands, nbgrader, what makes notebooks and pages, other exports.
NOT_FOR_GRADING = {
    *(f"grading/{name}" for name in ("cli", "language", "nbgrader", "notebooks", "similar", "template")),
    "grading/report/templates",
    *(
        f"grading/{name}.py"
        for name in ("__main__", "conftest", "test_submission", "in_kernel", "nbgrader_config")
    ),
    *(
        f"grading/exports/{name}.py"
        for name in ("columns", "gradebook_csv", "handout", "people", "platforms")
    ),
    *(f"grading/exports/{name}.py" for name in ("roster", "table")),
    *(f"grading/report/{name}.py" for name in ("code", "grades_csv", "pages", "statistics")),
    *(f"grading/report/{name}.py" for name in ("class_plot", "function_pages", "grouping", "mistake_block")),
    *(f"grading/report/{name}.py" for name in ("anonymous", "item_analysis", "pseudonyms", "redaction")),
}
SUFFIXES = {".py", ".txt", ".npz", ".json", ".po"}
# Required by the kit, and not to grade one upload.
PACKAGES_LEFT_OUT = {
    *("jupyterlab", "ipywidgets", "nbgrader", "nbformat", "nbclient", "nbconvert", "jupytext"),
    *("jinja2", "typer", "rich", "pygments", "pytest"),
}
# What a cell may say (`%timeit`), IPython reads; elsewhere it comes with JupyterLab.
PACKAGES_ADDED = ("ipython",)
ONLY_WITH_CUDA = ("nvidia-", "cuda-", "triton")
# The same kit and course give the same zip.
DATE = (2000, 1, 1, 0, 0, 0)


def write_autograder(path: Path, course: Path, named: str | None = None) -> int:
    """Write the zip to upload to Gradescope, under “Configure Autograder”.

    Parameters
    ----------
    path : Path
        The zip. It holds the course's seed: it is for instructors only, readable by its owner alone.
    course : Path
        The course's `course.toml`: its seed and what it has decided.
    named : str, optional
        The assignment, a name or a folder; the default if not given. What is the course's own is packed with it.

    Returns
    -------
    int
        How many files are in it.

    Raises
    ------
    KitError
        If the course has no `course.toml`, or the zip cannot be written or cannot hold a folder of the course's own.
    """
    if not course.is_file():
        raise KitError(
            "{course} does not exist: make a course (python -m grading course DIR), then name it "
            "with --course",
            course=course,
        )
    reference = chosen_assignment(named, course)
    own = _own_folders(course, reference)
    called = assignment(reference).name
    if called not in composed_assignments(course) and assignment(reference).folders:
        called = own[
            assignment(reference).folders[0]
        ]  # as seen from the kit's folder, where it will be graded
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            run = (HERE / "run_autograder").read_text(encoding="utf-8").replace(default_assignment(), called)
            _add(archive, "setup.sh", (HERE / "setup.sh").read_bytes(), 0o755)
            _add(archive, "run_autograder", run.encode(), 0o755)
            _add(archive, "kit/course.toml", course.read_bytes(), 0o600)
            for name, file in _kit_files():
                content = file.read_bytes()
                if name == REQUIREMENTS:
                    content = "".join(f"{line}\n" for line in requirements()).encode()
                _add(archive, f"kit/{name}", content, 0o644)
            for folder, place in own.items():
                for file in _packed_files(folder):
                    _add(
                        archive,
                        f"kit/{place}/{file.relative_to(folder).as_posix()}",
                        file.read_bytes(),
                        0o644,
                    )
            return len(archive.namelist())
    except OSError as error:
        raise KitError(
            "{path} cannot be written ({strerror}): name another file with --out",
            path=path,
            strerror=error.strerror,
        ) from error


def requirements() -> list[str]:
    """Return what pip installs in the image: of the kit's requirements those that grading an upload needs."""
    lines = (TOP_LEVEL / REQUIREMENTS).read_text(encoding="utf-8").splitlines()
    needed = [line for line in lines if line and not line.startswith("#")]
    return [line for line in needed if _name(line) not in PACKAGES_LEFT_OUT] + [*PACKAGES_ADDED]


def image_size() -> int:
    """Return how many bytes the packages of the image take, as far as they are installed here as well.

    With torch for processors, which `setup.sh` asks for, the packages of CUDA are not among them.
    """
    return sum(_size(distribution(name)) for name in _closure(map(_name, requirements())))


def _closure(names: Iterable[str]) -> set[str]:
    """Return packages with all that they require, but for those of CUDA and those that are not installed."""
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name in found or name.startswith(ONLY_WITH_CUDA):
            continue
        try:
            required = map(Requirement, distribution(name).requires or ())
        except PackageNotFoundError:
            continue
        found.add(name)
        waiting += [
            _name(str(one)) for one in required if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    return found


def _name(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


def _size(package: Distribution) -> int:
    return sum(file.size or 0 for file in package.files or ())


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = mode << 16
    archive.writestr(entry, content)


def _own_folders(course: Path, reference: str) -> dict[Path, str]:
    """Return the folders outside the kit that are packed, and where: as the course's `course.toml` names them.

    One that it does not name lies in `own/`.
    """
    home, places = course.resolve().parent, {}
    for composed in composed_assignments(course).values():
        for folder in assignment(composed).folders:
            place = folder.relative_to(home) if folder.is_relative_to(home) else Path()
            if not place.parts or place.parts[0] in PACKED:
                raise KitError(
                    "{folder}, which {course} names, cannot be packed: move it into a folder of its own "
                    "in {home}",
                    folder=folder,
                    course=course,
                    home=home,
                )
            places[folder] = place.as_posix()
    for folder in assignment(reference).folders:
        places.setdefault(folder, f"own/{folder.name}")
    return places


def _kit_files() -> Iterator[tuple[str, Path]]:
    """Yield what is packed: its path in the kit, and where it is here."""
    for top, place in PACKED.items():
        whole = place / top
        for file in [whole] if whole.is_file() else _packed_files(whole):
            if _for_grading(name := file.relative_to(place).as_posix()):
                yield name, file


def _packed_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if file.is_file() and file.suffix in SUFFIXES and not LEFT_OUT & set(parts):
            yield file


def _for_grading(name: str) -> bool:
    return not any(
        path.as_posix() in NOT_FOR_GRADING for path in (PurePosixPath(name), *PurePosixPath(name).parents)
    )
