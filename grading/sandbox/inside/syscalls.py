"""The seccomp filter: system calls that no solution needs and that escapes are made of fail with EPERM.

Namespaces, a foreign user id and no capabilities already stand in the way of most of these; the filter keeps the
kernel's less trodden code out of reach. It refuses calls rather than listing the allowed ones: NumPy, torch and
OpenMP use many, other ones with each release, and a right solution must not fail for one.

Four groups of calls are refused for what they would hide: memory that belongs to no process (memfd, System V and POSIX
queues), a lease that keeps others from opening a file, a child process whose CPU time is counted nowhere, and a
process that stands back behind all others, so that its time never runs out.
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
)  # fmt: skip

CLONE_NEWUSER = 0x10000000
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
    for family in range(1, 46):
        if family not in ALLOWED_FAMILIES:
            rules.add_rule(no, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    return rules
