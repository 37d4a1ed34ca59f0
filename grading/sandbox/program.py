"""Command line of the program inside the sandbox: its isolation, its environment, and what it may read.

"bubblewrap" shows it a file system of read-only binds (Python, torch, the course package, the weights) and nothing of
`grading` but this folder; no network, no other process. `inside.walls` then closes each child in further.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.datasets.registry import cache_dir
from grading.errors import SandboxError
from grading.locations import KIT
from grading.sandbox.readable import (
    CACHE_PLACE,
    KIT_PLACE,
    Readable,
    copy_kit,
    interpreter,
    package_folders,
    readable,
)

ISOLATIONS = ("bubblewrap", "process")
DEFAULT_ISOLATION = "bubblewrap"
INSIDE = Path("grading", "sandbox", "inside")
# A child's own small folder; /tmp leads there, unless the kit itself lies below /tmp.
SCRATCH = "/scratch"
DEVICES = ("null", "zero", "urandom", "random")


@dataclass(frozen=True)
class Program:
    """A command that starts the warm parent, its environment and working folder."""

    command: tuple[str, ...]
    environment: dict[str, str]
    folder: Path


def program(isolation: str, control: int, folder: Path, hidden: Sequence[str]) -> Program:
    """Return how to start the warm parent.

    Parameters
    ----------
    isolation : {"bubblewrap", "process"}
        "process" is a process of its own with limits on time and memory, and no walls.
    control : int
        Descriptor of the control socket, inherited by the program.
    folder : Path
        An empty folder that the program may write to where there are no walls.
    hidden : sequence of str
        Files and folders, relative to the kit, that lie in what the program imports and that it must not see. Where
        there are no walls, nothing hides them.

    Raises
    ------
    SandboxError
        If the isolation is not known, or this machine does not allow it.
    """
    check_isolation(isolation)
    if isolation == "process":
        inside = _start(KIT, "main.py", control, isolation, _joined(package_folders()))
        return Program(inside, environment(str(folder)), folder)
    shown, copy = readable(hidden), folder / "kit"
    copy.mkdir()
    copy_kit(copy, hidden)
    inside = _start(KIT_PLACE, "main.py", control, isolation, _joined(shown.packages))
    return Program((*walls(shown, copy), "--", *inside), environment(SCRATCH, str(CACHE_PLACE)), folder)


def _start(kit: Path, script: str, *arguments: object) -> tuple[str, ...]:
    # "-s -P" is "-I", but for PYTHONHASHSEED, which -I would not heed; the environment is ours all the same.
    return (str(interpreter()), "-s", "-P", str(kit / INSIDE / script), *map(str, arguments))


def _joined(packages: Sequence[Path]) -> str:
    return os.pathsep.join(map(str, packages))


def check_isolation(isolation: str) -> None:
    """Refuse an isolation that is not known or that this machine does not allow.

    Raises
    ------
    SandboxError
        With the isolations there are, or the reason and the remedy.
    """
    if isolation not in ISOLATIONS:
        raise SandboxError(f"isolation must be one of {', '.join(ISOLATIONS)}, got {isolation!r}")
    if isolation == "bubblewrap" and (reason := why_no_bubblewrap()):
        raise SandboxError(
            f"student code cannot be isolated on this machine: {reason}. To grade work that you "
            "trust without isolation, add --isolation process"
        )


def environment(home: str, cache: str = "") -> dict[str, str]:
    """Return the program's whole environment. Nothing of the grader's is in it: children can read it."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": home,
        "LANG": "C.UTF-8",
        "CS231N_CACHE": cache or str(cache_dir()),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # a set is printed in one order, whenever it is graded
    }


def walls(shown: Readable, kit: Path) -> list[str]:
    """Return the bubblewrap command, up to what it runs.

    Started by root, no user namespace is made: children become another user in earnest. Started by an ordinary user,
    the capabilities that `inside.walls` needs are those of a user namespace, worth nothing outside it.

    Parameters
    ----------
    shown : Readable
    kit : Path
        The folder with the kit's modules for inside (`copy_kit`).
    """
    command = ["bwrap", "--die-with-parent", "--new-session"]
    if os.getuid() != 0:
        command += ["--unshare-user", "--cap-add", "ALL"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    binds = [(one.source, one.place) for one in shown.shown] + [(kit, KIT_PLACE)]
    # bubblewrap makes the folders on the way for itself alone; a child, another user, must be able to pass through
    # them when it imports something that the warm parent has not.
    for folder in dict.fromkeys(folder for _, place in binds for folder in [*place.parents][-2::-1]):
        command += ["--perms", "0755", "--dir", str(folder)]
    for source, place in binds:
        if source.is_symlink():
            command += ["--symlink", str(source.readlink()), str(place)]
        else:
            command += ["--ro-bind", str(source), str(place)]
    for one in shown.covered:
        if one.source.is_dir():
            command += ["--tmpfs", str(one.place), "--remount-ro", str(one.place)]
        else:
            command += ["--ro-bind", os.devnull, str(one.place)]
    for name in ("bin", "sbin", "lib", "lib64"):
        top = Path("/", name)
        if top.is_symlink():
            command += ["--symlink", str(top.readlink()), str(top)]
        elif top.is_dir():
            command += ["--ro-bind", str(top), str(top)]
    # Not --dev: it would add a second user namespace, in which children could not be given their own pid namespace.
    command += ["--proc", "/proc", "--tmpfs", "/dev"]
    for device in DEVICES:
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    if not any(Path("/tmp") in place.parents for _, place in binds):
        command += ["--symlink", SCRATCH, "/tmp"]
    command += ["--remount-ro", "/dev", "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    return [*command, "--remount-ro", "/"]


@functools.cache
def why_no_bubblewrap() -> str:
    """Return why bubblewrap cannot be used on this machine, with the remedy; "" if it can."""
    if not sys.platform.startswith("linux"):
        return "bubblewrap needs Linux (on another system, use a virtual machine or a container with Linux)"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (on Debian and Ubuntu: apt-get install bubblewrap)"
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        shown = readable()
        copy_kit(Path(folder), ())
        command = [*walls(shown, Path(folder)), "--"]
        command += _start(KIT_PLACE, "try_walls.py", _joined(shown.packages))
        trial = subprocess.run(
            command, capture_output=True, text=True, env=environment(SCRATCH, str(CACHE_PLACE))
        )
    if trial.returncode == 0:
        return ""
    last = (trial.stderr.strip().splitlines() or ["no message"])[-1]
    return (
        f"bubblewrap is not allowed to make namespaces ({last}); a container or a kernel setting forbids it"
    )
