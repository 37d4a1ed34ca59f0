"""Executors of a class: threads of this process, or workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

from grading.classroom.worker import close_sandboxes
from grading.errors import KitError

# After so long a thread that computes lets another go on, which has heard of its child: with Python's own value, ten
# times as much, a class takes a twentieth longer.
SWITCH_SECONDS = 0.0005
# How long a stopped run waits for the sandbox to end.
STOP_SECONDS = 1.0
# How long a Dask scheduler, which may be busy, has to answer.
CONNECT_SECONDS = 30


@contextlib.contextmanager
def local_workers(jobs: int) -> Iterator[Executor]:
    """Threads of this process: they share one sandbox, and the reference solution's answers.

    There is a thread more than `jobs`: it judges what was seen, while the others' functions run.

    After an error, or Ctrl-C, nothing is waited for: a thread may still be computing.
    """
    pool, interval = ThreadPoolExecutor(jobs + 1), sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        close_sandboxes(STOP_SECONDS)  # who waits for a child of it, waits no longer
        raise
    finally:
        sys.setswitchinterval(interval)
    pool.shutdown()
    close_sandboxes()


@contextlib.contextmanager
def dask_workers(address: str) -> Iterator[tuple[Executor, int]]:
    """Yield the executor of a Dask cluster, and how many submissions it grades at a time.

    Its workers need the same kit in their path, the same versions of Python and torch, and bubblewrap where the
    isolation asks for it. Seed and submissions travel to them: take a tls:// address where the network is not yours.

    Raises
    ------
    KitError
        If `distributed` is not installed, the cluster cannot be reached, or a worker of it dies again and again.
    """
    try:
        distributed: Any = importlib.import_module("distributed")  # it has no types
    except ImportError as error:
        raise KitError("Dask is not installed: pip install distributed") from error
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise KitError(
            "there is no Dask scheduler at {address} ({error}): start one, or correct it",
            address=address,
            error=error,
        ) from error
    with client:
        places = sum(client.ncores().values())
        if not places:
            raise KitError("the Dask cluster at {address} has no workers: start some", address=address)
        try:
            yield client.get_executor(pure=False), places
        except distributed.KilledWorker as error:
            raise KitError(
                "a worker of {address} ended while grading ({error}): give it more memory, and the "
                "command again",
                address=address,
                error=error,
            ) from error
