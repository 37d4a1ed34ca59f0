"""The costs of torch are measured without it first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grading.locations import KIT


@pytest.mark.long
def test_its_memory_is_told_apart_from_that_of_python_alone() -> None:
    command = [sys.executable, "-m", "benchmarks.torch_costs", "--measure"]
    done = subprocess.run(command, cwd=KIT, capture_output=True, text=True, check=True)
    bare, loaded, _ = (line.split() for line in done.stdout.splitlines())
    assert float(loaded[0]) > float(bare[0]) + 50
    assert float(bare[0]) < 50
