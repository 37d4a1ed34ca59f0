"""Grader's side of the sandbox: starts the warm parent, opens children, ends them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from grading.errors import SandboxError
from grading.sandbox.budget import Budget
from grading.sandbox.cgroup import Groups
from grading.sandbox.child import Child, Serve
from grading.sandbox.ended import Ended
from grading.sandbox.isolation import check_isolation, strongest
from grading.sandbox.limits import Limits
from grading.sandbox.program import program
from grading.sandbox.shared import libraries
from grading.sandbox.shared.process_tree import family, processes

START_SECONDS = 300


class Sandbox:
    """A warm parent and its children. Safe to use from several threads.

    Parameters
    ----------
    isolation : str, optional
        What stands around student code; see `program`. If not given, the strongest that this machine allows.
    limits : Limits
    places : int, optional
        How many functions may be tried at a time (`place`); any number if not given.
    hidden : sequence of str
        What of the packages that student code may import it must not see; see `program`. Whoever starts a sandbox
        says it, so that nobody leaves it out.

    Raises
    ------
    SandboxError
        If the program inside does not start.
    """

    def __init__(
        self,
        isolation: str | None = None,
        limits: Limits | None = None,
        places: int | None = None,
        *,
        hidden: Sequence[str],
    ) -> None:
        self.isolation = isolation or strongest()
        check_isolation(self.isolation)
        self.limits = limits or Limits()
        self._expects_many = False
        self._places = threading.BoundedSemaphore(places) if places else contextlib.nullcontext()
        self.folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
        self.at_close = contextlib.ExitStack()  # what else ends with it
        self._lock = threading.Lock()
        self.groups = Groups()
        self._control, theirs = socket.socketpair()
        try:
            started = program(self.isolation, theirs.fileno(), self.folder, hidden)
        except SandboxError:
            for end in (self._control, theirs):
                end.close()
            shutil.rmtree(self.folder)
            self.groups.close()
            raise
        (self.folder / "stderr").touch(0o600)
        with (self.folder / "stderr").open("wb") as stderr:
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
        theirs.close()
        self._ready = False

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The process that was started: all others of the sandbox descend from it."""
        return self._process.pid

    def close(self, patience: float = 5) -> None:
        """End the warm parent and all its children; a thread that waits for one of them gets a SandboxError.

        The parent ends its children at once, and then itself; `patience` is how many seconds it may take for that.
        """
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
        try:
            # Before it is ready it has no children to end.
            self._process.wait(timeout=patience if self._ready else 0)
        except subprocess.TimeoutExpired:
            # Without walls, student code may have stopped the parent: who descends from it must not outlive it.
            descended = family(self.pid, processes()) if self.isolation != "bubblewrap" else []
            self._process.kill()
            for member in descended:
                with contextlib.suppress(OSError):
                    os.kill(member.pid, signal.SIGKILL)
            self._process.wait()
        self.at_close.close()
        self._control.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.groups.close()

    def expect_many(self) -> None:
        """Spend a second so that each child costs less, for many will be opened.

        What any of them may import is loaded, and what is there lies in large pages (`allocator.use_large_pages`).

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        if not self._expects_many:
            self._expects_many = True
            self._ask({"do": "expect many"})

    def place(self) -> AbstractContextManager[object]:
        """Wait for a place, and hold it: who tries a function needs one, who judges what was seen needs none."""
        return self._places

    def open(
        self,
        job: dict[str, Any],
        reference_seconds: float = 0.0,
        *,
        hasty: bool = False,
        serve: Serve | None = None,
        budget: Budget | None = None,
    ) -> Child | Ended:
        """Fork a child and give it the text of a function.

        Parameters
        ----------
        job : dict
            What `inside.namespace` takes.
        reference_seconds : float
            CPU time of the reference solution's costliest trial on this machine; limits grow with it (`Limits.scaled`).
        hasty : bool
            Give each trial little time (`Limits.hasty`).
        serve : callable, optional
            Answers calls of the functions named in the job's `served`.
        budget : Budget, optional
            What the child is charged for, and cannot exceed.
        """
        limits = self.limits.scaled(reference_seconds)
        child = self._fork(
            limits, limits.hasty() if hasty else limits, torchvision=libraries.names_torchvision(job)
        )
        child.budget = budget
        return child.load(job, serve) or child

    def start(self, limits: Limits) -> Child:
        """Fork a child that will run a program of the kit's (`Child.run`).

        Parameters
        ----------
        limits : Limits
            Its own; those that are part of the walls (`scratch_mb`, `processes`) are the sandbox's.
        """
        ours = self.limits
        limits = replace(limits, scratch_mb=ours.scratch_mb, processes=ours.processes)
        return self._fork(limits, limits)

    def _fork(self, limits: Limits, in_use: Limits, *, torchvision: bool = False) -> Child:
        with self.groups.next(limits.resident_mb << 20, limits.processes) as (group, new, doors):
            request = {
                "do": "fork",
                "limits": limits.for_child(),
                "groups": new,
                "torchvision": torchvision,
            }
            told, channel = self._ask_with_channel(request, doors)
        return Child(self, in_use, told["pid"], channel, group)

    def usage(self, pid: int) -> tuple[float, bool]:
        """Return the CPU time that a child has used, and whether it computes now (or would, were a processor free)."""
        told = self._ask({"do": "cpu", "pid": pid})
        return float(told["cpu"]), bool(told["runs"])

    def end(self, pid: int) -> socket.socket:
        """Kill a child; return where the account of it will come, once the system has cleared it away (`account`)."""
        return self._ask_with_channel({"do": "end", "pid": pid})[1]

    def account(self, channel: socket.socket) -> dict[str, Any]:
        """Return the exit status, CPU time and peak memory of a child that was ended."""
        try:
            with channel:
                return _line(channel)
        except OSError as error:
            raise SandboxError("the sandbox has ended: {words}", words=self._last_words() or error) from error

    def _ask_with_channel(
        self, request: dict[str, Any], files: Sequence[int] = ()
    ) -> tuple[dict[str, Any], socket.socket]:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                return self._ask(request, (theirs.fileno(), *files)), ours
        except BaseException:
            ours.close()
            raise

    def _ask(self, request: dict[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        with self._lock:
            self._wait_until_ready()
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], files)
                return _line(self._control)
            except OSError as error:
                raise SandboxError(
                    "the sandbox has ended: {words}", words=self._last_words() or error
                ) from error

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        self._control.settimeout(START_SECONDS)
        try:
            _line(self._control)
        except OSError as error:
            raise SandboxError(
                "the sandbox does not start: {words}", words=self._last_words() or error
            ) from error
        self._ready = True

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self.folder / "stderr").read_text(errors="replace").strip().splitlines()
            return lines[-1] if lines else ""
        return ""


def _line(channel: socket.socket) -> dict[str, Any]:
    line = b""
    while not line.endswith(b"\n"):
        part = channel.recv(65536)
        if not part:
            raise ConnectionError("it hung up")
        line += part
    reply: dict[str, Any] = json.loads(line)
    return reply
