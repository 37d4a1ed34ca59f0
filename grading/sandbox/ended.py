"""Record of a child that ended without an answer, and the sentence for it."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from cs231n.sentences import Sentence, sentence

# What is said of limits that the sandbox watches; of time, the grader's own clock says more.
EXCEEDED = {
    "memory": sentence("the memory limit of a function was exceeded"),
    "disk": sentence("a function wrote more files than it may"),
    "processes": sentence("a function started more processes and threads than it may"),
}


@dataclass(frozen=True)
class Ended:
    """A child that did not answer: "timeout" (a limit was exceeded) or "died", and the sentence for it."""

    reason: str
    message: str


class ChildEndedError(Exception):
    """A child ended before its program had answered; `ended` says how."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.message)
        self.ended = ended


def ending(status: int) -> Sentence:
    """Say how a process ended.

    Status 1 and signal 9 say nothing of the child: the one is ours, the other may come of our own kill.
    """
    if status in (1, -signal.SIGKILL):
        return sentence("the process ended without a result")
    if status < 0:
        return sentence("the process ended (signal {number})", number=-status)
    return sentence("the process ended (exit status {number})", number=status)
