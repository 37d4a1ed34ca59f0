"""The warm parent starts before PyTorch is imported here, and loads what students import when one names it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Sandbox, warm_parent
from grading.sandbox.shared.on_demand import named_in
from grading.sandbox.warm_parent import WarmParent, started_ahead

KIT = Path(__file__).resolve().parents[3]


def test_the_graders_side_of_the_sandbox_needs_no_torch() -> None:
    program = "import sys, grading.sandbox.warm_parent; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=KIT, check=False).returncode == 0


def test_a_sandbox_takes_the_parent_that_was_started_for_it() -> None:
    with started_ahead("process", HIDDEN_FROM_CHILDREN):
        [ahead] = warm_parent._ahead.values()
        with Sandbox("process", hidden=HIDDEN_FROM_CHILDREN) as sandbox:
            assert sandbox.pid == ahead.pid
    assert not ahead.folder.exists()


def is_gone(parent: WarmParent) -> bool:
    return parent._process.poll() is not None and not parent.folder.exists()


def test_one_that_nobody_wants_ends(tmp_path: Path) -> None:
    with started_ahead("process", HIDDEN_FROM_CHILDREN):
        [first] = warm_parent._ahead.values()
        with Sandbox("process", hidden=(*HIDDEN_FROM_CHILDREN, str(tmp_path))) as other:
            assert other.pid != first.pid
            assert is_gone(first)


def test_one_that_nobody_wants_ends_also_after_an_error() -> None:
    parents = []

    def fail() -> None:
        with started_ahead("process", HIDDEN_FROM_CHILDREN):
            parents.extend(warm_parent._ahead.values())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [is_gone(parent) for parent in parents] == [True]


def test_what_cannot_be_started_is_said_by_whoever_wants_it() -> None:
    with started_ahead("a wish", HIDDEN_FROM_CHILDREN):
        assert not warm_parent._ahead


def test_a_library_is_named_wherever_it_stands_in_a_text() -> None:
    assert named_in(["x = 1", "    import torchvision.models as m  # scipy"]) == {"torchvision", "scipy"}
    assert not named_in(["import numpy as np", ""])


def test_a_library_that_does_not_fit_this_machine_ends_no_sandbox(tmp_path: Path) -> None:
    (tmp_path / "ill_fitting.py").write_text('raise RuntimeError("operator torchvision::nms does not exist")')
    program = f"""
import sys
from grading.sandbox.inside.main import load
from grading.sandbox.shared.on_demand import MODULES
sys.path.append({str(tmp_path)!r})
MODULES["ill"] = ("ill_fitting", "colorsys")
load(["ill"])
sys.exit("colorsys" not in sys.modules)
"""
    command = [sys.executable, "-c", program, "", "", ""]
    assert subprocess.run(command, cwd=KIT, check=False).returncode == 0
