"""Limits of a call of student code: CPU time, wall-clock time, memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

# CPU seconds of the reference solution's costliest trial on a machine that needs no more time than the limits below.
USUAL_SECONDS = 0.2
HASTE = 5


@dataclass(frozen=True)
class Limits:
    """Limits on student code.

    The CPU limits decide; the limit on waiting stands behind them for code that sleeps. A busy machine fails nobody:
    neither counts the time in which code was only short of a processor. On a slow machine both grow (`scaled`).

    Attributes
    ----------
    call_cpu_seconds : float
        CPU time of one trial.
    call_wall_seconds : float
        How long the grader waits for one trial that does not compute. Time in which the trial was only short of a
        processor does not count, nor what the grader was itself stopped or suspended.
    function_cpu_seconds : int
        CPU time of one child: all trials of a function.
    submission_seconds : float
        What all functions of a submission may use together: CPU time of children, waiting that is not for a processor,
        and the grader's time for a child (`Budget`).
    memory_mb : int
        Address space of one process beyond what the warm parent has mapped.
    resident_mb : int
        Memory that a child occupies with all that it has started, and with what the kernel holds for them.
    file_mb : int
        Size of a file that is written.
    scratch_mb : int
        Size of a child's folder to write to (with walls).
    processes : int
        How many processes and threads a child may have (with walls).
    """

    call_cpu_seconds: float = 10.0
    call_wall_seconds: float = 10.0
    function_cpu_seconds: int = 60
    submission_seconds: float = 30.0
    memory_mb: int = 2048
    resident_mb: int = 768
    file_mb: int = 16
    scratch_mb: int = 64
    processes: int = 64

    def scaled(self, reference_seconds: float) -> Limits:
        """Return the limits on a machine where the reference's costliest trial takes `reference_seconds` of CPU time.

        Beyond `USUAL_SECONDS` all limits on time grow in proportion.
        """
        factor = max(1.0, reference_seconds / USUAL_SECONDS)
        return replace(
            self,
            call_cpu_seconds=self.call_cpu_seconds * factor,
            call_wall_seconds=self.call_wall_seconds * factor,
            function_cpu_seconds=math.ceil(self.function_cpu_seconds * factor),
            submission_seconds=self.submission_seconds * factor,
        )

    def hasty(self) -> Limits:
        """Return the limits on functions tried together: one that needs more is tried again, alone."""
        return replace(
            self,
            call_cpu_seconds=self.call_cpu_seconds / HASTE,
            call_wall_seconds=self.call_wall_seconds / HASTE,
        )

    def for_child(self) -> dict[str, int]:
        """Return those that the child sets on itself, before any student code runs."""
        return {
            "cpu_seconds": self.function_cpu_seconds,
            "memory_mb": self.memory_mb,
            "resident_mb": self.resident_mb,
            "file_mb": self.file_mb,
            "scratch_mb": self.scratch_mb,
            "processes": self.processes,
        }
