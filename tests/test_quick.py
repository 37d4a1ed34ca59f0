"""The quick run is what it says: it needs neither torch nor the sandbox."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def quick_run(*files: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--quick",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        *files,
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_all_files_of_the_quick_run_do_without_torch_and_the_sandbox() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (files,) = re.findall(r"^QUICK *:= *(.*)$", makefile, re.MULTILINE)
    done = quick_run(*files.split())
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", ["torch", "grading.sandbox"])
def test_a_file_that_imports_one_of_them_fails_there_by_name(module: str, tmp_path: Path) -> None:
    test = tmp_path / "test_slow.py"
    test.write_text(f"import {module}\n\ndef test_nothing():\n    pass\n")
    done = quick_run("tests/test_quick.py", str(test))
    assert done.returncode != 0
    assert "make test-quick does without" in done.stdout
