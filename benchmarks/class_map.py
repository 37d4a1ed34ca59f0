"""The groups of a class are those that a careful person makes, who knows which mistakes were made.

    python -m benchmarks.class_map [--size N] [--out DIR]

A class of examples by other hands: for each function, half of it hands in right ones (`examples/right/` of the rooms),
half wrong ones (`examples/wrong/` and `benchmarks/unseen/`), a few of them often, most seldom, as mistakes are. The
groups are compared with the headings of these examples by the adjusted Rand index (Hubert and Arabie, 1985): 1 where
both are the same partition, 0 on average where one is made by chance. A mistake without a name is one group for each
example of it. The last column is the index of groups that are made by what was seen alone, without the names that the
grader gives: two ways to make one mistake are two groups there. Exit status 1 if a function's index is below 0.95.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from math import comb
from pathlib import Path

import nbformat
from msgspec import structs
from rich.console import Console
from rich.table import Table

from benchmarks.diagnosis import NO_NAME, UNSEEN, examples
from grading.assignments.registry import notebook_named, rubric
from grading.assignments.vocabulary.example import cells_in
from grading.report.grouping import clusters, group_class, member
from grading.results.files import read_evidence, read_results

KIT = Path(__file__).resolve().parents[1]
ENOUGH = 0.95
RIGHT = "right"
Labels = dict[tuple[str, str], str]


def adjusted_rand(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Return the adjusted Rand index of two partitions of the same things, each given by labels."""
    both, rows, columns = (
        sum(comb(count, 2) for count in Counter(labels).values())
        for labels in (zip(one, other, strict=True), one, other)
    )
    by_chance = rows * columns / comb(len(one), 2)
    most = (rows + columns) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


def make_class(folder: Path, size: int) -> Labels:
    """Write `size` submissions; return what each function of each student is, by its example's heading."""
    labels: Labels = {}
    chosen = random.Random(18)
    wrong = defaultdict(list)
    for number, example in enumerate([*examples(), *examples(UNSEEN)]):
        name = "+".join(sorted(example.called))
        wrong[example.function].append((f"{name} {number}" if name == NO_NAME else name, example.source))
    right = {
        asked.name: cells_in(
            notebook_named(asked.notebook).folder / "examples" / "right" / f"{asked.name}.py"
        )
        for asked in rubric()
    }
    for texts in wrong.values():
        chosen.shuffle(texts)
    for number in range(size):
        student = f"student-{number:04d}"
        cells = []
        for asked in rubric():
            texts = wrong[asked.name]
            if chosen.random() < 1 / 2:
                label, source = RIGHT, chosen.choice(right[asked.name])[1]
            else:
                weights = [1 / rank for rank in range(1, len(texts) + 1)]
                ((label, source),) = chosen.choices(texts, weights)
            labels[student, asked.name] = label
            cells.append(nbformat.v4.new_code_cell(source))  # type: ignore[no-untyped-call]
        (folder / student).mkdir(parents=True)
        notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
        nbformat.write(notebook, folder / student / "Assignment.ipynb")  # type: ignore[no-untyped-call]
    return labels


def without_names(out: Path) -> dict[tuple[str, str], int]:
    """Return the number of each student's group of each function, of groups that know no diagnosis."""
    members = defaultdict(list)
    for result in read_results(out):
        evidence = read_evidence(out / "evidence" / f"{result.student}.json")
        for function, seen in zip(result.functions, evidence.functions, strict=True):
            members[function.name].append(member(result, structs.replace(function, diagnosis=None), seen))
    return {
        (one.student, name): number
        for name, of in members.items()
        for number, cluster in enumerate(clusters(of))
        for one in cluster
    }


def run(console: Console, size: int, folder: Path) -> bool:
    """Grade a class, print how its groups agree with the headings; return whether each function's do."""
    labels = make_class(folder / "class", size)
    out = folder / "graded"
    command = [sys.executable, "-m", "grading", "grade", str(folder / "class"), "--out", str(out)]
    command += ["--seed", "demo", "--jobs", "1"]
    subprocess.run(command, cwd=KIT, env=os.environ | {"OMP_NUM_THREADS": "1"}, check=True)
    groups = group_class(out)
    of_group = {(student, group.function): group.id for group in groups for student in group.students}
    seen_alone = without_names(out)
    columns = ("function", "labels", "groups", "adjusted Rand index", "without names")
    table = Table(*columns, title=f"A class of {size}")
    worst = 1.0
    for asked in rubric():
        known = {place: label for place, label in labels.items() if place[1] == asked.name}
        found = [of_group[place] for place in known]
        index = adjusted_rand([*known.values()], found)
        worst = min(worst, index)
        blind = adjusted_rand([*known.values()], [seen_alone[place] for place in known])
        row = (asked.name, len({*known.values()}), len({*found}), f"{index:.3f}", f"{blind:.3f}")
        table.add_row(*map(str, row))
    console.print(table)
    for group in groups:
        inside = Counter(labels[student, group.function] for student in group.students)
        if len(inside) > 1:
            console.print(f"{group.id} holds {dict(inside)}", soft_wrap=True)
    for place, ids in itertools.groupby(
        sorted({((p[1], labels[p]), of_group[p]) for p in labels}), lambda x: x[0]
    ):
        if len(apart := [id for _, id in ids]) > 1:
            console.print(f"{place[0]}: {place[1]} is in {', '.join(apart)}", soft_wrap=True)
    return worst >= ENOUGH


def main() -> int:
    """Run the benchmark as a command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=200, help="submissions")
    parser.add_argument("--out", type=Path, help="a folder that is not there yet; it stays")
    asked = parser.parse_args()
    if asked.out:
        return 0 if run(Console(), asked.size, asked.out) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if run(Console(), asked.size, Path(folder)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
