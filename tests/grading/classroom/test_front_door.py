"""Whatever one person hands in costs that person alone: nobody's bytes change, and Ctrl-C is heeded meanwhile."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grading.attacks.packing import PACKING
from grading.sandbox.isolation import why_not
from grading.sandbox.shared.process_tree import family, processes

from ..conftest import NOTEBOOK_OF, write_submission

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(why_not("bubblewrap")), reason=why_not("bubblewrap") or "walls stand here"),
]

ROOT = Path(__file__).parents[3]
INNOCENT = {"ada": {"tv_loss": "return 0"}, "grace": {"gram_matrix": "return features.sum()"}}
FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"gram_matrix", "tv_loss"})


def command(students: Path, out: Path) -> list[str]:
    grade = [sys.executable, "-m", "grading", "grade", str(students), "--out", str(out)]
    return [*grade, "--seed", "front-door", "--jobs", "2", "--class"]


def graded(students: Path, out: Path) -> dict[str, bytes]:
    done = subprocess.run(
        command(students, out), cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return {path.stem: path.read_bytes() for path in (out / "results").glob("*.json")}


def test_hostile_submissions_have_a_line_each_and_change_no_byte_of_the_others(tmp_path: Path) -> None:
    students = tmp_path / "class"
    for name, lines in INNOCENT.items():
        write_submission(students / name, **{**FEW, **lines})
    alone = graded(students, tmp_path / "alone")
    assert alone.keys() == INNOCENT.keys()
    for attack in PACKING:
        made = tmp_path / "made" / attack.name  # what one of them links to lies beside it
        made.mkdir(parents=True)
        attack.make(made)
        made.rename(students / attack.name)
    beside = graded(students, tmp_path / "beside")
    assert {name: beside.pop(name) for name in INNOCENT} == alone
    assert beside.keys() == {attack.name for attack in PACKING}
    for attack in PACKING:
        result = json.loads(beside[attack.name])
        found = {f["name"]: f["status"] for f in result["functions"] if f["status"] != "missing"}
        assert found == attack.expected, attack.name
        assert found or result["notes"], attack.name


def reads(pid: int) -> bool:
    """Whether a grader has a child at work behind its walls: of its family, one computes that is not the oldest two."""
    return sum(member.runs for member in family(pid, processes())[2:]) > 0


def stopped_while_reading(students: Path, out: Path) -> str:
    """Send Ctrl-C once a reader is at work on what would keep it for minutes; return what was said."""
    with subprocess.Popen(
        command(students, out), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        while running.poll() is None and not reads(running.pid):
            pass
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=300)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    return said


def test_ctrl_c_is_heeded_while_the_archive_of_a_class_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_STORED) as archive:
        for number in range(20):
            archive.writestr(f"student{number}/StyleTransfer.ipynb", bytes(50 << 20))
    stopped_while_reading(tmp_path / "class.zip", tmp_path / "out")
    assert not list((tmp_path / "out" / "results").glob("*.json"))


def test_ctrl_c_is_heeded_while_a_hostile_file_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "class" / "alan"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"{number}.ipynb").write_bytes(b'{"cells": [' + b"[]," * 1_900_000 + b"[]]}")
    stopped_while_reading(tmp_path / "class", tmp_path / "out")
    assert not list((tmp_path / "out" / "results").glob("*.json"))
