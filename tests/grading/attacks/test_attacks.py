"""Hostile submissions get their verdicts, nobody beside them notices, and nothing of them is left."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import runpy
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.assignments.example_class import EXAMPLES
from grading.assignments.registry import notebooks
from grading.attacks.loading import LOADING
from grading.attacks.reading import MODULES, PLACES
from grading.attacks.table import ATTACKS
from grading.classroom.worker import grade_submission
from grading.cli.doctor import AFTERWARDS, LIMITS, SEED, Examination, examine
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.notebooks.fill import write_class
from grading.results.files import result_bytes
from grading.sandbox import Limits, Sandbox
from grading.sandbox.isolation import why_not
from grading.submission.handed_in import Submission

KIT = Path(__file__).parents[3]
walls = pytest.mark.skipif(bool(why_not("bubblewrap")), reason=why_not("bubblewrap") or "walls stand here")
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can start the grader as root and as another")
NOBODY = 65534

# One of each kind, quick: the rest is for `make test-long`.
HANDFUL = (
    "forge_a_frame",
    "read_answers",
    "memory_at_once",
    "signal_everybody",
    "mount",
    "write_to_package",
    "leave_a_daemon",
    "zip_outside",
)


def told(examination: Examination) -> str:
    return "\n".join(f"{o.name or o.wall}: {o.wrong}" for o in examination.outcomes if o.wrong)


def test_there_are_many_attacks_of_every_kind_each_with_a_name_of_its_own() -> None:
    names = [attack.name for attack in (*ATTACKS, *LOADING)]
    assert len(names) == len(set(names)) >= 50
    kinds = Counter(attack.category for attack in (*ATTACKS, *LOADING))
    assert kinds.keys() == {"tampering", "reading", "exhausting", "escaping", "loading"}
    assert min(kinds.values()) >= 10


def test_attacks_look_for_answers_where_answers_are() -> None:
    """What was moved or renamed would not be found by anybody, and the attack prove nothing."""
    assert all(importlib.util.find_spec(name) for name in MODULES)
    answers = [*(notebook.source for notebook in notebooks()), *KIT.glob("cs231n/**/*.npz")]
    assert len(answers) > len(notebooks())
    assert all(any(path.is_relative_to(KIT / place) for place in PLACES) for path in answers)


def write_attacks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `python -m grading.attacks FOLDER` does."""
    monkeypatch.setattr(sys, "argv", ["grading.attacks", str(folder)])
    runpy.run_module("grading.attacks", run_name="__main__")


def test_a_person_can_have_the_attacks_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_attacks(tmp_path / "attacks", monkeypatch)
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert {path.parent.name for path in written} == {attack.name for attack in ATTACKS}
    assert all(path.is_file() for path in written)


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match="2"):
        write_attacks(tmp_path / "file", monkeypatch)
    assert "cannot be written (Not a directory): name another folder" in capsys.readouterr().err


@walls
def test_a_handful_of_attacks_fails_and_leaves_nothing(
    sandbox: Sandbox, doctor_examines: Callable[[Sandbox], None]
) -> None:
    doctor_examines(sandbox)
    examination = examine("bubblewrap", jobs=2, names=HANDFUL)
    assert len(examination.outcomes) == len(HANDFUL) + len(AFTERWARDS)
    assert not told(examination)


@walls
@pytest.mark.long
@pytest.mark.alone
def test_every_attack_fails_and_leaves_nothing() -> None:
    assert not told(examine("bubblewrap", jobs=2))


@walls
@as_root
@pytest.mark.long
@pytest.mark.alone
def test_every_attack_fails_when_an_ordinary_user_grades(tmp_path: Path) -> None:
    said = as_nobody(tmp_path, ["doctor", "--jobs", "2"])
    assert "started by an ordinary user" in said.stdout
    assert "22 of 22 walls stand" in said.stdout, said.stdout + said.stderr
    assert said.returncode == 0


