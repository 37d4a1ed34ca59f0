"""What the program in the sandbox may read of this machine: a list of files and folders, and where it sees them.

Everything is listed by what is needed, and never by the folder that it happens to lie in: the system's libraries,
Python's own, the folders of installed packages, the pictures and weights of the cache, and copies of those modules of
the kit that run inside. A virtual environment may therefore be made in the folder of a course, in that of the kit, or
be one of the two: what lies beside its packages is not shown.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs231n.datasets.registry import cache_dir
from grading.errors import SandboxError
from grading.locations import INSTALLED, KIT

# What of the kit the program inside imports. No check, answer, mistake or seed is among it.
KIT_INSIDE = (
    "cs231n",
    "grading/__init__.py",
    "grading/errors.py",
    "grading/sandbox",
    "grading/submission",
    "grading/locations.py",
)
# The kit's folders: where it is installed, other packages lie beside them.
KIT_FOLDERS = (KIT / "grading", KIT / "cs231n") if INSTALLED else (KIT,)
SYSTEM = (
    *(f"/usr/{name}" for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32", "libexec")),
    *("/usr/include", "/usr/share", "/usr/local/bin", "/usr/local/lib", "/usr/local/lib64"),
    *("/etc/ld.so.cache", "/etc/alternatives"),
)
CACHED = (".safetensors", ".png")
COURSE = "course.toml"
# Where the sandbox shows what lies anywhere on the machine.
KIT_PLACE, PACKAGES_PLACE, CACHE_PLACE = Path("/kit"), Path("/packages"), Path("/cache")
# Folders that the sandbox makes anew.
MADE_ANEW = (Path("/dev"), Path("/proc"), Path("/scratch"))
ANYBODY_READS, ANYBODY_ENTERS = 0o004, 0o005


@dataclass(frozen=True)
class Shown:
    """A file or a folder of this machine, and where the program inside sees it."""

    source: Path
    place: Path


@dataclass(frozen=True)
class Readable:
    """All that is shown, of Python's packages which folders, and the places in it that are covered."""

    shown: tuple[Shown, ...]
    packages: tuple[Path, ...]
    covered: tuple[Shown, ...]


def readable(hidden: Sequence[str] = ()) -> Readable:
    """Return what the program inside may read, but for the kit's own modules (`copy_kit`).

    Parameters
    ----------
    hidden : sequence of str
        Files and folders, relative to the kit or absolute, that must not be seen.

    Raises
    ------
    SandboxError
        If something private lies in the midst of what must be shown, or children could not read what they import.
    """
    private = _private(hidden)
    shown = [Shown(path, path) for path in _outermost([*_system(), *_python()])]
    packages = []
    for number, folder in enumerate(package_folders()):
        if not _shows(shown, private, folder):
            shown.append(Shown(folder, PACKAGES_PLACE / str(number)))
        packages.append(
            next(s.place / folder.relative_to(s.source) for s in shown[::-1] if _in(folder, s.source))
        )
    shown += [Shown(file, CACHE_PLACE / file.name) for file in _cached()]
    _check_for_everybody([s.source for s in shown], package_folders())
    return Readable(tuple(shown), tuple(packages), tuple(_covered(shown, private)))


def check_out_of_sight(paths: Sequence[Path]) -> None:
    """Refuse to keep what is private, such as results, in a folder that student code must be able to read.

    Raises
    ------
    SandboxError
        With the path, the folder and what to do.
    """
    private, shown = _private(()), readable().shown
    for path in paths:
        if (place := _shows(shown, private, path.resolve())) and path.resolve() != Path(os.devnull):
            raise SandboxError(
                "{path} lies in {place}, which student code must be able to read: use a folder elsewhere",
                path=path,
                place=place,
            )


def interpreter() -> Path:
    """Return the Python that runs inside: that on which a virtual environment rests, so that none need be shown.

    Raises
    ------
    SandboxError
        If it cannot be told, or lies where the sandbox makes folders of its own.
    """
    named = getattr(sys, "_base_executable", "") or sys.executable
    if not named or not (path := Path(named).resolve()).is_file():
        raise SandboxError(
            "the file of this Python is not found ({name}): start it by its full path",
            name=named or "no name",
        )
    if made := next((folder for folder in MADE_ANEW if _in(path, folder)), None):
        raise SandboxError(
            "{path} lies in {made}, which is another folder in the sandbox: use a Python elsewhere",
            path=path,
            made=made,
        )
    return path


