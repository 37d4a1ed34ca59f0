"""A function has the time that its limits give it, however busy or slow the machine is, and no more."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial
from grading.sandbox import Child, Ended, Limits, Sandbox

from .one_child import ENDLESS, IMAGE, TRIAL, assert_works, job, outcome


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


def test_a_child_is_charged_for_its_time(sandbox: Sandbox, tmp_path: Path) -> None:
    child = sandbox.open(job(tmp_path, "import time\nwhile time.process_time() < 0.3: pass"))
    assert isinstance(child, Child)
    child.observe(TRIAL)
    used = child.close()
    assert used["cpu"] > 0.2
    assert used["max_rss_mb"] > 50
    assert child.close() is used


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
    """What is beyond the limit goes on until it is stopped, however late a busy machine looks at it."""
    monkeypatch.setattr(sandbox, "limits", Limits(call_cpu_seconds=0.4, function_cpu_seconds=3))
    spin = (
        "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass\nreturn img.sum()"
    )
    for reference_seconds, seconds, expected in ((0.0, 1e6, Ended), (10.0, 1, Observation)):
        child = sandbox.open(job(tmp_path, spin.format(seconds)), reference_seconds)
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
