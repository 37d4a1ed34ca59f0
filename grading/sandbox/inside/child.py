"""A child process: takes the text of a function and what it refers to, and runs one trial after another.

Everything it says is arrays and facts; whether they are right is judged elsewhere.
"""

from __future__ import annotations

import functools
import gc
import importlib
import os
import socket
import sys
import tempfile
import warnings
from collections.abc import Mapping
from typing import Any

from cs231n.trials import wire
from cs231n.trials.trial import decode
from grading.sandbox.inside import notes, walls
from grading.sandbox.inside.namespace import Namespace
from grading.sandbox.shared.pieces import LENGTH


def run(channel: socket.socket, limits: dict[str, int], mapped: int) -> None:
    """Serve functions, first the text of one, then its trials, or run programs, until the grader hangs up.

    The address space `mapped` at the start is not counted.
    """
    _cut_off()
    walls.limit(limits, mapped)
    warnings.simplefilter("ignore")
    first = receive(channel)[0]
    while "program" in first:
        run_program(channel, first)
        first = receive(channel)[0]
    namespace = load(channel, first)
    while True:
        header, arrays = receive(channel)
        if "function" in header:
            namespace = load(channel, header)
            continue
        seen = namespace.observe(decode(header["trial"], arrays))
        try:
            send(channel, {"calls": seen.calls, "notes": notes.used()}, seen.arrays, header["limit"])
        except wire.FrameError as error:
            facts = {
                "raised": {"type": "ResultTooLarge", "message": str(error), "place": ""},
                "type": None,
                "graph": False,
            }
            send(channel, {"calls": [facts]}, {})


def run_program(channel: socket.socket, header: dict[str, Any]) -> None:
    """Run a program of the kit's on bytes that were handed in, and send what it yields, piece by piece.

    Parameters
    ----------
    channel : socket
        On which the request, the parts and open files come, and each piece goes, its length before it.
    header : dict
        `program` ("module:function"), `sizes` (of the request and of each part) and `files` (how many descriptors).
    """
    gc.disable()  # it lives for a few answers
    parts = [_exactly(channel, size) for size in header["sizes"]]
    files: list[int] = []
    if header["files"]:
        _, files, _, _ = socket.recv_fds(channel, 1, header["files"])
    module, _, name = header["program"].partition(":")
    for piece in getattr(importlib.import_module(module), name)(parts[0], parts[1:], files):
        channel.sendall(LENGTH.pack(len(piece)) + piece)
    channel.sendall(LENGTH.pack(0))


def load(channel: socket.socket, job: dict[str, Any]) -> Namespace:
    """Define a function in globals of its own, and say what of that failed."""
    notes.forget()
    namespace = Namespace(job, functools.partial(ask, channel))
    failures = namespace.load()
    send(channel, {"failures": failures, "notes": notes.used()}, {})
    return namespace


def _cut_off() -> None:
    """No input, no output (what a student prints is not looked at, so it may be endless), a folder of its own."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
    os.chdir(tempfile.gettempdir())


def receive(channel: socket.socket) -> tuple[Any, dict[str, Any]]:
    """Read one frame; end the process if the grader has hung up."""
    prefix = _exactly(channel, wire.PREFIX)
    return wire.unpack(prefix + _exactly(channel, sum(wire.sizes(prefix))))


def send(
    channel: socket.socket, header: Any, arrays: Mapping[str, Any], limit: int = wire.BODY_LIMIT
) -> None:
    """Write one frame, whose arrays have at most `limit` bytes."""
    channel.sendall(wire.pack(header, arrays, limit))


def ask(channel: socket.socket, header: Any, arrays: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Ask the grader something while a function runs."""
    send(channel, header, arrays)
    return receive(channel)


def _exactly(channel: socket.socket, count: int) -> bytes:
    chunks = []
    while count:
        chunk = channel.recv(min(count, 1 << 20))
        if not chunk:
            os._exit(0)
        chunks.append(chunk)
        count -= len(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
