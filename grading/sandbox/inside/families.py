"""Families of processes: each child with all that it has started, what they use, and what they may use together."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grading.sandbox.shared.process_tree import Member, family, held, memory, processes

if TYPE_CHECKING:
    from grading.sandbox.inside.around import Around


@dataclass
class Family:
    """A child, with all it has started: what it may use, the most CPU time seen, and the limit it was ended for.

    `grouped` says whether a control group holds them, `runs` whether one of them was seen to run, or to wait for a
    processor, when they were last looked at.
    """

    serial: int
    limits: dict[str, int]
    grouped: bool
    cpu: float = 0.0
    runs: bool = False
    exceeded: str = ""


def watch(families: dict[int, Family], around: Around, *, closely: bool = True) -> None:
    """See what each family does, and end those that use more than they may together.

    Parameters
    ----------
    families : dict
        By the number of the child that each began with.
    around : Around
    closely : bool
        Look at their memory, too: of many processes that takes a third of a second.
    """
    everyone = processes()
    for pid, its in families.items():
        members = look_at(pid, its, everyone)
        # What a child shares with this process is not its own: memory is looked at closely beyond both together.
        room = (its.limits["resident_mb"] << 20) + everyone[os.getpid()].resident if everyone else 0
        if its.exceeded:
            continue
        its.exceeded = around.exceeded(its.serial, sum(member.tasks for member in members), its.limits)
        its.exceeded = its.exceeded or together(its, members, room if closely else None)
        if its.exceeded:
            kill(pid)


def look_at(pid: int, its: Family, everyone: dict[int, Member]) -> list[Member]:
    """Return the processes of a family; note what CPU time they have used, and whether one of them runs."""
    members = family(pid, everyone)
    its.cpu = max(its.cpu, sum(member.cpu for member in members))
    its.runs = any(member.runs for member in members)
    return members


def together(its: Family, members: list[Member], room: int | None) -> str:
    """Return the limit that a child has exceeded together with what it has started, "" for none.

    They may occupy `room` bytes; None to leave memory alone.
    """
    if len(members) > 1 and its.cpu > its.limits["cpu_seconds"]:  # the kernel holds one that is alone
        return "cpu"
    if room is None:
        return ""
    # What they have written themselves the kernel counts where it has a group for them.
    return "memory" if (held(members) if its.grouped else memory(members, room)) > room else ""


def kill(pid: int) -> None:
    """Kill a child; the namespace it is the first process of ends with it. Without one, its process group."""
    for send in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            send(pid, signal.SIGKILL)
