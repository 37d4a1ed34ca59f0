"""A text that several students handed in is tried once; whatever differs in what it depends on is tried for itself."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading.assignments.registry import rubric
from grading.results.files import result_bytes
from grading.sandbox import Ended, Limits, Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.alike import Alike, Tried, key_of
from grading.verdict.attempts import Seen, Task
from grading.verdict.grade import grade, job_of
from grading.verdict.questions import read_here

from ..conftest import RIGHT, HandIn
from .test_attempts import opened as opened
from .test_grade import NAMES, SEED, by_name, statuses

RIGHT_TV = textwrap.dedent(RIGHT["tv_loss"][1])
LIMITS = Limits()
ONE_FUNCTION: dict[str, None] = dict.fromkeys(NAMES)


def graded(folder: Path, sandbox: Sandbox, alike: Alike | None = None, seed: str = SEED) -> dict[str, Any]:
    selection = read_here(Submission(folder.name, folder))
    result: dict[str, Any] = json.loads(result_bytes(grade(selection, seed, sandbox, alike=alike).result))
    return result


def test_a_third_copy_is_not_tried_and_has_the_result_that_it_has_alone(
    hand_in: HandIn, sandbox: Sandbox, opened: list[bool]
) -> None:
    """The first is tried with the others of its submission, so the second is tried alone; a wrong one is at once."""
    alike, wrong = Alike(), "return w * ((current - target) ** 2).mean()"
    for student in ("ada", "grace"):
        graded(hand_in(student, content_loss=wrong), sandbox, alike)
    before = len(opened)
    copied = graded(hand_in("alan", content_loss=wrong), sandbox, alike)
    assert len(opened) == before
    assert copied == graded(hand_in("alan", content_loss=wrong), sandbox)


def test_what_was_first_in_its_child_counts_for_others_at_once(
    hand_in: HandIn, sandbox: Sandbox, opened: list[bool]
) -> None:
    alike = Alike()
    graded(hand_in("ada"), sandbox, alike)
    before = len(opened)
    stubs = dict.fromkeys(set(NAMES) - {"make_fooling_image"}, "pass")
    result = graded(hand_in("grace", **stubs), sandbox, alike)
    assert statuses(result) == dict.fromkeys(NAMES, "stub") | {"make_fooling_image": "correct"}
    assert len(opened) == before


def test_what_another_function_made_right_is_right_for_nobody_else(hand_in: HandIn, sandbox: Sandbox) -> None:
    alike, borrowed = Alike(), "import builtins\nreturn builtins.borrowed(img, tv_weight)"
    right = f"def right(img, tv_weight):\n{textwrap.indent(RIGHT_TV, '    ')}\n"
    lent = f"import builtins\n{right}builtins.borrowed = right\n"
    lender = {"content_loss": lent + textwrap.dedent(RIGHT["content_loss"][1]), "tv_loss": borrowed}
    lending = statuses(graded(hand_in("ada", **{**ONE_FUNCTION, **lender}), sandbox, alike))
    assert lending["tv_loss"] == "correct"
    for student in ("grace", "alan"):
        result = graded(hand_in(student, **{**ONE_FUNCTION, "tv_loss": borrowed}), sandbox, alike)
        assert by_name(result)["tv_loss"]["status"] == "error"


def key(folder: Path, seed: str = SEED, limits: Limits = LIMITS, isolation: str = "bubblewrap") -> bytes:
    asked = next(one for one in rubric() if one.name == "tv_loss")
    selection = read_here(Submission(folder.name, folder))
    found = next(one for one in selection.functions if one.function == "tv_loss")
    task = Task(job_of(found, asked, selection), asked.trials(seed), asked.doubts(seed), asked.public_checks)
    return key_of(task, selection.text(found.pieces), seed, isolation, limits, "assignment3")


def with_helper(folder: Path, value: int) -> Path:
    """Add a module beside the notebooks that tv_loss reaches."""
    (folder / "helpers.py").write_text(f"def scale(x):\n    return {value} * x\n", encoding="utf-8")
    return folder


def test_the_key_changes_with_all_that_a_verdict_depends_on(hand_in: HandIn) -> None:
    uses = "from helpers import scale\nreturn scale(img.sum() * tv_weight)"
    text = {**ONE_FUNCTION, "tv_loss": uses}
    first = key(with_helper(hand_in("ada", **text), 1))
    assert first == key(with_helper(hand_in("grace", **text), 1))
    others = [
        key(with_helper(hand_in("alan", **text), 2)),  # a helper that it reaches
        key(
            with_helper(hand_in("ada", **{**text, "tv_loss": f"img = img.cuda()\n{uses}"}), 1)
        ),  # a translation
        key(with_helper(hand_in("ada", **text), 1), seed="another"),
        key(hand_in("ada", **text), limits=replace(LIMITS, memory_mb=512)),
        key(hand_in("ada", **text), isolation="process"),
    ]
    assert len({first, *others}) == 1 + len(others)


@pytest.mark.parametrize("reason", ["timeout", "died", "skipped"])
def test_what_did_not_end_by_itself_counts_for_nobody_else(reason: str) -> None:
    alike = Alike()
    alike.keep(b"key", Tried(Seen({"trial": Ended(reason, "no result")}), (), "timeout"))
    assert alike.known(b"key") is None
    alike.keep(b"key", Tried(Seen(), (), "error"))
    assert alike.known(b"key") is not None
