"""Keeps the process that children fork from small, and a fork of it cheap."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path

# Parameters of malloc.h. An array of a megabyte goes back to the system at once, and what is free at the end of the
# pool soon: left to itself, malloc keeps as much as was ever in use.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
# Of madvise (Linux 6.1, asm-generic/mman-common.h).
MADV_COLLAPSE = 25
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


def use_large_pages() -> None:
    """Put what this process has written into large pages, so that a fork copies one entry where it copied 512.

    A fork of a process that holds torch, and its end, take a quarter of the time then (`benchmarks.torch_costs`); this
    takes half a second. What a child writes is copied by small pages all the same. Where the kernel cannot (before
    Linux 6.1), nothing happens.
    """
    with contextlib.suppress(AttributeError, OSError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = (ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int)
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, rights, _, _, _, *path = line.split(maxsplit=5)
            if rights == "rw-p" and (not path or path[0].startswith(("[heap]", "[anon"))):
                start, end = (int(address, 16) for address in addresses.split("-"))
                advise(start, end - start, MADV_COLLAPSE)
