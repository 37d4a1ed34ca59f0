"""The quick run is what it says: it needs neither torch nor the sandbox."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

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


def test_a_file_that_imports_one_of_them_fails_there_by_name(tmp_path: Path) -> None:
    files = {module: tmp_path / f"test_{module}.py" for module in ("torch", "grading.sandbox")}
    for module, file in files.items():
        file.write_text(f"import {module}\n\ndef test_nothing():\n    pass\n")
    done = quick_run("tests/test_quick.py", *map(str, files.values()))
    assert done.returncode != 0
    assert done.stdout.count("make test-quick does without") >= 2
    assert all(file.name in done.stdout for file in files.values())
