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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.datasets.registry import cache_dir
from grading.errors import SandboxError
from grading.locations import INSTALLED, KIT

ISOLATIONS = ("bubblewrap", "process")
DEFAULT_ISOLATION = "bubblewrap"
MAIN = Path(__file__).resolve().parent / "inside" / "main.py"
# The folder that is the kit's alone: where it is installed, other packages lie beside it.
PRIVATE = KIT / "grading" if INSTALLED else KIT
# What of the kit the program inside imports. No check, answer, mistake or seed is among it.
KIT_INSIDE = (
    "cs231n",
    "grading/__init__.py",
    "grading/errors.py",
    "grading/sandbox",
    "grading/submission",
    "grading/locations.py",
)
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
    # "-s -P" is "-I", but for PYTHONHASHSEED, which -I would not heed; the environment is ours all the same.
    start = (sys.executable, "-s", "-P", str(MAIN))
    inside = (*start, str(control), isolation, os.pathsep.join(map(str, packages())))
    if isolation == "process":
        return Program(inside, environment(str(folder)), folder)
    return Program((*walls(hidden), "--", *inside), environment(SCRATCH), folder)


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


def environment(home: str) -> dict[str, str]:
    """Return the program's whole environment. Nothing of the grader's is in it: children can read it."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": home,
        "LANG": "C.UTF-8",
        "CS231N_CACHE": str(cache_dir()),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # a set is printed in one order, whenever it is graded
    }


def walls(hidden: Sequence[str] = ()) -> list[str]:
    """Return the bubblewrap command, up to what it runs.

    Started by root, no user namespace is made: children become another user in earnest. Started by an ordinary user,
    the capabilities that `inside.walls` needs are those of a user namespace, worth nothing outside it.
    """
    command = ["bwrap", "--die-with-parent", "--new-session"]
    if os.getuid() != 0:
        command += ["--unshare-user", "--cap-add", "ALL"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    paths = read_only()
    # bubblewrap makes the folders on the way for itself alone; a child, another user, must be able to pass through
    # them when it imports something that the warm parent has not.
    for folder in dict.fromkeys(folder for path in paths for folder in [*path.parents][-2::-1]):
        command += ["--perms", "0755", "--dir", str(folder)]
    hide_kit = [path for path in paths if path in PRIVATE.parents]
    for path in paths:
        command += ["--ro-bind", str(path), str(path)]
        if path in hide_kit:  # the kit lies in a folder that is shown, such as /usr: its own part comes next
            command += ["--tmpfs", str(PRIVATE)]
    for place in _shown(hidden, paths):  # covered by nothing
        if place.is_dir():
            command += ["--tmpfs", str(place), "--remount-ro", str(place)]
        else:
            command += ["--ro-bind", os.devnull, str(place)]
    if hide_kit:
        command += ["--remount-ro", str(PRIVATE)]
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
    if not any(Path("/tmp") in path.parents for path in paths):
        command += ["--symlink", SCRATCH, "/tmp"]
    command += ["--remount-ro", "/dev", "--tmpfs", SCRATCH, "--chdir", SCRATCH]
    return [*command, "--remount-ro", "/"]


def _shown(hidden: Sequence[str], paths: Sequence[Path]) -> list[Path]:
    """Return those of the places to be hidden that lie in what is shown, such as a virtual environment."""
    places = [(KIT / name).resolve() for name in hidden]
    return [place for place in places if place.exists() and any(place.is_relative_to(path) for path in paths)]


def read_only() -> list[Path]:
    """Return what the program may read: the system's libraries, Python and its packages, its own part of the kit."""
    wanted = [Path("/usr"), Path("/etc/ld.so.cache"), Path("/etc/alternatives")]
    wanted += [Path(sys.base_prefix), Path(sys.prefix), *packages(), cache_dir()]
    wanted += [KIT / name for name in KIT_INSIDE]
    kit = [
        path for path in wanted if path.is_relative_to(PRIVATE)
    ]  # also a virtual environment in the repository
    others = [path for path in wanted if not path.is_relative_to(PRIVATE)]
    if cache_dir() in (KIT, *KIT.parents, Path.home(), *Path.home().parents):
        raise SandboxError(
            f"student code must read the cache ({cache_dir()}), but other things lie there too: "
            "give it a folder of its own with $CS231N_CACHE"
        )
    return [*_outermost(others), *_outermost(kit)]


def packages() -> list[Path]:
    """Return the folders of installed packages, also those outside Python's own folder (a .pth file, a user's)."""
    folders = [Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    return [folder for folder in dict.fromkeys(folders) if folder.is_dir()]


def _outermost(paths: Sequence[Path]) -> list[Path]:
    existing = [path for path in dict.fromkeys(paths) if path.exists()]
    return [path for path in existing if not any(other in path.parents for other in existing)]


@functools.cache
def why_no_bubblewrap() -> str:
    """Return why bubblewrap cannot be used on this machine, with the remedy; "" if it can."""
    if not sys.platform.startswith("linux"):
        return "bubblewrap needs Linux (on another system, use a virtual machine or a container with Linux)"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (on Debian and Ubuntu: apt-get install bubblewrap)"
    trial = subprocess.run(
        [*walls(), "--", "/usr/bin/env", "true"], capture_output=True, text=True, env={"PATH": os.defpath}
    )
    if trial.returncode == 0:
        return ""
    last = (trial.stderr.strip().splitlines() or ["no message"])[-1]
    return (
        f"bubblewrap is not allowed to make namespaces ({last}); a container or a kernel setting forbids it"
    )
