"""Inputs and what the reference does with them outlive a run: read again, they are the same to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cs231n.trials.trial import trial_key
from grading.assignments.registry import rubric
from grading.assignments.vocabulary import function as vocabulary
from grading.errors import KitError
from grading.sandbox import Sandbox
from grading.verdict import prepared, reference

from ..conftest import HandIn
from .test_grade import graded


@pytest.fixture(autouse=True)
def new_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Forget what this process has made: returns a function that forgets it again."""
    (tmp_path / "cache").mkdir()
    monkeypatch.setenv("CS231N_CACHE", str(tmp_path / "cache"))

    def forget() -> None:
        monkeypatch.setattr(vocabulary, "_made", {})
        monkeypatch.setattr(vocabulary, "_public", {})
        monkeypatch.setattr(reference, "_seen", {})

    forget()
    return forget


def facts(seed: str) -> list[Any]:
    """All that is prepared, as numbers and texts."""
    return [
        (
            function.name,
            id,
            trial_key(trial),
            seen.calls,
            [*seen.arrays],
            [a.tobytes() for a in seen.arrays.values()],
        )
        for function in rubric()
        for id, trial in function.trials(seed).items()
        for seen in [reference.reference_observation(trial)]
    ]


def test_the_next_run_reads_what_the_first_made(new_process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared.prepare("kept")
    first = facts("kept")
    new_process()
    monkeypatch.setattr(reference, "_seconds_of_largest", lambda _: 0.0)
    monkeypatch.setattr(reference, "_observe", lambda trial: pytest.fail(f"observed again: {trial.function}"))
    monkeypatch.setattr(vocabulary.Check, "trial", lambda check, _: pytest.fail(f"made again: {check.id}"))
    prepared.prepare("kept")
    assert facts("kept") == first
    assert len(first) > 50


def test_another_seed_and_damaged_files_are_made_anew(
    tmp_path: Path, new_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    trial = vocabulary.Check.trial
    monkeypatch.setattr(
        vocabulary.Check, "trial", lambda check, seed: made.append(check.id) or trial(check, seed)
    )
    prepared.prepare("one")
    count = len(made)
    new_process()
    prepared.prepare("two")
    assert len(made) == 2 * count
    new_process()
    for file in (tmp_path / "cache" / "private").iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    prepared.prepare("one")
    assert len(made) == 3 * count


def test_a_verdict_is_the_same_with_what_was_kept(
    hand_in: HandIn, sandbox: Sandbox, new_process: Any
) -> None:
    handed_in = hand_in("ada", tv_loss="return tv_weight * img.abs().sum()", gram_matrix="return features")
    prepared.prepare("tests")
    first = graded(handed_in, sandbox)
    new_process()
    prepared.prepare("tests")
    assert graded(handed_in, sandbox) == first


def test_a_solution_that_fails_and_a_check_without_inputs_are_one_sentence_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are a course author's: no submission is to blame, and none can be graded."""

    def broken(*_: Any) -> Any:
        raise ValueError("oops")

    with monkeypatch.context() as patched:
        patched.setattr(
            reference, "_by_name", lambda functions: dict.fromkeys((f.name for f in functions), broken)
        )
        with pytest.raises(KitError, match=r"notebook\.py: the solution of \w+ fails .*ValueError: oops"):
            prepared.prepare("kept")
    monkeypatch.setattr(vocabulary, "_made", {})
    monkeypatch.setattr(vocabulary.Check, "trial", broken)
    with pytest.raises(KitError, match=r"a check of \w+ makes no inputs \(ValueError: oops\)"):
        prepared.prepare("kept")
