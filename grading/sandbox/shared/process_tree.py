"""Resource use of a child and all that it has started: the kernel's own limits count each process apart.

Orphans go to the first process of their pid namespace, the child itself, so nothing that was started inside can leave
the tree below it (without walls it can, by way of `setsid` and a second fork).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_libc = ctypes.CDLL(None)
PR_SET_DUMPABLE = 4
_TICKS = os.sysconf("SC_CLK_TCK")
# What a socket may hold that nobody has read (net.core.wmem_default); a pipe holds less.
SOCKET_BYTES = 212_992
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Member:
    """One process: its parent, the CPU time of itself and of its ended children (seconds), its resident bytes.

    `state` is the kernel's letter for what it does, `tasks` the number of its threads.
    """

    pid: int
    parent: int
    cpu: float
    resident: int
    state: str
    tasks: int = 1

    @property
    def runs(self) -> bool:
        """Whether it computes, or waits for nothing but a processor."""
        return self.state == "R"

    @property
    def is_stopped(self) -> bool:
        """Whether it was stopped by a signal."""
        return self.state == "T"


def processes() -> dict[int, Member]:
    """Return all processes this one can see, by pid (none where there is no /proc)."""
    found = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else []:  # noqa: PTH112, PTH208
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            cpu = sum(int(field) for field in fields[11:15]) / _TICKS
            found[int(entry)] = Member(
                int(entry), int(fields[1]), cpu, int(fields[21]) * _PAGE, fields[0].decode(), int(fields[17])
            )
    return found


def family(pid: int, everyone: dict[int, Member]) -> list[Member]:
    """Return a process and its descendants."""
    children: dict[int, list[int]] = {}
    for member in everyone.values():
        children.setdefault(member.parent, []).append(member.pid)
    found, pending = [], [pid]
    while pending:
        here = pending.pop()
        if here in everyone:
            found.append(everyone[here])
        pending.extend(children.get(here, ()))
    return found


def memory(members: list[Member], enough: int) -> int:
    """Return the bytes of memory a family occupies; what several share counts once.

    With it counts what the kernel may hold for them: page tables, and the buffers behind open files. Reading memory
    takes milliseconds for each process: where the sum of their resident bytes, which counts shared ones several times,
    leaves the whole below `enough`, that is returned.
    """
    by_kernel = held(members)
    upper = by_kernel + sum(member.resident for member in members)
    return upper if upper <= enough else by_kernel + sum(_proportional(member) for member in members)


def held(members: list[Member]) -> int:
    """Return the most bytes that the kernel holds for a family."""
    return sum(_held(member) for member in members)


def _held(member: Member) -> int:
    """Return the most bytes that the kernel holds for a process: page tables, and a full socket for each open file."""
    with contextlib.suppress(OSError):
        folder = f"/proc/{member.pid}"
        status = Path(folder, "status").read_text()
        tables = status.partition("VmPTE:")[2].split(maxsplit=1)[:1]
        files = as_owner(member.pid, lambda: os.listdir(f"{folder}/fd"))  # noqa: PTH208
        return sum(int(kb) << 10 for kb in tables) + len(files) * SOCKET_BYTES
    return 0


def own_memory(members: list[Member]) -> int:
    """Return the bytes that a family has written, to be compared later.

    What it only reads of files (libraries) is left out: each program that maps the same file takes a share of that, so
    it grows for all others when one of them ends.
    """
    return sum(_proportional(member, ("Pss_Anon:", "Pss_Shmem:")) for member in members)


def as_owner(pid: int, read: Callable[[], T]) -> T:
    """Return what `read` finds in the folder of a process in /proc.

    Root in a container is no longer allowed what is another user's; that user is, whom the kernel takes it for here.
    """
    try:
        return read()
    except PermissionError:
        owner = Path(f"/proc/{pid}").stat()
        _libc.setfsgid(owner.st_gid)
        _libc.setfsuid(owner.st_uid)
        try:
            return read()
        finally:
            _libc.setfsuid(os.geteuid())
            _libc.setfsgid(os.getegid())
            _libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # the change took it away: this process is counted, too


def _proportional(member: Member, kinds: tuple[str, ...] = ("Pss:",)) -> int:
    try:
        rollup = as_owner(member.pid, Path(f"/proc/{member.pid}/smaps_rollup").read_text)
        lines = [line.split() for line in rollup.splitlines()[1:]]
        if found := [int(words[1]) << 10 for words in lines if words[0] in kinds]:
            return sum(found)
    except ProcessLookupError:
        return 0  # it is ending: its memory is free again
    except OSError:
        pass  # an old kernel
    return member.resident if Path(f"/proc/{member.pid}").exists() else 0
