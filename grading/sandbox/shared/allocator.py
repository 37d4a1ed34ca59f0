"""Returns freed memory to the system, so that the process that children fork from stays small."""

from __future__ import annotations

import contextlib
import ctypes

M_ARENA_MAX = -8  # malloc.h


def one_pool() -> None:
    """Let all threads take memory from one pool, instead of each keeping what it has freed.

    Where the C library is not glibc, nothing happens, here and in `give_back`.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def give_back() -> None:
    """Return freed memory to the system."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
