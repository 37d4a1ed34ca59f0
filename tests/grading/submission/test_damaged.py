"""Whatever is damaged in what was handed in: the reader answers, with work or with a note, and writes no file."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from grading.submission.handed_in import Contents
from grading.submission.reader import read
from grading.submission.selection import decoded, encoded
from grading.verdict.questions import questions_of

from .archive_making import BY_LIBARCHIVE, KINDS, damaged, notebook, zipped
from .mutation import mutated

WORK = notebook(
    "import torch\nimport torch.nn as nn\n%matplotlib inline",
    "def tv_loss(img, tv_weight):\n    return tv_weight * (img[:, :, 1:] - img[:, :, :-1]).pow(2).sum()\n",
    "def content_loss(weight, current, original):\n    return weight * ((current - original) ** 2).sum()\n",
)
MEMBERS = (("work/StyleTransfer.ipynb", WORK), ("work/more/helpers.py", b"def helper(x):\n    return x\n"))
ORIGINALS = {
    f"work.{kind}": make(*MEMBERS)
    for kind, make in KINDS.items()
    if kind not in BY_LIBARCHIVE or importlib.util.find_spec("libarchive")
}
ORIGINALS["nested.zip"] = zipped(("inner.zip", zipped(*MEMBERS)), *MEMBERS)
# Their formats have sums of what is in a file, and who reads them looks: no damage to it is overlooked.
CHECKED = ("work.zip", "nested.zip", "work.7z", "work.tar.gz", "work.tar.bz2", "work.tar.xz")
QUESTIONS = questions_of("style-transfer")
CASES = 2_000
_opened: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    if event == "open" and _opened is not None and isinstance(arguments[2], int) and arguments[2] & writes:
        _opened.append(str(arguments[0]))


@contextlib.contextmanager
def nothing_is_written() -> Iterator[list[str]]:
    """Yield the list of all files that are opened for writing meanwhile."""
    global _opened
    sys.addaudithook(_watch)
    _opened = found = []
    try:
        yield found
    finally:
        _opened = None


def case(seed: int) -> tuple[str, bytes]:
    """Return a damaged archive, or an archive (or nothing) around a damaged notebook."""
    chance = random.Random(seed)
    label = chance.choice(sorted(ORIGINALS))
    match chance.randrange(4):
        case 0:
            return "StyleTransfer.ipynb", mutated(WORK, seed)
        case 1:
            return "notebook.zip", zipped(("StyleTransfer.ipynb", mutated(WORK, seed)))
        case _:
            return label, damaged(ORIGINALS[label], chance)


def escaped(seeds: range) -> list[tuple[int, str]]:
    """Return what left the reader but an answer, with the seed of its case."""
    found = []
    for seed in seeds:
        label, raw = case(seed)
        try:
            selection = decoded(encoded(read(Contents("ada", ((label, raw),)), QUESTIONS)), QUESTIONS)
            nothing = not selection.pieces and all(one.state == "missing" for one in selection.functions)
            if nothing and not selection.notes and label in CHECKED:
                found.append((seed, f"{label}: nothing found, and nothing said"))
        except Exception as error:
            found.append((seed, f"{label}: {error!r}"[:300]))
    return found


def test_two_hundred_damaged_submissions_are_read_or_named() -> None:
    with nothing_is_written() as written:
        assert not escaped(range(200))
    assert not written


@pytest.mark.long
def test_two_thousand_damaged_submissions_are_read_or_named() -> None:
    with nothing_is_written() as written:
        assert not escaped(range(CASES))
    assert not written


if __name__ == "__main__":  # python -m tests.grading.submission.test_damaged 100000
    with nothing_is_written() as written_:
        wrong = escaped(range(int(sys.argv[1])))
    print(
        f"{sys.argv[1]} cases, {len(wrong)} escaped, {len(written_)} files written", wrong[:10], written_[:3]
    )
