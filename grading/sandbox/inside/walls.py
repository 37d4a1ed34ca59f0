"""Isolation "bubblewrap" of one child, set up by the child itself before any student code runs, from the outside in.

Who may see what, once they stand:

    grader (trusted)      everything: answers, seeds, other submissions, the network
      └ bubblewrap        read-only: /usr, Python, packages, the weights, copies of the kit's modules for
          │               inside; no network; no other process                    (`sandbox.program` builds the command)
          └ warm parent   the same; forks, counts, kills; never sees a student's text or an answer  (`inside.main`)
              └ child     the same, as another user without capabilities, alone in its own pid, mount, network,
                  │       ipc and uts namespace, with a small folder of its own to write to      (this module)
                  └ what it starts: nothing leaves that namespace, so all of it is counted (`shared.process_tree`) and
                          ends with the child

What crosses: grader and warm parent speak JSON lines on one socket, which children close; grader and child speak
frames of JSON and numbers on another (`cs231n.trials.wire`); `sandbox.replies` believes no more than their form.

The warm parent makes the pid namespace (a process cannot enter a new one itself, only its children can); the child
makes the others while it still has the capabilities that bubblewrap left it, and then gives them up for good. Started
by root, it becomes a user that nothing on the machine belongs to; started by an ordinary user, it stays that user, in
a user namespace of its own. The warm parent waits until all this stands: a wall that cannot be put up ends the grading.
System calls are filtered by `inside.syscalls`.

What limits what: `limit` each process (address space, CPU time, file size, descriptors); RLIMIT_NPROC a child's
processes and threads; the size of its tmpfs what it writes; `inside.main.watch` the memory and CPU time of a child with
all it has started, and its control group, where there is one (`sandbox.cgroup`), also what the kernel holds for it; the
grader the time of a call and the size of an answer. `python -m grading doctor` tries them all.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Iterator

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x1, 0x2, 0x4, 0x8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 4, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CAPABILITY_VERSION_3 = 0x20080522
LAST_CAPABILITY = 63
SCRATCH = "/scratch"
# With root's powers a child becomes a user that nothing on the machine belongs to, a different one each time.
FIRST_UID, UIDS = 2_000_000_000, 100_000_000
# With `processes` it bounds what the kernel holds behind open files: 64 times 64 full sockets are 870 MB.
OPEN_FILES = 64
PENDING_SIGNALS = 64

_libc = ctypes.CDLL(None, use_errno=True)


class WallError(OSError):
    """A wall that was promised cannot be put up: the child must not run student code."""


def call(name: str, *args: object) -> int:
    """Call a function of the C library.

    Raises
    ------
    WallError
        If it fails.
    """
    result: int = getattr(_libc, name)(*args)
    if result == -1:
        number = ctypes.get_errno()
        raise WallError(number, f"{name}: {os.strerror(number)}")
    return result


@contextlib.contextmanager
def new_pid_namespace() -> Iterator[None]:
    """Within this context a fork makes the first process of a new pid namespace; afterwards all is as before."""
    warm_parent, own = os.getpid(), os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        call("unshare", CLONE_NEWPID)
        yield
    finally:
        if os.getpid() == warm_parent:
            call("setns", own, CLONE_NEWPID)
        os.close(own)


def put_up(serial: int, limits: dict[str, int]) -> None:
    """Close the child in. Called in the child, as the first process of its pid namespace.

    Parameters
    ----------
    serial : int
        Number of the child, from which its user id follows where the machine's root started the grader.
    limits : dict
        `scratch_mb`, the size of its folder to write to, and `processes`, how many it may start.

    Raises
    ------
    WallError
        If any wall cannot be put up.
    """
    own_proc = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY)  # the /proc to come is read-only
    call("unshare", CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
    _own_mounts(limits["scratch_mb"])
    _become_nobody(serial, own_proc)
    os.close(own_proc)
    resource.setrlimit(resource.RLIMIT_NPROC, (limits["processes"], limits["processes"]))
    give_up_capabilities()
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # last: a change of user takes it back


def _own_mounts(scratch_mb: int) -> None:
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    _mount("proc", "/proc", "proc", flags | MS_RDONLY)
    options = f"size={scratch_mb}m,nr_inodes=4096,mode=1777".encode()
    _mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, options)
    os.chdir(SCRATCH)


def _mount(source: str, target: str, kind: str | None, flags: int, options: bytes | None = None) -> None:
    call("mount", source.encode(), target.encode(), kind and kind.encode(), flags, options)


def _become_nobody(serial: int, own_proc: int) -> None:
    """Become a user whom the kernel counts apart from all others: `processes` is for this child alone.

    Only root can become another. A grader started by an ordinary user runs children as that user, each in a user
    namespace of its own.
    """
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        become(FIRST_UID + serial % UIDS)
        return
    call("unshare", CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        file = os.open(name, os.O_WRONLY, dir_fd=own_proc)
        os.write(file, text.encode())
        os.close(file)
    bound_capabilities()


def become(nobody: int) -> None:
    """Become another user, with a group of the same number and no other."""
    bound_capabilities()  # now: another user may not
    os.setgroups([])
    os.setresgid(nobody, nobody, nobody)
    os.setresuid(nobody, nobody, nobody)


def bound_capabilities() -> None:
    """Give up the means to get a capability again, by exec of a program that has one."""
    _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    for capability in range(LAST_CAPABILITY + 1):
        _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # numbers this kernel does not know fail


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def give_up_capabilities(*but: int) -> None:
    """Drop all capabilities for good, but for those named: no set-uid program gives any back."""
    header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
    kept = sum(1 << capability for capability in but)  # of the first 32
    call("capset", ctypes.byref(header), (ctypes.c_uint32 * 6)(kept, kept))
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # After a change of user /proc/self belongs to root until the process is dumpable again.
    call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)


def mapped() -> int:
    """Return the bytes of address space that this process has; read before the walls stand, which may hide /proc."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        return int(statm.read().split()[0]) * resource.getpagesize()


def die_first() -> None:
    """Where memory runs out on the whole machine, let the kernel kill this process before the grader."""
    with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("1000")


def limit(limits: dict[str, int], mapped: int) -> None:
    """Set the kernel's limits on this process and its children: memory beyond `mapped`, CPU time, files, core files."""
    wanted = {
        resource.RLIMIT_AS: mapped + (limits["memory_mb"] << 20),
        resource.RLIMIT_FSIZE: limits["file_mb"] << 20,
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        # Of these the kernel counts what all processes of a user hold: no child may use up the grader's.
        resource.RLIMIT_SIGPENDING: PENDING_SIGNALS,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for name, value in wanted.items():
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))
