"""The warm parent process: imports torch once, then forks a child for each function.

It speaks on one socket with the grader: a JSON line each way. With "fork" comes a descriptor, the child's own
channel; what is said there never passes through this process, so no child inherits another's work.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import site
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grading.sandbox.inside.around import Around
    from grading.sandbox.inside.families import Family

# The kit, Python's own modules, and the packages that the grader has, in its order (argument 3): no others of the
# Python that a virtual environment rests on.
_PACKAGES = ("site-packages", "dist-packages")
sys.path[:] = [
    str(Path(__file__).resolve().parents[3]),
    *(folder for folder in sys.path if Path(folder).name not in _PACKAGES),
]
for _folder in sys.argv[3].split(os.pathsep):
    site.addsitedir(_folder)

# Reads what was handed in (`classroom.reading` asks for it): imported by name, for the sandbox knows no submission.
READER = "grading.submission.reader"
# The most files that open the control groups of two children.
DOORS = 4
WATCH_SECONDS = 0.1
REAP_SECONDS = 0.002


def warm_up() -> None:
    """Load what children need, so that they share it: torch, the networks, the pictures."""
    gc.disable()  # of what is loaded nothing is garbage yet, and to look for it takes a seventh of the time
    import torch

    torch.set_num_threads(1)  # before any tensor work: a child of a parent that used two threads can hang

    from cs231n.trials import networks, notebook_globals
    from cs231n.trials.trial import Features, Picture, Pictures
    from grading.sandbox.shared import allocator

    for name, size in (("small", 64), ("squeezenet", 96), ("squeezenet", 128)):
        # The first pass forward and back compiles kernels and (with a gradient given) imports sympy: half a second
        # that each child would spend again.
        scores = networks.network(name)(torch.zeros((1, 3, size, size), requires_grad=True))
        scores.backward(torch.ones_like(scores))
    networks.pictures(Pictures((0, 1, 2, 3, 4), 128))
    # What the notebook's own cells make of the five pictures, which functions may name.
    notebook_globals.class_names()
    notebook_globals.image_tensor()
    for name in ("imagenet-2", "china"):
        networks.picture(Picture(name, 96))
    for name in ("china", "flower", "flow"):
        networks.features(Features(Picture(name, 192)))
    importlib.import_module(READER)
    gc.freeze()  # or the first collection in a child would copy all that it shares
    gc.enable()
    allocator.give_back()


def load(libraries: Iterable[str]) -> None:
    """Load what a submission names, so that its children share it, and those of all that come after."""
    from grading.sandbox.shared import on_demand

    gc.disable()
    for library in libraries:
        for module in on_demand.MODULES[library]:
            # Whoever imports it is told; one that does not fit PyTorch raises RuntimeError, and must not end all.
            with contextlib.suppress(Exception):
                importlib.import_module(module)
    gc.freeze()
    gc.enable()


@dataclass(frozen=True)
class Ending:
    """A child that was killed, and the socket on which its account is awaited."""

    family: Family
    account: socket.socket


@dataclass(frozen=True)
class Spare:
    """A child that stands ready behind its walls; it waits for its limits and its channel on `handover`.

    `doors` are the open files of its control group, which it is in.
    """

    pid: int
    serial: int
    walls: tuple[int, ...]
    ready: int
    handover: socket.socket
    doors: list[int]


def serve(control: socket.socket, around: Around) -> None:
    """Answer the grader's requests until it hangs up, and watch the children meanwhile; then end them all.

    The next child puts up its walls while the one before it works; of one that ends, the system takes its time to
    clear the memory away, and nobody waits for that.
    """
    from grading.sandbox.inside.families import Family, kill, look_at, watch
    from grading.sandbox.shared import allocator
    from grading.sandbox.shared.process_tree import processes

    families: dict[int, Family] = {}
    doors: list[list[int]] = []  # of the control groups of children to come
    ending: dict[int, Ending] = {}
    next_watch = next_close_watch = time.monotonic() + WATCH_SECONDS
    # Children of two gradings at once must not share a user, whose processes the kernel counts together.
    serial = int.from_bytes(os.urandom(4), "little")
    spare: Spare | None = None
    while True:
        pause = REAP_SECONDS if ending else WATCH_SECONDS if families else None
        asked = select.select([control], [], [], pause)[0]
        reap(ending, around, living(families, spare))
        if families and (began := time.monotonic()) >= next_watch:
            closely = began >= next_close_watch
            watch(families, around, closely=closely)
            around.end_strays({*living(families, spare), *ending})
            next_watch = began + WATCH_SECONDS
            if closely:  # whoever starts many processes must not keep others from being served
                ended = time.monotonic()
                next_close_watch = ended + (ended - began)
        if not asked:
            continue
        line, descriptors, _, _ = socket.recv_fds(control, 4096, DOORS + 1)
        if not line:
            break
        request = json.loads(line)
        reply: dict[str, Any]
        if request["do"] == "fork":
            each = len(descriptors[1:]) // (request["groups"] or 1)
            doors += [descriptors[1 + n * each :][:each] for n in range(request["groups"])]
            if spare is None or spare.walls != walls_of(request["limits"]):
                if spare is not None:
                    discard(spare, around)
                    doors.insert(0, spare.doors)
                serial += 1
                spare = fork_child(own(control, ending), serial, request["limits"], around, doors)
            families[spare.pid] = Family(spare.serial, request["limits"], grouped=bool(spare.doors))
            hand_over(spare, descriptors[0], request["limits"])
            reply = {"pid": spare.pid}
        elif request["do"] == "cpu":
            asked_for = families[request["pid"]]
            look_at(request["pid"], asked_for, processes())
            reply = {"cpu": asked_for.cpu, "runs": asked_for.runs}
        elif request["do"] == "load":
            if spare is not None:  # it was forked before
                discard(spare, around)
                doors.insert(0, spare.doors)
                spare = None
            reply = {}
        else:
            its = families.pop(request["pid"])
            watch({request["pid"]: its}, around)
            kill(request["pid"])
            ending[request["pid"]] = Ending(its, socket.socket(fileno=descriptors[0]))
            reply = {}
        control.sendall(json.dumps(reply).encode() + b"\n")
        # What takes long comes after the answer: the grader has other things to do meanwhile.
        if request["do"] == "load":
            load(request["libraries"])
            if request["many"]:
                allocator.use_large_pages()
        if request["do"] == "fork":
            serial += 1
            spare = fork_child(own(control, ending), serial, request["limits"], around, doors)
    if spare is not None:
        discard(spare, around)
    for pid in (*families, *ending):
        kill(pid)
        os.wait4(pid, 0)
    around.end_strays(())


def walls_of(limits: dict[str, int]) -> tuple[int, ...]:
    """Return those of the limits that are part of a child's walls; the others it sets when it is given its work."""
    return limits["scratch_mb"], limits["processes"]


