"""A result's key differs whenever the result could, and whatever decides a verdict is part of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grading import keys
from grading.keys import KIT, code_hash, deciding_files, key_of, made_by
from grading.sandbox import Limits
from grading.submission.load import Contents

ADA = Contents("ada", (("a.ipynb", b"1"), ("b.py", b"23")))


def key(contents: Contents = ADA, seed: str = "s", isolation: str = "bubblewrap", **limits: float) -> str:
    return key_of(contents, seed, isolation, Limits(**limits))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "contents",
    [
        Contents("grace", ADA.files),
        Contents("ada", ADA.files, ("a note",)),
        Contents("ada", ADA.files[:1]),
        Contents("ada", (("a.ipynb", b"12"), ("b.py", b"3"))),
        Contents("ada", (("A.ipynb", b"1"), ("b.py", b"23"))),
        Contents("ada", (("a.ipynb", b"1"), ("b.py", b"24"))),
        Contents("ada", (("a.ipynb\udcff", b"1"), ("b.py", b"23"))),
    ],
)
def test_another_submission_has_another_key(contents: Contents) -> None:
    assert key(contents) != key()
    assert key(contents) == key(contents)


def test_another_way_of_grading_has_another_key() -> None:
    others = [key(seed="t"), key(isolation="process"), key(call_cpu_seconds=9.0), key(memory_mb=1)]
    assert len({key(), *others}) == 5
    assert len(key()) == 64


@pytest.mark.parametrize("what", ["kit", "code", "python", "torch", "numpy"])
def test_another_version_beneath_has_another_key(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, made = key(), made_by()
    monkeypatch.setattr(keys, "made_by", lambda: made | {what: "another"})
    assert key() != before


def test_a_change_of_any_deciding_file_is_a_change_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cs231n/a.py", "grading/checks/b.py", "grading/grade.py", "cs231n/answers/c.npz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / "cs231n" / "note.txt").write_text("no code")
    monkeypatch.setattr(keys, "KIT", tmp_path)
    monkeypatch.setattr(keys, "DECIDES", ("cs231n", "grading/checks", "grading/grade.py"))
    seen = {code_hash()}
    for path in list(deciding_files()):
        path.write_bytes(b"2")
        seen.add(code_hash())
    assert len(seen) == 5
    (tmp_path / "cs231n" / "note.txt").write_text("still no code")
    assert code_hash() in seen


def test_all_code_that_a_verdict_needs_is_part_of_the_key() -> None:
    program = (
        "import sys, grading.work\n"
        "from grading.checks.rubric import rubric\n"
        "from grading.mistakes.diagnose import diagnose\n"
        "from grading.reference import reference_functions\n"
        "rubric(); reference_functions()\n"
        "print(*(m.__file__ for m in list(sys.modules.values()) if getattr(m, '__file__', None)), sep='\\n')\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=KIT, capture_output=True, text=True, timeout=120, check=True)
    loaded = {Path(line) for line in done.stdout.splitlines()}
    own = {path for path in loaded if path.is_relative_to(KIT) and "site-packages" not in path.parts}
    assert len(own) > 40
    assert own <= set(deciding_files())
