"""What a course decides changes the grades that count, in a fixed order, and no verdict."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.course.policies import NAME, Grade, final_grades, grade_of, read_policies, write_policies
from grading.course.settings import Deadline, Override, Policies
from grading.errors import KitError
from grading.results.definition import CheckResult, FunctionResult, Grader, Result

DUE = datetime(2026, 5, 20, 23, 59, tzinfo=UTC)


def function(name: str, *points: tuple[float, float]) -> FunctionResult:
    checks = tuple(
        CheckResult(f"c{i}", "", "pass" if got else "fail", got, most, "")
        for i, (got, most) in enumerate(points)
    )
    score, most = sum(got for got, _ in points), sum(most for _, most in points)
    return FunctionResult(name, name, "StyleTransfer", "S.ipynb", "partial", score, most, (), None, checks)


def result(student: str = "ada") -> Result:
    """90 of 100 points: gram 10 of 10, saliency 40 of 50 (c0 missed), tv 40 of 40."""
    functions = (
        function("gram_matrix", (10, 10)),
        function("compute_saliency_maps", (0, 10), (40, 40)),
        function("tv_loss", (40, 40)),
    )
    grader = Grader(version="1", code="sha256:1", seed="sha256:0", isolation="bubblewrap")
    return Result(student, "assignment3", grader, 90, 100, (), functions)


def graded(**policies: object) -> Grade:
    return grade_of(result(), Policies(**policies))  # type: ignore[arg-type]


def points(grade: Grade) -> dict[str, tuple[float, float]]:
    return {f.name: (f.score, f.max_score) for f in grade.functions}


def late(minutes: float, **about: object) -> Grade:
    deadline = Deadline(**{"at": DUE, "penalty": 10.0} | about)  # type: ignore[arg-type]
    return graded(deadline=deadline, submitted={"ada": DUE + timedelta(minutes=minutes)})


def test_without_policies_the_verdict_counts() -> None:
    grade = graded()
    assert (grade.score, grade.max_score, grade.changed) == (90, 100, False)


def test_points_of_a_function_change_in_proportion() -> None:
    grade = graded(points={"compute_saliency_maps": 25})
    assert points(grade)["compute_saliency_maps"] == (20, 25)
    assert (grade.score, grade.max_score) == (70, 75)
    saliency = grade.functions[1]
    assert [(c.score, c.max_score) for c in saliency.checks] == [(0, 5), (20, 20)]
    assert saliency.reasons == ("counts 25 points instead of 50",)


def test_points_of_a_check_change_what_its_function_counts() -> None:
    grade = graded(points={"compute_saliency_maps": {"c0": 0}})
    assert points(grade)["compute_saliency_maps"] == (40, 40)
    assert (grade.score, grade.max_score) == (90, 90)
    swapped = graded(points={"compute_saliency_maps": {"c0": 40, "c1": 10}})
    assert points(swapped)["compute_saliency_maps"] == (10, 50)
    assert swapped.functions[1].reasons == ("its checks count otherwise: c0, c1",)


def test_a_dropped_function_counts_for_nobody_neither_points_nor_maximum() -> None:
    grade = graded(drop=("compute_saliency_maps",))
    assert (grade.score, grade.max_score) == (50, 50)
    assert grade.functions[1].verdict.score == 40
    assert grade.functions[1].reasons == ("dropped: it counts for nobody",)


@pytest.mark.parametrize(
    ("minutes", "percent"), [(-1, 0), (0, 0), (1, 10), (24 * 60, 10), (24 * 60 + 1, 20), (10**6, 100)]
)
def test_each_started_day_costs_its_percent_of_the_points_earned(minutes: float, percent: float) -> None:
    grade = late(minutes)
    assert grade.late_percent == percent
    assert grade.score == pytest.approx(90 * (1 - percent / 100))
    assert grade.max_score == 100


def test_grace_cap_hours_and_extensions() -> None:
    assert late(15, grace_minutes=15.0).late_percent == 0
    assert late(16, grace_minutes=15.0).late_percent == 10
    assert late(24 * 60 + 15, grace_minutes=15.0).late_percent == 10
    assert late(10**5, most=40.0).late_percent == 40
    assert late(61, per="hour", penalty=2.0).late_percent == 4
    assert late(61, extensions={"ada": DUE + timedelta(days=1)}).late_percent == 0
    assert late(61, extensions={"grace": DUE + timedelta(days=1)}).late_percent == 10


def test_lateness_is_told_with_the_time() -> None:
    (reason,) = late(25 * 60).reasons
    assert reason == "handed in 1 d 1 h after the deadline (2026-05-20 23:59+00:00): 20 % less"


def test_who_has_no_known_time_is_not_late() -> None:
    grade = graded(deadline=Deadline(DUE, 10.0))
    assert (grade.score, grade.submitted, grade.reasons) == (90, None, ())


def test_a_function_graded_by_hand_is_subject_to_lateness_a_submission_is_not() -> None:
    tardy = {"deadline": Deadline(DUE, 10.0), "submitted": {"ada": DUE + timedelta(hours=1)}}
    by_hand = Override("ada", 50, "oral exam", "compute_saliency_maps")
    assert graded(overrides=(by_hand,), **tardy).score == 90
    whole = graded(overrides=(by_hand, Override("ada", 33, "agreed")), **tardy)
    assert whole.score == 33
    assert whole.reasons[-1] == "set to 33 by hand: agreed"
    assert whole.functions[1].reasons == ("set to 50 by hand: oral exam",)
    assert not graded(overrides=(Override("grace", 0, "another"),)).changed


@given(
    st.floats(0, 100),
    st.floats(0, 100),
    st.integers(-(10**4), 10**5),
    st.sets(st.sampled_from(["tv_loss", "gram_matrix"])),
)
def test_no_policy_but_a_grade_by_hand_leaves_the_range(
    saliency: float, penalty: float, minutes: int, drop: set[str]
) -> None:
    grade = graded(
        points={"compute_saliency_maps": saliency},
        drop=tuple(drop),
        deadline=Deadline(DUE, penalty),
        submitted={"ada": DUE + timedelta(minutes=minutes)},
    )
    assert 0 <= grade.score <= grade.max_score + 1e-3
    assert all(0 <= f.score <= f.max_score + 1e-3 for f in grade.functions)
    assert grade.result == result()


def test_policies_are_stored_beside_the_results_and_read_again(tmp_path: Path) -> None:
    policies = Policies(
        points={"tv_loss": 5, "gram_matrix": {"c0": 1.5}},
        drop=("tv_loss",),
        deadline=Deadline(DUE, 10, "hour", 50, 5, "nbgrader", {"grace": DUE}),
        overrides=(Override("ada", 3, "好 \udcff", "gram_matrix"),),
        submitted={"ada": DUE},
    )
    write_policies(tmp_path, policies)
    assert read_policies(tmp_path) == policies
    write_policies(tmp_path, Policies(submitted={"ada": DUE}))
    assert not (tmp_path / NAME).exists()
    assert read_policies(tmp_path) == Policies()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"points": 1}'])
def test_policies_that_cannot_be_read_are_not_taken_for_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / NAME).write_text(text)
    with pytest.raises(KitError, match=r"policies\.json cannot be read .*grade again"):
        list(final_grades(tmp_path))


def test_the_stored_policies_hold_no_seed(tmp_path: Path) -> None:
    write_policies(tmp_path, Policies(drop=("tv_loss",)))
    assert "seed" not in json.loads((tmp_path / NAME).read_text())
