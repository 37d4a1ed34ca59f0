"""The isolation "process": what it does not hold is named, and what it holds is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grading.cli.doctor import _table, examine
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Child, Sandbox

from ..sandbox.one_child import TRIAL, assert_all_end, job


@pytest.fixture(scope="module")
def without_walls() -> Iterator[Sandbox]:
    with Sandbox("process", hidden=HIDDEN_FROM_CHILDREN) as started:
        yield started


def test_doctor_names_what_is_missing_and_promises_nothing_of_it(
    without_walls: Sandbox, doctor_examines: Callable[[Sandbox], None]
) -> None:
    doctor_examines(without_walls)
    examination = examine("process", jobs=2, names=["have_capabilities", "exit_quietly", "broken_json"])
    missing = {outcome.name for outcome in examination.outcomes if outcome.wrong}
    assert "have_capabilities" in missing
    assert not {"exit_quietly", "broken_json"} & missing
    assert not examination.missing
    assert _table(examination).row_count == len({outcome.wall for outcome in examination.outcomes})


def test_a_parent_that_was_stopped_leaves_nobody_behind(without_walls: Sandbox, tmp_path: Path) -> None:
    """The last test of this file: it ends the sandbox."""
    child = without_walls.open(
        job(tmp_path, "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nreturn img")
    )
    assert isinstance(child, Child)
    pid, parent = child.pid, without_walls.pid
    child.observe(TRIAL)
    child.channel.close()
    without_walls.close(patience=0.5)
    assert_all_end({pid, parent})
