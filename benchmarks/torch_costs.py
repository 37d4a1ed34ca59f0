"""What PyTorch alone costs a grader that forks: the part of `benchmarks.grading` that no code of the kit can save.

    python -m benchmarks.torch_costs

The grader and the sandbox's warm parent are two processes, one of which must not know what the other does, so each
imports torch by itself; and a submission has a child of its own, a function that is not right there another. Measured
here, in fresh interpreters: the memory of `import torch` (private to a process, and of files that processes share), the
CPU time of a fork that does nothing and ends, as it comes and once memory lies in large pages (of one child in a run
over many), and that of one whole submission in this process and in a fork of it, whose memory is all new to it. Linux
only.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

FORKS = 30
SUBMISSIONS = 9


def memory_mb() -> tuple[float, float]:
    """Return the megabytes of this process that it shares with none, and those of files that others may share."""
    found = dict(re.findall(r"^(\w+): +(\d+) kB", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE))
    private = int(found["Private_Dirty"]) / 1024
    return private, int(found["Rss"]) / 1024 - private


def fork_seconds(times: int = FORKS, work: Callable[[], object] = lambda: None) -> float:
    """Return the CPU time of a child that does some work and ends, the mean of several: the clock ticks in 10 ms."""
    before = os.times()
    for _ in range(times):
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(0)
        os.waitpid(pid, 0)
    return (sum(os.times()[:4]) - sum(before[:4])) / times


def submission_seconds() -> tuple[float, float]:
    """Return the CPU time of a submission's checks in this process, and in a fork of it: medians, taken by turns."""
    from benchmarks.floor import score_of
    from grading.assignments.example_class import right_lines
    from grading.assignments.registry import rubric
    from grading.notebooks.fill import write_filled
    from grading.submission.handed_in import Submission
    from grading.verdict.questions import read_here

    with tempfile.TemporaryDirectory() as folder:
        for notebook in {asked.notebook for asked in rubric()}:
            write_filled(Path(folder), notebook, right_lines("ada"))
        loaded = read_here(Submission("all_right", Path(folder)))
    score_of(loaded)  # the first time, networks are loaded and the reference's answers computed
    here, forked = [], []
    for _ in range(SUBMISSIONS):
        before = time.process_time()
        score_of(loaded)
        here.append(time.process_time() - before)
        forked.append(fork_seconds(1, lambda: score_of(loaded)))
    return statistics.median(here), statistics.median(forked)


def main() -> int:
    if sys.argv[1:] == ["--measure"]:
        print(*memory_mb(), fork_seconds())
        import torch  # as the grader and the warm parent do

        torch.set_num_threads(1)
        costs = [*memory_mb(), fork_seconds()]
        from grading.sandbox.shared import allocator  # not before: whoever imports it has torch

        allocator.use_large_pages()
        print(*costs, torch.__version__, bool(torch.version.cuda), fork_seconds())
        print(*submission_seconds())
        return 0
    command = [sys.executable, "-m", "benchmarks.torch_costs", "--measure"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    bare, loaded, submission = (line.split() for line in done.stdout.splitlines())
    private, files = (
        float(after) - float(before) for before, after in zip(bare[:2], loaded[:2], strict=True)
    )
    table = Table(
        "torch", "CUDA", "private MB", "MB of files", "fork and end, ms", "in large pages, ms", box=None
    )
    forked = [f"{1000 * float(seconds):.1f}" for seconds in (loaded[2], loaded[5])]
    table.add_row(loaded[3], loaded[4], f"{private:.0f}", f"{files:.0f}", *forked)
    console = Console()
    console.print(table)
    console.print(
        f"two processes: {2 * private + files:.0f} MB before the first line of the kit runs; were one forked from the "
        f"other, at least {private + files:.0f} MB"
    )
    here, there = (float(seconds) for seconds in submission)
    console.print(
        f"one right submission: {1000 * here:.0f} ms in one process, {1000 * there:.0f} ms in a fork of it, "
        f"{there / here:.2f} times as much"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
