"""The grader leaves the processors to the functions that it tries."""

from __future__ import annotations

import os
import subprocess
import sys

from grading.locations import KIT

PROGRAM = """
import numpy, threadpoolctl, torch
from grading.classroom.worker import use_one_thread
def threads():
    return {pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"}
before = threads()
use_one_thread()
print(before, threads(), torch.get_num_threads())
"""


def test_neither_numpy_nor_torch_uses_more_than_one_thread_in_it() -> None:
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=KIT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "{2} {1} 1"
