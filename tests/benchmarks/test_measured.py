"""What a command costs is that of all it starts; a class of the benchmark is a class."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.grading import make_class
from benchmarks.measured import measured
from grading.assignments.registry import file_patterns
from grading.submission.discover import discover

GRANDCHILD = """
import time
x = bytearray(64 << 20)
end = time.process_time() + 1
while time.process_time() < end: pass
"""
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GRANDCHILD!r}], check=True)"


def test_what_a_command_starts_is_counted(tmp_path: Path) -> None:
    cost = measured([sys.executable, "-c", PARENT], tmp_path, os.environ, tmp_path / "log")
    assert cost.cpu_seconds >= 1
    assert cost.seconds >= 1
    assert cost.pss_mb >= 64


def test_a_command_that_fails_says_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        measured(
            [sys.executable, "-c", "raise SystemExit('no such thing')"],
            tmp_path,
            os.environ,
            tmp_path / "log",
        )


def test_no_two_submissions_of_the_class_are_the_same(tmp_path: Path) -> None:
    made = make_class(tmp_path, 6)
    assert [submission.student for submission in discover([tmp_path], file_patterns())] == [
        folder.name for folder in made
    ]
    notebooks = [path.read_bytes() for folder in made for path in folder.iterdir()]
    assert len(set(notebooks)) == len(notebooks) == 12
