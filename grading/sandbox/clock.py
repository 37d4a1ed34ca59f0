"""Clock of one exchange with a child: what it computes, and how long it is waited for."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING

from cs231n.sentences import sentence

if TYPE_CHECKING:
    from grading.sandbox.child import Child

TICK_SECONDS = 0.1
# The clock is looked at every tick; a longer pause than this is none of the child's.
STOPPED_SECONDS = 1.0
# Whoever knew when it is looked at would compute at that moment alone, and sleep for the rest.
_uneven = random.SystemRandom()


class Clock:
    """Watches one exchange with a child: CPU time first, waiting behind it. What it took is charged in the end."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.looked = time.monotonic()
        self.tick = self._next_tick()
        self.waited = 0.0
        self.cpu_at_start: float | None = None
        self.cpu = 0.0
        self.served = 0.0
        self.unseen = 0.0

    def __enter__(self) -> Clock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Charge the child's budget; what was too short to be looked at counts by the clock."""
        if self.child.budget is not None:
            rest = min(time.monotonic() - self.looked, self.tick)
            self.child.budget.charge(self.used + rest)

    @property
    def used(self) -> float:
        """Seconds of all kinds until it was last looked at."""
        return self.unseen + self.cpu + self.served + self.waited

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Count CPU time that the grader spends for the child meanwhile; nobody waits in it."""
        cpu, began = time.thread_time(), time.monotonic()
        yield
        self.served += time.thread_time() - cpu
        self.looked += time.monotonic() - began

    def check(self) -> None:
        """Raise TimeoutError if a limit is exceeded."""
        now = time.monotonic()
        if now - self.looked < self.tick:
            return
        used, runs = self.child.sandbox.usage(self.child.pid)
        passed = min(now - self.looked, STOPPED_SECONDS)
        if self.cpu_at_start is None:
            self.cpu_at_start = used
            self.unseen = min(passed, self.tick) if runs else 0.0
        self.cpu = used - self.cpu_at_start
        # On a busy machine a child may wait long for a processor: that is no waiting of its own. Nor has a grader that
        # was itself stopped (Ctrl-Z, a closed laptop) waited all the while.
        self.waited += 0.0 if runs else passed
        self.looked, self.tick = now, self._next_tick()
        self._compare()

    def _compare(self) -> None:
        limits, budget = self.child.limits, self.child.budget
        if self.cpu + self.served > limits.call_cpu_seconds:
            raise TimeoutError(
                sentence("no result within the CPU time limit: is there a loop that never ends?")
            )
        if self.waited > limits.call_wall_seconds:
            raise TimeoutError(
                sentence("no result within the time limit: does the function sleep, or wait for something?")
            )
        if budget is not None and self.used > budget.left:
            raise TimeoutError(
                sentence("no result within the time that was left: all functions share one time limit")
            )

    @staticmethod
    def _next_tick() -> float:
        return TICK_SECONDS * _uneven.uniform(0.5, 1.5)
