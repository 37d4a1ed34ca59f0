"""Packs what a student receives, and nothing else: the notebooks, the package they import, the folder for data."""

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from cs231n import language
from grading.assignments.registry import shipped_notebooks
from grading.assignments.vocabulary.notebook import Assignment, Notebook
from grading.errors import KitError
from grading.hidden_from_students import WITHHELD
from grading.locations import KIT, TOP_LEVEL
from grading.notebooks.build import build_notebooks
from grading.notebooks.occupied import refuse_occupied

# Of all the kit's notebooks, and of one assignment, whatever is asked in it.
README = Path(__file__).parent / "student_readme.md"
README_OF_ONE = Path(__file__).parent / "student_readme_of_one.md"
VALIDATE = KIT / "grading" / "nbgrader" / "student" / "nbgrader_config.py"
# What is copied, and the folder it is in.
COPIED = {"cs231n": KIT, "datasets": TOP_LEVEL}
ANSWERS = Path("cs231n", "answers")
KINDS = {".py", ".po", ".npz", ".sh", ".md", ".toml", ".gitignore"}
GRADER_SECTION = "# the grader"


def write_release(out: Path, assignment: Assignment | None = None) -> list[Path]:
    """Write the student's bundle into a folder.

    Parameters
    ----------
    out : Path
        A folder that does not exist yet or is empty; what a student may have worked on is never overwritten.
    assignment : Assignment, optional
        What is asked; all of the kit's notebooks if not given.

    Returns
    -------
    list of Path
        Every file of the bundle, sorted. The same kit always gives the same files, byte for byte.

    Raises
    ------
    KitError
        If `out` holds something, or cannot be written.
    """
    refuse_occupied(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as folder:
            bundle = Path(folder) / out.name
            bundle.mkdir()
            _fill(bundle, assignment)
            if out.exists():
                out.rmdir()
            bundle.rename(out)
    except OSError as error:
        raise KitError("{out} cannot be written: {strerror}. Name another folder.", out=out, strerror=error.strerror) from error
    return sorted(path for path in out.rglob("*") if path.is_file())


def _fill(bundle: Path, assignment: Assignment | None) -> None:
    wanted = assignment.notebooks if assignment else shipped_notebooks()
    build_notebooks(bundle / "notebooks", wanted)
    copy_packages(bundle, wanted)
    readme = _readme_of(assignment) if assignment else _text_of(README)
    (bundle / "README.md").write_text(readme, encoding="utf-8", newline="\n")
    (bundle / VALIDATE.name).write_bytes(VALIDATE.read_bytes())
    if (chosen := language.in_use()) != language.ENGLISH:
        (bundle / language.SETTING.relative_to(KIT)).write_text(f"{chosen}\n", encoding="utf-8", newline="\n")
    (bundle / "requirements.txt").write_text(student_requirements(), encoding="utf-8", newline="\n")


def _text_of(file: Path) -> str:
    """Return the text of a file in the language in use, `NAME.LANGUAGE.md`, where there is one."""
    translated = file.with_suffix(f".{language.in_use()}.md")
    return (translated if translated.is_file() else file).read_text(encoding="utf-8")


def _readme_of(assignment: Assignment) -> str:
    rows = [
        f"| `{notebook.name}.ipynb` | {', '.join(f'`{asked.name}`' for asked in notebook.functions)} "
        f"| {', '.join(f'{asked.points:g}' for asked in notebook.functions)} |"
        for notebook in assignment.notebooks
    ]
    text = _text_of(README_OF_ONE)
    return (
        text.replace("ASSIGNMENT", assignment.name)
        .replace("ROWS", "\n".join(rows))
        .replace("POINTS", f"{assignment.points:g}")
    )


def copy_packages(folder: Path, wanted: Collection[Notebook]) -> None:
    """Copy the packages that notebooks import into a folder, with their stored answers and no others.

    Raises
    ------
    KitError
        If the stored answers of one have not been written.
    """
    answers = [notebook.public_answers for notebook in wanted]
    for name, place in COPIED.items():
        for file in _files_for_students(name, place):
            if file.parent != KIT / ANSWERS:
                _copy(file, folder / file.relative_to(place))
    for file in answers:
        if not file.is_file():
            raise KitError(
                "{file} is missing: write it with `python -m grading reference --update` (and "
"--assignment)", file=file
            )
        _copy(file, folder / ANSWERS / file.name)


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    target.chmod(0o755 if file.suffix == ".sh" else 0o644)


def _files_for_students(name: str, place: Path) -> list[Path]:
    """The files of a folder that students get: no solutions, no caches, no pictures somebody put there."""
    files = (path for path in (place / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    known = (path for path in files if path.suffix in KINDS or path.name in KINDS)
    return sorted(path for path in known if not _is_withheld(path.relative_to(place)))


def _is_withheld(path: Path) -> bool:
    return any(place.as_posix() in WITHHELD for place in (path, *path.parents))


def student_requirements() -> str:
    """Return the kit's requirements up to those of the grader, with their exact versions.

    Raises
    ------
    KitError
        If the kit's file has no section for the grader.
    """
    path = TOP_LEVEL / "requirements.txt"
    for_students, section, _ = path.read_text(encoding="utf-8").partition(GRADER_SECTION)
    if not section:
        raise KitError("{path} has no line {grader_section!r}: put it before what only grading needs.", path=path, grader_section=GRADER_SECTION)
    pins = [line for line in for_students.splitlines() if "==" in line]
    return "\n".join(["# What the notebooks need, with the versions they were tested with.", *pins]) + "\n"
