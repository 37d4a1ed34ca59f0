"""A class that is graded in parts, by calls that are killed at random, ends with the bytes of an undisturbed run."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from benchmarks.scale import make_small_class
from benchmarks.stub_grader import run_command
from grading.classroom.ledger import FOLDER
from grading.classroom.shards import Shard, announce, forget, shard_of, unfinished
from grading.classroom.worker import Settings
from grading.errors import KitError
from grading.results.atomic import PREFIX

SHARDS, CLASS, KILLS = 16, 240, 6
SETTINGS = Settings("tests")


def test_every_student_is_in_one_part_and_parts_are_about_as_large() -> None:
    parts = [Shard(number, 8) for number in range(1, 9)]
    found = Counter(part.number for number in range(4000) for part in parts if part.has(f"student{number}"))
    assert found.total() == 4000
    assert min(found.values()) > 400


def test_one_person_is_in_one_part_however_the_name_is_written() -> None:
    for number in range(1, 6):
        part = Shard(number, 5)
        assert part.has("Zoë") == part.has("zoe\u0308")


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "a/b", "-1/4", "1/4/2", ""])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(KitError, match="--shard must be I/N with I from 1 to N"):
        shard_of(text)


def test_two_seeds_that_meet_in_a_folder_are_refused_with_the_remedy(tmp_path: Path) -> None:
    announce(tmp_path, Shard(1, 2), SETTINGS)
    with pytest.raises(KitError, match=r"shard 1/2 .* with another seed: give every shard the same seed"):
        announce(tmp_path, Shard(2, 2), Settings("another"))
    with pytest.raises(KitError, match="with another seed"):
        unfinished(tmp_path, Settings("another"))
    announce(tmp_path, Shard(2, 2), SETTINGS)  # who was refused has left nothing that would refuse others


def test_a_part_that_has_not_ended_is_named_until_the_class_is_merged(tmp_path: Path) -> None:
    announce(tmp_path, Shard(1, 2), SETTINGS)
    announce(tmp_path, Shard(2, 2), SETTINGS, ended=True)
    assert [name.partition(" ")[0] for name in unfinished(tmp_path, SETTINGS)] == ["1/2"]
    forget(tmp_path)
    assert unfinished(tmp_path, Settings("another")) == []


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Callable[..., BaseProcess]:
    """`start(class, out, ...)` grades with verdicts drawn by lot, in a process forked from one that has torch."""
    monkeypatch.setenv("STUB_SECONDS", "0.05")
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["benchmarks.stub_grader", "grading.cli.grade"])

    def start(students: Path, out: Path, *more: str) -> BaseProcess:
        arguments = ["grade", str(students), "--out", str(out), "--seed", "shards", "--jobs", "2", *more]
        process = forks.Process(target=run_command, args=(arguments,))
        process.start()
        return process

    return start


def ended(process: BaseProcess) -> int | None:
    process.join(600)
    return process.exitcode


def snapshot(out: Path) -> dict[str, bytes]:
    files = [path for path in out.rglob("*") if path.is_file() and FOLDER not in path.parts]
    assert not [path for path in files if path.name.startswith(PREFIX)]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files if path.name != "run.json"}


@pytest.mark.long
def test_parts_that_are_killed_and_started_again_merge_to_the_same_bytes(
    tmp_path: Path, start: Callable[..., BaseProcess]
) -> None:
    students, chance = tmp_path / "class", random.Random(0)
    make_small_class(students, CLASS)
    assert ended(start(students, tmp_path / "alone")) == 0

    waiting, killed = [f"{number}/{SHARDS}" for number in range(1, SHARDS + 1)], 0
    running: dict[str, BaseProcess] = {}
    while waiting or running:
        while waiting and len(running) < 4:
            shard = waiting.pop(0)
            running[shard] = start(students, tmp_path / "out", "--shard", shard)
        time.sleep(chance.uniform(0, 0.5))
        if killed < KILLS:  # before it has begun, in the middle, or as it ends
            running[chance.choice([*running])].kill()
        for shard, process in [*running.items()]:
            if process.exitcode is not None:
                assert process.exitcode in (0, -signal.SIGKILL)
                del running[shard]
                killed += process.exitcode != 0
                if process.exitcode and killed % 3:  # the merge grades what the others leave
                    waiting.append(shard)
    assert killed
    assert ended(start(students, tmp_path / "out")) == 0
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "alone")
