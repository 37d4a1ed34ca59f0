"""Returns freed memory to the system, so that the process that children fork from stays small."""

from __future__ import annotations

import contextlib
import ctypes

# Parameters of malloc.h. An array of a megabyte goes back to the system at once, and what is free at the end of the
# pool soon: left to itself, malloc keeps as much as was ever in use.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
SETTINGS = {M_ARENA_MAX: 1, M_MMAP_THRESHOLD: 1 << 20, M_TRIM_THRESHOLD: 8 << 20}


def keep_little() -> None:
    """Let all threads take memory from one pool, and give back what they have freed.

    Where the C library is not glibc, nothing happens, here and in `give_back`.
    """
    with contextlib.suppress(AttributeError, OSError):
        for parameter, value in SETTINGS.items():
            ctypes.CDLL(None).mallopt(parameter, value)


def give_back() -> None:
    """Return freed memory to the system."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
