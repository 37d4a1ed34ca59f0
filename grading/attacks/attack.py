"""An attack: lines that a student put into one function, and the verdict they must get."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grading.assignments.example_class import right_lines
from grading.assignments.registry import function_named

ADA = right_lines("ada")


@dataclass(frozen=True)
class Attack:
    """A submission of one notebook in which one function is hostile and all others are right.

    Attributes
    ----------
    name : str
        Its folder.
    wall : str
        What must stand for it to fail; doctor's table has a row for each.
    tries : str
        What it tries, as a sentence goes on after "tries to".
    lines : str
        What stands between the markers of `function`.
    status : str
        The verdict on `function`. "correct" is for an attack beside honest work, which keeps its points.
    function : str
        The function that holds it.
    category : str
        "tampering", "reading", "exhausting" or "escaping".
    everywhere : bool
        Whether all functions of the notebook hold the lines, and get the status.
    """

    name: str
    wall: str
    tries: str
    lines: str
    status: str
    function: str = "tv_loss"
    category: str = ""
    everywhere: bool = False

    @property
    def notebook(self) -> str:
        """The notebook that is handed in."""
        return function_named(self.function).notebook


@dataclass(frozen=True)
class Hostile:
    """A submission whose files are the attack; `make` writes them into a folder of its own.

    `expected` gives the status of functions; those not named are missing.
    """

    name: str
    wall: str
    tries: str
    make: Callable[[Path], None]
    expected: Mapping[str, str] = field(default_factory=dict)
    category: str = "loading"


def proof(name: str, wall: str, tries: str, attempt: str, function: str = "tv_loss") -> Attack:
    """Return an attack that does the honest work only if `attempt` sets `found`: points prove a hole."""
    lines = "\n".join(
        (
            "import ctypes, errno, glob, os, signal, socket, subprocess, sys, threading, time",
            "found = False",
            "try:",
            textwrap.indent(textwrap.dedent(attempt).strip("\n"), "    "),
            "except BaseException:",
            "    pass",
            "if not found:",
            "    raise RuntimeError('the wall stands')",
            ADA[function],
        )
    )
    return Attack(name, wall, tries, lines, "error", function)
