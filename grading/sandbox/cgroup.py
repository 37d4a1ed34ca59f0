"""Control groups: the kernel's account of a child with all that it starts, and with what the kernel holds for them.

Where the machine lets the grader make groups, each child is in one of its own before it is given any work. They lie
below the grader's own group, so that what limits the grader limits them; with version 2 beside it, for there no group
that holds processes has limited ones below it. Beyond its memory the kernel kills a child; beyond its processes it
starts no more. Elsewhere the watch counts alone (`inside.main.watch`).
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "cs231n-"
MEMORY_FILES = ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max")
EVENT_FILES = ("memory.oom_control", "memory.events")
PATIENCE_SECONDS = 2.0


class Group:
    """The group of one child: a folder in each hierarchy that counts something, in none where there are no groups."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = folders
        self._ran_out = False
        for folder in folders:
            folder.mkdir()

    def limit(self, memory_bytes: int, processes: int) -> None:
        """Set what the child may use."""
        values = {**dict.fromkeys(MEMORY_FILES, memory_bytes), "pids.max": processes}
        for name, value in (*values.items(), ("memory.swap.max", 0), ("memory.oom.group", 1)):
            for folder in self.folders:
                if (folder / name).exists():
                    (folder / name).write_text(str(value))

    def doors(self) -> list[int]:
        """Return open files; a process whose number is written to each of them is in this group from then on."""
        return [os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for folder in self.folders]

    @property
    def ran_out(self) -> bool:
        """Whether the kernel has killed a process of this group for want of memory."""
        for file in () if self._ran_out else self._events:
            with contextlib.suppress(OSError):
                words = file.read_text().split()
                self._ran_out |= words[words.index("oom_kill") + 1] != "0"
        return self._ran_out

    @functools.cached_property
    def _events(self) -> list[Path]:
        """Return where the kernel tells of it: asked at each answer of a child, so found once."""
        paths = (folder / name for folder in self.folders for name in EVENT_FILES)
        return [path for path in paths if path.exists()]

    def remove(self) -> bool:
        """Remove it, if none of its processes is left; return whether it is gone."""
        _ = self.ran_out  # it may be asked for afterwards
        for folder in self.folders:
            with contextlib.suppress(OSError):
                folder.rmdir()
        return not any(folder.exists() for folder in self.folders)


class Groups:
    """The groups of a sandbox's children; `version` is that of the kernel's groups, 0 where none can be made.

    They lie in folders that are locked as long as this process lives: one without a lock was left behind by a grader
    that was killed, and the next to come removes it.
    """

    def __init__(self) -> None:
        self.version = 0
        self._made = 0
        self._tops: list[Path] = []
        self._locks: list[int] = []
        self._prepared: list[Group] = []
        self._ended: list[Group] = []
        self._forking, self._retiring = threading.Lock(), threading.Lock()
        for version, homes in _homes():
            try:
                for home in homes:
                    _sweep(home)
                    self._open(home)
                trial = self.make()
                trial.limit(1 << 30, 8)
                for door in trial.doors():
                    os.close(door)
                self.retire(trial)
            except OSError:
                self.close()
            else:
                self.version = version
                return

    def _open(self, home: Path) -> None:
        while True:
            top = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
            lock = os.open(top, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if top.exists():  # or it was removed before it was locked
                break
            os.close(lock)
        self._tops.append(top)
        self._locks.append(lock)
        controllers = top / "cgroup.subtree_control"
        if controllers.exists():
            controllers.write_text("+memory +pids")

    def make(self) -> Group:
        """Return a new group, without limits as yet."""
        self._made += 1
        return Group([top / str(self._made) for top in self._tops])

    @contextlib.contextmanager
    def next(self, memory_bytes: int, processes: int) -> Iterator[tuple[Group, int, list[int]]]:
        """Yield the next child's group, how many new ones there are, and the doors of these.

        The sandbox prepares a child while the one before it works: at first there are two new groups, then one.
        """
        with self._forking:
            new = [self.make() for _ in range(2 - len(self._prepared))]
            self._prepared += new
            group = self._prepared.pop(0)
            group.limit(memory_bytes, processes)
            doors = [door for one in new for door in one.doors()]
            try:
                yield group, len(new), doors
            finally:
                for door in doors:
                    os.close(door)

    def retire(self, group: Group) -> None:
        """Remove a group, as soon as its processes have ended."""
        with self._retiring:
            self._ended = [one for one in (*self._ended, group) if not one.remove()]

    def close(self) -> None:
        """Remove all groups. What still runs in one is being ended, and takes its time."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (left := [top for top in self._tops if not _removed(top)]) and time.monotonic() < end:
            time.sleep(0.01)
        for lock in self._locks:
            os.close(lock)
        self._tops, self._locks, self._ended = left, [], []


def _removed(top: Path) -> bool:
    """Remove a folder of groups; return whether it is gone: no process was left in it."""
    with contextlib.suppress(OSError):
        for group in (*top.glob("*/"), top):
            group.rmdir()
    return not top.exists()


def _sweep(home: Path) -> None:
    """Remove what graders that were killed have left, here or in the groups beside this one."""
    for top in (*home.glob(f"{PREFIX}*/"), *home.parent.glob(f"*/{PREFIX}*/")):
        with contextlib.suppress(OSError):
            lock = os.open(top, os.O_RDONLY | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _removed(top)
            finally:
                os.close(lock)


def _homes(proc: Path = Path("/proc/self")) -> Iterator[tuple[int, list[Path]]]:
    """Yield the version of the kernel's groups, and the folders in which some for children may be made."""
    try:
        groups = [line.split(":", 2) for line in (proc / "cgroup").read_text().splitlines()]
        mounts = [line.split() for line in (proc / "mountinfo").read_text().splitlines()]
    except OSError:
        return
    own = {name: path for _, names, path in groups for name in names.split(",")}
    found: dict[str, Path] = {}
    for root, place, kind, options in ((m[3], m[4], m[-3], m[-1].split(",")) for m in mounts):
        for name in ("memory", "pids") if kind == "cgroup" else ("",) if kind == "cgroup2" else ():
            if name in own and (not name or name in options) and Path(own[name]).is_relative_to(root):
                found[name] = Path(place, Path(own[name]).relative_to(root))
    if "" in found:
        for home in (found[""], found[""].parent):
            with contextlib.suppress(OSError):
                if {"memory", "pids"} <= {*(home / "cgroup.subtree_control").read_text().split()}:
                    yield 2, [home]
    if "memory" in found:
        yield 1, [*dict.fromkeys(found[name] for name in ("memory", "pids") if name in found)]