def own(control: socket.socket, ending: dict[int, Ending]) -> list[socket.socket]:
    """Return what no child may hold, or it would speak to the grader as this process does."""
    return [control, *(its.account for its in ending.values())]


def fork_child(
    not_its: list[socket.socket],
    serial: int,
    limits: dict[str, int],
    around: Around,
    doors: list[list[int]],
) -> Spare:
    """Fork a child that puts up its walls, waits for its limits and its channel, and serves there.

    It goes into the first control group of `doors`, which is taken off them.
    """
    from grading.sandbox.inside import child, walls

    ready, tell = os.pipe()
    ours, theirs = socket.socketpair()
    with around.fork():
        pid = os.fork()
    if pid == 0:
        for channel in (*not_its, ours):
            channel.close()
        for file in (ready, *(door for group in doors for door in group)):
            os.close(file)
        os.setsid()  # or a student's os.kill(0, 9) would take the parent along
        walls.die_first()
        mapped = walls.mapped()
        around.put_up(serial, limits)
        os.write(tell, b"1")
        os.close(tell)
        told, descriptors, _, _ = socket.recv_fds(theirs, 4096, 1)
        theirs.close()
        if descriptors:
            child.run(socket.socket(fileno=descriptors[0]), json.loads(told), mapped)
        os._exit(0)
    theirs.close()
    os.close(tell)
    for door in doors[0]:
        os.write(door, str(pid).encode())
    return Spare(pid, serial, walls_of(limits), ready, ours, doors.pop(0))


def hand_over(spare: Spare, descriptor: int, limits: dict[str, int]) -> None:
    """Give a child its limits and its channel, once its walls stand."""
    stands = os.read(spare.ready, 1)
    for file in (spare.ready, *spare.doors):
        os.close(file)
    if not stands:  # why is on stderr; this is no fault of a student's, and nothing is graded without walls
        raise SystemExit("a wall around student code cannot be put up")
    with spare.handover:
        socket.send_fds(spare.handover, [json.dumps(limits).encode()], [descriptor])
    os.close(descriptor)


def living(families: dict[int, Family], spare: Spare | None) -> set[int]:
    """Return the children that nobody has asked to end."""
    return {*families, *([spare.pid] if spare else [])}


def discard(spare: Spare, around: Around) -> None:
    """End a child that was never used."""
    from grading.sandbox.inside.families import kill

    os.close(spare.ready)
    spare.handover.close()
    kill(spare.pid)
    os.wait4(spare.pid, 0)
    around.clear(spare.serial)


def reap(ending: dict[int, Ending], around: Around, living: set[int]) -> None:
    """Give account of the children that have ended since: how, by which limit ("" for none), and what they used.

    By then nothing of them is left; `living` are the others.
    """
    for pid, its in [*ending.items()]:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if not ended:
            continue
        del ending[pid]
        around.end_strays({*living, *ending})
        around.clear(its.family.serial)
        account = {
            "exit": os.waitstatus_to_exitcode(status),
            "exceeded": its.family.exceeded,
            "cpu": max(its.family.cpu, usage.ru_utime + usage.ru_stime),
            "max_rss_mb": usage.ru_maxrss / 1024,
        }
        with its.account, contextlib.suppress(OSError):  # nobody may want to know any more
            its.account.sendall(json.dumps(account).encode() + b"\n")


if __name__ == "__main__":
    from grading.sandbox.inside.around import around

    warm_up()
    channel = socket.socket(fileno=int(sys.argv[1]))
    channel.sendall(b'{"ready": true}\n')
    serve(channel, around(sys.argv[2], sys.argv[4:]))
    os._exit(0)  # to take Python and torch down module by module takes as long as starting a child ten times
