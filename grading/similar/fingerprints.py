"""Winnowing: of all runs of tokens a few that every copy of a passage keeps.

Schleimer, Wilkerson, Aiken: Winnowing, local algorithms for document fingerprinting, SIGMOD 2003: of each window of
hashes of runs the smallest is kept, the rightmost of equal ones. A passage of RUN + WINDOW - 1 tokens that two texts
have in common always gives both a common fingerprint.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

# Functions of the course are short: a run is half a statement.
RUN, WINDOW = 6, 4


def runs(tokens: Sequence[str], length: int = RUN) -> list[int]:
    """Return the hash of each run of so many tokens, the same in every process.

    >>> len(runs("a b c d".split(), 3))
    2
    """
    return [
        zlib.crc32("\0".join(tokens[start : start + length]).encode("utf-8", "replace"))
        for start in range(len(tokens) - length + 1)
    ]


def winnowed(hashes: Sequence[int]) -> list[int]:
    """Return the places of those that are kept, in their order.

    >>> hashes = [77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98]
    >>> [hashes[place] for place in winnowed(hashes)]
    [17, 17, 8, 39, 17]
    """
    kept: list[int] = []
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        places = range(start, min(start + WINDOW, len(hashes)))
        if not places:
            break
        smallest = min(places, key=lambda place: (hashes[place], -place))
        if not kept or kept[-1] != smallest:
            kept.append(smallest)
    return kept
