"""How much a call of student code may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits on student code.

    The CPU limits decide; the wall-clock limit stands behind them for code that sleeps, generous enough that a
    busy machine fails nobody.

    Attributes
    ----------
    call_cpu_seconds : float
        CPU time of one trial.
    call_wall_seconds : float
        Wall-clock time of one trial.
    function_cpu_seconds : int
        CPU time of one child: all trials of a function.
    memory_mb : int
        Address space beyond what the warm parent has mapped.
    file_mb : int
        Size of a file that is written.
    scratch_mb : int
        Size of a child's folder to write to (with walls).
    processes : int
        How many processes and threads a child may have (with walls).
    """

    call_cpu_seconds: float = 10.0
    call_wall_seconds: float = 60.0
    function_cpu_seconds: int = 60
    memory_mb: int = 2048
    file_mb: int = 16
    scratch_mb: int = 64
    processes: int = 64

    def for_child(self) -> dict[str, int]:
        """Return those that the child sets on itself, before any student code runs."""
        return {
            "cpu_seconds": self.function_cpu_seconds,
            "memory_mb": self.memory_mb,
            "file_mb": self.file_mb,
            "scratch_mb": self.scratch_mb,
            "processes": self.processes,
        }
