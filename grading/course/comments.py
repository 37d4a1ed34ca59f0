"""Comments of a course, `[[comment]]` in its `course.toml`: on a mistake, on a group of the class, on one student."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cs231n.sentences import listed, sentence
from grading.assignments.vocabulary.function import Function
from grading.course.settings import Comment, Policies
from grading.course.tables import Table, nearest
from grading.errors import KitError
from grading.results.groups import Group
from grading.verdict.diagnosis.detectors import GENERAL

TARGETS = ("mistake", "group", "student")
# What is only described has a name that is made as it is seen: no list has it.
OBSERVED = "observed-"


def comments_of(
    top: Table, asked: Mapping[str, Function], named: Mapping[str, Function], maxima: Mapping[str, float]
) -> Iterator[Comment]:
    """Yield the comments of a course.

    Parameters
    ----------
    top : Table
        The course.toml.
    asked, named : mapping
        The functions that are graded, and all that may be named: a comment on another is none here.
    maxima : mapping
        Function -> its most points; a dropped one has none.

    Raises
    ------
    KitError
        If a key or value cannot be used.
    """
    mistakes = {name: _mistakes(function) for name, function in named.items()}
    for table in top.numbered("comment"):
        table.only((*TARGETS, "function", "text", "points"))
        targets = [key for key in TARGETS if key in table.values]
        if len(targets) != 1:
            found = listed(targets) if targets else sentence("none of them")
            wrong = sentence(
                "must name one of {targets}; got {found}", targets=", ".join(TARGETS), found=found
            )
            raise table.error("", wrong)
        comment = Comment(table.text("text").strip(), function=table.function(named))
        if targets == ["mistake"]:
            comment = replace(comment, mistake=_mistake(table, comment.function, mistakes))
        elif targets == ["group"]:
            group = table.text("group")
            comment = replace(comment, group=group, function=_function_of(table, group, named))
        else:
            comment = replace(comment, students=(table.text("student"),), function=table.text("function"))
        parts = comment.mistake.split("+")
        functions = (
            [comment.function] if comment.function else [n for n in asked if _knows(mistakes[n], parts)]
        )
        if asked.keys() & functions:
            yield replace(comment, points=_points(table, [maxima.get(name, 0.0) for name in functions]))


def _mistakes(function: Function) -> set[str]:
    own = (*function.mistakes, *(detector.mistake for detector in function.detectors))
    return {mistake.id for mistake in (*own, *(general for general, _, _ in GENERAL))}


def _knows(known: Collection[str], parts: Iterable[str]) -> bool:
    return all(part in known or part.startswith(OBSERVED) for part in parts)


def _mistake(table: Table, function: str, mistakes: Mapping[str, set[str]]) -> str:
    """Return the name of a mistake, of which each part is known in the function, or in any."""
    mistake = table.text("mistake")
    known = mistakes[function] if function else set().union(*mistakes.values())
    for part in mistake.split("+"):
        if not _knows(known, [part]):
            raise table.error(
                "mistake", sentence("names an unknown mistake, {name!r}", name=part), nearest(part, known)
            )
    return mistake


def _function_of(table: Table, group: str, named: Mapping[str, Function]) -> str:
    function, _, number = group.rpartition("-")
    if function not in named or not re.fullmatch(r"\d+", number):
        some = next(iter(named))
        raise table.error(
            "group",
            sentence(
                "must be a function, - and a number, as {some}-1; got {group!r}", some=some, group=group
            ),
            nearest(group, [f"{name}-{number}" for name in named] if number.isdecimal() else named),
        )
    return function


def _points(table: Table, maxima: Sequence[float]) -> float:
    if not any(maxima) and "points" in table.values:
        raise table.error(
            "points", sentence("would be of a function that counts nothing"), sentence("remove the points")
        )
    return table.number("points", 0.0, max(maxima), -max(maxima))


def check_groups(course: Path, comments: Iterable[Comment], groups: Sequence[Group], out: Path) -> None:
    """Refuse a comment on a group that a graded folder does not have.

    Raises
    ------
    KitError
        That names the nearest group there is.
    """
    known = [group.id for group in groups]
    for comment in comments:
        if comment.group and comment.group not in known:
            template = (
                "{out} has no groups yet: grade without the comment first, or copy groups.json into it from the folder "
                "that the comment was written for."
            )
            remedy = nearest(comment.group, known) if known else sentence(template, out=out)
            raise KitError(
                "{course}: comment names an unknown group, {group!r}; {remedy}",
                course=course,
                group=comment.group,
                remedy=remedy,
            )


def with_groups(policies: Policies, groups: Iterable[Group]) -> Policies:
    """Return policies whose comments on groups name the students who are in these now."""
    members = {group.id: group.students for group in groups}
    return replace(
        policies,
        comments=tuple(
            replace(comment, students=members.get(comment.group, ())) if comment.group else comment
            for comment in policies.comments
        ),
    )
