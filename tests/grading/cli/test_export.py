"""The commands around a course answer at once, do what they say, and tell a mistake in one sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..nbgrader.conftest import write_results

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grading", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("command", [["export"], ["export", "canvas"], ["course"], ["submit"]])
def test_help_needs_neither_torch_nor_nbgrader(command: list[str]) -> None:
    program = (
        "import sys\nfrom grading.cli import main\nsys.argv = ['grading', *sys.argv[1:], '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n"
        "    sys.exit(end.code or bool({'torch', 'numpy', 'nbgrader'} & set(sys.modules)) * 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_canvas_moodle_gradescope_and_the_table_are_written(tmp_path: Path) -> None:
    out = write_results(tmp_path / "graded", {"ada": {}, "grace": {"tv_loss": 2}})
    downloaded = tmp_path / "canvas.csv"
    downloaded.write_text("Student,ID,SIS Login ID,Assignment 3 (1)\nAda,1,ada,\n", encoding="utf-8")
    done = run("export", "canvas", str(out), "--gradebook", str(downloaded))
    assert done.returncode == 0, done.stderr
    assert (out / "canvas.csv").read_text() == "Student,ID,SIS Login ID,Assignment 3 (1)\nAda,1,ada,100\n"
    assert "grace is not in canvas.csv" in done.stderr
    downloaded.write_text("Username,Grade\ngrace,-\n", encoding="utf-8")
    done = run(
        "export", "moodle", str(out), "--gradebook", str(downloaded), "--out", str(tmp_path / "new.csv")
    )
    assert (tmp_path / "new.csv").read_text() == "Username,Grade\ngrace,94\n", done.stderr
    assert run("export", "gradescope", str(out)).returncode == 0
    assert json.loads((out / "gradescope" / "ada" / "results.json").read_text())["score"] == 100
    assert run("export", "csv", str(out)).returncode == 0
    assert (out / "grades.csv").is_file()


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "gradescope", "no/such/folder"], "does not exist"),
        (["export", "canvas", "LICENSE", "--gradebook", "no.csv"], "no.csv cannot be read"),
        (["export", "nbgrader", "no/such/folder", "--course", "docs"], "holds no nbgrader_config.py"),
        (["gradescope-autograder", "--course", "no/course.toml"], "python -m grading course"),
        (["submit", "docs"], "name the folder of the notebooks"),
        (["course", "LICENSE/below"], "cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence_and_status_2(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_submit_packs_and_tells(tmp_path: Path, examples: Path) -> None:
    done = run("submit", str(examples / "half_done"), "--out", str(tmp_path / "ada.zip"))
    assert done.returncode == 0, done.stderr
    assert "Not done: class_visualization_update_step, style_loss, tv_loss." in done.stdout


def test_a_course_is_made(tmp_path: Path) -> None:
    done = run("course", str(tmp_path / "course"))
    assert done.returncode == 0, done.stderr
    assert "nbgrader generate_assignment assignment3" in done.stdout
    assert {path.name for path in (tmp_path / "course").iterdir()} == {
        "course.toml", "nbgrader_config.py", "source",
    }  # fmt: skip
