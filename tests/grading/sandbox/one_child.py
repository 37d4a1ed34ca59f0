"""One child of the sandbox, in which a tv_loss of any text is tried."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.registry import rubric
from grading.sandbox import Ended, Limits, Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.grade import job_of
from grading.verdict.questions import read_here

IMAGE = np.arange(48, dtype=np.float32).reshape(1, 3, 4, 4)
TRIAL = Trial("tv_loss", ((Tensor(IMAGE), 0.5),))
# Of these, a test sets the one that it is about: if that did not hold, the test would not come to its end.
ENDLESS = Limits(call_cpu_seconds=1e6, call_wall_seconds=1e6, function_cpu_seconds=10**6)
# No assertion, only an end to waiting for what never comes.
PATIENCE = 600


def job(folder: Path, body: str, before: str = "") -> dict[str, Any]:
    """The text of a tv_loss, as the grader finds it in a file handed in."""
    folder.mkdir(exist_ok=True)
    file = folder / "style_transfer.py"
    text = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    file.write_text(f"{before}\ndef tv_loss(img, tv_weight):\n{text}\n", encoding="utf-8")
    selection = read_here(Submission("ada", file))
    asked = next(asked for asked in rubric() if asked.name == "tv_loss")
    found = next(one for one in selection.functions if one.function == "tv_loss")
    return job_of(found, asked, selection)


def outcome(
    sandbox: Sandbox, folder: Path, body: str, before: str = "", trial: Trial = TRIAL
) -> Observation | Ended:
    child = sandbox.open(job(folder, body, before))
    if isinstance(child, Ended):
        return child
    try:
        return child.observe(trial)
    finally:
        child.close()


def assert_works(sandbox: Sandbox, folder: Path) -> None:
    seen = outcome(sandbox, folder, "return tv_weight * img.sum()")
    assert isinstance(seen, Observation)
    assert seen.arrays["0/output"] == IMAGE.sum() / 2


def told(sandbox: Sandbox, folder: Path, expression: str, before: str = "import os") -> str:
    """What an expression says inside, as the message of an exception."""
    seen = outcome(sandbox, folder, f"raise ValueError({expression})", before)
    assert isinstance(seen, Observation)
    return str(seen.calls[0]["raised"]["message"])


def descendants(pid: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, pending = set(), {pid}
    while pending:
        found |= pending
        pending = {child for child, parent in parents.items() if parent in pending}
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def assert_all_end(pids: set[int]) -> None:
    give_up = time.monotonic() + PATIENCE
    while any(map(alive, pids)) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not [pid for pid in pids if alive(pid)]
