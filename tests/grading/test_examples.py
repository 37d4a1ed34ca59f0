"""The examples are graded as their table says, and alike however the grading is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from grading.examples.fill import HERE, write_examples
from grading.examples.students import EXAMPLES

ROOT = HERE.parents[1]
NAMES = [example.name for example in EXAMPLES]
Verdict = tuple[float, str, str]


@dataclass(frozen=True)
class Declared:
    """What the table says of one folder: its score, and points, status and diagnosis of functions not correct."""

    score: float
    functions: dict[str, Verdict]


def declared() -> dict[str, Declared]:
    """Read the table of grading/examples/README.md; a row without a folder goes on with the one above."""
    table: dict[str, Declared] = {}
    folder = ""
    for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            continue
        row = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if row[0] == "Folder" or row[0].startswith("---"):
            continue
        name, _, score, function, points, status, diagnosis = row
        if name:
            folder = name
            table[folder] = Declared(float(score), {})
        if function:
            table[folder].functions[function] = (float(points), status, diagnosis)
    return table


def graded_in(out: Path, names: list[str], jobs: int, threads: str | None) -> Path:
    """Grade examples with the command an instructor uses; return the folder of results."""
    environment = {k: v for k, v in os.environ.items() if k not in ("OMP_NUM_THREADS", "PYTHONWARNINGS")}
    if threads:
        environment["OMP_NUM_THREADS"] = threads
    paths = [str(HERE / name) for name in names] or [str(HERE)]
    command = [sys.executable, "-m", "grading", "grade", *paths, "--out", str(out), "--jobs", str(jobs)]
    done = subprocess.run(
        [*command, "--seed", "examples"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "results"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole class, graded once with two jobs and OMP_NUM_THREADS=1."""
    return graded_in(tmp_path_factory.mktemp("examples"), [], jobs=2, threads="1")


def test_the_notebooks_are_what_the_examples_say(tmp_path: Path) -> None:
    written = write_examples(tmp_path)
    stale = [
        path.relative_to(tmp_path).as_posix()
        for path in written
        if not (HERE / path.relative_to(tmp_path)).is_file()
        or path.read_bytes() != (HERE / path.relative_to(tmp_path)).read_bytes()
    ]
    assert not stale, "run `python -m grading.examples`"


def test_every_folder_is_an_example_and_stands_in_the_table() -> None:
    folders = {path.parent.name for path in HERE.glob("*/*.ipynb")}
    assert folders == set(NAMES) == set(declared())


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_the_declared_one(results: Path, name: str) -> None:
    result = json.loads((results / f"{name}.json").read_text(encoding="utf-8"))
    verdicts = {
        entry["name"]: (entry["score"], entry["status"], (entry["diagnosis"] or {"id": ""})["id"])
        for entry in result["functions"]
        if entry["status"] != "correct" or entry["diagnosis"]
    }
    assert Declared(result["score"], verdicts) == declared()[name]


def test_the_class_holds_nobody_else(results: Path) -> None:
    assert sorted(path.stem for path in results.glob("*.json")) == sorted(NAMES)


@pytest.mark.parametrize("name", ["endless_loop", "crash", "syntax_error_in_one_cell"])
def test_what_breaks_in_one_function_costs_that_function_only(results: Path, name: str) -> None:
    result = json.loads((results / f"{name}.json").read_text(encoding="utf-8"))
    lost = [entry for entry in result["functions"] if entry["score"] < entry["max_score"]]
    assert len(lost) == 1
    assert result["score"] == 100 - lost[0]["max_score"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("threads", "names"),
    [
        ("2", ["all_right"]),
        (None, ["all_right", "crash", "saliency_cross_entropy_and_no_abs", "step_gradient_not_zeroed"]),
    ],
    ids=["two threads, alone", "threads unset, among others"],
)
def test_verdicts_are_the_same_bytes_whatever_the_threads_the_jobs_and_the_class(
    results: Path, tmp_path: Path, threads: str | None, names: list[str]
) -> None:
    again = graded_in(tmp_path, names, jobs=1, threads=threads)
    assert json.loads((again / "all_right.json").read_text(encoding="utf-8"))["score"] == 100
    for name in names:
        assert (again / f"{name}.json").read_bytes() == (results / f"{name}.json").read_bytes(), name
