"""Whatever a function does, it costs that function's child, and the next child works."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Child, Ended, Limits, Sandbox

from .one_child import ENDLESS, IMAGE, PATIENCE, TRIAL, assert_works, job, outcome, told

TWICE = Trial("tv_loss", ((Tensor(IMAGE), 0.5),) * 2)

# The student finds the socket on which the child answers, and the form of an answer.
CHANNEL = """
import json, os, stat, struct, sys, time
sys.path.insert(0, "/")
import numpy as np
from cs231n.trials import wire
def channel():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            pass
def answer(header, arrays):
    os.write(channel(), wire.pack(header, arrays))
    time.sleep(9)
FACTS = {"raised": None, "type": "Tensor", "graph": False}
RIGHT = {"0/output": np.zeros(())}
"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os._exit(0)", "the process ended (exit status 0)"),
        ("import os; os._exit(7)", "the process ended (exit status 7)"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
        ("import os; os.closerange(3, 256)", "without a result"),
    ],
)
def test_a_death_costs_that_child_only(sandbox: Sandbox, tmp_path: Path, body: str, words: str) -> None:
    ended = outcome(sandbox, tmp_path, body)
    assert isinstance(ended, Ended)
    assert ended.reason == "died"
    assert words in ended.message
    assert_works(sandbox, tmp_path)


@pytest.mark.parametrize("target", ["os.getpid(), 11", "0, 9", "os.getpid(), 9", "os.getppid(), 15", "-1, 9"])
def test_a_signal_hits_no_other_process(sandbox: Sandbox, tmp_path: Path, target: str) -> None:
    """The first process of a namespace does not even hear some of them."""
    if sandbox.isolation == "process" and target in ("os.getppid(), 15", "-1, 9"):
        pytest.skip("without walls, every process of this user can be hit")
    outcome(sandbox, tmp_path, f"import os; os.kill({target})")
    assert_works(sandbox, tmp_path)


@pytest.mark.parametrize("how", ["os.nice(19)", "os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))"])
def test_nobody_stands_back_behind_other_programs(sandbox: Sandbox, tmp_path: Path, how: str) -> None:
    """Who never gets a processor would never be out of time, and keep a place."""
    if sandbox.isolation == "process":
        pytest.skip("without walls, a process may lower its own priority")
    seen = outcome(sandbox, tmp_path, f"import os; {how}")
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["type"] == "PermissionError"


@pytest.mark.parametrize("when", ["loading", "running"])
def test_leaving_the_interpreter_is_a_failed_call(sandbox: Sandbox, tmp_path: Path, when: str) -> None:
    leave = "import sys\nx = sys.exit(3)\n" if when == "loading" else ""
    seen = outcome(sandbox, tmp_path, "return x" if leave else "import sys; sys.exit(3)", leave)
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["type"] == ("NameError" if leave else "SystemExit")


@pytest.mark.parametrize(
    "allocate",
    ["np.ones(1300 << 20, np.uint8).sum()", "bytearray(1300 << 20)[0]", "torch.ones(1300 << 18).sum()"],
)
def test_a_memory_bomb_is_refused(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allocate: str
) -> None:
    """1.3 GB, where 0.3 are allowed."""
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "limits", Limits(memory_mb=300))
        seen = outcome(sandbox, tmp_path, f"return float({allocate})", "import torch\nimport numpy as np")
    if isinstance(seen, Observation):
        assert seen.calls[0]["raised"]["type"] in ("MemoryError", "RuntimeError")
    else:
        assert seen.reason == "died"
    assert_works(sandbox, tmp_path)


