"""Isolation "landlock" of one child: walls for where no namespaces can be made, as in most containers.

A child reads and runs what `sandbox.readable` lists and writes to a folder of its own, for good and with all that it
starts; as root's child it is also another user. What Landlock does not know (stat, chmod, sockets other than TCP) the
filter of system calls refuses (`syscalls.refusal`), but for stat. /proc is not shown at all. Beside `walls`:

- Orphans go to the child, and to the warm parent once that has ended, which kills them (`end_strays`).
- Files cannot be removed or renamed and folders not made, so that all that was written lies in one place and is
  counted (`exceeded`); it is removed when the child has ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox.inside import syscalls, walls
from grading.sandbox.inside.around import Around

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
RULESET_VERSION, PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, MAKE_REG, TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 8, 1 << 14
# All that each version of Landlock can refuse, of files; of TCP from 4; of signals and abstract sockets from 6.
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP_SINCE, TCP_RIGHTS, SCOPES_SINCE, SCOPES = 4, 0b11, 6, 0b11
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")

PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER = 28, 36
NO_SETUID_FIXUP = 1 << 2
CAP_CHOWN, CAP_SETGID, CAP_SETUID, CAP_SETPCAP = 0, 6, 7, 8
# Either leads through closed folders; containers have the second alone. Landlock bounds both to what is listed.
CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE = 2, 1
# As many files as a child's folder holds behind the other walls.
MOST_FILES = 4096
# Where the kernel counts a child's processes with those of its user: what it may start before the watch sees it.
UNSEEN = 64


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that this kernel has.

    Raises
    ------
    WallError
        If it has none, or does not allow it here.
    """
    return walls.call("syscall", CREATE_RULESET, None, ctypes.c_size_t(0), RULESET_VERSION)


@dataclass(frozen=True)
class Rule:
    """A file or a folder, held open, and what may be done in it."""

    descriptor: int
    allowed: int


