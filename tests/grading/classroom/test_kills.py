"""However a run of a class of thirty ends, the next one ends with the bytes of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.classroom.ledger import FOLDER
from grading.results.atomic import PREFIX

from ..conftest import NOTEBOOK_OF, write_submission

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
KILLS = 20
CLASS = 30
# Of most students two functions are enough: one with a picture, one that may be wrong.
FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"gram_matrix", "tv_loss"})
BODIES: tuple[dict[str, str | None], ...] = (
    FEW,
    {**FEW, "tv_loss": "return 0"},
    {**FEW, "gram_matrix": "return features.sum()"},
    {**FEW, "tv_loss": "raise ValueError('好')"},
    {**FEW, "tv_loss": "import os\nos._exit(0)"},
)


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    for number in range(CLASS - 1):
        write_submission(folder / f"student{number:02}", **BODIES[number % len(BODIES)])
    (folder / "zipped.zip").write_bytes(b"no zip")
    return folder


def start(students: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "grading", "grade", str(students), "--out", str(out)]
    return subprocess.Popen(
        [*command, "--seed", "kills", "--jobs", "2"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(students: Path, out: Path) -> str:
    with start(students, out) as running:
        said, _ = running.communicate(timeout=600)
    assert running.returncode == 0, said
    return said


def snapshot(out: Path) -> dict[str, bytes]:
    files = [path for path in out.rglob("*") if path.is_file() and FOLDER not in path.parts]
    assert not [path for path in files if path.name.startswith(PREFIX)]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files if path.name != "run.json"}


@pytest.fixture(scope="module")
def undisturbed(students: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed")
    finish(students, out)
    return snapshot(out)


def disturb(students: Path, out: Path, how: signal.Signals, chance: random.Random) -> tuple[int, str]:
    """Send a signal after some students and a moment more; return the status, and what was said."""
    after, moment = chance.randrange(CLASS + 1), chance.uniform(0, 0.4)
    with start(students, out) as running:
        while running.poll() is None and len(list((out / FOLDER).glob("*.json"))) < after:
            time.sleep(0.005)
        time.sleep(moment)
        running.send_signal(how)
        said, _ = running.communicate(timeout=600)
    return running.returncode, said


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(
    number: int, students: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    status, said = disturb(students, tmp_path / "out", signal.SIGKILL, random.Random(number))
    assert status in (-signal.SIGKILL, 0), said
    done = len(list((tmp_path / "out" / FOLDER).glob("*.json")))
    said = finish(students, tmp_path / "out")
    assert (f"{done} of {CLASS} unchanged, kept" in said) == (done > 0)
    assert snapshot(tmp_path / "out") == undisturbed


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("number", range(3))
def test_a_stopped_run_says_so_and_leaves_a_valid_folder(
    number: int, how: signal.Signals, students: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    status, said = disturb(students, out, how, random.Random(100 + number))
    assert status in (130, 0), said
    assert "Traceback" not in said
    left = snapshot(out) if out.exists() else {}
    verdicts = {name: raw for name, raw in left.items() if name.startswith(("results/", "pictures/"))}
    assert verdicts.items() <= undisturbed.items()
    finish(students, out)
    assert snapshot(out) == undisturbed


def test_a_second_grader_names_the_first_and_stops(students: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with start(students, out) as first:
        while not (out / FOLDER / "lock").exists() or not (out / FOLDER / "lock").read_text():
            time.sleep(0.05)
        first.send_signal(signal.SIGSTOP)  # or it might have ended before the second looks
        with start(students, out) as second:
            said, _ = second.communicate(timeout=600)
        first.send_signal(signal.SIGCONT)
        assert second.returncode == 2
        assert f"is being written by process {first.pid} on" in said.replace("\n", " ")
        told, _ = first.communicate(timeout=600)
    assert first.returncode == 0, told


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of 64 kB until `resize`."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.getuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(place)], check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def resize(disk: Path, kilobytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", str(disk)], check=True)


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8, 0.97])
def test_a_full_disk_is_named_and_with_more_room_the_run_ends_with_the_same_bytes(
    share: float, students: Path, undisturbed: dict[str, bytes], small_disk: Path
) -> None:
    pages = sum(-(-len(raw) // 4096) for raw in undisturbed.values()) + CLASS  # of memory; each key takes one
    resize(small_disk, int(4 * pages * share))
    with start(students, small_disk / "out") as running:
        said, _ = running.communicate(timeout=600)
    assert running.returncode == 2, said
    assert "cannot be written (No space left on device): make room there" in said.replace("\n", " ")
    assert "Traceback" not in said
    resize(small_disk, 8 * pages)
    finish(students, small_disk / "out")
    assert snapshot(small_disk / "out") == undisturbed


def test_a_read_only_folder_is_one_sentence(students: Path, small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with start(students, small_disk / "out") as running:
        said, _ = running.communicate(timeout=600)
    assert running.returncode == 2
    assert "cannot be written (Read-only file system): name another folder" in said.replace("\n", " ")