@walls
@as_root
@pytest.mark.long
@pytest.mark.alone
def test_an_ordinary_user_gets_the_bytes_that_root_gets(tmp_path: Path) -> None:
    example = tmp_path / "class" / "saliency_cross_entropy_and_no_abs"
    write_class(example.parent, [one for one in EXAMPLES if one.name == example.name])
    theirs = as_nobody(tmp_path, ["grade", str(example), "--out", str(tmp_path / "theirs"), "--seed", SEED])
    assert theirs.returncode == 0, theirs.stdout + theirs.stderr
    with Sandbox(hidden=HIDDEN_FROM_CHILDREN) as sandbox:
        ours = json.loads(
            result_bytes(grade_submission(Submission(example.name, example), SEED, sandbox).result)
        )
    kept = tmp_path / "theirs" / "results" / f"{example.name}.json"
    assert json.loads(kept.read_text(encoding="utf-8")) == ours


def as_nobody(home: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command of the kit as a user without rights, with a Python and a kit that this user can read."""
    python = readable_python()
    if not may_read(
        python, KIT / "grading" / "cli" / "app.py", Path(sysconfig.get_path("purelib")) / "torch"
    ):
        pytest.skip("another user may not read this copy of the kit, or its packages")
    for folder in (home, *home.parents):
        if folder != Path("/") and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    home.chmod(0o777)
    environment = {
        "PATH": os.defpath,
        "HOME": str(home),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "150",
        "CS231N_CACHE": str(home / "cache"),
    }
    if python != sys.executable:
        environment["PYTHONPATH"] = sysconfig.get_path("purelib")
    return subprocess.run(
        [python, "-m", "grading", *arguments],
        cwd=KIT,
        env=environment,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def may_read(python: str, *paths: Path) -> bool:
    """Whether a user without rights reaches all of `paths`."""
    script = "import os, sys; sys.exit(not all(os.access(path, os.R_OK) for path in sys.argv[1:]))"
    done = subprocess.run(
        [python, "-c", script, *map(str, paths)],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return done.returncode == 0


def readable_python() -> str:
    """Return a Python of this version that any user may run, or skip: this one may lie in root's own folder."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, shutil.which(f"python{version}", path="/usr/bin:/usr/local/bin")):
        if python is None:
            continue
        try:
            done = subprocess.run(
                [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
                user=NOBODY,
                group=NOBODY,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
        except PermissionError:
            continue
        if done.stdout.strip() == version:
            return python
    pytest.skip("no Python of this version that another user may run")


@walls
@pytest.mark.long
@pytest.mark.alone
def test_the_largest_results_do_not_fill_the_grader(tmp_path: Path) -> None:
    script = (
        "import resource, sys\n"
        "from grading.cli.doctor import _graded, _submission, LIMITS\n"
        "from grading.attacks.table import ATTACKS\n"
        "from grading.sandbox import Sandbox\n"
        "from pathlib import Path\n"
        "attack = next(a for a in ATTACKS if a.name == 'largest_result')\n"
        "with Sandbox('bubblewrap', LIMITS, hidden=()) as sandbox:\n"
        "    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "    _graded(_submission(attack, Path(sys.argv[1])), sandbox)\n"
        "    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=KIT,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert int(done.stdout) < 1500


@walls
def test_a_wall_that_cannot_be_put_up_stops_the_grading_and_blames_nobody(examples: Path) -> None:
    from grading.errors import SandboxError

    impossible = dataclasses.replace(Limits(), scratch_mb=-1)
    with (
        Sandbox("bubblewrap", impossible, hidden=HIDDEN_FROM_CHILDREN) as sandbox,
        pytest.raises(SandboxError),
    ):
        grade_submission(Submission("ada", examples / "all_right"), "tests", sandbox)


def test_limits_of_doctor_are_no_looser_than_those_of_grading() -> None:
    given, usual = dataclasses.asdict(LIMITS), dataclasses.asdict(Limits())
    assert all(given[name] <= usual[name] for name in usual)


def test_a_terminal_obeys_nothing_that_a_student_wrote() -> None:
    from grading.cli.terminal import escape

    shown = escape("\x1b]0;owned\x07\x1b[2J\x9b31m\r\x00[red]\u202eabc\n")
    assert not set(shown) & set("\x1b\x07\x9b\r\x00\u202e")
    assert "\\[red]" in shown
