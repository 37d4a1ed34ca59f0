"""The warm parent, from its start to its end; it can be started before it is known who needs it.

It takes seconds until it can fork children, and so does PyTorch in the grader: a command starts one (`started_ahead`),
imports the other meanwhile, and the `Sandbox` that wants the same finds it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from grading.errors import KitError
from grading.sandbox.isolation import check_isolation, strongest
from grading.sandbox.program import program
from grading.sandbox.shared.process_tree import family, processes


class WarmParent:
    """The process that forks children, the socket on which it is asked to, and its folder.

    Parameters
    ----------
    isolation : str
    hidden : sequence of str
        See `program`.

    Raises
    ------
    SandboxError
        If the isolation is not to be had here, or what is private cannot be kept apart.
    """

    def __init__(self, isolation: str, hidden: Sequence[str]) -> None:
        check_isolation(isolation)
        self.isolation = isolation
        self.folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.control, theirs = socket.socketpair()
        try:
            started = program(isolation, theirs.fileno(), self.folder, hidden)
        except BaseException:
            for end in (self.control, theirs):
                end.close()
            shutil.rmtree(self.folder)
            raise
        (self.folder / "stderr").touch(0o600)
        with theirs, (self.folder / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                started.command,
                env=started.environment,
                cwd=started.folder,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this in good order
            )

    @property
    def pid(self) -> int:
        """The process that was started: all others of the sandbox descend from it."""
        return self._process.pid

    def last_words(self) -> str:
        """Return the last line of what it has said on stderr."""
        with contextlib.suppress(OSError):
            lines = (self.folder / "stderr").read_text(errors="replace").strip().splitlines()
            return lines[-1] if lines else ""
        return ""

    def hang_up(self, patience: float) -> None:
        """Let it end its children and then itself; end it, and them, if that takes more than `patience` seconds."""
        with contextlib.suppress(OSError):
            self.control.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            # Without walls, student code may have stopped the parent: who descends from it must not outlive it.
            descended = family(self.pid, processes()) if self.isolation != "bubblewrap" else []
            self._process.kill()
            for member in descended:
                with contextlib.suppress(OSError):
                    os.kill(member.pid, signal.SIGKILL)
            self._process.wait()

    def clear(self) -> None:
        """Remove what is left of it, once it has ended."""
        self.control.close()
        shutil.rmtree(self.folder, ignore_errors=True)


_ahead: dict[tuple[str, tuple[str, ...]], WarmParent] = {}


@contextlib.contextmanager
def started_ahead(isolation: str | None, hidden: Sequence[str]) -> Iterator[None]:
    """Start the warm parent of the sandbox that will be wanted; end it, if nobody wanted it.

    What keeps it from starting is said when one is wanted.

    Parameters
    ----------
    isolation : str, optional
        The strongest that this machine allows, if not given.
    hidden : sequence of str
    """
    with contextlib.suppress(KitError, OSError):
        isolation = isolation or strongest()
        _ahead[isolation, tuple(hidden)] = WarmParent(isolation, hidden)
    try:
        yield
    finally:
        _end_unwanted()


def warm_parent(isolation: str, hidden: Sequence[str]) -> WarmParent:
    """Return the warm parent that was started ahead, or start one; another that was is not wanted."""
    found = _ahead.pop((isolation, tuple(hidden)), None)
    _end_unwanted()
    return found or WarmParent(isolation, hidden)


def _end_unwanted() -> None:
    while _ahead:
        _, unwanted = _ahead.popitem()
        unwanted.hang_up(0)
        unwanted.clear()
