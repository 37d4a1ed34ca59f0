"""Every named mistake, and many pairs of them, are called by their name when somebody else's code makes them.

    python -m benchmarks.diagnosis [--isolation process]

The examples in `benchmarks/wrong/` are written the way students write, not by the recipes of `grading/mistakes/`. Each
is headed by the ids of its mistakes, "# %% id+id: what is special about it", handed in as a notebook and graded as a
class is. "id+id = id: why" says that two mistakes together do exactly what another one does. Exit status 1 if less than
98 % of mistakes or of pairs are named right, or if a mistake has no example.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import torch
from rich.console import Console
from rich.table import Table

from grading.checks.rubric import CORE, LECTURE, every_function, rubric
from grading.grade import grade
from grading.mistakes.diagnose import named
from grading.mistakes.recognised import ALONE, BESIDE
from grading.sandbox import Sandbox
from grading.submission.discover import Submission
from grading.submission.load import load

FOLDER = Path(__file__).parent / "wrong"
_EXAMPLE = r"^# %% ([\w+= -]+): (.+)\n((?:(?!# %%).*\n)+)"
NAMED_RIGHT = 0.98
PAIRS = 60


@dataclass(frozen=True)
class Wrong:
    """A wrong solution of one function: the ids of its mistakes, what is special about it, the text of a cell.

    `called` are the ids that a right diagnosis gives: others than `ids` where these cannot be told from them.
    """

    function: str
    ids: tuple[str, ...]
    called: tuple[str, ...]
    title: str
    source: str

    @property
    def is_pair(self) -> bool:
        return len(self.ids) > 1


def examples() -> list[Wrong]:
    """Return all examples, function by function in the order of the rubric."""
    found = []
    for asked in every_function():
        text = (FOLDER / f"{asked.name}.py").read_text(encoding="utf-8")
        for heading, title, source in re.findall(_EXAMPLE, text, re.MULTILINE):
            ids, _, called = (tuple(part.split("+")) for part in heading.partition(" = "))
            found.append(
                Wrong(asked.name, ids, called if called != ("",) else ids, title, source.strip("\n"))
            )
    return found


def without_example(chosen: Sequence[Wrong]) -> set[str]:
    """Return the ids of mistakes that none of the examples makes on its own."""
    every = {mistake.id for entry in named().values() for mistake in entry.mistakes}
    every |= {mistake.id for _, mistake in (*ALONE, *BESIDE)}
    return every - {id for wrong in chosen if not wrong.is_pair for id in wrong.ids}


def diagnosed(chosen: Sequence[Wrong], isolation: str = "process") -> Iterator[tuple[Wrong, tuple[str, ...]]]:
    """Yield each example with the ids of the mistakes that the grader sees in it."""
    torch.set_num_threads(1)
    core = {asked.name for asked in rubric(CORE)}
    with Sandbox(isolation) as sandbox, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Notebook.ipynb"
        for wrong in chosen:
            cell = nbformat.v4.new_code_cell(wrong.source)
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
            assignment = CORE if wrong.function in core else LECTURE
            result = grade(load(Submission("ada", path)), "diagnosis", sandbox, assignment).result
            told = next(f["diagnosis"] for f in result["functions"] if f["name"] == wrong.function)
            yield wrong, tuple(told["parts"]) if told else ()


def run(console: Console, isolation: str = "process") -> bool:
    """Print how many mistakes and pairs are named right; return whether they are enough."""
    chosen = examples()
    seen = list(diagnosed(chosen, isolation))
    table = Table("function", "mistakes", "named right", "pairs", "named right", title="Diagnosis", box=None)
    for function in dict.fromkeys(wrong.function for wrong in chosen):
        counts = (_count(seen, pairs, function) for pairs in (False, True))
        table.add_row(function, *(str(number) for count in counts for number in count))
    singles, pairs = _count(seen, False), _count(seen, True)
    table.add_row("all", *map(str, (*singles, *pairs)))
    console.print(table)
    for wrong, told in seen:
        asked, called, said = ("+".join(ids) for ids in (wrong.ids, wrong.called, told))
        if not _is_right(wrong, told):
            console.print(
                f"{wrong.function}, {wrong.title}: {asked} is called {said or 'nothing'}", soft_wrap=True
            )
        elif asked != called:
            console.print(f"{asked} does what {called} does: {wrong.title}", soft_wrap=True)
    missing = without_example(chosen)
    if missing:
        console.print(f"without an example: {', '.join(sorted(missing))}", soft_wrap=True)
    enough = all(right >= NAMED_RIGHT * total for total, right in (singles, pairs))
    return enough and pairs[0] >= PAIRS and not missing


def _count(seen: Sequence[tuple[Wrong, tuple[str, ...]]], pairs: bool, function: str = "") -> tuple[int, int]:
    """Return how many examples there are, and how many of them are named right."""
    wanted = [
        (wrong, told) for wrong, told in seen if wrong.is_pair is pairs and function in ("", wrong.function)
    ]
    return len(wanted), sum(_is_right(wrong, told) for wrong, told in wanted)


def _is_right(wrong: Wrong, told: Sequence[str]) -> bool:
    return sorted(told) == sorted(wrong.called)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--isolation", default="process", choices=("process", "bubblewrap"))
    return 0 if run(Console(), parser.parse_args().isolation) else 1


if __name__ == "__main__":
    raise SystemExit(main())
