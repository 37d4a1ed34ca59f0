"""Pages to hand out: each student's own, in a zip by itself, or named as Moodle or Canvas takes feedback back.

Both find whose a file is by what they called it in the download. Moodle ("Upload multiple feedback files in a zip")
splits a folder's name at "_" and looks at the second part, the participant's number; Canvas ("Re-Upload Submissions")
looks at the first two parts that are numbers, a person's and an upload's.
"""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from msgspec import structs

from cs231n.language import said
from grading.assignments.vocabulary.function import Function
from grading.course.policies import NOT_FINAL, Grade, comparable_grades
from grading.course.visibility import public_checks, without_private
from grading.errors import KitError
from grading.report.pages import page_to_hand_out
from grading.results.atomic import PREFIX
from grading.results.download_names import read_download_names
from grading.results.text import page_name
from grading.submission.choice import chosen
from grading.submission.owners import Owned, owners
from grading.submission.people import ALIKE

PAGES = "pages"
# Of each platform its name, and the layouts of its downloads; an anonymous one with a number in a student's own file
# name reads as the other, too.
PLATFORMS = {"moodle": ("Moodle", ("moodle",)), "canvas": ("Canvas", ("canvas-anonymous", "canvas"))}
FORMS = (PAGES, *PLATFORMS)
# The same pages give the same zip; whoever finds one may not read it.
_DATE, _MODE = (2000, 1, 1, 0, 0, 0), 0o600


@dataclass(frozen=True)
class HandedOut:
    """The zip or folder of zips, of how many students' pages; who was held back, or why who has no name there."""

    path: Path
    count: int
    held: tuple[str, ...] = ()
    unnamed: Mapping[str, str] = field(default_factory=dict)


def hand_out(
    out: Path, form: str, target: Path | None, known: Collection[Function], *, private: bool
) -> HandedOut:
    """Write the pages of a results folder as students get them.

    A page shows nothing of other students, and nothing of private checks but their points, unless `private`.

    Parameters
    ----------
    out : Path
        What `python -m grading grade` wrote.
    form : str
        One of `FORMS`.
    target : Path, optional
        The zip to write, or the folder of zips (`pages`); by default in `out`.
    known : collection of Function
        The functions of the assignment: which checks are public, results do not say.
    private : bool
        Whether pages show titles, messages and pictures of private checks.

    Raises
    ------
    KitError
        If there are no results, they did not all come about in the same way, there is no such form, or the target
        cannot be written.
    """
    if form not in FORMS:
        raise KitError(
            "pages can be handed out as {forms}, not as {form!r}", forms=", ".join(FORMS), form=form
        )
    grades = comparable_grades(out)
    held = tuple(f"{grade.student}: {NOT_FINAL}" for grade in grades if not grade.final)
    final = [grade for grade in grades if grade.final]
    path = target or out / ("handout" if form == PAGES else f"{form}-feedback.zip")
    names, unnamed = ({}, {}) if form == PAGES else _names(form, final, read_download_names(out))
    named = final if form == PAGES else [grade for grade in final if grade.student in names]
    pages = ((grade, page_for_student(out, grade, known, private=private)) for grade in named)
    try:
        if form != PAGES and named:
            _write_zip(path, ((names[grade.student], page) for grade, page in pages))
        elif form == PAGES:
            _write_each(path, pages, alone=target is None)
    except OSError as error:
        raise KitError(
            "{path} cannot be written ({error}): name another with --out", path=path, error=error.strerror
        ) from error
    return HandedOut(path, len(named), held, unnamed)


def page_for_student(out: Path, grade: Grade, known: Collection[Function], *, private: bool) -> str:
    """Return a student's page as `hand_out` writes it."""
    public = public_checks(known)
    drawn = {f.name for f in known if f.shown and (f.name, f.shown.check) in public}
    if private:
        drawn = {function.name for function in grade.functions}
    else:
        grade = without_private(grade, public)
    notes, made_of = grade.result.notes, grade.result.note_sentences
    of_others = {place for place, note in enumerate(made_of) if note and note.id == ALIKE.id}
    own = tuple(note for place, note in enumerate(notes) if place not in of_others)
    result = structs.replace(grade.result, notes=own, note_sentences=())
    return page_to_hand_out(out, replace(grade, result=result), drawn)


def _write_each(folder: Path, pages: Iterable[tuple[Grade, str]], *, alone: bool) -> None:
    """Write a zip for each student; where the folder is the kit's `alone`, those of an earlier time go."""
    before = {*folder.glob("*.zip")} if alone else set()
    for grade, page in pages:
        path = folder / f"{PurePath(page_name(grade.student)).stem}.zip"
        _write_zip(path, [(_file(grade), page)])
        before.discard(path)
    for path in before:
        path.unlink()


def _file(grade: Grade) -> str:
    """Return what a student's page is called when it is downloaded; in it a "_" would be the platform's."""
    return page_name(f"feedback-{grade.result.assignment}".replace("_", "-"))


def _names(
    form: str, grades: Sequence[Grade], downloaded: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what a platform calls each student's page, and of whom that is not known: the student, and the remedy."""
    students_of, why = dict[str, list[str]](), dict[str, str]()
    for grade in grades:
        owned = _owned(form, downloaded.get(grade.student, ""))
        if not owned:
            why[grade.student] = said(
                "was not graded from a download of {platform}: grade that, or hand the page out with --as pages",
                platform=PLATFORMS[form][0],
            )
        elif form == "canvas" and not owned.upload:
            why[grade.student] = said(
                "has no file on Canvas, which takes pages back beside one: hand the page out with --as pages"
            )
        else:
            students_of.setdefault(f"{_called(form, owned)}{_file(grade)}", []).append(grade.student)
    for students in students_of.values():
        for student in students if len(students) > 1 else ():
            why[student] = said(
                "was handed in once for {people}, who would all get this page: hand it out with --as pages",
                people=", ".join(students),
            )
    names = {students[0]: name for name, students in students_of.items() if len(students) == 1}
    return names, dict(sorted(why.items()))


def _owned(form: str, label: str) -> Owned | None:
    """Return what the platform's layout says of a path in its download."""
    found = (owners(chosen(layout), [label], ()).get(label) for layout in PLATFORMS[form][1])
    return next(filter(None, found), None)


def _called(form: str, owned: Owned) -> str:
    """Return what stands before the page's own name."""
    _, name, number, _ = owned.owner
    if form == "moodle":
        return f"{name.replace('_', ' ')}_{number}_assignsubmission_file_/"
    # An anonymous person's own number is no number, and a part of the name.
    return f"{name.replace('_', '-')}_{number}_{owned.upload}_" if number else f"{name}_{owned.upload}_"


def _write_zip(path: Path, pages: Iterable[tuple[str, str]]) -> None:
    """Write a zip atomically, one page in memory at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{PREFIX}{secrets.token_hex(8)}")
    try:
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_DEFLATED) as archive:
            temporary.chmod(_MODE)
            for name, page in pages:
                member = zipfile.ZipInfo(name, _DATE)
                member.external_attr = _MODE << 16
                archive.writestr(member, page, zipfile.ZIP_DEFLATED)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
