"""CONTRIBUTING's sections "A new notebook" and "An eighth function" are true to the letter: they are followed here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grading.assignments.registry import assignment
from grading.classroom.worker import grade_submission, use_one_thread
from grading.errors import KitError
from grading.locations import KIT
from grading.notebooks.build import build_notebooks, read_notebook
from grading.notebooks.new_assignment import write_assignment
from grading.results.definition import Result
from grading.sandbox import Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.provenance import code_hash, hash_of_code
from grading.verdict.stored_answers import write_answers

GUIDE = (KIT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RIGHT = "import torch\ndef softmax_loss(s, y):\n    return torch.nn.functional.cross_entropy(s, y)\n"
WRONG = RIGHT.replace("(s, y)\n", "(s, y, reduction='sum')\n")
HANGS = "def softmax_loss(s, y):\n    while True:\n        pass\n"
ACCURATE = "def accuracy(s, y):\n    return (s.argmax(1) == y).float().mean()\n"
COUNTS = "def accuracy(s, y):\n    return (s.argmax(1) == y).sum()\n"


def section(title: str) -> str:
    """The text of a section of CONTRIBUTING.md."""
    return GUIDE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def follow_eighth_function(room: Path) -> None:
    """Do what the section says: each block goes into the file that is named before it."""
    blocks = re.findall(
        r"`([\w/]+\.py)`[^`]*(?:`check_`[^`]*)?:\n\n```(?:python|text)\n(.*?)```",
        section("An eighth function"),
        re.DOTALL,
    )
    assert len(blocks) == 6
    for name, code in blocks:
        file = room / name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if name == "__init__.py":
            text = text.removesuffix("    ),\n)\n") + code + "    ),\n)\n"
        else:
            text = f"{text}\n\n{code}" if text else code
        file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assignment with a softmax loss and, as the guide adds it, an accuracy."""
    folder = tmp_path_factory.mktemp("own") / "classifier"
    write_assignment("Classifier", folder)
    follow_eighth_function(folder)
    write_answers(assignment(str(folder)).notebooks)
    return folder


def verdicts(room: Path, folder: Path, sandbox: Sandbox, text: str = "") -> Result:
    """Grade one file, or what is in the folder."""
    if text:
        (folder / "Classifier.py").write_text(text, encoding="utf-8")
    use_one_thread()
    return grade_submission(Submission("ada", folder), "tests", sandbox, str(room)).result


def test_a_right_submission_earns_the_assignments_own_maximum(
    room: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    before = hash_of_code(KIT)
    result = verdicts(room, tmp_path, sandbox, RIGHT + ACCURATE)
    assert [(f.name, f.status) for f in result.functions] == [
        ("softmax_loss", "correct"),
        ("accuracy", "correct"),
    ]
    assert (result.assignment, result.score, result.max_score) == ("classifier", 14, 14)
    assert hash_of_code(KIT) == before
    assert result.grader.code == code_hash(str(room)) != code_hash()


def test_a_wrong_submission_is_told_its_mistakes_by_name(
    room: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    result = verdicts(room, tmp_path, sandbox, WRONG + COUNTS)
    named = {f.name: f.diagnosis.id for f in result.functions}
    assert named == {"softmax_loss": "softmax-sum", "accuracy": "accuracy-count"}
    assert {f.status for f in result.functions} <= {"partial", "wrong"}


def test_the_notebook_that_students_receive_is_a_stub(room: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    (path,) = build_notebooks(tmp_path, assignment(str(room)).notebooks)
    assert "BEGIN SOLUTION" not in path.read_text() + str(read_notebook(path).cells)
    result = verdicts(room, tmp_path, sandbox)
    assert [f.status for f in result.functions] == ["stub", "stub"]


@pytest.mark.long
def test_a_function_that_hangs_costs_itself_alone(room: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    result = verdicts(room, tmp_path, sandbox, HANGS + ACCURATE)
    assert [f.status for f in result.functions] == ["timeout", "correct"]
    assert result.score == 4


@pytest.mark.long
def test_the_commands_of_the_guide_do_what_it_says(tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", section("A new notebook"), re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 6
    handed_in = tmp_path / "submissions" / "ada"
    handed_in.mkdir(parents=True)
    (handed_in / "Softmax.py").write_text(RIGHT)
    for command in commands:
        words = (
            command.replace("../softmax", str(tmp_path / "softmax")).replace("build/", f"{tmp_path}/").split()
        )
        words = [str(tmp_path / "submissions") if word == "submissions" else word for word in words]
        words += ["--out", str(tmp_path / "graded")] if "grade" in words else []
        words += ["--out", str(tmp_path / "reference")] if "reference" in words else []
        words[0] = sys.executable
        done = subprocess.run(words, cwd=KIT, capture_output=True, text=True, timeout=600, check=False)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    assert '"score": 10' in (tmp_path / "graded" / "results" / "ada.json").read_text()
    checks_itself(tmp_path / "bundle")


def checks_itself(bundle: Path) -> None:
    """In the student's bundle `check` finds the stored answers, and nothing of another assignment lies there."""
    assert [path.name for path in (bundle / "notebooks").iterdir()] == ["Softmax.ipynb"]
    assert [path.name for path in (bundle / "cs231n" / "answers").iterdir()] == ["Softmax.npz"]
    (bundle / "notebooks" / "mine.py").write_text(
        f"{RIGHT}\nfrom cs231n.self_check import check\nif __name__ == '__main__':\n    check(softmax_loss)\n"
    )
    command = [sys.executable, "notebooks/mine.py"]
    environment = {"PYTHONPATH": str(bundle), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=bundle, env=environment, capture_output=True, text=True, check=False)
    assert "1 of 1 checks pass" in done.stdout, done.stderr


def no_room(folder: Path) -> None:
    """Leave a folder without any package."""
    for record in folder.rglob("__init__.py"):
        record.unlink()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (no_room, "holds no notebook: expected a file __init__.py"),
        (lambda room: (room / "__init__.py").write_text(""), "has no record: add NOTEBOOK"),
        (
            lambda room: (room / "notebook.py").unlink(),
            "does not exist: it is the notebook with its solutions",
        ),
        (lambda room: (room / "checks.py").write_text(""), "has no check of softmax_loss"),
        (lambda room: (room / "checks.py").write_text("\n1 / 0\n"), "line 2: ZeroDivisionError"),
        (
            lambda room: (room / "mistakes" / "softmax_loss.py").write_text(
                "from grading.assignments.vocabulary.mistake import Recipe\nR = Recipe('softmax', int, ())\n"
            ),
            "mistakes of 'softmax', which its NOTEBOOK does not declare",
        ),
    ],
    ids=["no room", "no record", "no source", "no check", "an error", "another name"],
)
def test_an_assignment_that_cannot_be_loaded_says_where_and_what_to_do(
    change: Any, words: str, tmp_path: Path
) -> None:
    write_assignment("Broken", tmp_path / "broken")
    change(tmp_path / "broken")
    with pytest.raises(KitError, match=re.escape(words)):
        assignment(str(tmp_path / "broken"))


def test_what_is_no_name_for_a_notebook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="is no name for a notebook"):
        write_assignment("a b", tmp_path / "new")
