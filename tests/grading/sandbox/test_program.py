"""What the program inside is shown: a course's own assignment is not, wherever it lies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.sandbox import Child, Sandbox, isolation, readable

LOOKS = "import os\ndef looks(_):\n    raise ValueError(str([os.listdir(p) if os.path.isdir(p) else None for p in {}]))"
JOB = {
    "holder": "",
    "package": "",
    "names": [],
    "modules": {},
    "provided": {},
    "older_form": None,
    "served": [],
}

walls = pytest.mark.skipif(bool(isolation.why_not("bubblewrap")), reason="no walls can be put up here")


@walls
def test_an_own_assignment_is_out_of_reach_also_in_a_folder_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv, elsewhere = tmp_path / "venv", tmp_path / "softmax"
    for room in (venv / "softmax", venv / "library", elsewhere):
        room.mkdir(parents=True)
        (room / "notebook.py").write_text("the solution")
    monkeypatch.setattr(readable, "SYSTEM", (*readable.SYSTEM, str(venv)))
    places = [str(path) for path in (venv / "library", venv / "softmax", elsewhere)]
    unit = {"source": LOOKS.format(places), "place": "cell 1", "kind": "definition"}
    with Sandbox(hidden=(str(venv / "softmax"), str(elsewhere))) as sandbox:
        child = sandbox.open({"function": "looks", "defined_as": "looks", **JOB, "units": [unit]})
        assert isinstance(child, Child)
        seen = child.observe(Trial("looks", ((Tensor(np.zeros(1, np.float32)),),)))
        child.close()
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["message"] == "[['notebook.py'], [], None]"
