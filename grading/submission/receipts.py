"""Receipts of Blackboard: a text beside each attempt, whose first line ends in the user name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grading.submission.handed_in import File
from grading.submission.layouts import Layout

# All of a class say the same of the assignment's name.
READ = 20
_FIRST_LINE_LIMIT = 2_000
_USER = re.compile(r"[^\r\n]*\(([^()\r\n]+)\)\s*")


def start_of_names(layout: Layout, files: Sequence[File]) -> str | None:
    """Return what stands before the user name in every name of a download, by its receipts; None, if none says it.

    Without it, names that all begin alike ("s_1", "s_2") are taken for a part of the assignment's.
    """
    starts = set(_starts(layout, files))
    return starts.pop() if len(starts) == 1 else None


def _starts(layout: Layout, files: Iterable[File]) -> Iterable[str]:
    pattern = re.compile(layout.pattern, re.DOTALL)
    receipts = (
        (found["student"], file)
        for file in files
        if (found := pattern.fullmatch(file.label)) and found["other"]
    )
    for (student, file), _ in zip(receipts, range(READ), strict=False):
        try:
            with file.path.open("rb") as opened:
                text = opened.read(_FIRST_LINE_LIMIT).decode("utf-8", "replace")
        except OSError:
            continue
        user = _USER.fullmatch(text.partition("\n")[0])
        if user and f"_{student}".endswith(f"_{user[1]}"):
            yield student.removesuffix(user[1])
