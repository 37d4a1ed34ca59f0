"""Writes a live exception down as plain text: its type, its message, and the student's line that raised it."""

from __future__ import annotations

import builtins
import difflib
import dis
import linecache
import os
import re
import traceback
from pathlib import Path
from types import FrameType, TracebackType

import numpy as np
import torch

from cs231n.trials.observation import MESSAGE_LIMIT

LINE_LIMIT = 200

# Where an object lies in memory differs from run to run; a result file must not.
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")
_KIT = Path(__file__).resolve().parents[3]
# What is no code of a student's: Python's own, what is installed (PyTorch shows where), and the kit.
_OTHERS = (
    Path(os.__file__).resolve().parent,
    Path(torch.__file__).resolve().parents[1],
    _KIT / "cs231n",
    _KIT / "grading",
)
_INSTALLED = {"site-packages", "dist-packages"}
# Whose exceptions have messages of their own making: what Python's library raises may be handed on.
_LIBRARIES = (
    *(path.parent for file in (torch.__file__, np.__file__) for path in (Path(file), Path(file).resolve())),
    _KIT / "cs231n",
    _KIT / "grading",
)
# Operations of Python that fail with a message of Python's, or of a library that they call.
_FAILS_BY_ITSELF = re.compile(
    "BINARY|CALL|COMPARE|CONTAINS|DELETE|FOR_ITER|FORMAT|GET_ITER|IMPORT|INPLACE|JUMP_IF|LIST|LOAD|POP_JUMP|PRECALL|"
    "STORE|TO_BOOL|UNARY|UNPACK"
)
STUDENT = "student"  # who composed a message
_CLOSE = 0.75  # how like a name must be to be meant


def describe(error: BaseException) -> dict[str, str]:
    """Return type, message, place and line of an exception, and who composed the message (`by`).

    Place and line are those of the student's own code that raised it, or that called what raised it; "" if it never
    got there. `by` is `STUDENT` unless PyTorch, NumPy, Python itself or the kit found the words.
    """
    place = line = ""
    frames = list(traceback.walk_tb(error.__traceback__))
    for frame, number in frames:
        if found := _place(frame.f_code.co_filename, number):
            place = found
            line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()[:LINE_LIMIT]
    return {
        "type": type(error).__name__[:80],
        "message": _message(error, frames[-1][0] if frames else None),
        "place": place,
        "line": line,
        "by": "" if _is_of_a_library(error) else STUDENT,
    }


def _is_of_a_library(error: BaseException) -> bool:
    """Whether a message is one that PyTorch, NumPy, Python or the kit composed, by the frame that raised it."""
    module = (
        vars(type(error)).get("__module__") or "builtins"
    )  # none of a builtin type; asked for, it may be forged
    if not isinstance(module, str) or module.partition(".")[0] not in ("builtins", "torch", "numpy"):
        return False
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return True
    code = last.tb_frame.f_code
    path = Path(code.co_filename)
    if path.is_absolute() and any(map(path.is_relative_to, _LIBRARIES)):
        return not code.co_name.startswith(("_check", "_assert"))  # which raise what they are told to
    return _FAILS_BY_ITSELF.match(_operation(last)) is not None


def _operation(last: TracebackType) -> str:
    """Return the name of the operation of Python that an exception came from: RAISE_VARARGS of `raise`."""
    found = (
        step.opname for step in dis.get_instructions(last.tb_frame.f_code) if step.offset == last.tb_lasti
    )
    return next(found, "")


def _message(error: BaseException, frame: FrameType | None) -> str:
    try:
        message = _ADDRESS.sub("0x…", str(error)[: 2 * MESSAGE_LIMIT])[:MESSAGE_LIMIT]
        meant = _meant(error, frame)
    except Exception:
        return "(its message cannot be read)"
    return f"{message}. Did you mean: '{meant}'?" if meant else message


def _place(file: str, number: int) -> str:
    """Return where in the student's code a line is, in words that are the same in every run; "" if it is not there."""
    if "cell " in file or file.endswith(".py (submitted)"):  # named so in the sandbox
        return f"{file}, line {number}"
    if file.startswith("<ipython-input"):
        return f"line {number} of its cell"
    path = Path(file)
    if not path.is_absolute() or _INSTALLED & set(path.parts) or any(map(path.is_relative_to, _OTHERS)):
        return ""
    if "ipykernel" in file or "ipython-input" in file:
        return f"line {number} of its cell"
    return f"{path.name}, line {number}"


def _meant(error: BaseException, frame: FrameType | None) -> str:
    """Return the name that one which is not there resembles, as newer versions of Python do; "" if none."""
    wanted = getattr(error, "name", None)
    if not isinstance(wanted, str) or isinstance(error, UnboundLocalError) or len(wanted) > 80:
        return ""
    if isinstance(error, NameError) and frame is not None:
        there = {*frame.f_locals, *frame.f_globals, *dir(builtins)}
    elif isinstance(error, AttributeError) and not _of_the_other_library(error.obj, wanted):
        there = set(dir(error.obj))
    else:
        return ""
    public = (name for name in there if isinstance(name, str) and not name.startswith("_"))
    names = sorted(name for name in public if name.endswith("_") == wanted.endswith("_"))
    return next(iter(difflib.get_close_matches(wanted, names, 1, _CLOSE)), "")


def _of_the_other_library(value: object, name: str) -> bool:
    """Whether NumPy has a method that is looked for on a tensor, or the other way round: then it is not misspelt."""
    if isinstance(value, torch.Tensor):
        return hasattr(np.ndarray, name)
    return isinstance(value, np.ndarray) and hasattr(torch.Tensor, name)
