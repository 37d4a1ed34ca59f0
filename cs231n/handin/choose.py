"""The choice among several files that define one function: the one rule that packer and grader share."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

# What file managers and students add to the name of a second copy.
COPY = re.compile(r"[ _-]copy\d*|\(\d+\)$|backup|[ _-]bak\b|[ _-]old\b|checkpoint", re.IGNORECASE)
# A number in a name; a longer one, which Python would not make a number of, is several.
NUMBER = r"(\d{1,18})"

# How far a function is in a file: a filled one is taken before one that cannot be run, and a stub last of all.
STATES = ("filled", "broken", "stub")


def rank(
    state: str, label: str, pattern: re.Pattern[str], *, foreign: bool = False, alias: int = 0
) -> tuple[int | str, ...]:
    """Return what the choice goes by: the least wins.

    A filled function wins over a broken one and that over a stub, PyTorch over another framework, the function's
    own name over another, a fitting file over another, an original over a copy, a notebook over a script, a later
    version over an earlier one.

    Parameters
    ----------
    state : str
        One of `STATES`.
    label : str
        The file, with its path in what was handed in.
    pattern : re.Pattern
        What the name of the function's notebook contains.
    foreign : bool
        Whether it is written for another framework.
    alias : int
        The place of the name it is defined under among those that are accepted.

    Examples
    --------
    >>> style = re.compile("Style")
    >>> rank("filled", "Style-Copy1.ipynb", style) < rank("stub", "Style.ipynb", style)
    True
    >>> rank("filled", "attempt 10/Style.ipynb", style) < rank("filled", "attempt 9/Style.ipynb", style)
    True
    >>> rank("filled", f"attempt {'1' * 5000}/Style.ipynb", style) < rank("filled", "attempt 10/Style.ipynb", style)
    True
    """
    path = PurePosixPath(label)
    return (
        STATES.index(state),
        foreign,
        alias,
        not pattern.search(path.name),
        is_copy(path.stem),
        len(path.parts),
        path.suffix.lower() != ".ipynb",
        # of names that differ by a number, the highest: the last version or attempt
        *(-int(part) if part.isdecimal() else part for part in re.split(NUMBER, path.as_posix())),
    )


def is_copy(stem: str) -> bool:
    """Whether a file's name says that it is a copy of another.

    >>> is_copy("Style (1)"), is_copy("Style")
    (True, False)
    """
    return bool(COPY.search(stem))
