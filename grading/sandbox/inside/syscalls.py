"""The seccomp filter: system calls that no solution needs and that escapes are made of fail with EPERM.

Namespaces, a foreign user id and no capabilities already stand in the way of most of these; the filter keeps the
kernel's less trodden code out of reach. It refuses calls rather than listing the allowed ones: NumPy, torch and
OpenMP use many, other ones with each release, and a right solution must not fail for one.

Five groups of calls are refused for what they would hide: memory that belongs to no process (memfd, System V and POSIX
queues, rules of Landlock), a lease that keeps others from opening a file, a child process whose CPU time is counted
nowhere, a process that stands back behind all others, so that its time never runs out, and letters: whoever can throw a
page of a shared file out of memory and ask whether it is there can leave bits for a later child, and so can locks and
watches.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import socket
from collections.abc import Sequence

import pyseccomp

REFUSED = (
    # mounts, namespaces, other roots
    "mount", "umount2", "mount_setattr", "move_mount", "fsconfig", "fsmount", "fsopen", "fspick", "open_tree",
    "pivot_root", "chroot", "unshare", "setns", "sethostname", "setdomainname", "name_to_handle_at",
    "open_by_handle_at", "quotactl", "swapon", "swapoff",
    # other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp", "perf_event_open",
    "migrate_pages", "move_pages", "mbind", "set_mempolicy",
    # the machine
    "reboot", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "settimeofday",
    "clock_settime", "clock_adjtime", "syslog", "acct", "vhangup", "ioperm", "iopl", "nfsservctl",
    # keys, and kernel code that escapes have been made of
    "add_key", "keyctl", "request_key", "bpf", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "io_setup", "fanotify_init", "personality", "uselib", "ustat", "sysfs", "lookup_dcookie",
    "vm86", "vm86old",
    # to stand back behind other programs: who never gets a processor is never out of time
    "sched_setscheduler", "sched_setattr", "sched_setparam", "setpriority", "ioprio_set",
    # memory that belongs to no process; rules of Landlock are such, and there may be millions of them
    "memfd_create", "memfd_secret", "shmget", "semget", "msgget", "mq_open",
    "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
    # letters to a later child: what of a shared file is in memory, and who holds or watches it
    "fadvise64", "fadvise64_64", "arm_fadvise64_64", "readahead", "mincore", "cachestat", "sync_file_range",
    "inotify_init", "inotify_init1", "inotify_add_watch", "flock",
)  # fmt: skip

CLONE_NEWUSER = 0x10000000
# A read that says whether it would have had to wait, and advice to throw pages out.
RWF_NOWAIT = 0x8
PAGE_ADVICE = (20, 21, 22, 23)  # MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ, MADV_POPULATE_WRITE
LOCKS = ("F_GETLK", "F_SETLK", "F_SETLKW", "F_OFD_GETLK", "F_OFD_SETLK", "F_OFD_SETLKW", "F_NOTIFY")
# Larger buffers of sockets and pipes: the kernel's memory, which no process has mapped.
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
BUFFER_SIZES = (socket.SO_SNDBUF, socket.SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE)
F_SETPIPE_SZ = 1031
ALLOWED_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)

# Refused where no namespaces stand around the child, for Landlock does not know them: sockets that lead anywhere, marks
# on files of the same user's, limits and processors of the same user's processes, and what `openat2` would hide.
WITHOUT_NAMESPACES = (
    "socket", "connect", "bind", "listen", "accept", "accept4",
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
    "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr", "removexattrat",
    "utime", "utimes", "futimesat", "utimensat", "file_setattr", "truncate", "sched_setaffinity",
)  # fmt: skip
# Said to be done, and not done: what a child has written stays where it is counted, until the child has ended.
NOT_DONE = ("unlink", "unlinkat", "rmdir")
SIGNALS = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
STREAMS = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET)
SOCKET_KINDS, KIND_MASK = range(1, 16), 0xF


def refusal(*, namespaces: bool) -> pyseccomp.SyscallFilter:
    """Return the filter; its `load()` puts it around the process and all that it starts, for good.

    Parameters
    ----------
    namespaces : bool
        Whether namespaces stand around the child, too.

    Raises
    ------
    OSError, RuntimeError
        If libseccomp is missing or the kernel refuses.
    """
    no = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    _add(rules, no, REFUSED)
    rules.add_rule(no, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER))
    # clone3 hides its flags behind a pointer; libc falls back to clone where it does not exist.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    # A parent that ignores SIGCHLD would have its children's CPU time forgotten: the signal keeps its default.
    rules.add_rule(pyseccomp.ERRNO(0), "rt_sigaction", pyseccomp.Arg(0, pyseccomp.EQ, signal.SIGCHLD))
    rules.add_rule(no, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, fcntl.F_SETLEASE))
    rules.add_rule(no, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, F_SETPIPE_SZ))
    for size in BUFFER_SIZES:
        rules.add_rule(
            no,
            "setsockopt",
            pyseccomp.Arg(1, pyseccomp.EQ, socket.SOL_SOCKET),
            pyseccomp.Arg(2, pyseccomp.EQ, size),
        )
    for name in LOCKS:
        rules.add_rule(no, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, getattr(fcntl, name)))
    rules.add_rule(no, "preadv2", pyseccomp.Arg(5, pyseccomp.MASKED_EQ, RWF_NOWAIT, RWF_NOWAIT))
    for advice in PAGE_ADVICE:
        rules.add_rule(no, "madvise", pyseccomp.Arg(2, pyseccomp.EQ, advice))
    for family in range(1, 46):
        if family not in ALLOWED_FAMILIES:
            rules.add_rule(no, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    if not namespaces:
        _stand_alone(rules, no)
    return rules


def _stand_alone(rules: pyseccomp.SyscallFilter, no: int) -> None:
    """Refuse what would lead out where no namespaces stand."""
    _add(rules, no, WITHOUT_NAMESPACES)
    _add(rules, pyseccomp.ERRNO(0), NOT_DONE)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "openat2")
    # A pair of datagram sockets could be sent to any address.
    for kind in SOCKET_KINDS:
        if kind not in STREAMS:
            rules.add_rule(no, "socketpair", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, KIND_MASK, kind))
    rules.add_rule(no, "prlimit64", pyseccomp.Arg(0, pyseccomp.NE, 0))
    # Until its version 3 Landlock does not see a file opened to be read, and emptied by that.
    emptied, looked_at = os.O_TRUNC | os.O_ACCMODE, os.O_TRUNC | os.O_RDONLY
    # A file without a name would be counted nowhere.
    for name, flags in (("open", 1), ("openat", 2)):
        with contextlib.suppress(OSError, ValueError):
            rules.add_rule(no, name, pyseccomp.Arg(flags, pyseccomp.MASKED_EQ, emptied, looked_at))
            rules.add_rule(no, name, pyseccomp.Arg(flags, pyseccomp.MASKED_EQ, os.O_TMPFILE, os.O_TMPFILE))


def refuse_signals(rules: pyseccomp.SyscallFilter, own: int) -> None:
    """Refuse signals to all processes but `own`, for a kernel where Landlock does not."""
    no = pyseccomp.ERRNO(errno.EPERM)
    _add(rules, no, ("tkill", "pidfd_send_signal"))
    for name in SIGNALS:
        rules.add_rule(no, name, pyseccomp.Arg(0, pyseccomp.NE, own))
    for command in ("F_SETOWN", "F_SETOWN_EX"):
        rules.add_rule(no, "fcntl", pyseccomp.Arg(1, pyseccomp.EQ, getattr(fcntl, command, 15)))


def _add(rules: pyseccomp.SyscallFilter, answer: int, names: Sequence[str]) -> None:
    for name in names:
        with contextlib.suppress(OSError, ValueError):  # a call that this architecture does not have
            rules.add_rule(answer, name)
