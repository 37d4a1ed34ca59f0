"""Right answers in many styles get full marks, however many threads the grader was told to use.

Each file of a room's `examples/right/` holds variants of one function, headed "# %% what is unusual about it". They
are handed in as notebooks and graded by the command that an instructor runs, in a process of its own for each setting.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grading.assignments.registry import all_functions, assignments, notebooks, rubric
from grading.assignments.vocabulary.example import cells_in

# What OMP_NUM_THREADS is set to for the grader; None for not set.
THREADS: tuple[str | None, ...] = ("1", "2", None)


@dataclass(frozen=True)
class Variant:
    """A right solution of one function: the text of a cell, and what is unusual about it."""

    function: str
    title: str
    source: str


@dataclass(frozen=True)
class FalseAlarm:
    """A variant that did not get full marks, and the checks that refused it."""

    variant: Variant
    threads: str
    messages: tuple[str, ...]


def variants() -> list[Variant]:
    """Return all variants, function by function in the order of the rubric."""
    return [
        Variant(asked.name, title, source)
        for notebook in notebooks()
        for asked in notebook.functions
        for title, source in cells_in(notebook.folder / "examples" / "right" / f"{asked.name}.py")
    ]


def false_alarms(
    chosen: Sequence[Variant], threads: Sequence[str | None] = THREADS, isolation: str = "process"
) -> Iterator[FalseAlarm]:
    """Grade variants by `python -m grading grade`, for each number of threads; yield what loses a point."""
    wanted = _assignments_of({variant.function for variant in chosen})
    with tempfile.TemporaryDirectory() as folder:
        students = _hand_in(chosen, Path(folder) / "class")
        for setting in threads:
            for assignment in wanted:
                out = Path(folder) / f"out-{setting}-{assignment}"
                _grade(Path(folder) / "class", out, setting, isolation, assignment)
                for student, handed_in in students.items():
                    result = json.loads((out / "results" / f"{student}.json").read_text(encoding="utf-8"))
                    yield from _refused(result["functions"], handed_in, setting or "unset")


def _assignments_of(functions: set[str]) -> list[str]:
    """Return assignments that together ask for these functions, none of which asks only for what others do."""
    wanted = []
    for name in assignments():
        own = functions & {asked.name for asked in rubric(name)}
        if own:
            wanted.append(name)
        functions = functions - own
    return wanted


def _refused(
    functions: Sequence[dict[str, Any]], handed_in: Mapping[str, Variant], threads: str
) -> Iterator[FalseAlarm]:
    for function in functions:
        variant = handed_in.get(function["name"])
        if variant and function["status"] != "correct":
            messages = tuple(
                f"{check['id']}: {check['message']}"
                for check in function["checks"]
                if check["status"] != "pass"
            )
            yield FalseAlarm(variant, threads, messages)


def _hand_in(chosen: Sequence[Variant], folder: Path) -> dict[str, dict[str, Variant]]:
    """Write a submission with the first variant of every function, one with the second, and so on."""
    by_function = [[v for v in chosen if v.function == asked.name] for asked in all_functions()]
    students = {}
    for number, row in enumerate(itertools.zip_longest(*by_function)):
        handed_in = {variant.function: variant for variant in row if variant}
        students[f"variant-{number}"] = handed_in
        for notebook in {asked.notebook for asked in all_functions()}:
            cells = [
                nbformat.v4.new_code_cell(handed_in[asked.name].source)  # type: ignore[no-untyped-call]
                for asked in all_functions()
                if asked.notebook == notebook and asked.name in handed_in
            ]
            path = folder / f"variant-{number}" / f"{notebook}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            filled = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
            nbformat.write(filled, path)  # type: ignore[no-untyped-call]
    return students


def _grade(folder: Path, out: Path, threads: str | None, isolation: str, assignment: str) -> None:
    environment: Mapping[str, str] = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    if threads:
        environment = {**environment, "OMP_NUM_THREADS": threads}
    command = [
        sys.executable,
        "-m",
        "grading",
        "grade",
        str(folder),
        "--out",
        str(out),
        "--isolation",
        isolation,
        "--assignment",
        assignment,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
