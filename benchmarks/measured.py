"""Runs a command and measures all that it starts: seconds, CPU seconds, the most memory at a time."""

from __future__ import annotations

import itertools
import os
import subprocess
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox.shared.process_tree import family, memory, processes

SAMPLE_SECONDS = 0.25
# To read the memory of a process stops it for milliseconds: after the first two seconds, seldom enough not to change
# what is measured.
MEMORY_SAMPLES = 8


@dataclass(frozen=True)
class Cost:
    """What a command cost, with all its descendants.

    Attributes
    ----------
    seconds, cpu_seconds : float
        Wall-clock time, and processor time of every process.
    pss_mb : int
        The largest sum of proportional set sizes that was seen: what several processes share counts once.
    own_mb : int
        The most memory of the command's first process.
    """

    seconds: float
    cpu_seconds: float
    pss_mb: int
    own_mb: int = 0


def measured(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    expected: Collection[int] = (0,),
) -> Cost:
    """Run a command to its end; what it says goes to `log`.

    Raises
    ------
    RuntimeError
        If it ends with another status than expected; the message ends with its last words.
    """
    before, started = os.times(), time.perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    seen = Watch(process.pid)
    status = process.wait()
    seconds, after = time.perf_counter() - started, os.times()
    seen.stop()
    if status not in expected:
        words = log.read_text(errors="replace").strip().splitlines()[-12:]
        raise RuntimeError(f"{' '.join(command)} ended with status {status}:\n" + "\n".join(words))
    waited = (after.children_user + after.children_system) - (before.children_user + before.children_system)
    return Cost(seconds, max(waited, seen.cpu_seconds), seen.bytes >> 20, seen.own_kb >> 10)


class Watch(threading.Thread):
    """Watches memory and processor time of a process and its descendants until it is stopped.

    The system adds up the time of children that were waited for; what bubblewrap runs is killed, not waited for.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.bytes, self.cpu_seconds, self.own_kb = pid, 0, 0.0, 0
        self._stopped = threading.Event()
        self.start()

    def run(self) -> None:
        for sample in itertools.count(1):
            if self._stopped.wait(SAMPLE_SECONDS):
                return
            self.own_kb = _most_kb(self.pid) or self.own_kb
            members = family(self.pid, processes())
            if sample < MEMORY_SAMPLES or sample % MEMORY_SAMPLES == 0:
                self.bytes = max(self.bytes, memory(members, 0))
            self.cpu_seconds = max(self.cpu_seconds, sum(member.cpu for member in members))

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def _most_kb(pid: int) -> int:
    """Return the most memory that a process has occupied so far; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
