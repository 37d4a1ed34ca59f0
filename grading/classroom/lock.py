"""Lock of an output folder: two graders never write into one."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from grading.errors import KitError

NAME = "lock"
# What a file system answers that has no locks.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Hold a folder for this process; the kernel lets go of it however the process ends.

    Yields False where the file system (some network mounts) has no locks: then nothing keeps a second one out.

    Raises
    ------
    KitError
        If another process holds it; says which, since when.
    OSError
        If the lock's file cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield _lock(descriptor, folder)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
        raise KitError(
            "{parent} is being written by {holder}: wait for it, or name another folder with --out",
            parent=folder.parent,
            holder=holder,
        ) from None
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return False
        raise
    if os.fstat(descriptor).st_nlink == 0:
        raise KitError(
            "{parent} was removed by another process: give the command again", parent=folder.parent
        )
    who = f"process {os.getpid()} on {platform.node()}, since {time.strftime('%Y-%m-%d %H:%M:%S')}"
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, who.encode(), 0)
    return True
