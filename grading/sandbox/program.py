"""Command line of the program inside the sandbox: its isolation, its environment, and what it may read.

"bubblewrap" shows it a file system of read-only binds (Python, torch, the course package, the weights) and nothing of
`grading` but this folder; no network, no other process. `inside.walls` then closes each child in further. "landlock"
lists the same files, where they lie, for `inside.landlock`, which closes each child in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.datasets.registry import cache_dir
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

INSIDE = Path("grading", "sandbox", "inside")
# A child's own small folder; /tmp leads there, unless the kit itself lies below /tmp.
SCRATCH = "/scratch"
DEVICES = ("null", "zero", "urandom", "random")
SYSTEM_TOPS = tuple(Path("/", name) for name in ("bin", "sbin", "lib", "lib64"))


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
    isolation : {"bubblewrap", "landlock", "process"}
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
        If what is private cannot be kept apart from what must be shown.
    """
    return start("main.py", isolation, control, folder, hidden)


def start(script: str, isolation: str, control: int, folder: Path, hidden: Sequence[str]) -> Program:
    """Return how to start a script of `inside` as `program` starts the warm parent."""
    if isolation == "process":
        inside = _command(KIT, script, control, isolation, _joined(package_folders()))
        return Program(inside, environment(str(folder)), folder)
    shown, kit = readable(hidden), folder / "kit"
    kit.mkdir()
    copy_kit(kit, hidden)
    if isolation == "landlock":
        folder.chmod(0o711)  # children, other users, must be able to pass through
        scratch, granted = folder / "scratch", folder / "granted.json"
        scratch.mkdir()
        scratch.chmod(0o711)
        granted.write_text(json.dumps({**rules(shown, kit), "scratch": str(scratch)}), encoding="utf-8")
        inside = _command(kit, script, control, isolation, _joined(package_folders()), granted)
        return Program(inside, environment(str(scratch)), folder)
    inside = _command(KIT_PLACE, script, control, isolation, _joined(shown.packages))
    return Program((*walls(shown, kit), "--", *inside), environment(SCRATCH, str(CACHE_PLACE)), folder)


def _command(kit: Path, script: str, *arguments: object) -> tuple[str, ...]:
    # "-s -P" is "-I", but for PYTHONHASHSEED, which -I would not heed; the environment is ours all the same.
    return (str(interpreter()), "-s", "-P", str(kit / INSIDE / script), *map(str, arguments))


def _joined(packages: Sequence[Path]) -> str:
    return os.pathsep.join(map(str, packages))


def environment(home: str, cache: str = "") -> dict[str, str]:
    """Return the program's whole environment. Nothing of the grader's is in it: children can read it."""
    return {
        "PATH": os.defpath,
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": home,
        "MPLBACKEND": "Agg",
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
    for top in SYSTEM_TOPS:
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


def rules(shown: Readable, kit: Path) -> dict[str, list[str]]:
    """Return what children may read under Landlock, and the folders of which they may see the names alone.

    A rule counts for all that is below it: of a folder in which something is covered, each entry has its own.

    Parameters
    ----------
    shown : Readable
    kit : Path
        The folder with the kit's modules for inside (`copy_kit`).
    """
    covered = {one.source for one in shown.covered}
    tops = [top for top in SYSTEM_TOPS if top.is_dir() and not top.is_symlink()]
    read: list[str] = []
    listed: list[str] = []
    for source in (*tops, *(one.source for one in shown.shown), kit):
        for path, whole in _but_for(source, covered):
            (read if whole else listed).append(str(path))
    return {"read": read, "list": listed}


def _but_for(path: Path, covered: set[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield what covers `path` without `covered`, and of each whether it is shown with all that is in it."""
    if path in covered or path.is_symlink():  # what a link leads to is shown, or not, by itself
        return
    if not any(path in place.parents for place in covered):
        yield path, True
        return
    yield path, False
    for entry in sorted(path.iterdir()):
        yield from _but_for(entry, covered)
