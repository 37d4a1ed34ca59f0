"""One grader at a time writes into a folder, and a dead one holds nothing."""

from __future__ import annotations

import errno
import fcntl
import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from grading.classroom.lock import locked
from grading.errors import KitError


def _hold(folder: Path, told: Connection) -> None:
    with locked(folder):
        told.send(os.getpid())
        signal.pause()


def test_the_second_is_told_who_holds_it_until_that_one_dies(tmp_path: Path) -> None:
    folder = tmp_path / "out" / ".grading"
    ours, theirs = multiprocessing.Pipe()
    holder = multiprocessing.get_context("spawn").Process(target=_hold, args=(folder, theirs))
    holder.start()
    pid = ours.recv()
    try:
        with pytest.raises(KitError, match=rf"out is being written by process {pid} on \S+, since 20.*--out"):
            locked(folder).__enter__()
    finally:
        os.kill(pid, signal.SIGKILL)
        holder.join()
    with locked(folder) as alone:
        assert alone


def test_what_was_held_can_be_held_again(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path), pytest.raises(KitError, match="is being written"):
            locked(tmp_path).__enter__()


def test_a_file_system_without_locks_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with locked(tmp_path) as alone:
        assert not alone


def test_a_folder_removed_by_the_holder_is_not_taken_for_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock = fcntl.flock

    def remove_first(descriptor: int, how: int) -> None:
        (tmp_path / "lock").unlink()
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    with pytest.raises(KitError, match="was removed"):
        locked(tmp_path).__enter__()
