"""A second sandbox: what its program is shown (a course's own assignment is not, wherever it lies), and its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Child, Sandbox, isolation, readable
from grading.sandbox.shared.on_demand import MODULES

from .one_child import assert_all_end, assert_works, descendants, job, told

LOOKS = "import os\ndef looks(_):\n    raise ValueError(str([os.listdir(p) if os.path.isdir(p) else None for p in {}]))"
JOB = {
    "holder": "",
    "package": "",
    "names": [],
    "modules": {},
    "provided": {},
    "older_form": None,
    "image_size": None,
    "served": [],
}

walls = pytest.mark.skipif(bool(isolation.why_not("bubblewrap")), reason="no walls can be put up here")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Own assignments: in a folder that is shown, with a library beside it, and elsewhere."""
    folder = tmp_path_factory.mktemp("rooms")
    for room in ("venv/softmax", "venv/library", "softmax"):
        (folder / room).mkdir(parents=True)
        (folder / room / "notebook.py").write_text("the solution")
    return folder


@pytest.fixture(scope="module")
def second(rooms: Path) -> Iterator[Sandbox]:
    """A sandbox beside that of the other tests, from which the own assignments are hidden."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readable, "SYSTEM", (*readable.SYSTEM, str(rooms / "venv")))
        started = Sandbox(
            hidden=(*HIDDEN_FROM_CHILDREN, str(rooms / "venv" / "softmax"), str(rooms / "softmax"))
        )
    with started:
        yield started


@walls
def test_an_own_assignment_is_out_of_reach_also_in_a_folder_that_is_shown(
    rooms: Path, second: Sandbox
) -> None:
    places = [str(rooms / room) for room in ("venv/library", "venv/softmax", "softmax")]
    unit = {"source": LOOKS.format(places), "place": "cell 1", "kind": "definition"}
    child = second.open({"function": "looks", "defined_as": "looks", **JOB, "units": [unit]})
    assert isinstance(child, Child)
    seen = child.observe(Trial("looks", ((Tensor(np.zeros(1, np.float32)),),)))
    child.close()
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["message"] == "[['notebook.py'], [], None]"


def test_what_a_submission_names_is_loaded_for_all_that_come_after(second: Sandbox, tmp_path: Path) -> None:
    firsts = [modules[0].split(".") for modules in MODULES.values()]
    loaded = f"[name for name, *part in {firsts} if '.'.join([name, *part]) in sys.modules]"
    assert "torchvision" not in told(second, tmp_path, loaded, "import sys")
    second.load_named(["import torch\n", "from torchvision import transforms as T\n"])
    assert "torchvision" in told(second, tmp_path, loaded, "import sys")
    second.load_named([f"import {library}" for library in MODULES])
    assert told(second, tmp_path, loaded, "import sys") == str([*MODULES])


def test_a_second_sandbox_is_independent_and_closing_it_leaves_no_process(
    sandbox: Sandbox, second: Sandbox, tmp_path: Path
) -> None:
    """The last test of this file: who closes it must be able to, whoever used it before."""
    with second:
        assert_works(second, tmp_path)
        spinning = second.open(
            job(
                tmp_path,
                "return 0",
                "import threading\ndef spin():\n    while True: pass\n"
                "t = threading.Thread(target=spin, daemon=True)\nu = t.start()\n",
            )
        )
        assert isinstance(spinning, Child)
        processes = descendants(second.pid)
        assert len(processes) >= 2
        folder = second._parent.folder
    spinning.channel.close()
    assert_all_end(processes)
    assert not folder.exists()
    assert_works(sandbox, tmp_path)
