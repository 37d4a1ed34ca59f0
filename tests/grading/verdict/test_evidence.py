"""What a verdict rests on is kept beside it: bounded, readable, and the same every time."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import numpy as np
import pytest

from cs231n.trials.observation import Observation
from cs231n.trials.trial import Tensor, Trial, trial_key
from grading.classroom.ledger import Ledger
from grading.classroom.worker import Outcome
from grading.errors import KitError
from grading.results import evidence
from grading.results.files import evidence_bytes, read_evidence
from grading.sandbox import Ended, Sandbox
from grading.submission.handed_in import Submission
from grading.submission.selection import Piece
from grading.verdict.evidence import evidence_of
from grading.verdict.grade import grade
from grading.verdict.questions import read_here

from ..conftest import HandIn

TRIAL = Trial("f", ((Tensor(np.ones((2, 3), np.float32)),),))
KEY = trial_key(TRIAL)


def piece(source: str, place: str = "S.ipynb, cell 3", line: int = 1) -> Piece:
    return Piece(source, place, "definition", line)


def test_the_text_of_a_function_stands_with_its_place_and_first_line() -> None:
    found = evidence_of("f", [piece("def f():\n    return 1\n", line=4)])
    assert found.text == (evidence.Piece("S.ipynb, cell 3", 4, "def f():\n    return 1\n"),)
    assert not found.text_is_cut
    assert found.observed == ()


def test_what_was_returned_is_told_in_a_few_numbers_for_all_checks_that_ask_it() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4) / 3
    array[0, 1] = np.nan
    seen = Observation([{"raised": None, "type": "Tensor"}], {"0/after/0": array > 1, "0/output": array})
    (attempt,) = evidence_of("f", [], {"one": TRIAL, "two": TRIAL}, {KEY: seen}).observed
    assert (attempt.checks, attempt.ended) == (("one", "two"), "")
    (call,) = attempt.calls
    output, after = call.arrays
    assert (output.name, output.shape, output.dtype) == ("output", (3, 4), "float32")
    assert output.first == ("0", "nan", "0.666667", "1", "1.33333", "1.66667")
    assert (output.smallest, after.largest, after.name) == ("nan", "True", "after/0")


def test_what_was_raised_or_did_not_answer_is_told() -> None:
    raised = {"type": "ValueError", "message": "oops", "place": "S.ipynb, cell 3, line 2", "line": "x[9]"}
    seen = Observation([{"raised": raised, "type": "NoneType"}], {})
    (attempt,) = evidence_of("f", [], {"one": TRIAL}, {KEY: seen}).observed
    assert attempt.calls[0].raised == evidence.Raised(**raised)
    (attempt,) = evidence_of("f", [], {"one": TRIAL}, {KEY: Ended("timeout", "it hung")}).observed
    assert (attempt.ended, attempt.calls) == ("it hung", ())


def test_hostile_text_and_results_are_bounded_and_written_as_text(tmp_path: Path) -> None:
    odd = "\ud800\x00\x1b</script>"
    raised = dict.fromkeys(("type", "message", "place", "line"), odd * 100_000)
    arrays = {f"0/{odd * 1000}{number}": np.zeros((0, 3)) for number in range(1000)}
    seen = Observation([{"raised": raised, "type": odd * 100_000}] * 1000, arrays)
    pieces = [piece(odd * 100_000, odd * 100_000)] * 1000
    function = evidence_of("f", pieces, {"one": TRIAL}, {KEY: seen})
    assert function.text_is_cut
    path = tmp_path / "ada.json"
    path.write_bytes(evidence_bytes(evidence.Evidence("ada", (function,))))
    assert path.stat().st_size < 1_000_000
    assert read_evidence(path).functions == (function,)


def test_a_file_that_is_no_evidence_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ada.json"
    path.write_text('{"student": "ada", "functions": [], "colour": 1}')
    with pytest.raises(KitError, match="unknown field `colour`") as error:
        read_evidence(path)
    assert str(path) in str(error.value)


def test_a_submission_leaves_evidence_that_only_whoever_grades_can_read(
    hand_in: HandIn, sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = hand_in("ada", tv_loss="return 1 / 0", style_loss=None, content_loss="return (")
    graded = grade(read_here(Submission("ada", folder)), "tests", sandbox)
    outcome = Outcome(graded.result, graded.evidence, {}, 0, 0, 0)
    Ledger(tmp_path / "out").record(outcome, "a key", "now")
    path = tmp_path / "out" / "evidence" / "ada.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = {function.name: function for function in read_evidence(path).functions}
    assert list(kept) == [function.name for function in graded.result.functions]
    assert kept["tv_loss"].text[-1].source.startswith("def tv_loss")
    assert {a.calls[0].raised.type for a in kept["tv_loss"].observed if a.calls[0].raised} == {
        "ZeroDivisionError"
    }
    assert kept["gram_matrix"].observed[0].calls[0].arrays[0].name == "output"
    (broken,) = kept["content_loss"].text
    assert broken.source.rstrip().endswith("return (")
    assert kept["content_loss"].observed == ()
    assert kept["style_loss"] == evidence.FunctionEvidence("style_loss", (), False, ())
    assert "tests" not in json.dumps(path.read_text(encoding="utf-8"))
    path.unlink()
    assert Ledger(tmp_path / "out").kept("ada", "a key") is None
