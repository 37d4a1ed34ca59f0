"""Owners of paths, as a layout tells them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.submission.choice import OWN
from grading.submission.classes import Patterns
from grading.submission.layouts import BY_NAME, Layout


@dataclass(frozen=True)
class Owned:
    """A path that a layout has told the owner of; `owner` is the same for all paths of one, and for nobody else's.

    What was `given` to the owner is not the owner's work.
    """

    layout: Layout
    label: str
    owner: tuple[str, ...]
    student: str
    bare: str
    file: str
    attempt: str = ""
    group: str = ""
    upload: int = 0
    given: bool = False


def owners(
    layout: Layout, labels: Sequence[str], patterns: Patterns, start: str | None = None
) -> dict[str, Owned]:
    """Return the owners of paths by a layout; a path that is not called so is left out.

    Parameters
    ----------
    layout : Layout
    labels : sequence of str
        Paths below the class's folder; those of folders end in "/".
    patterns : sequence of re.Pattern
        What the names of the notebooks that are asked contain.
    start : str, optional
        What stands before each name, if the platform says it somewhere; by default what all share.
    """
    evident = [label for label in labels if layout.evidence and re.fullmatch(layout.evidence, label)]
    if layout.evidence and not evident:
        return {}
    compiled = re.compile(_with_notebooks(layout.pattern, patterns), re.DOTALL)
    matches = {label: found for label in labels if (found := compiled.fullmatch(label)) and found["student"]}
    told = {label: matches[label]["student"] for label in evident if label in matches}
    students = {found["student"] for found in matches.values()}
    in_own_folders = all(student in label.partition("/")[0] for label, student in told.items())
    if told and in_own_folders and 2 * len({*told.values()}) < len(students):
        return {}  # what one of many calls a folder tells nothing of the others
    if start is None and layout.shared_start and matches:
        start = _shared_start(found["student"] for found in matches.values())
    return {label: _owned(layout, label, found, start or "") for label, found in matches.items()}


def _with_notebooks(pattern: str, patterns: Patterns) -> str:
    names = "|".join(f"(?i:{notebook.pattern})" for notebook in patterns) or "(?!)"
    return pattern.replace("{notebook}", f"(?:{names})")


def _owned(layout: Layout, label: str, found: re.Match[str], start: str) -> Owned:
    groups = {name: value or "" for name, value in found.groupdict().items()}
    student, number = groups["student"].removeprefix(start), groups.get("number", "")
    first, slash, _ = label.partition("/")
    file = groups.get("file", "")
    if layout in BY_NAME or groups.get("suffix"):
        file = label  # the name is the student's own
    elif not file:
        file = label.rpartition("/")[2]
    return Owned(
        layout,
        label,
        (layout.name, groups["student"], number, first if layout.by_folder and slash else ""),
        layout.id.format(student=student, number=number) if number else student,
        student,
        file,
        groups.get("attempt", ""),
        groups.get("group", ""),
        int(groups.get("upload") or 0),
        bool(groups.get("feedback") or (layout.name == OWN and groups.get("other"))),
    )


def _shared_start(students: Iterable[str]) -> str:
    """Return what all start with, up to the last "_": the assignment's name."""
    every = sorted(students)
    first, last = every[0], every[-1]
    same = (
        len(first) - 1
        if first == last
        else next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    )
    return first[: first.rfind("_", 0, same) + 1]
