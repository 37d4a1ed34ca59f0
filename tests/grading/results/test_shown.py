"""A result is shown in the language in use, and what decides does not depend on it."""

from __future__ import annotations

import pytest

from cs231n import language
from cs231n.sentences import sentence
from grading.results.definition import CheckResult, Diagnosis, FunctionResult, Grader, Result
from grading.results.sentences import recorded
from grading.results.shown import shown

MESSAGE = sentence("expected shape {expected}, got {seen}", expected=(1,), seen=(2,))
MEAN = sentence("Mean instead of sum")
FAULT = sentence(
    "not graded, by a fault of the grader ({fault}): grade it by hand and report the fault", fault="X"
)


def result(note: str = "") -> Result:
    check = CheckResult(
        "any", "Right for other layers and weights", "fail", 0, 3, str(MESSAGE), recorded(MESSAGE)
    )
    mean = Diagnosis("mean", ("mean",), str(MEAN), "a hint of a course's own", title_sentence=recorded(MEAN))
    one = FunctionResult("f", "f", "N", "N.ipynb", "wrong", 0, 3, (), mean, (check,))
    notes = (note,) if note else ()
    grader = Grader(version="1", seed="sha256:0000", isolation="process")
    return Result("ada", "a", grader, 0, 3, notes, (one,), tuple(map(recorded, notes)))


@pytest.fixture
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", "zh")


@pytest.mark.usefixtures("_chinese")
def test_titles_messages_and_hints_are_translated_as_far_as_they_can_be() -> None:
    (function,) = shown(result()).functions
    assert function.checks[0].title == "对别的层和权重也正确"
    assert function.checks[0].message == "应得到形状 (1,)，却得到 (2,)"
    assert function.diagnosis.title == "取了平均，而不是求和"
    assert function.diagnosis.hint == "a hint of a course's own"
    assert (function.status, function.checks[0].status, function.checks[0].id) == ("wrong", "fail", "any")


def test_in_english_it_is_the_same_object() -> None:
    one = result()
    assert shown(one) is one


@pytest.mark.usefixtures("_chinese")
def test_a_result_that_is_not_final_is_not_final_in_any_language() -> None:
    one = shown(result(FAULT))
    assert one.notes == ("由于评分程序的故障没有评分（X）：请人工评分并报告这个故障",)
    assert not one.graded
    assert shown(result("another note")).graded
