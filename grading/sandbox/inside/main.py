"""The warm parent: imports torch once, then forks a child for each function that is to be tried.

It speaks on one socket with the grader (`CONTROL`): a JSON line each way. With "fork" comes a descriptor, the
child's own channel; what is said there never passes through this process, so no child inherits another's work.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyseccomp

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def warm_up() -> None:
    """Load what every child needs, so that children share it: torch, the networks, the course's pictures."""
    import matplotlib
    import torch

    torch.set_num_threads(1)  # before any tensor work: a child of a parent that used two threads can hang
    matplotlib.use("Agg")
    import matplotlib.pyplot
    import torchvision  # noqa: F401

    from cs231n.self_check import networks
    from cs231n.self_check.trial import Features, Picture, Pictures

    for name in ("small", "squeezenet"):
        networks.network(name)
    networks.pictures(Pictures((0, 1, 2, 3, 4), 224))
    networks.picture(Picture("imagenet-4", 96))
    for name in ("china", "flower", "flow"):
        networks.features(Features(Picture(name, 192)))


def serve(control: socket.socket, walled: bool) -> None:
    """Answer the grader's requests until it hangs up; then end all children."""
    from grading.sandbox.inside import child, walls

    filter_calls = refusal() if walled else None
    children: set[int] = set()
    serial = os.getpid()
    while True:
        line, descriptors, _, _ = socket.recv_fds(control, 4096, 1)
        if not line:
            break
        request = json.loads(line)
        reply: dict[str, Any]
        if request["do"] == "fork":
            serial += 1
            with walls.new_pid_namespace() if walled else contextlib.nullcontext():
                pid = os.fork()
                if pid == 0:
                    control.close()
                    os.setsid()  # or a student's os.kill(0, 9) would take the parent along
                    if filter_calls:
                        walls.put_up(serial, request["limits"])
                        filter_calls.load()
                    child.run(socket.socket(fileno=descriptors[0]), request["limits"])
                    os._exit(0)
            os.close(descriptors[0])
            children.add(pid)
            reply = {"pid": pid}
        elif request["do"] == "cpu":
            reply = {"cpu": cpu_seconds(request["pid"])}
        else:
            children.discard(request["pid"])
            reply = end(request["pid"])
        control.sendall(json.dumps(reply).encode() + b"\n")
    for pid in children:
        end(pid)


def refusal() -> pyseccomp.SyscallFilter:
    """Return the filter of system calls (built once, put on by each child)."""
    from grading.sandbox.inside import syscalls

    return syscalls.refusal()


def cpu_seconds(pid: int) -> float:
    """Return the CPU time a child has used, in seconds (0 where the machine does not tell)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def end(pid: int) -> dict[str, Any]:
    """Kill a child and its process group; return how it ended and what it used."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    _, status, usage = os.wait4(pid, 0)
    return {
        "exit": os.waitstatus_to_exitcode(status),
        "cpu": usage.ru_utime + usage.ru_stime,
        "max_rss_mb": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    warm_up()
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.sendall(b'{"ready": true}\n')
    serve(channel, walled=sys.argv[2] == "bubblewrap")
