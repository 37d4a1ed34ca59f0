"""How the program inside is started: the only place that knows what stands around student code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

ISOLATIONS = ("process",)
DEFAULT_ISOLATION = "process"
KIT = Path(__file__).resolve().parents[2]
MAIN = Path(__file__).resolve().parent / "inside" / "main.py"


@dataclass(frozen=True)
class Program:
    """A command that starts the warm parent, its environment and working folder."""

    command: tuple[str, ...]
    environment: dict[str, str]
    folder: Path


def program(isolation: str, control: int, folder: Path) -> Program:
    """Return how to start the warm parent.

    Parameters
    ----------
    isolation : str
        "process": a process of its own, with limits on time and memory, and no walls.
    control : int
        Descriptor of the control socket, inherited by the program.
    folder : Path
        An empty folder that the program may write to.
    """
    if isolation not in ISOLATIONS:
        raise ValueError(f"no isolation is called {isolation!r}; there are: {', '.join(ISOLATIONS)}")
    return Program((sys.executable, "-I", str(MAIN), str(control)), _environment(folder), folder)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the grader's environment but where the weights are cached: a child can read its parent's."""
    from datasets.registry import cache_dir

    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": str(folder),
        "CS231N_CACHE": str(cache_dir()),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
