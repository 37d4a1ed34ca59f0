"""Where a class is graded: in threads of this process, or wherever an executor sends its work."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

from grading.work import close_sandboxes

# How long a stopped run waits for the sandbox to end.
STOP_SECONDS = 1.0


@contextlib.contextmanager
def local_workers(jobs: int) -> Iterator[Executor]:
    """Threads of this process: they share one sandbox, and the reference solution's answers.

    After an error, or Ctrl-C, nothing is waited for: a thread may still be computing.
    """
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        close_sandboxes(STOP_SECONDS)  # who waits for a child of it, waits no longer
        raise
    pool.shutdown()
    close_sandboxes()
