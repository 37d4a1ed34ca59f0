"""Whatever a function does, it costs that function's child, and the next child works."""

from __future__ import annotations

import os
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cs231n.trials.observe import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.assignments.registry import rubric
from grading.hidden_from_students import HIDDEN_FROM_CHILDREN
from grading.sandbox import Child, Ended, Limits, Sandbox
from grading.submission.handed_in import Submission
from grading.verdict.grade import job_of
from grading.verdict.questions import read_here

IMAGE = np.arange(48, dtype=np.float32).reshape(1, 3, 4, 4)
TRIAL = Trial("tv_loss", ((Tensor(IMAGE), 0.5),))
# Of these, a test sets the one that it is about: if that did not hold, the test would not come to its end.
ENDLESS = Limits(call_cpu_seconds=1e6, call_wall_seconds=1e6, function_cpu_seconds=10**6)
# No assertion, only an end to waiting for what never comes.
PATIENCE = 600
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


@pytest.mark.parametrize(
    ("body", "limits", "words"),
    [
        ("while True: pass", replace(ENDLESS, call_cpu_seconds=0.5), "a loop that never ends?"),
        ("while True: print('x' * 1000)", replace(ENDLESS, call_cpu_seconds=0.5), "a loop that never ends?"),
        ("import time; time.sleep(1e6)", replace(ENDLESS, call_wall_seconds=1), "does the function sleep"),
        (
            "while True: pass",
            replace(ENDLESS, function_cpu_seconds=1),
            "CPU time limit of a function was exceeded",
        ),
        (
            "import os, signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
            replace(ENDLESS, function_cpu_seconds=1),
            "CPU time limit of a function was exceeded",
        ),
    ],
    ids=["spins", "prints", "sleeps", "spends all", "ignores the signal"],
)
def test_a_hang_is_ended_as_a_timeout(
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    limits: Limits,
    words: str,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "limits", limits)
        ended = outcome(sandbox, tmp_path, body)
    assert isinstance(ended, Ended)
    assert (ended.reason, words in ended.message) == ("timeout", True), ended
    assert_works(sandbox, tmp_path)


def test_a_hang_in_one_trial_leaves_the_trials_before_it(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=0.5))
    child = sandbox.open(job(tmp_path, "while img.sum() < 0: pass\nreturn img.sum()"))
    assert isinstance(child, Child)
    assert isinstance(child.observe(TRIAL), Observation)
    assert isinstance(child.observe(Trial("tv_loss", ((Tensor(-IMAGE), 1.0),))), Ended)


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


def test_a_child_is_charged_for_its_time(sandbox: Sandbox, tmp_path: Path) -> None:
    child = sandbox.open(job(tmp_path, "import time\nwhile time.process_time() < 0.3: pass"))
    assert isinstance(child, Child)
    child.observe(TRIAL)
    used = child.close()
    assert used["cpu"] > 0.2
    assert used["max_rss_mb"] > 50
    assert child.close() is used


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


def test_a_second_sandbox_is_independent_and_closing_it_leaves_no_process(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with Sandbox(hidden=HIDDEN_FROM_CHILDREN) as second:
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
        processes = descendants(second._process.pid)
        assert len(processes) >= 2
        folder = second.folder
    spinning.channel.close()
    assert_all_end(processes)
    assert not folder.exists()
    assert_works(sandbox, tmp_path)


def test_limits_on_time_grow_with_a_slow_machine_and_with_nothing_else() -> None:
    usual, slow = Limits().scaled(0.1), Limits().scaled(2.0)
    assert usual == Limits()
    assert slow.call_cpu_seconds == 10 * usual.call_cpu_seconds
    assert slow.call_wall_seconds / slow.call_cpu_seconds == usual.call_wall_seconds / usual.call_cpu_seconds
    assert slow.function_cpu_seconds == 600
    assert slow.memory_mb == usual.memory_mb


def test_a_child_of_a_slow_machine_gets_the_time_it_needs(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=0.4, function_cpu_seconds=3))
    spin = (
        "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass\nreturn img.sum()"
    )
    for reference_seconds, expected in ((0.0, Ended), (10.0, Observation)):
        child = sandbox.open(job(tmp_path, spin), reference_seconds)
        assert isinstance(child, Child)
        assert isinstance(child.observe(TRIAL), expected)
        child.close()


def test_a_grader_that_was_stopped_meanwhile_has_not_waited(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "limits", Limits(call_wall_seconds=60))
    real = time.monotonic
    jumped: list[float] = []

    def monotonic() -> float:
        """An hour passes once, in the middle of a call."""
        if len(jumped) < 5:
            jumped.append(real())
        return real() + (3600 if len(jumped) == 5 else 0)

    child = sandbox.open(job(tmp_path, "import time\ntime.sleep(1)\nreturn img.sum()"))
    assert isinstance(child, Child)
    with monkeypatch.context() as patched:
        patched.setattr("grading.sandbox.clock.time.monotonic", monotonic)
        assert isinstance(child.observe(TRIAL), Observation)
    assert len(jumped) == 5
    child.close()


def test_a_function_that_is_short_of_a_processor_does_not_sleep(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the clock, a second of computing takes a minute here, as on a machine with much else to do."""
    real, began = time.monotonic, time.monotonic()
    monkeypatch.setattr(sandbox, "limits", Limits(call_wall_seconds=4))
    spin = "import time\nend = time.process_time() + 1\nwhile time.process_time() < end: pass\n"
    for body, expected in ((f"{spin}return img.sum()", Observation), (f"{spin}time.sleep(1e6)", Ended)):
        child = sandbox.open(job(tmp_path, body))
        assert isinstance(child, Child)
        with monkeypatch.context() as patched:
            patched.setattr("grading.sandbox.clock.time.monotonic", lambda: began + 60 * (real() - began))
            assert isinstance(child.observe(TRIAL), expected)
        child.close()


def test_without_walls_a_parent_that_was_stopped_leaves_nobody_behind(tmp_path: Path) -> None:
    with Sandbox("process", hidden=HIDDEN_FROM_CHILDREN) as sandbox:
        child = sandbox.open(
            job(tmp_path, "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nreturn img")
        )
        assert isinstance(child, Child)
        pid, parent = child.pid, sandbox.pid
        child.observe(TRIAL)
        child.channel.close()
        sandbox.close(patience=0.5)
    assert_all_end({pid, parent})


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
