"""Clock of one exchange with a child: what it computes, and how long it is waited for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grading.sandbox.client import Child

TICK_SECONDS = 0.1
# The clock is looked at every tick; a longer pause than this is none of the child's.
STOPPED_SECONDS = 1.0


class Clock:
    """Watches one exchange with a child: CPU time first, waiting behind it."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.looked = time.monotonic()
        self.waited = 0.0
        self.cpu_at_start: float | None = None
        self.served = 0.0

    def add(self, seconds: float) -> None:
        """Count CPU time that the grader has spent for the child."""
        self.served += seconds

    def check(self) -> None:
        """Raise TimeoutError if a limit is exceeded."""
        now = time.monotonic()
        if now - self.looked < TICK_SECONDS:
            return
        used, runs = self.child.sandbox.usage(self.child.pid)
        if self.cpu_at_start is None:
            self.cpu_at_start = used
        if used - self.cpu_at_start + self.served > self.child.limits.call_cpu_seconds:
            raise TimeoutError("no result within the CPU time limit: is there a loop that never ends?")
        # On a busy machine a child may wait long for a processor: that is no waiting of its own. Nor has a grader that
        # was itself stopped (Ctrl-Z, a closed laptop) waited all the while.
        self.waited += 0.0 if runs else min(now - self.looked, STOPPED_SECONDS)
        self.looked = now
        if self.waited > self.child.limits.call_wall_seconds:
            raise TimeoutError(
                "no result within the time limit: does the function sleep, or wait for something?"
            )
