"""Runs the tests on a machine that is busy, or that stops for a while: no test may depend on how fast it is.

    python -m benchmarks.disturbed busy|stopped [PYTEST ARGUMENTS]

`busy` runs them beside four processes that compute without end. `stopped` stops all their processes every now and
then for ten seconds (SIGSTOP, as Ctrl-Z does, or a laptop that is closed) and lets them go on: also those in sessions
and namespaces of their own, which no signal to a process group would reach. The exit status is that of pytest.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from grading.sandbox.shared.process_tree import family, processes

PR_SET_CHILD_SUBREAPER = 36
BUSY = 4
STOP_SECONDS = 10.0
# Between two stops; the first comes when the tests have begun.
RUN_SECONDS = 20.0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("how", choices=DISTURBANCES)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="given to pytest")
    asked = parser.parse_args()
    adopt_orphans()
    tests = subprocess.Popen([sys.executable, "-m", "pytest", *asked.arguments])
    with DISTURBANCES[asked.how](tests):
        return tests.wait()


@contextlib.contextmanager
def beside_busy_processes(_: subprocess.Popen[bytes]) -> Iterator[None]:
    """Compute without end in four processes, which have as good a claim on the processors as the tests."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(BUSY)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
        print(f"beside {BUSY} busy processes")


@contextlib.contextmanager
def stopped_and_continued(tests: subprocess.Popen[bytes]) -> Iterator[None]:
    """Stop all processes of the tests for ten seconds, again and again, until they have ended."""
    stops = most = 0
    while not _ends_within(tests, RUN_SECONDS):
        held = stop_all()
        try:
            time.sleep(STOP_SECONDS)
        finally:  # the latest first: a parent that went on before its child could take that for one that hangs
            for pid in reversed(held):
                send(pid, signal.SIGCONT)
        stops, most = stops + 1, max(most, len(held))
    yield
    print(f"stopped {stops} times for {STOP_SECONDS:g} seconds, up to {most} processes at a time")


DISTURBANCES = {"busy": beside_busy_processes, "stopped": stopped_and_continued}


def adopt_orphans() -> None:
    """Become the parent of whoever loses its own below this process: else a daemon would leave the family."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def stop_all() -> list[int]:
    """Stop all that descend from this process, but those that a test has stopped; return which, the oldest first.

    While some are being stopped, others may start more: it is looked again until there is none that is not stopped.
    """
    held: dict[int, None] = {}
    left = {os.getpid()}
    while fresh := [one for one in family(os.getpid(), processes()) if one.pid not in {*left, *held}]:
        for one in fresh:
            if one.is_stopped:
                left.add(one.pid)
            else:
                send(one.pid, signal.SIGSTOP)
                held[one.pid] = None
    return list(held)


def send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
        os.kill(pid, number)


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    give_up = time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > give_up:
            return False
        for member in processes().values():  # what was adopted and has ended is nobody else's to clear away
            if member.parent == os.getpid() and member.pid != process.pid:
                os.waitpid(member.pid, os.WNOHANG)
        time.sleep(0.2)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
