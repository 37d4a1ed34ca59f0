"""The seccomp filter: system calls that no solution needs and that escapes are made of fail with EPERM.

Namespaces, a foreign user id and no capabilities already stand in the way of most of these; the filter keeps the
kernel's less trodden code out of reach. It refuses calls rather than listing the allowed ones: NumPy, torch and
OpenMP use many, other ones with each release, and a right solution must not fail for one.

Five groups of calls are refused for what they would hide: memory that belongs to no process (memfd, System V and POSIX
queues), a lease that keeps others from opening a file, a child process whose CPU time is counted nowhere, a process
that stands back behind all others, so that its time never runs out, and letters: whoever can throw a page of a shared
file out of memory and ask whether it is there can leave bits for a later child, and so can locks and watches.
"""

from __future__ import annotations

import errno
import fcntl
import signal
import socket

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
    # memory that belongs to no process
    "memfd_create", "memfd_secret", "shmget", "semget", "msgget", "mq_open",
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


def refusal() -> pyseccomp.SyscallFilter:
    """Return the filter; its `load()` puts it around the process and all that it starts, for good.

    Raises
    ------
    OSError, RuntimeError
        If libseccomp is missing or the kernel refuses.
    """
    no = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED:
        try:
            rules.add_rule(no, name)
        except (OSError, ValueError):
            continue  # a call that this architecture does not have
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
    return rules
