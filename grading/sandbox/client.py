"""Grader's side of the sandbox: starts the warm parent, opens children, ends them."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType
from typing import Any

from grading.errors import SandboxError
from grading.sandbox.budget import Budget
from grading.sandbox.cgroup import Groups
from grading.sandbox.child import Child, Serve
from grading.sandbox.ended import Ended
from grading.sandbox.isolation import strongest
from grading.sandbox.limits import Limits
from grading.sandbox.shared.on_demand import MODULES, named_in
from grading.sandbox.warm_parent import warm_parent

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
        self._parent = warm_parent(self.isolation, hidden)
        self.limits = limits or Limits()
        self._expects_many, self._asks_once = False, threading.Lock()
        self._loaded: set[str] = set()
        self._places = threading.BoundedSemaphore(places) if places else contextlib.nullcontext()
        self.at_close = contextlib.ExitStack()  # what else ends with it
        self._lock = threading.Lock()
        self.groups = Groups()
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
        return self._parent.pid

    def close(self, patience: float = 5) -> None:
        """End the warm parent and all its children; a thread that waits for one of them gets a SandboxError.

        The parent ends its children at once, and then itself; `patience` is how many seconds it may take for that.
        """
        self._parent.hang_up(patience if self._ready else 0)  # before it is ready it has no children to end
        self.at_close.close()
        self._parent.clear()
        self.groups.close()

    def expect_many(self) -> None:
        """Spend a second so that each child costs less, for many will be opened.

        What any of them may name is loaded (`on_demand`), and all of it lies in large pages
        (`allocator.use_large_pages`): a child that was forked before would keep the small ones, as long as it lives.
        Returns when the parent has heard: what is asked next waits for it.

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        with self._asks_once:
            if not self._expects_many:
                self._load(set(MODULES), many=True)
            self._expects_many = True

    def load_named(self, texts: Iterable[str]) -> None:
        """Let the children to come share the libraries that these texts of a submission name (`on_demand`).

        Returns when the parent has heard: what is asked next waits for them.

        Raises
        ------
        SandboxError
            If the sandbox has ended.
        """
        if libraries := named_in(texts) - self._loaded:
            self._load(libraries)

    def _load(self, libraries: set[str], *, many: bool = False) -> None:
        self._ask({"do": "load", "libraries": sorted(libraries), "many": many})
        self._loaded |= libraries

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
        child = self._fork(limits, limits.hasty() if hasty else limits)
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

    def _fork(self, limits: Limits, in_use: Limits) -> Child:
        with self.groups.next(limits.resident_mb << 20, limits.processes) as (group, new, doors):
            request = {"do": "fork", "limits": limits.for_child(), "groups": new}
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
            raise SandboxError(
                "the sandbox has ended: {words}", words=self._parent.last_words() or error
            ) from error

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
                socket.send_fds(self._parent.control, [json.dumps(request).encode()], files)
                return _line(self._parent.control)
            except OSError as error:
                raise SandboxError(
                    "the sandbox has ended: {words}", words=self._parent.last_words() or error
                ) from error

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        self._parent.control.settimeout(START_SECONDS)
        try:
            _line(self._parent.control)
        except OSError as error:
            raise SandboxError(
                "the sandbox does not start: {words}", words=self._parent.last_words() or error
            ) from error
        self._ready = True


def _line(channel: socket.socket) -> dict[str, Any]:
    line = b""
    while not line.endswith(b"\n"):
        part = channel.recv(65536)
        if not part:
            raise ConnectionError("it hung up")
        line += part
    reply: dict[str, Any] = json.loads(line)
    return reply
