"""Every named mistake, many pairs and triples of them, are called by their name when somebody else's code makes them.

    python -m benchmarks.diagnosis [--isolation process] [--only wrong|unseen]

The examples in `examples/wrong/` of the rooms are written the way students write, not by the recipes in `mistakes`.
Each is headed by the ids of its mistakes, "# %% id+id: what is special about it", handed in as a notebook and graded as
a class is. "id+id = id: why" says that two mistakes together do exactly what another one does.

Those in `benchmarks/unseen/` were written by another author, who did not look at the recipes; "?" stands for a mistake
that has no name. There a diagnosis is right (all names, and no other), partly right (some of the names, or more than
them), observed (the results are described), nothing, or wrong: a name that contradicts the heading.

Exit status 1 if a bar is missed. wrong/: 98 % of mistakes and of pairs named right, an example for each mistake.
unseen/: 90 % named right, 95 % named or observed, at most 1 % wrong.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import torch
from rich.console import Console
from rich.table import Table

from grading.assignments.registry import all_functions, default_assignment, notebooks, rubric
from grading.assignments.vocabulary.example import cells_in
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.diagnosis.detectors import GENERAL
from grading.verdict.diagnosis.diagnose import OBSERVED
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

UNSEEN = Path(__file__).parent / "unseen"
NO_NAME = "?"
NAMED_RIGHT = 0.98
PAIRS = 60
UNSEEN_RIGHT, UNSEEN_TOLD, UNSEEN_WRONG = 0.90, 0.95, 0.01
COUNTS = {1: "mistakes", 2: "pairs", 3: "triples"}


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


@dataclass(frozen=True)
class Told:
    """What the grader says of an example: the parts of its diagnosis, and whether they are only observed."""

    wrong: Wrong
    parts: tuple[str, ...]
    observed: bool = False

    @property
    def outcome(self) -> str:
        """How good that is: right, partly, observed, nothing or wrong."""
        asked, said = set(self.wrong.called) - {NO_NAME}, set(self.parts)
        if not said or self.observed:
            return OBSERVED if said else "nothing"
        if sorted(self.parts) == sorted(self.wrong.called):
            return "right"
        return "partly" if asked and (said <= asked or asked <= said) else "wrong"


def examples(folder: Path | None = None) -> list[Wrong]:
    """Return all examples of a folder (those of the rooms), function by function in the order of the rubric."""
    found = []
    for notebook in notebooks():
        own = folder or notebook.folder / "examples" / "wrong"
        for asked in notebook.functions:
            found += [_read(asked.name, *cell) for cell in cells_in(own / f"{asked.name}.py")]
    return found


def _read(function: str, heading: str, source: str) -> Wrong:
    names, _, title = heading.partition(": ")
    ids, _, called = (tuple(part.split("+")) for part in names.partition(" = "))
    return Wrong(function, ids, called if called != ("",) else ids, title, source)


def without_example(chosen: Sequence[Wrong]) -> set[str]:
    """Return the ids of mistakes that none of the examples makes on its own."""
    every = {mistake.id for function in all_functions() for mistake in function.mistakes}
    every |= {detector.mistake.id for function in all_functions() for detector in function.detectors}
    every |= {mistake.id for mistake, *_ in GENERAL}
    return every - {id for wrong in chosen if not wrong.is_pair for id in wrong.ids}


def diagnosed(chosen: Sequence[Wrong], isolation: str = "process") -> Iterator[Told]:
    """Yield what the grader says of each example."""
    torch.set_num_threads(1)
    core = {asked.name for asked in rubric()}
    with Sandbox(isolation, hidden=HIDDEN_FROM_CHILDREN) as sandbox, tempfile.TemporaryDirectory() as folder:
        sandbox.expect_many()
        path = Path(folder) / "Notebook.ipynb"
        for wrong in chosen:
            cell = nbformat.v4.new_code_cell(wrong.source)
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
            assignment = default_assignment() if wrong.function in core else "lecture"
            result = grade(
                read_here(Submission("ada", path), assignment), "diagnosis", sandbox, assignment
            ).result
            told = next(f.diagnosis for f in result.functions if f.name == wrong.function)
            yield Told(wrong, told.parts, told.basis == OBSERVED) if told else Told(wrong, ())


def run(console: Console, isolation: str = "process", only: str = "") -> bool:
    """Print how many mistakes, pairs and triples are named right; return whether they are enough."""
    cleared = []
    if only in ("", "wrong"):
        cleared.append(_run_own(console, isolation))
    if only in ("", "unseen"):
        cleared.append(_run_unseen(console, isolation))
    return all(cleared)


def _run_own(console: Console, isolation: str) -> bool:
    chosen = examples()
    seen = list(diagnosed(chosen, isolation))
    console.print(_table("Diagnosis", seen))
    for told in seen:
        asked, called = "+".join(told.wrong.ids), "+".join(told.wrong.called)
        if told.outcome != "right":
            _print_missed(console, told)
        elif asked != called:
            console.print(f"{asked} does what {called} does: {told.wrong.title}", soft_wrap=True)
    missing = without_example(chosen)
    if missing:
        console.print(f"without an example: {', '.join(sorted(missing))}", soft_wrap=True)
    singles, pairs = (_count(seen, count) for count in (1, 2))
    enough = all(right >= NAMED_RIGHT * total for total, right in (singles, pairs))
    return enough and pairs[0] >= PAIRS and not missing


def _run_unseen(console: Console, isolation: str) -> bool:
    chosen = examples(UNSEEN)
    started = time.process_time()
    seen = list(diagnosed(chosen, isolation))
    spent = time.process_time() - started
    console.print(_table("Examples by another author", seen))
    for told in seen:
        if told.outcome != "right" and (NO_NAME not in told.wrong.called or told.outcome == "wrong"):
            _print_missed(console, told)
    labelled = [told for told in seen if NO_NAME not in told.wrong.called]
    right = sum(told.outcome == "right" for told in labelled) / max(len(labelled), 1)
    said = sum(told.outcome in ("right", "partly", OBSERVED) for told in labelled) / max(len(labelled), 1)
    wrong = sum(told.outcome == "wrong" for told in seen) / max(len(seen), 1)
    console.print(
        f"unseen: {right:.1%} named right, {said:.1%} named or observed, {wrong:.1%} wrong names "
        f"({len(labelled)} with a name, {len(seen) - len(labelled)} without; {spent:.0f} s in the grader)"
    )
    return right >= UNSEEN_RIGHT and said >= UNSEEN_TOLD and wrong <= UNSEEN_WRONG


def _print_missed(console: Console, told: Told) -> None:
    said = "+".join(told.parts) or "nothing"
    console.print(
        f"{told.outcome}: {told.wrong.function}, {told.wrong.title}: {'+'.join(told.wrong.ids)} is called {said}",
        soft_wrap=True,
        markup=False,
    )


def _table(title: str, seen: Sequence[Told]) -> Table:
    columns = [column for name in COUNTS.values() for column in (name, "named right")]
    table = Table("function", *columns, "partly", OBSERVED, "nothing", "wrong", title=title, box=None)
    for function in (*dict.fromkeys(told.wrong.function for told in seen), ""):
        own = [told for told in seen if function in ("", told.wrong.function)]
        counts = [str(number) for count in COUNTS for number in _count(own, count)]
        others = [
            str(sum(told.outcome == outcome for told in own))
            for outcome in ("partly", OBSERVED, "nothing", "wrong")
        ]
        table.add_row(function or "all", *counts, *others)
    return table


def _count(seen: Sequence[Told], mistakes: int) -> tuple[int, int]:
    """Return how many examples of so many mistakes there are, and how many of them are named right."""
    wanted = [told for told in seen if len(told.wrong.ids) == mistakes]
    return len(wanted), sum(told.outcome == "right" for told in wanted)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--isolation", default="process", choices=("process", "bubblewrap"))
    parser.add_argument("--only", default="", choices=("wrong", "unseen"))
    given = parser.parse_args()
    return 0 if run(Console(width=200), given.isolation, given.only) else 1


if __name__ == "__main__":
    raise SystemExit(main())
