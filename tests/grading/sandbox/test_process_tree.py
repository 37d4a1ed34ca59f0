"""The memory of a family of processes is what it wrote itself, whatever other programs map and read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grading.sandbox.shared.process_tree import family, memory, own_memory, processes

MB = 1 << 20
LINUX = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux")
WRITES = "held = bytearray(96 << 20)"
READS = (
    "import mmap, sys; file = open(sys.argv[1], 'rb'); "
    "held = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ); sum(held[::4096])"
)


def measured(program: str, *arguments: str) -> tuple[int, int]:
    """Return in MB what a program occupies of its own and in all, once it has done its work."""
    command = [sys.executable, "-S", "-c", f"{program}\nprint(flush=True)\ninput()", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        running.stdout.readline()
        members = family(running.pid, processes())
        found = own_memory(members) // MB, memory(members, 0) // MB
        running.communicate(b"\n")
    return found


@LINUX
def test_what_a_program_writes_is_its_own() -> None:
    own, whole = measured(WRITES)
    assert 96 <= own <= whole


@LINUX
def test_what_it_reads_of_a_file_is_not(tmp_path: Path) -> None:
    file = tmp_path / "library"
    file.write_bytes(bytes(96 * MB))
    own, whole = measured(READS, str(file))
    assert own < 48
    assert whole >= 96