class Landlock(Around):
    """What stands around the children of one warm parent.

    Parameters
    ----------
    shown : Path
        A file written by `sandbox.program`: what children read and run ("read"), the folders of which they may see
        the names ("list"), and where their own folders are made ("scratch").

    Raises
    ------
    OSError
        If this machine forbids any of it.
    """

    def __init__(self, shown: Path) -> None:
        listed = json.loads(shown.read_text(encoding="utf-8"))
        self.version = version()
        walls.call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans of ended children come here
        self.handled = FILE_RIGHTS[min(self.version, max(FILE_RIGHTS))]
        self.scratch = Path(listed["scratch"])
        # Held open: an entry of which the kernel had to forget the name would be another one afterwards.
        self.rules = [self._rule(path, EXECUTE | READ_FILE | READ_DIR) for path in listed["read"]]
        self.rules += [self._rule(path, READ_DIR) for path in listed["list"]]
        self.rules += [self._rule(path, READ_FILE | WRITE_FILE | TRUNCATE) for path in DEVICES]
        self.users = other_users()
        closed = self.users is not None and is_closed([*listed["read"], str(shown)])
        own, passes = _capabilities(), (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE)
        self.keeps = [one for one in passes if closed and own >> one & 1][:1]
        if self.users:  # who becomes another, or reads as another, keeps what is not given up by name
            walls.call("prctl", PR_SET_SECUREBITS, NO_SETUID_FIXUP, 0, 0, 0)
        self.others = 0 if self.users else _tasks_of(os.getuid())
        self.calls = syscalls.refusal(namespaces=False)

    def put_up(self, serial: int, limits: dict[str, int]) -> None:
        """Close the child in; called in the child.

        Raises
        ------
        OSError
            If any wall cannot be put up.
        """
        folder = self.folder(serial)
        folder.mkdir(mode=0o700)
        walls.call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        processes = limits["processes"]
        if self.users:
            user = self.users[serial % len(self.users)]
            os.chown(folder, user, user)
            walls.become(user)
        else:
            walls.bound_capabilities()
            processes = min(
                self.others + processes + UNSEEN, resource.getrlimit(resource.RLIMIT_NPROC)[1] % (1 << 63)
            )
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
        walls.give_up_capabilities(*self.keeps)
        _restrict(self._ruleset(folder))
        for rule in self.rules:
            os.close(rule.descriptor)
        os.chdir(folder)
        os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), str(folder)))
        tempfile.tempdir = None
        walls.call("prctl", walls.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a change of user takes it back
        self._refuse_calls()

    def exceeded(self, serial: int, tasks: int, limits: dict[str, int]) -> str:
        """Return the limit of this isolation that a child has exceeded, "" for none."""
        if tasks > limits["processes"]:
            return "processes"
        files = blocks = 0
        with contextlib.suppress(OSError), os.scandir(self.folder(serial)) as entries:
            for entry in entries:
                files += 1
                blocks += entry.stat(follow_symlinks=False).st_blocks
        return "disk" if files > MOST_FILES or blocks * 512 > limits["scratch_mb"] << 20 else ""

    def clear(self, serial: int) -> None:
        """Remove what a child that has ended has written."""
        shutil.rmtree(self.folder(serial), ignore_errors=True)

    def end_strays(self, known: Container[int]) -> None:
        """End what children that have ended left running: it is now this process's, which has no other children.

        However fast they fork: each of them is here for the time of a fork, and looking for it takes less.
        """
        while strays := [pid for pid in _own_children() if pid not in known]:
            for pid in strays:
                os.kill(pid, signal.SIGKILL)
            for pid in strays:
                os.waitpid(pid, 0)

    def folder(self, serial: int) -> Path:
        """Return the folder of one child."""
        return self.scratch / str(serial)

    def _rule(self, path: str, allowed: int) -> Rule:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        return Rule(descriptor, allowed & self.handled & (-1 if os.path.isdir(path) else ON_FILES))  # noqa: PTH112

    def _ruleset(self, folder: Path) -> int:
        """Return a descriptor of the rules for one child."""
        tcp = TCP_RIGHTS if self.version >= TCP_SINCE else 0
        scopes = SCOPES if self.version >= SCOPES_SINCE else 0
        size = 24 if scopes else 16 if tcp else 8
        attributes = _RulesetAttributes(self.handled, tcp, scopes)
        rules = walls.call("syscall", CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0)
        own = self._rule(str(folder), READ_FILE | WRITE_FILE | TRUNCATE | READ_DIR | MAKE_REG)
        for rule in (*self.rules, own):
            beneath = _PathBeneath(rule.allowed, rule.descriptor)
            walls.call("syscall", ADD_RULE, rules, PATH_BENEATH, ctypes.byref(beneath), 0)
        os.close(own.descriptor)
        return rules

    def _refuse_calls(self) -> None:
        if self.version < SCOPES_SINCE:  # here, where the child knows its number
            syscalls.refuse_signals(self.calls, os.getpid())
        self.calls.load()


def _restrict(rules: int) -> None:
    walls.call("syscall", RESTRICT_SELF, rules, 0)
    os.close(rules)


def other_users() -> range | None:
    """Return the users that children may become, to whom nothing on the machine belongs; none if this one may not.

    In a container few users may be known.
    """
    needed = sum(1 << one for one in (CAP_CHOWN, CAP_SETGID, CAP_SETUID, CAP_SETPCAP))
    if os.getuid() != 0 or _capabilities() & needed != needed:
        return None
    known = [_known(name) for name in ("uid_map", "gid_map")]
    last = min(ids.stop for ids in known)
    if last > walls.FIRST_UID + walls.UIDS:
        return range(walls.FIRST_UID, walls.FIRST_UID + walls.UIDS)
    first = max(1 << 15, *(ids.start for ids in known))
    return range(first, last - 2) if last - 2 > first else None


def _capabilities() -> int:
    """Return the capabilities that this process has, a bit for each."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["CapEff"], 16)


def _known(name: str) -> range:
    rows = [
        [int(word) for word in line.split()] for line in Path("/proc/self", name).read_text().splitlines()
    ]
    first, _, count = max(rows, key=lambda row: row[2])
    return range(first, first + count)


def is_closed(paths: Sequence[str]) -> bool:
    """Whether a folder on the way to one of `paths` is closed to other users, as root's home is."""
    folders = {folder for path in paths for folder in Path(path).parents}
    return any(not folder.stat().st_mode & 0o001 for folder in folders)


def _tasks_of(user: int) -> int:
    """Return how many processes and threads a user has."""
    count = 0
    for entry in os.listdir("/proc"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            if entry.isdigit() and os.stat(f"/proc/{entry}").st_uid == user:  # noqa: PTH116
                count += len(os.listdir(f"/proc/{entry}/task"))  # noqa: PTH208
    return count


def _own_children() -> list[int]:
    """Return the children of this process, as fast as the kernel tells them."""
    me = os.getpid()
    try:
        return [
            int(pid)
            for task in Path(f"/proc/{me}/task").iterdir()
            for pid in (task / "children").read_text().split()
        ]
    except FileNotFoundError:  # a kernel without that file
        from grading.sandbox.shared.process_tree import processes

        return [member.pid for member in processes().values() if member.parent == me]
