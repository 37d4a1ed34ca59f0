"""What a run found and could not grade, and who is missing: in `run.json`, for the terminal and the class's page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from grading.results.atomic import write_atomically
from grading.results.files import json_bytes

FILE = "run.json"
# Said of a student; the class's page finds it in the results.
UNREAD = "nothing found"
WORDS = (UNREAD, "left out", "not installed here", "without a submission", "not in the gradebook")


class _Run(msgspec.Struct):
    not_graded: dict[str, list[str]] = {}


def read_not_graded(out: Path) -> dict[str, list[str]]:
    """Return lines by what they say ("left out"), as the last run found them; nothing where no run says so."""
    try:
        return msgspec.json.decode((out / FILE).read_bytes(), type=_Run).not_graded
    except (OSError, msgspec.MsgspecError):
        return {}


def add_not_graded(out: Path, lines: Mapping[str, Sequence[str]]) -> None:
    """Write the lines into the record of the run that `out` holds.

    Raises
    ------
    OSError
        If it cannot be read or written.
    """
    about = json.loads((out / FILE).read_bytes())
    write_atomically(out / FILE, json_bytes(about | {"not_graded": lines}))
