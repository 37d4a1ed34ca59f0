"""A child of the sandbox: what is sent to it and heard of it within its limits, and how it ended."""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cs231n.sentences import sentence
from cs231n.trials import wire
from cs231n.trials.observation import Observation
from cs231n.trials.trial import Arrays, Trial, encode
from grading.sandbox import validate_reply
from grading.sandbox.budget import Budget
from grading.sandbox.cgroup import Group
from grading.sandbox.clock import TICK_SECONDS, Clock
from grading.sandbox.ended import EXCEEDED, ChildEndedError, Ended, ending
from grading.sandbox.limits import Limits
from grading.sandbox.shared.pieces import LENGTH

if TYPE_CHECKING:
    from grading.sandbox.client import Sandbox

# The most bytes of one piece of a program's answer.
PIECE_LIMIT = 16 << 20
# Answers what a child asks while a function runs: a header and arrays, and a header and arrays come back.
Serve = Callable[[Any, Arrays], tuple[Any, Arrays]]


class Child:
    """A process that tries functions, one after the other.

    Of the last that was loaded, `failures` tells which of its units could not be run, `notes` what was done to run it
    (`shared.notes.NOTES`).
    """

    def __init__(
        self, sandbox: Sandbox, limits: Limits, pid: int, channel: socket.socket, group: Group
    ) -> None:
        self.sandbox = sandbox
        self.group = group
        self.limits = limits
        self.pid = pid
        self.channel = channel
        self.failures: list[dict[str, Any]] = []
        self.notes: set[str] = set()
        self.used: dict[str, Any] | None = None
        self.budget: Budget | None = None
        self._account: socket.socket | None = None
        self._serve: Serve | None = None
        channel.setblocking(False)

    def load(self, job: dict[str, Any], serve: Serve | None = None) -> Ended | None:
        """Give the child the text of a function, which the next trials are for; return how it ended, if it did."""
        self.notes = set()
        self._serve = serve
        loaded = self.ask(job, {})
        if isinstance(loaded, Ended):
            return loaded
        self.failures = validate_reply.failures_of(loaded[0])
        return None

    def observe(self, trial: Trial) -> Observation | Ended:
        """Let the child perform a trial; a child that hangs or dies is ended."""
        arrays: Arrays = {}
        limit = validate_reply.bytes_limit(trial)
        answer = self.ask({"trial": encode(trial, arrays), "limit": limit}, arrays, limit)
        if isinstance(answer, Ended):
            return answer
        seen = validate_reply.observation_of(*answer, trial)
        return self._ended("died", sentence("the process sent no valid result")) if seen is None else seen

    def ask(
        self, header: Any, arrays: Arrays, limit: int = validate_reply.LEAST_BYTES
    ) -> tuple[Any, Arrays] | Ended:
        """Send a frame and return the answer's, or how the child ended; its arrays have at most `limit` bytes."""
        try:
            with Clock(self) as clock:
                answer = self._exchange(header, arrays, clock, limit)
                while self._serve and isinstance(answer[0], dict) and "call" in answer[0]:
                    with clock.serving():
                        reply = self._serve(*answer)
                    answer = self._exchange(*reply, clock, limit)
        except TimeoutError as error:
            return self._ended("timeout", str(error))
        except wire.FrameError:
            return self._ended("died", sentence("the process sent no valid result"))
        except OSError:
            return self._ended("died", "")
        self._hear(answer[0])
        return answer

    def _exchange(self, header: Any, arrays: Arrays, clock: Clock, limit: int) -> tuple[Any, Arrays]:
        self._send(wire.pack(header, arrays), clock)
        prefix = self._receive(wire.PREFIX, clock)
        answer = prefix + self._receive(sum(wire.sizes(prefix, limit)), clock)
        self._look_at_memory()
        return wire.unpack(answer)

    def run(
        self, program: str, request: bytes, parts: Sequence[bytes] = (), files: Sequence[int] = ()
    ) -> Iterator[bytes]:
        """Let the child run a program of the kit's; yield its answer piece by piece, each of bounded length.

        Parameters
        ----------
        program : str
            "module:function" of what is shown behind the walls; see `inside.child.run_program`.
        request : bytes
        parts : sequence of bytes
            Sent as they are, not copied.
        files : sequence of int
            Descriptors of open files that the child may read.

        Raises
        ------
        ChildEndedError
            If it hangs, dies or sends anything else.
        """
        clock = Clock(self)
        sizes = [len(request), *map(len, parts)]
        try:
            self._send(wire.pack({"program": program, "sizes": sizes, "files": len(files)}, {}), clock)
            for part in (request, *parts):
                self._send(part, clock)
            if files:
                socket.send_fds(self.channel, [b"1"], files)
            while size := LENGTH.unpack(self._receive(LENGTH.size, clock))[0]:
                if size > PIECE_LIMIT:
                    raise ChildEndedError(self._ended("died", sentence("the process sent no valid result")))
                yield self._receive(size, clock)
            self._look_at_memory()
        except TimeoutError as error:
            raise ChildEndedError(self._ended("timeout", str(error))) from error
        except OSError as error:
            raise ChildEndedError(self._ended("died", "")) from error

    def _hear(self, header: Any) -> None:
        """Keep what the child says of how it ran the code; only words the grader knows are ever shown."""
        notes = header.get("notes") if isinstance(header, dict) else None
        if isinstance(notes, list):
            self.notes.update(note for note in notes if isinstance(note, str))

    def end(self) -> socket.socket:
        """End the child, and do not wait until it is gone; return where the account of it will come."""
        if self._account is None:
            self.channel.close()
            self._account = self.sandbox.end(self.pid)
            self.sandbox.groups.retire(self.group)
        return self._account

    def close(self) -> dict[str, Any]:
        """End the child; return what it used."""
        if self.used is None:
            self.used = self.sandbox.account(self.end())
        return self.used

    def _ended(self, reason: str, message: str) -> Ended:
        used = self.close()
        exceeded = "memory" if self.group.ran_out else used["exceeded"]
        if exceeded in EXCEEDED:
            return Ended("died", EXCEEDED[exceeded])
        if reason == "died" and used["exit"] == -signal.SIGKILL and self._has_spent(used["cpu"]):
            return Ended("timeout", sentence("the CPU time limit of a function was exceeded"))
        return Ended(reason, sentence(message) if message else ending(used["exit"]))

    def _has_spent(self, cpu: float) -> bool:
        """Whether the kernel's limit ended it: that counts ticks, and the time told in the end is measured finer."""
        return cpu >= 0.8 * self.limits.function_cpu_seconds

    def _send(self, data: bytes, clock: Clock) -> None:
        view = memoryview(data)
        while view:
            _, writable, _ = select.select([], [self.channel], [], TICK_SECONDS)
            clock.check()
            if writable:
                view = view[self.channel.send(view) :]

    def _receive(self, count: int, clock: Clock) -> bytes:
        chunks = []
        while count:
            readable, _, _ = select.select([self.channel], [], [], TICK_SECONDS)
            clock.check()  # also when there is something to read: an answer may come byte by byte
            if not readable:
                self._look_at_memory()
                continue
            chunk = self.channel.recv(min(count, 1 << 20))
            if not chunk:
                raise ConnectionError("hung up")
            chunks.append(chunk)
            count -= len(chunk)
        return b"".join(chunks)

    def _look_at_memory(self) -> None:
        """Raise ConnectionError if memory has run out: perhaps what the child has started was killed, not itself."""
        if self.group.ran_out:
            raise ConnectionError("memory has run out")
