"""Reader of a `course.toml`: policies and assignments. What cannot be used is refused by its key, with what to do.

docs/instructors.md shows a commented example.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cs231n.sentences import sentence
from grading.assignments.registry import all_functions, assignment, assignments, composed, shipped_notebooks
from grading.assignments.vocabulary.function import Function
from grading.course.comments import comments_of
from grading.course.settings import COURSE, UNITS, Deadline, Override, Policies, read_course
from grading.course.tables import Table, nearest, shown
from grading.errors import KitError, SubmissionError
from grading.submission import ids
from grading.submission.choice import Choice, chosen

KEYS = (
    "seed",
    "language",
    "drop",
    "points",
    "deadline",
    "submitted",
    "override",
    "comment",
    "assignments",
    "layout",
    "groups",
    "students",
)


def policies_of(course: Path, rubric: Sequence[Function], known: Sequence[Function] = ()) -> Policies:
    """Return what `course` decides about points; nothing, if there is no such file.

    Parameters
    ----------
    course : Path
        The `course.toml`.
    rubric : sequence of Function
        The functions and checks that are graded.
    known : sequence of Function
        Those of other assignments: the file may name them, too, and nothing is decided by it here.

    Raises
    ------
    KitError
        If the file cannot be read, or a key or value in it cannot be used.
    """
    if not course.exists():
        return Policies()
    top = Table(course, "", read_course(course))
    top.only(KEYS)
    asked = {function.name: function for function in rubric}
    named = {function.name: function for function in known} | asked
    drop = tuple(name for name in _drop(top, named) if name in asked)
    points = {name: p for name, p in _points(top.table("points"), named).items() if name in asked}
    submitted = top.table("submitted")
    deadline = _deadline(top) if "deadline" in top.values else None
    if deadline and not deadline.times and not submitted.values:
        raise top.error(
            "deadline",
            sentence("has no times of submission"),
            sentence(
                'add times = "nbgrader", "files", "names" or a .csv file, or a table [submitted] of students and times'
            ),
        )
    maxima = {name: _most(f, points.get(name)) for name, f in asked.items() if name not in drop}
    return Policies(
        points=points,
        drop=drop,
        deadline=deadline,
        overrides=tuple(_overrides(top, asked, named, maxima, drop)),
        comments=tuple(comments_of(top, asked, named, maxima)),
        submitted={student: submitted.time(student) for student in submitted.values},
    )


def check_students(course: Path, policies: Policies, students: Collection[str]) -> None:
    """Refuse a policy for a student whom nobody knows: it would silently do nothing.

    Raises
    ------
    KitError
        That names the nearest student there is.
    """
    extended = policies.deadline.extensions if policies.deadline else {}
    named = [("override", override.student) for override in policies.overrides]
    named += [("deadline.extensions", student) for student in extended]
    named += [("submitted", student) for student in policies.submitted]
    named += [("comment", student) for c in policies.comments if not c.group for student in c.students]
    known = {ids.key(student) for student in students}
    for table, student in named:
        if ids.key(student) not in known:
            raise KitError(
                "{course}: {table} names an unknown student, {student!r}; {nearest} Otherwise grade "
                "the whole class into one folder",
                course=course,
                table=table,
                student=student,
                nearest=nearest(student, students),
            )


def choice_of(course: Path = COURSE) -> Choice:
    """Return how a course's classes are to be read: its own pattern of paths, and its groups.

    ::

        [layout]
        pattern = '(?P<student>[a-z]+)-(?P<file>.*)'

        [groups]
        team7 = ["ada", "grace"]

    Raises
    ------
    KitError
        If the file cannot be read, the pattern cannot be used, or somebody is in two groups.
    """
    if not course.exists():
        return Choice()
    top = Table(course, "", read_course(course))
    layout, groups = top.table("layout"), top.table("groups")
    layout.only(("pattern",))
    pattern = layout.text("pattern") if layout.values else ""
    if pattern:
        try:
            chosen(pattern)
        except SubmissionError as error:
            raise layout.error("pattern", sentence("cannot be used: {error}", error=error)) from error
    return Choice(pattern, groups={name: _members(groups, name) for name in groups.values})


def _members(groups: Table, name: str) -> tuple[str, ...]:
    members = groups.values[name]
    if (
        not isinstance(members, list)
        or not members
        or not all(isinstance(m, str) and m.strip() for m in members)
    ):
        raise groups.error(
            name,
            sentence("must be a list of students, got {value}", value=shown(members)),
            sentence('write {name} = ["ada"]', name=name),
        )
    for other, people in groups.values.items():
        if other != name and isinstance(people, list):
            for member in members:
                if any(isinstance(one, str) and ids.same_person(one, member) for one in people):
                    raise groups.error(
                        name,
                        sentence("names {member!r}, who is in {other}, too", member=member, other=other),
                        sentence("remove one of the two"),
                    )
    return tuple(members)


def for_students(policies: Policies, students: Collection[str]) -> Policies:
    """Return policies with the ids that the students have here, however the course writes them (case, accents)."""
    deadline = policies.deadline
    if deadline:
        deadline = replace(deadline, extensions=ids.known_as(deadline.extensions, students))
    of = {ids.key(student): student for student in students}
    return replace(
        policies,
        deadline=deadline,
        overrides=tuple(
            replace(o, student=of.get(ids.key(o.student), o.student)) for o in policies.overrides
        ),
        comments=tuple(
            replace(c, students=tuple(of.get(ids.key(s), s) for s in c.students)) for c in policies.comments
        ),
        submitted=ids.known_as(policies.submitted, students),
    )


def composed_assignments(course: Path = COURSE) -> dict[str, str]:
    """Return the assignments that a course composes, by name: references, as `registry.assignment` takes them.

    ::

        [assignments]
        midterm = ["NetworkVisualization", "own/softmax"]

    Raises
    ------
    KitError
        If the file cannot be read, or names a notebook or folder that does not exist.
    """
    if not course.exists():
        return {}
    table = Table(course, "", read_course(course)).table("assignments")
    return {name: composed(name, _parts(table, name)) for name in table.values}


def _parts(table: Table, name: str) -> Iterable[str]:
    """Return the notebooks of a composed assignment: names of the kit's, and absolute paths of folders."""
    listed, known = table.values[name], [notebook.name for notebook in shipped_notebooks()]
    if name in assignments():
        raise table.error(
            name, sentence("is the name of an assignment of the kit"), sentence("choose another name")
        )
    if not isinstance(listed, list) or not listed or not all(isinstance(part, str) for part in listed):
        raise table.error(
            name,
            sentence("must be a list of notebooks, got {value}", value=shown(listed)),
            sentence('write {name} = ["{known}"]', name=name, known=known[0]),
        )
    for part in listed:
        folder = (table.file.parent / part).resolve()
        if part not in known and not folder.is_dir():
            remedy = sentence(
                "{nearest} Or name a folder, as seen from the folder of {file}",
                nearest=nearest(part, known),
                file=table.file.name,
            )
            raise table.error(
                name, sentence("must list notebooks and folders, got {part!r}", part=part), remedy
            )
        yield part if part in known else str(folder)


