"""The examples are graded as their table says, and alike however the grading is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import grading.classroom.worker
from grading.assignments.example_class import EXAMPLES
from grading.assignments.vocabulary.example import Example
from grading.classroom.run import grade_class, results_folder
from grading.classroom.worker import Settings
from grading.cli import main
from grading.notebooks import fill
from grading.notebooks.fill import filled
from grading.sandbox import Sandbox
from grading.submission.handed_in import Submission

ROOT = Path(__file__).parents[2]
NAMES = [example.name for example in EXAMPLES]


def graded_in(out: Path, paths: list[Path], jobs: int, threads: str | None) -> Path:
    """Grade examples with the command an instructor uses; return the folder of results."""
    environment = {k: v for k, v in os.environ.items() if k not in ("OMP_NUM_THREADS", "PYTHONWARNINGS")}
    if threads:
        environment["OMP_NUM_THREADS"] = threads
    command = [
        sys.executable,
        "-m",
        "grading",
        "grade",
        *map(str, paths),
        "--out",
        str(out),
        "--jobs",
        str(jobs),
    ]
    done = subprocess.run(
        [*command, "--seed", "tests"],
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
def graded(request: pytest.FixtureRequest) -> list[str]:
    """The students that the chosen tests name: in the long run the whole class, else a few."""
    named = set[str]()
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module and hasattr(item, "callspec"):
            case = item.callspec.params
            named |= {*case.get("names", ()), case.get("name"), getattr(case.get("example"), "name", None)}
    return [name for name in NAMES if name in named]


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory, examples: Path, graded: list[str], sandbox: Sandbox
) -> Path:
    """Their results: of the whole class by the command, with two jobs; of a few in the warm sandbox of the tests."""
    out = tmp_path_factory.mktemp("graded")
    if graded == NAMES:
        return graded_in(out, [examples], jobs=2, threads="1")
    with pytest.MonkeyPatch.context() as patch, results_folder(out):
        patch.setattr(grading.classroom.worker, "sandbox_of", lambda *_: sandbox)
        grade_class([Submission(name, examples / name) for name in graded], Settings("tests", jobs=1), out)
    return out / "results"


def test_the_command_writes_the_class_and_its_table_always_the_same(tmp_path: Path, examples: Path) -> None:
    command = [sys.executable, "-m", "grading", "examples", str(tmp_path / "class")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"python -m grading grade {tmp_path / 'class'}" in done.stdout
    written = {path.relative_to(tmp_path / "class"): path for path in (tmp_path / "class").glob("**/*.*")}
    assert {path.parts[0] for path in written} == {*NAMES, "README.md"}
    assert all(path.read_bytes() == (examples / place).read_bytes() for place, path in written.items())


def test_a_folder_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "class").write_text("a file")
    monkeypatch.setattr(sys, "argv", ["grading", "examples", str(tmp_path / "class" / "in_a_file")])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "cannot be written" in capsys.readouterr().err


def test_a_student_notebook_is_changed_between_its_markers_and_nowhere_else() -> None:
    stub, done = (json.loads(filled("StyleTransfer", lines)) for lines in ({}, {"tv_loss": "loss = 1"}))
    (before,) = (cell for cell in stub["cells"] if cell not in done["cells"])
    (after,) = (cell for cell in done["cells"] if cell not in stub["cells"])
    assert [cell for cell in stub["cells"] if cell != before] == [c for c in done["cells"] if c != after]
    new = [line for line in after["source"] if line not in before["source"]]
    assert new == ["    loss = 1\n"]
    assert stub == json.loads((ROOT / "notebooks" / "StyleTransfer.ipynb").read_text(encoding="utf-8"))


def test_where_the_kit_has_no_notebooks_they_are_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = filled("StyleTransfer", {})
    fill._student_notebook.cache_clear()
    monkeypatch.setattr(fill, "STUDENT_NOTEBOOKS", tmp_path)
    assert filled("StyleTransfer", {}) == kept


def test_the_table_has_a_row_for_each_function_that_is_not_right(examples: Path) -> None:
    rows = [line for line in (examples / "README.md").read_text().splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + sum(max(1, len(example.flaws)) for example in EXAMPLES)
    assert (
        "| `tv_loop` | a Python loop over rows and columns | 98 | `tv_loss` | 8 | partial | `tv-python-loop` |"
        in rows
    )


@pytest.mark.sample(every=6)
@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_the_verdict_is_the_declared_one(results: Path, example: Example) -> None:
    result = json.loads((results / f"{example.name}.json").read_text(encoding="utf-8"))
    verdicts = {
        entry["name"]: (entry["score"], entry["status"], (entry["diagnosis"] or {"id": ""})["id"])
        for entry in result["functions"]
        if entry["status"] != "correct" or entry["diagnosis"]
    }
    assert verdicts == {flaw.function: (flaw.points, flaw.status, flaw.diagnosis) for flaw in example.flaws}
    assert result["score"] == example.score


def test_nobody_else_has_a_result(results: Path, graded: list[str]) -> None:
    assert sorted(path.stem for path in results.glob("*.json")) == sorted(graded)


@pytest.mark.parametrize(
    "name",
    [pytest.param("endless_loop", marks=pytest.mark.long), "crash", "syntax_error_in_one_cell"],
)
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
    results: Path, examples: Path, tmp_path: Path, threads: str | None, names: list[str]
) -> None:
    again = graded_in(tmp_path, [examples / name for name in names], jobs=1, threads=threads)
    assert json.loads((again / "all_right.json").read_text(encoding="utf-8"))["score"] == 100
    for name in names:
        assert (again / f"{name}.json").read_bytes() == (results / f"{name}.json").read_bytes(), name
