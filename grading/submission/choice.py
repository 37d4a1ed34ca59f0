"""How an instructor says that a class is to be read: a layout by its name or a pattern, one student, a class."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cs231n.sentences import sentence
from grading.errors import SubmissionError
from grading.submission.layouts import LAYOUTS, Layout

# What the layout is called that an instructor has written.
OWN = "own"


@dataclass(frozen=True)
class Choice:
    """How an instructor says that a class is to be read.

    Attributes
    ----------
    layout : str
        The name of a layout, or a pattern with named groups; "" to find out.
    one_student : bool
        Each path is one student's.
    is_class : bool
        Each path holds a class, whatever it looks like.
    groups : mapping of str to sequence of str
        A group's id -> its people.
    """

    layout: str = ""
    one_student: bool = False
    is_class: bool = False
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def with_options(self, layout: str, *, one_student: bool, is_class: bool) -> Choice:
        """Return this choice of a course, with what was said on the command line, which goes before it.

        Raises
        ------
        SubmissionError
            If more than one of them was said, or the layout is none.
        """
        if sum((bool(layout), one_student, is_class)) > 1:
            raise SubmissionError("--layout, --one-student and --class exclude one another: give one of them")
        if layout:
            chosen(layout)
        own = layout or ("" if one_student or is_class else self.layout)
        return Choice(own, one_student, is_class, self.groups)


def chosen(layout: str) -> Layout:
    """Return the layout of a name, or the one that an instructor's pattern describes.

    Raises
    ------
    SubmissionError
        If it is neither.
    """
    for known in LAYOUTS:
        if known.name == layout:
            return known
    if "(?P<" not in layout:
        raise SubmissionError(
            "no layout is called {layout!r}: name one of {names}, or write a pattern with named "
            "groups, such as (?P<student>\\w+)-(?P<file>.*)",
            layout=layout,
            names=", ".join(known.name for known in LAYOUTS),
        )
    try:
        groups = re.compile(layout).groupindex
    except re.error as error:
        raise SubmissionError(
            "the layout {layout!r} is no pattern ({error}): correct it", layout=layout, error=error
        ) from error
    if "student" not in groups:
        raise SubmissionError(
            "the layout {layout!r} has no group called student: write (?P<student>...) around "
            "what names the student",
            layout=layout,
        )
    if unknown := set(groups) - {"student", "number", "file", "attempt", "group", "other"}:
        raise SubmissionError(
            "the layout {layout!r} has the unknown group {group!r}: the groups are student, number, "
            "file, attempt, group and other",
            layout=layout,
            group=sorted(unknown)[0],
        )
    identity = "{student}_{number}" if "number" in groups else "{student}"
    return Layout(OWN, sentence("your own layout"), layout, (), identity)
