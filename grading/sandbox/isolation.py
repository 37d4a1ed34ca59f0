"""Which isolation stands around student code: chosen once, by trying what this machine allows, strongest first.

A choice is never changed afterwards: code that makes a walled run fail is not run again without walls.
"""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cs231n.sentences import joined, sentence
from grading.errors import SandboxError
from grading.sandbox.program import start

# Strongest first. "process" is no isolation that is chosen: whoever trusts the work says so.
ISOLATIONS = ("bubblewrap", "landlock", "process")
WALLS = ISOLATIONS[:2]


def strongest() -> str:
    """Return the strongest isolation that this machine allows.

    Raises
    ------
    SandboxError
        If it allows no walls at all, with the reasons and the remedy.
    """
    for isolation in WALLS:
        if not why_not(isolation):
            return isolation
    reasons = joined((why_not(isolation) for isolation in WALLS), "; ")
    raise SandboxError(
        "student code cannot be isolated on this machine: {reasons}. To grade work that you "
        "trust without isolation, add --isolation process",
        reasons=reasons,
    )


def check_isolation(isolation: str) -> None:
    """Refuse an isolation that is not known or that this machine does not allow.

    Raises
    ------
    SandboxError
        With the isolations there are, or the reason and the remedy.
    """
    if isolation not in ISOLATIONS:
        raise SandboxError(
            "isolation must be one of {known}, got {isolation!r}",
            known=", ".join(ISOLATIONS),
            isolation=isolation,
        )
    if reason := why_not(isolation):
        raise SandboxError(
            "student code cannot be isolated by {isolation} on this machine: {reason}. Leave "
            "--isolation out, for the strongest that is possible here; for work that you trust, "
            "add --isolation process",
            isolation=isolation,
            reason=reason,
        )


def landlock_version() -> int:
    """Return the version of Landlock that this kernel has, 0 for none: what it knows decides what it can refuse."""
    return max(0, int(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1)))


@functools.cache
def why_not(isolation: str) -> str:
    """Return why an isolation cannot be used on this machine, with the remedy; "" if it can."""
    if isolation == "process":
        return ""
    if not sys.platform.startswith("linux"):
        return sentence(
            "{isolation} needs Linux (on another system, use a virtual machine or a container with Linux)",
            isolation=isolation,
        )
    if isolation == "bubblewrap" and shutil.which("bwrap") is None:
        return sentence("bubblewrap is not installed (on Debian and Ubuntu: apt-get install bubblewrap)")
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        trial = start("try_walls.py", isolation, -1, Path(folder), ())
        done = subprocess.run(
            trial.command, capture_output=True, text=True, env=trial.environment, cwd=folder, check=False
        )
    if done.returncode == 0:
        return ""
    last = (done.stderr.strip().splitlines() or ["no message"])[-1]
    if isolation == "landlock":
        return sentence(
            "landlock is not possible ({last}); it needs Linux 5.13, and a kernel that has it switched on",
            last=last,
        )
    return sentence(
        "bubblewrap is not allowed to make namespaces ({last}); a container or a kernel setting forbids it",
        last=last,
    )
