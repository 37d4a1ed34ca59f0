"""Shares of what is listed of a class: no folder takes the room of others beside it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence

# More is no class, but somebody's disk; and more of one of the folders beside each other is no student's homework.
ENTRIES_LIMIT = 500_000
SHARE_LIMIT = 100_000


class Shares:
    """How much was listed in all, and below each of the folders beside each other that are the first such."""

    def __init__(self) -> None:
        self._around = ""
        self._listed: Counter[str] = Counter()
        self._all = 0

    def enter(self, around: str, entries: Sequence[os.DirEntry[str]], shown: Mapping[str, str]) -> None:
        """Take a folder that is the only one in those around everything for one more of these."""
        if around == self._around and len(entries) == 1 and entries[0].is_dir(follow_symlinks=False):
            self._around = f"{around}{shown[entries[0].name]}/"

    def limit_of(self, label: str) -> int:
        """Count an entry; return the limit that it is beyond, 0 if beyond none."""
        if self._all >= ENTRIES_LIMIT:
            return ENTRIES_LIMIT
        share = self._share(label)
        if self._listed[share] >= SHARE_LIMIT:
            return SHARE_LIMIT
        self._listed[share] += 1
        self._all += 1
        return 0

    def is_behind(self, label: str, other: str) -> bool:
        """Whether a folder, too, is not looked into, where another entry was beyond a limit."""
        return self._all >= ENTRIES_LIMIT or self._share(label) == self._share(other)

    def _share(self, label: str) -> str:
        return label.removeprefix(self._around).partition("/")[0]