@pytest.mark.parametrize(
    "forgery",
    [
        "os.write(channel(), b'not a frame at all ' * 9); time.sleep(9)",
        "os.write(channel(), struct.pack('<IQ', 2**31, 2**60)); time.sleep(9)",
        "answer({'calls': []}, RIGHT)",
        "answer({'calls': 'all right'}, RIGHT)",
        "answer(['calls'], RIGHT)",
        "answer(None, RIGHT)",
        "answer({'calls': [{}, {}]}, RIGHT)",
        "answer({'calls': [FACTS]}, RIGHT)",
        "answer({'calls': [FACTS] * 3}, RIGHT)",
        "answer({'calls': [dict(FACTS, graph='yes')] * 2}, RIGHT)",
        "answer({'calls': [dict(FACTS, type=['Tensor'])] * 2}, RIGHT)",
        "answer({'calls': [dict(FACTS, raised='no')] * 2}, RIGHT)",
        "answer({'calls': [dict(FACTS, raised={'type': 'E'})] * 2}, RIGHT)",
        "answer({'calls': [dict(FACTS, operations='few')] * 2}, RIGHT)",
        "answer({'calls': [FACTS] * 2}, {'7/output': np.zeros(3)})",
        "answer({'calls': [FACTS] * 2}, {'output': np.zeros(3)})",
        "answer({'calls': [FACTS] * 2}, {'x/output': np.zeros(3)})",
        "answer({'calls': [FACTS] * 2}, {'0/output/../../x': np.zeros(3)})",
        "answer({'calls': [FACTS] * 2}, {'0/output': np.zeros((1,) * 60)})",
    ],
)
def test_a_forged_answer_of_another_form_is_no_answer(sandbox: Sandbox, tmp_path: Path, forgery: str) -> None:
    ended = outcome(sandbox, tmp_path, forgery, CHANNEL, TWICE)
    assert ended == Ended("died", "the process sent no valid result")


def test_an_answer_that_drips_times_out(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "limits", replace(ENDLESS, call_wall_seconds=1))
    drip = """
    os.write(channel(), struct.pack("<IQ", 10, 1 << 20))
    while True:
        os.write(channel(), b" ")
        time.sleep(0.02)
    """
    ended = outcome(sandbox, tmp_path, drip, CHANNEL)
    assert isinstance(ended, Ended)
    assert ended.reason == "timeout"


def test_what_a_child_says_is_cut_short_and_can_be_written_anywhere(sandbox: Sandbox, tmp_path: Path) -> None:
    said = "'\\ud800' + 'x' * 100_000"
    forgery = (
        f"answer({{'calls': [dict(FACTS, raised=dict(type={said}, message={said}, place={said}))]}}, {{}})"
    )
    seen = outcome(sandbox, tmp_path, forgery, CHANNEL)
    assert isinstance(seen, Observation)
    for text in (seen.calls[0]["raised"][key] for key in ("type", "message", "place")):
        assert len(text.encode("utf-8")) < 500
        assert text.startswith("\\ud800xx")


def test_words_of_a_child_are_one_line_that_no_screen_obeys(sandbox: Sandbox, tmp_path: Path) -> None:
    seen = outcome(sandbox, tmp_path, "return type('T\\x1b[31m\\n\\u202ex' + 'y' * 999, (), {})()")
    assert isinstance(seen, Observation)
    kind = seen.calls[0]["type"]
    assert kind.startswith("T [31m  xy")
    assert kind.isprintable()
    assert len(kind) < 200


def test_a_result_of_very_many_axes_is_no_array(sandbox: Sandbox, tmp_path: Path) -> None:
    seen = outcome(sandbox, tmp_path, "return img.sum().reshape((1,) * 60)")
    assert isinstance(seen, Observation)
    assert seen.calls[0]["unreadable"] == "60 axes"
    assert "0/output" not in seen.arrays


def test_the_graders_environment_is_not_visible(sandbox: Sandbox, tmp_path: Path) -> None:
    assert "GRADER_SECRET" in os.environ
    inside = told(sandbox, tmp_path, "str(sorted(os.environ))")
    assert "PATH" in inside
    assert "GRADER_SECRET" not in inside


def test_no_process_whose_environment_can_be_read_has_the_graders(sandbox: Sandbox, tmp_path: Path) -> None:
    if sandbox.isolation == "process":
        pytest.skip("without walls, the grader itself can be read")
    look = """
    text = ""
    for pid in os.listdir("/proc"):
        try:
            text += open(f"/proc/{pid}/environ").read() if pid.isdigit() else ""
        except OSError:
            pass
    assert "PATH" in text
    raise ValueError("GRADER_SECRET" in text)
    """
    seen = outcome(sandbox, tmp_path, look, "import os")
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["message"] == "False", seen.calls


