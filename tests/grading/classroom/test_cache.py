"""The weights cache may be read-only, and several graders may fill an empty one at the same time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cs231n.datasets.registry import cache_dir

from ..conftest import NOTEBOOK_OF, write_submission

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
FEW: dict[str, str | None] = dict.fromkeys(set(NOTEBOOK_OF) - {"compute_saliency_maps"})


@pytest.fixture
def ada(tmp_path: Path) -> Path:
    """Work whose checks need the trained network."""
    return write_submission(tmp_path / "class" / "ada", **FEW)


def start(ada: Path, out: Path, cache: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "grading", "grade", str(ada), "--out", str(out), "--seed", "cache"],
        cwd=ROOT,
        env={**os.environ, "CS231N_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def result(running: subprocess.Popen[str], out: Path) -> bytes:
    said, _ = running.communicate(timeout=600)
    assert running.returncode == 0, said
    raw = (out / "results" / "ada.json").read_bytes()
    assert b'"status": "correct"' in raw
    return raw


@pytest.fixture
def read_only(tmp_path: Path, ada: Path) -> Iterator[Path]:
    """A filled cache on a file system that nobody, not even root, can write."""
    result(start(ada, tmp_path / "filled", cache_dir()), tmp_path / "filled")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = os.getuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], check=False)
    if not mounted or mounted.returncode:
        pytest.skip("no file system can be mounted here")
    shutil.copytree(cache_dir(), place, dirs_exist_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_read_only_cache_that_is_filled_is_enough(ada: Path, read_only: Path, tmp_path: Path) -> None:
    again = result(start(ada, tmp_path / "out", read_only), tmp_path / "out")
    assert again == (tmp_path / "filled" / "results" / "ada.json").read_bytes()


def test_graders_that_fill_one_empty_cache_at_once_do_not_disturb_each_other(
    ada: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    outs = [tmp_path / "first", tmp_path / "second", tmp_path / "third"]
    running = [start(ada, out, cache) for out in outs]
    assert len({result(process, out) for process, out in zip(running, outs, strict=True)}) == 1
    assert not [path for path in cache.rglob("*") if "tmp" in path.name]
