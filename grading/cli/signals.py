"""Signals that stop a run in good order: what a service manager sends, and a time that is over."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType


class TooSlowError(BaseException):
    """Something took longer than `at_most`; like Ctrl-C no fault of what it interrupts, whoever would mend that."""


@contextlib.contextmanager
def sigterm_as_ctrl_c() -> Iterator[None]:
    """What a service manager or `kill` sends stops a run in the same good order."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise in what takes longer; whatever it writes, it writes atomically."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