def package_folders() -> list[Path]:
    """Return the folders of installed packages, also those outside Python's own folder (a .pth file, a user's)."""
    folders = [Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    return list(dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()))


def kit_files(hidden: Sequence[str]) -> Iterator[Path]:
    """Yield the kit's modules that are shown, relative to the kit: sources alone, and only those of its packages."""
    unseen = [Path(name) for name in hidden]
    for top in KIT_INSIDE:
        for path in _modules(KIT / top):
            module = path.relative_to(KIT)
            if not any(_in(module, name) for name in unseen):
                yield module


def copy_kit(folder: Path, hidden: Sequence[str]) -> None:
    """Write what is shown of the kit into an empty folder, for `KIT_PLACE`.

    Copies, since a folder of the kit also holds what must not be seen, and the kit's files may be closed to the user
    that a child becomes. With a module goes what Python has compiled of it, or each start would do that again.
    """
    for module in kit_files(hidden):
        target = folder / module
        _copy(KIT / module, target)
        compiled = Path(importlib.util.cache_from_source(str(KIT / module)))
        if compiled.is_file():
            _copy(compiled, target.parent / "__pycache__" / compiled.name)
    for path in (folder, *folder.rglob("*")):  # whatever the umask
        path.chmod(0o755 if path.is_dir() else 0o644)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    times = source.stat()
    os.utime(
        target, ns=(times.st_atime_ns, times.st_mtime_ns)
    )  # by which Python tells whether a cache is current


def _modules(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, inner, files in os.walk(path):
        if "__init__.py" not in files:  # no package of the kit's: results, say, that somebody keeps here
            inner.clear()
            continue
        inner.sort()
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(".py"))


def _system() -> list[Path]:
    return [Path(name) for name in SYSTEM if Path(name).exists()]


def _python() -> list[Path]:
    """Return Python's own files: nothing of the folder they are in, which may be that of a course."""
    home = Path(sys.base_prefix).resolve()
    return [path for path in (interpreter(), home / "lib", home / "lib64") if path.exists()]


def _cached() -> list[Path]:
    folder = cache_dir()
    if not folder.is_dir():
        return []
    files = [path for path in sorted(folder.iterdir()) if path.suffix in CACHED]
    return [path.resolve() for path in files if path.is_file() and not path.is_symlink()]


def _private(hidden: Sequence[str]) -> list[Path]:
    """Return the folders and files that are nobody's to see: the kit, the course, what the caller names."""
    course = [Path.cwd()] if Path(COURSE).exists() else []
    named = [path for name in hidden if (path := (KIT / name)).exists()]
    return [path.resolve() for path in (*KIT_FOLDERS, *course, *named)]


def _shows(shown: Sequence[Shown], private: Sequence[Path], path: Path) -> Path | None:
    """Return the shown folder in which a path can be seen, if there is one."""
    for one in shown:
        covered = any(_in(path, place) for place in private if _in(place, one.source))
        if _in(path, one.source) and not covered:
            return one.source
    return None


def _covered(shown: Sequence[Shown], private: Sequence[Path]) -> Iterator[Shown]:
    """Yield the private places that lie in what is shown.

    Raises
    ------
    SandboxError
        If something private is shown itself.
    """
    for one in shown:
        if one.source in private:
            raise SandboxError(
                "{source} holds what students must not see, and is a folder of packages that student "
                "code must be able to read: move the course or the assignment elsewhere",
                source=one.source,
            )
        within = [place for place in private if _in(place, one.source)]
        for place in _outermost(within):  # a covered folder is empty: nothing in it can be covered again
            yield Shown(place, one.place / place.relative_to(one.source))


def _check_for_everybody(sources: Sequence[Path], packages: Sequence[Path]) -> None:
    """Started by root, a child is another user: it must be able to read what it imports."""
    if os.getuid() != 0:
        return
    entries = (
        Path(entry.path) for folder in packages for entry in os.scandir(folder) if not entry.is_symlink()
    )
    for path in (*sources, *entries):
        needed = ANYBODY_ENTERS if path.is_dir() else ANYBODY_READS
        if path.stat().st_mode & needed != needed:
            raise SandboxError(
                "{path} cannot be read by other users, and student code runs as another user when "
                "root grades: chmod -R o+rX '{path}', or grade as an ordinary user",
                path=path,
            )


def _outermost(paths: Sequence[Path]) -> list[Path]:
    return [path for path in dict.fromkeys(paths) if not any(other in path.parents for other in paths)]


def _in(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents
