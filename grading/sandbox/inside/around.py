"""What stands around children, by the name of the isolation."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from grading.sandbox.inside import syscalls, walls


class Around:
    """What stands around the children of one warm parent, and what is done about it from outside.

    As it is: no wall, the isolation "process".
    """

    def fork(self) -> AbstractContextManager[None]:
        """Return the context in which a child is forked."""
        return contextlib.nullcontext()

    def put_up(self, serial: int, limits: dict[str, int]) -> None:
        """Put up the walls; called in the child."""

    def exceeded(self, serial: int, tasks: int, limits: dict[str, int]) -> str:  # noqa: ARG002
        """Return the limit, of those that no wall enforces, that a child with so many tasks has exceeded, or ""."""
        return ""

    def end_strays(self, known: Container[int]) -> None:
        """End what ended children left running; `known` are the children that were not given account of."""

    def clear(self, serial: int) -> None:
        """Remove what a child that has ended has written."""


class Namespaces(Around):
    """Namespaces of the child's own, within bubblewrap: nothing is left of it when it has ended."""

    def __init__(self) -> None:
        self.calls = syscalls.refusal(namespaces=True)

    def fork(self) -> AbstractContextManager[None]:
        """Return the context in which a fork makes the first process of a new namespace."""
        return walls.new_pid_namespace()

    def put_up(self, serial: int, limits: dict[str, int]) -> None:
        """Put up the walls; called in the child."""
        walls.put_up(serial, limits)
        self.calls.load()


def around(isolation: str, arguments: Sequence[str]) -> Around:
    """Return what an isolation puts around children; `arguments` is what the command line says of it.

    Raises
    ------
    OSError
        If this machine forbids it.
    """
    if isolation == "bubblewrap":
        return Namespaces()
    if isolation == "landlock":
        from grading.sandbox.inside.landlock import Landlock  # it builds on this module

        return Landlock(Path(arguments[0]))
    return Around()
