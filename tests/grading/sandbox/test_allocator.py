"""Memory in large pages: what was written stays, and a fork of it finds it."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from grading.locations import KIT

PROGRAM = """
import os, re
from grading.sandbox.shared import allocator

def large_kb():
    return int(re.search(r"AnonHugePages: +(\\d+)", open("/proc/self/smaps_rollup").read())[1])

held = bytearray(os.urandom(1 << 20) * 64)
copy = bytes(held[:1 << 20])
before = large_kb()
allocator.use_large_pages()
print(large_kb() - before)
pid = os.fork()
if pid == 0:
    held[5] ^= 255
    os._exit(held[:1 << 20] == copy)
print(os.waitpid(pid, 0)[1], held == copy * 64)
"""


def version() -> tuple[int, ...]:
    """Return the kernel's version, (0, 0) where it is not Linux."""
    numbers = platform.release().split("-")[0].split(".")[:2]
    return tuple(map(int, numbers)) if platform.system() == "Linux" else (0, 0)


@pytest.mark.skipif(version() < (6, 1), reason="needs Linux 6.1")
def test_memory_lies_in_large_pages_and_holds_what_it_held() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=KIT, capture_output=True, text=True, check=True
    )
    large, child, same = done.stdout.split()
    assert int(large) > 32 << 10
    assert (child, same) == ("0", "True")
