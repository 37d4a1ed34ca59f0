"""What PyTorch alone costs a grader that forks: the part of `benchmarks.grading` that no code of the kit can save.

    python -m benchmarks.torch_costs

The grader and the sandbox's warm parent are two processes, one of which must not know what the other does, so each
imports torch by itself; and each of the seven functions of a submission has a child of its own. Measured here, in fresh
interpreters: the memory of `import torch` (private to a process, and of files that processes share), and the CPU
time of a fork that does nothing and ends. Linux only.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

FUNCTIONS = 7
FORKS = 30


def memory_mb() -> tuple[float, float]:
    """Return the megabytes of this process that it shares with none, and those of files that others may share."""
    found = dict(re.findall(r"^(\w+): +(\d+) kB", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE))
    private = int(found["Private_Dirty"]) / 1024
    return private, int(found["Rss"]) / 1024 - private


def fork_seconds() -> float:
    """Return the CPU time of making a child that ends at once, the mean of several: the clock ticks in 10 ms."""
    before = os.times()
    for _ in range(FORKS):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    return (sum(os.times()[:4]) - sum(before[:4])) / FORKS


def main() -> int:
    if sys.argv[1:] == ["--measure"]:
        print(*memory_mb(), fork_seconds())
        import torch  # as the grader and the warm parent do

        torch.set_num_threads(1)
        print(*memory_mb(), fork_seconds(), torch.__version__, bool(torch.version.cuda))
        return 0
    command = [sys.executable, "-m", "benchmarks.torch_costs", "--measure"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    bare, loaded = (line.split() for line in done.stdout.splitlines())
    private, files = (
        float(after) - float(before) for before, after in zip(bare[:2], loaded[:2], strict=True)
    )
    table = Table("torch", "CUDA", "private MB", "MB of files", "fork and end, ms", box=None)
    forked = 1000 * float(loaded[2])
    table.add_row(loaded[3], loaded[4], f"{private:.0f}", f"{files:.0f}", f"{forked:.1f}")
    console = Console()
    console.print(table)
    console.print(f"two processes: {2 * private + files:.0f} MB before the first line of the kit runs")
    console.print(f"a submission of {FUNCTIONS} functions: {FUNCTIONS * forked:.0f} ms of forking")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
