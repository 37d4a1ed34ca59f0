"""How the time of reading a submission grows with its size, for every kind of text that is meant to make it slow.

    python -m benchmarks.growth [KIND...] [--size N]

Reads each of `benchmarks.adversaries` at N, 2N and 4N characters and prints the CPU times and their ratios; exit status
1 if a ratio is above the bar. A reader whose time grows as the square has a ratio of four.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import time

from benchmarks.adversaries import KINDS, Files
from grading.assignments.registry import asked_names, rubric
from grading.submission.load import Contents, Loaded, cut, modules_for_child
from grading.submission.select import Found, find, notes_on_files

BAR = 2.6
SIZE = 20_000
# What a clock cannot tell from nothing has no ratio.
SHORT = 0.01
# The least of several times is that of the reader alone, the others that of what else the machine does.
TRIES = 3


def read(files: Files) -> tuple[Loaded, dict[str, Found], list[str]]:
    """Do with files all that is done before student code runs; return what was found, by function, and the notes."""
    loaded = cut(Contents("ada", files))
    modules_for_child(loaded, asked_names())
    found = {asked.name: find(asked, loaded.sources) for asked in rubric()}
    return loaded, found, [*loaded.notes, *notes_on_files(list(found.values()), loaded.sources)]


def seconds(files: Files) -> float:
    """Return the CPU time of reading files."""
    gc.collect()
    times = []
    for _ in range(TRIES):
        before = time.process_time()
        read(files)
        times.append(time.process_time() - before)
        if times[-1] > 1:
            break
    return min(times)


def growth(kind: str, size: int) -> tuple[list[float], float]:
    """Return the seconds at one, two and four times a size, and the larger of the two ratios."""
    times = [seconds(KINDS[kind](size * factor)) for factor in (1, 2, 4)]
    ratios = [later / max(earlier, SHORT) for earlier, later in itertools.pairwise(times)]
    return times, max(ratios)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="only these")
    parser.add_argument("--size", type=int, default=SIZE, metavar="N")
    chosen = parser.parse_args()
    read(KINDS["cells"](100))  # what a class shares is computed once
    gc.collect()
    gc.freeze()  # or a collection that looks at all of torch, which comes now and then, is taken for growth
    above = 0
    print(f"{'kind':40} {'N':>9} {'2N':>9} {'4N':>9} ratio", flush=True)
    for kind in chosen.kinds or KINDS:
        times, ratio = growth(kind, chosen.size)
        above += ratio > BAR
        shown = " ".join(f"{1000 * t:6.0f} ms" for t in times)
        print(f"{kind:40} {shown} {ratio:5.1f}{' above' * (ratio > BAR)}", flush=True)
    print(f"{above} above {BAR}")
    return int(above > 0)


if __name__ == "__main__":
    raise SystemExit(main())
