"""Course folder: a private seed, and what nbgrader needs to run this assignment."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Collection
from pathlib import Path

from cs231n.language import ENGLISH, in_use, said, shown
from cs231n.sentences import sentence
from grading.assignments.registry import assignment, assignments
from grading.assignments.vocabulary.notebook import Assignment, Notebook
from grading.course.course_toml import chosen_assignment, composed_assignments
from grading.errors import KitError
from grading.locations import KIT
from grading.notebooks.build import write_sources
from grading.notebooks.release import copy_packages, student_requirements

_ABOUT = sentence(
    "What this course has decided. Keep this file to yourselves: the inputs of the private checks follow from the seed."
)
# In an existing course.toml, which may have its table already, people write this themselves.
_OWN_ASSIGNMENT = """
# {about}
[assignments]
{name} = [{folder}]
"""
_SETTINGS = """\
import sys
from pathlib import Path

sys.path.insert(0, {kit!r})
from grading.nbgrader.config import configure

configure(get_config(), Path(__file__).parent)
"""
_NBGRADER_CONFIG = """\
# nbgrader's configuration of this course. The kit's settings come first; your own, below, win.
{settings}
c.CourseDirectory.course_id = {course_id!r}
"""


def write_course(folder: Path, named: str | None = None) -> list[str]:
    """Write what a course needs into a folder, which may be that of an nbgrader course already.

    Parameters
    ----------
    folder : Path
        Made if it does not exist. A `course.toml` or `nbgrader_config.py` that is there is left alone.
    named : str, optional
        The one assignment whose source is written, a name or a folder; all of the kit's and the course's if not given.

    Returns
    -------
    list of str
        What was done and what is left to do, in sentences.

    Raises
    ------
    KitError
        If the folder holds a source of the assignments already, or cannot be written.
    """
    course = folder / "course.toml"
    composed = composed_assignments(course)
    references = [chosen_assignment(named, course)] if named else [*assignments(), *composed.values()]
    wanted = [assignment(reference) for reference in references]
    sources = {one.name: folder / "source" / one.name for one in wanted}
    for source in sources.values():
        if source.exists():
            raise KitError(
                "{source} exists: remove it to have it written anew, or name another folder", source=source
            )
    done = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unknown = [one for one in wanted if one.folders and one.name not in composed]
        done.append(_write_seed(course, "".join(map(_own_assignment, unknown))))
        done.append(_write_config(folder / "nbgrader_config.py"))
        for one in wanted:
            _write_source(sources[one.name], one.notebooks)
    except OSError as error:
        raise KitError(
            "{folder} cannot be written ({strerror}): name another folder",
            folder=folder,
            strerror=error.strerror,
        ) from error
    done += [
        sentence(
            "{source}: solved notebooks; next, in {folder}: nbgrader generate_assignment {name}",
            source=source,
            folder=folder,
            name=name,
        )
        for name, source in sources.items()
    ]
    return done


def _write_source(folder: Path, notebooks: Collection[Notebook]) -> None:
    """Write an assignment's notebooks with solutions, and beside them what they import."""
    write_sources(folder, notebooks)
    copy_packages(folder, notebooks)
    (folder / "requirements.txt").write_text(student_requirements(), encoding="utf-8", newline="\n")


def _own_assignment(one: Assignment) -> str:
    """Return the lines by which a course.toml knows an assignment, so that autograder cells find its functions."""
    about = said("Assignments of this course: names of the kit's notebooks, and folders as seen from here.")
    return _OWN_ASSIGNMENT.format(
        about=about, name=one.name, folder=", ".join(json.dumps(str(f)) for f in one.folders)
    )


def _write_seed(path: Path, own: str) -> str:
    """Write a random seed where only its owner can read it, from the first moment on; and what else is the course's."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        template = "{path}: kept as it is; add to it:\n{own}" if own else "{path}: kept as it is"
        return sentence(template, path=path, own=own)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(f"# {shown(_ABOUT)}\n{_language()}seed = {json.dumps(secrets.token_hex(32))}\n{own}")
    return sentence("{path}: a new private seed, readable by you alone", path=path)


def _language() -> str:
    """Return the line for the language in which the course is made: its pages and messages are in it, too."""
    return "" if in_use() == ENGLISH else f"language = {json.dumps(in_use())}\n"


def _write_config(path: Path) -> str:
    settings = _SETTINGS.format(kit=str(KIT))
    if path.exists():
        return sentence(
            "{path}: kept as it is; add to it, near its beginning:\n\n{settings}",
            path=path,
            settings=settings,
        )
    course_id = re.sub(r"\W+", "_", path.resolve().parent.name) or "course"
    path.write_text(_NBGRADER_CONFIG.format(settings=settings, course_id=course_id), encoding="utf-8")
    return sentence("{path}: nbgrader's settings", path=path)
