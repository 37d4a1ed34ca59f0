"""Plot of a class for a slide: a bar for each function, its groups side by side, the frequent mistakes below it."""

from __future__ import annotations

import statistics
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from cs231n.language import said, translation
from grading.report.statistics import Row

if TYPE_CHECKING:
    from grading.report.function_pages import ShownGroup

# In units of the picture, which is as wide as a slide; letters of a line of text; mistakes named below a bar.
WIDTH, LEFT, ROW, TOP = 1280, 40, 104, 130
BAR = WIDTH - 2 * LEFT
LETTERS, NAMED = 60, 2
COLOURS = {"right": "#0a6b52", "named": "#ad2a1a", "unnamed": "#b97a10", "blank": "#c9cbd2"}
# Narrower pieces have no number in them.
WIDE = 30


@dataclass(frozen=True)
class Piece:
    """A piece of a bar: "right", "named", "unnamed" or "blank", where it stands, how many students it is."""

    kind: str
    x: float
    width: float
    count: int


@dataclass(frozen=True)
class Bar:
    """A function: its mean points in percent, its groups, and its most frequent mistakes in a line each."""

    name: str
    y: int
    mean: float
    pieces: tuple[Piece, ...]
    mistakes: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Plot:
    """What ``class.svg`` draws of a class of `count`."""

    count: int
    bars: tuple[Bar, ...]

    width, left, bar, wide, colours = WIDTH, LEFT, BAR, WIDE, COLOURS

    @property
    def height(self) -> int:
        """Of the picture."""
        return TOP + ROW * len(self.bars) + 20

    @property
    def title(self) -> str:
        """What it shows."""
        return said("What a class of {count} did, function by function", count=self.count)

    @property
    def legend(self) -> dict[str, str]:
        """What the colours mean."""
        words = (
            translation("correct"),
            said("a named mistake"),
            said("wrong, unnamed"),
            said("stub or missing"),
        )
        return dict(zip(COLOURS.values(), words, strict=True))


def class_plot(rows: Sequence[Row], functions: Mapping[str, Sequence[ShownGroup]]) -> Plot:
    """Return the plot of a class, of its groups by function."""
    shares: dict[str, list[float]] = {}
    for cell in (cell for row in rows for cell in row.cells):
        shares.setdefault(cell.name, []).append(cell.share)
    bars = [
        Bar(
            name=name,
            y=TOP + number * ROW,
            mean=statistics.fmean(shares.get(name) or [0.0]),
            pieces=tuple(_pieces(groups)),
            mistakes=tuple(
                (
                    one.size,
                    _short(one.headline if one.group.is_named or one.verdict.diagnosis else said("unnamed")),
                )
                for one in _wrong(groups)[:NAMED]
            ),
        )
        for number, (name, groups) in enumerate(functions.items())
    ]
    return Plot(len(rows), tuple(bars))


def _wrong(groups: Sequence[ShownGroup]) -> list[ShownGroup]:
    return [one for one in groups if _kind(one) in ("named", "unnamed")]


def _kind(one: ShownGroup) -> str:
    whole = {"correct": "right", "stub": "blank", "missing": "blank"}
    return whole.get(one.group.status) or ("named" if one.group.mistake else "unnamed")


def _pieces(groups: Sequence[ShownGroup]) -> Iterator[Piece]:
    """Right ones first, then the mistakes by size, those who handed in nothing at the end."""
    total = sum(one.size for one in groups)
    x = 0.0
    for one in sorted(groups, key=lambda one: (_kind(one) == "blank", _kind(one) != "right", -one.size)):
        width = BAR * one.size / total
        yield Piece(_kind(one), LEFT + x, width, one.size)
        x += width


def _short(text: str) -> str:
    """Cut a text at a space, where it has some, so that it fits; a Chinese character is as wide as two letters."""
    plain = text.replace("`", "")
    ends = list(accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in plain))
    fits = bisect_right(ends, LETTERS)
    return plain if fits == len(plain) else f"{plain[:fits].rpartition(' ')[0] or plain[:fits]} …"