def chosen_assignment(given: str | None, course: Path = COURSE) -> str:
    """Return the reference of an assignment as a person names it: it means the same in every process and folder.

    Parameters
    ----------
    given : str, optional
        The name of one of the kit's or of the course's, or the path of a folder; the default if not given.
    course : Path
        The course's `course.toml`.

    Raises
    ------
    KitError
        If there is none of that name, or it cannot be loaded.
    """
    if not given or given in assignments():
        return assignment(given or "").name
    own = composed_assignments(course)
    if given not in own and not Path(given).is_dir() and "/" not in given:
        raise KitError(
            "no assignment is called {given!r}: write {names}, or the path of a folder",
            given=given,
            names=", ".join([*assignments(), *own]),
        )
    reference = own.get(given, str(Path(given).resolve()))
    assignment(reference)
    return reference


def functions_of_course(course: Path = COURSE) -> tuple[Function, ...]:
    """Return the functions that are known (`all_functions`) and those of the assignments that a course composes."""
    own = (assignment(reference).functions for reference in composed_assignments(course).values())
    return (*(function for functions in own for function in functions), *all_functions())


def _drop(top: Table, asked: Mapping[str, Function]) -> tuple[str, ...]:
    drop = top.values.get("drop", [])
    if not isinstance(drop, list) or not all(isinstance(name, str) for name in drop):
        raise top.error(
            "drop", sentence("must be a list of names of functions, got {value}", value=shown(drop))
        )
    Table(top.file, "drop", dict.fromkeys(drop)).only(asked, sentence("function"))
    return tuple(name for name in asked if name in drop)


def _points(table: Table, asked: Mapping[str, Function]) -> dict[str, float | dict[str, float]]:
    table.only(asked, sentence("function (keys such as drop must be above the first [table])"))
    points: dict[str, float | dict[str, float]] = {}
    for name, value in table.values.items():
        if isinstance(value, dict):
            checks = table.table(name)
            checks.only([check.id for check in asked[name].checks], sentence("check"))
            points[name] = {check: checks.number(check) for check in value}
        else:
            points[name] = table.number(name)
    return points


def _deadline(top: Table) -> Deadline:
    table = top.table("deadline")
    table.only(("at", "penalty", "per", "most", "grace_minutes", "times", "extensions"))
    times = table.text("times") if "times" in table.values else ""
    if times not in ("", "nbgrader", "files", "names") and not times.endswith(".csv"):
        raise table.error(
            "times",
            sentence('must be "nbgrader", "files", "names" or a .csv file, got {value}', value=shown(times)),
        )
    extensions = table.table("extensions")
    return Deadline(
        at=table.time("at"),
        penalty=table.number("penalty", most=100),
        per=table.one_of("per", UNITS, "day"),
        most=table.number("most", 100, most=100),
        grace_minutes=table.number("grace_minutes", 0),
        times=times,
        extensions={student: extensions.time(student) for student in extensions.values},
    )


def _overrides(
    top: Table,
    asked: Mapping[str, Function],
    named: Mapping[str, Function],
    maxima: Mapping[str, float],
    drop: Collection[str],
) -> Iterable[Override]:
    seen: set[tuple[str, str]] = set()
    for table in top.numbered("override"):
        table.only(("student", "function", "score", "reason"))
        student, function = table.text("student"), table.function(named)
        if function in drop:
            raise table.error(
                "function",
                sentence("names {function}, which is dropped", function=function),
                sentence("remove one of the two"),
            )
        if (student, function) in seen:
            raise table.error(
                "student",
                sentence("sets the same grade of {student!r} again", student=student),
                sentence("remove one of the two"),
            )
        seen.add((student, function))
        if function and function not in asked:
            continue
        most = maxima[function] if function else sum(maxima.values())
        yield Override(student, table.number("score", most=most), table.text("reason"), function)


def _most(function: Function, wanted: Any) -> float:
    """The most points of a function after `[points]`."""
    if isinstance(wanted, Mapping):
        return sum(float(wanted.get(check.id, check.points)) for check in function.checks)
    return function.points if wanted is None else float(wanted)
