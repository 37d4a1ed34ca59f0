"""Examples: solutions of a function, right or wrong, as people write them; and the class that is made of some.

A room keeps them in `examples/`, one file for each function, in jupytext's percent format, one cell for each example:

- `right/`: functions that must get full marks. The heading says what is unusual.
- `wrong/`: functions whose mistakes must be named. The heading is `id+id: what is special`.
- `students/`: lines as students of the example class put them between the markers of a notebook. The heading is the
  student or the mistake.

A cell that is one before it but for a line or two says so; what is replaced stands exactly once in that one:

    # %% tv-half: half the squares
    # as "all in one line", with
    #     tv_weight => tv_weight / 2

Or it names the first and the last of the lines that it replaces, by a text that stands once in that one:

    # %% tv-absolute: absolute differences
    # as "a loop over rows", from "down =" to "loss +="
            loss += (row - last).abs().sum()

Who wrote the recipe of a function and who wrote an example stay apart: an example is written as a student would write
it, without a look at the recipe. Otherwise both sides of a test say what one person thought.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_CELL = re.compile(r"^# %% (.+)\n((?:(?!# %%).*\n)+)", re.MULTILINE)
_AS_ANOTHER = re.compile(r'# as "(.+)", with((?:\n#     .+ => .+)+)')
_OTHER_LINES = re.compile(r'# as "(.+)", from "(.+)" to "(.+)"\n((?:.*\n?)+)')


@dataclass(frozen=True)
class Flaw:
    """A function that is not right: the heading of its lines ("" for the stub), and the verdict it must get."""

    function: str
    lines: str
    points: float
    status: str
    diagnosis: str = ""


@dataclass(frozen=True)
class Example:
    """One submission of the example class, and the verdict it must get.

    Attributes
    ----------
    name : str
        Its folder, which says what it is.
    shows : str
        What it shows, in a few words.
    score : float
        Its points.
    lines : mapping
        Function -> the lines between its markers; a function that is not named keeps its stub.
    own_cells : mapping
        Function -> the text of a cell that the student put before it.
    flaws : tuple of Flaw
        The functions that are not right; all others must be correct.
    """

    name: str
    shows: str
    score: float
    lines: Mapping[str, str]
    own_cells: Mapping[str, str] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()


def cells_in(path: Path) -> list[tuple[str, str]]:
    """Return heading and text of each cell of a file in the percent format."""
    cells: list[tuple[str, str]] = []
    for heading, source in _CELL.findall(path.read_text(encoding="utf-8")):
        cells.append((heading, _written_out(source.strip("\n"), cells)))
    return cells


def _written_out(source: str, cells: Sequence[tuple[str, str]]) -> str:
    """Return the text of a cell: as it stands, or another's with what is replaced in it."""
    if found := _AS_ANOTHER.fullmatch(source):
        title, lines = found.groups()
        text = _titled(title, cells)
        for line in lines.split("\n#     ")[1:]:
            old, new = line.split(" => ")
            text = text.replace(_once(old, text, title), new)
        return text
    if found := _OTHER_LINES.fullmatch(source):
        title, first, last, lines = found.groups()
        text = _titled(title, cells)
        before = text[: text.index(_once(first, text, title))].rpartition("\n")[0]
        behind = text[text.index(_once(last, text, title)) :].partition("\n")[2]
        return "\n".join((before, lines, behind)).strip("\n")
    return source


def _titled(title: str, cells: Sequence[tuple[str, str]]) -> str:
    (text,) = (text for heading, text in cells if heading == title or heading.endswith(f": {title}"))
    return text


def _once(part: str, text: str, title: str) -> str:
    if text.count(part) != 1:
        raise ValueError(f"{part!r} stands {text.count(part)} times in {title!r}, expected once")
    return part