def test_children_do_not_see_what_others_left(sandbox: Sandbox, tmp_path: Path) -> None:
    if sandbox.isolation == "process":
        pytest.skip("without walls, children share a folder")
    leave = "open('left.txt', 'w').write('x'); open('/tmp/left.txt', 'w').write('x'); torch.left = 1; return img.sum()"
    assert isinstance(outcome(sandbox, tmp_path, leave, "import torch"), Observation)
    look = "str([os.path.exists('left.txt'), os.path.exists('/tmp/left.txt'), hasattr(torch, 'left')])"
    assert told(sandbox, tmp_path, look, "import os, torch") == "[False, False, False]"


def test_two_children_work_side_by_side(sandbox: Sandbox, tmp_path: Path) -> None:
    children = [
        sandbox.open(job(tmp_path / str(n), f"global n\nn += 1\nreturn n + {n}", "n = 0")) for n in (10, 20)
    ]
    seen = [child.observe(TRIAL).arrays["0/output"] for _ in range(2) for child in children]
    assert seen == [11, 21, 12, 22]
    assert all(child.close()["exit"] in (0, -9) for child in children)


def test_a_child_that_is_ended_is_not_waited_for_and_its_account_comes_later(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    children = [sandbox.open(job(tmp_path / str(n), "return img.sum()")) for n in range(3)]
    for child in children:
        child.end()
    assert_works(sandbox, tmp_path / "beside")
    assert all(child.close()["exit"] in (0, -9) for child in reversed(children))


def test_a_child_holds_no_channel_but_its_own(sandbox: Sandbox, tmp_path: Path) -> None:
    """Also one that is forked while others are being cleared away: who waits for their account must hear no student."""
    held = "[n for n in range(3, 256) if os.path.exists(f'/proc/self/fd/{n}')]"
    look = f"str(len([n for n in {held} if stat.S_ISSOCK(os.fstat(n).st_mode)]))"
    children = [sandbox.open(job(tmp_path / str(n), "return img.sum()")) for n in range(4)]
    for child in children:
        child.end()
    for number in range(3):
        assert told(sandbox, tmp_path / f"look-{number}", look, "import os, stat") == "1"
    for child in children:
        child.close()


def test_as_many_functions_are_tried_at_a_time_as_there_are_places() -> None:
    with (
        Sandbox(places=2, hidden=HIDDEN_FROM_CHILDREN) as narrow,
        narrow.place(),
        ThreadPoolExecutor(1) as pool,
    ):

        def wait_for_a_place() -> float:
            with narrow.place():
                return time.monotonic()

        with narrow.place():
            waiting = pool.submit(wait_for_a_place)
            assert not wait([waiting], timeout=0.2).done
            left = time.monotonic()
        assert waiting.result(timeout=PATIENCE) >= left


def test_a_unit_that_fails_is_told_and_costs_only_what_uses_it(sandbox: Sandbox, tmp_path: Path) -> None:
    child = sandbox.open(job(tmp_path, "return half(img.sum())", "half = lambda x: x / 2\nk = 1 / 0\n"))
    assert isinstance(child, Child)
    assert child.failures == []  # k is not used
    child.close()
    child = sandbox.open(job(tmp_path, "return img.sum() * k", "k = 1 / 0\n"))
    assert isinstance(child, Child)
    assert [failure["type"] for failure in child.failures] == ["ZeroDivisionError"]
    child.close()


def test_a_child_finds_what_students_are_given_and_nothing_of_what_they_write(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    given = "from cs231n.techniques import Unit, visualize"
    assert told(sandbox, tmp_path, "(Unit.__name__, visualize.__module__)", given) == (
        "('Unit', 'cs231n.techniques.visualize')"
    )
    assert "lecture" not in told(sandbox, tmp_path, "os.listdir(cs231n.__path__[0])", "import os, cs231n")
    seen = outcome(sandbox, tmp_path, "from cs231n.lecture.formulas import gram_matrix")
    assert isinstance(seen, Observation)
    assert seen.calls[0]["raised"]["type"] == "ModuleNotFoundError"
