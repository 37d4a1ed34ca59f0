"""Groups of a class: whose function did the same, and the id that a group keeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from grading.report.grouping import group_class
from grading.results.atomic import write_atomically
from grading.results.definition import CheckResult, Diagnosis, FunctionResult, Grader, Result
from grading.results.evidence import Array, Attempt, Call, Evidence, FunctionEvidence, Raised
from grading.results.files import evidence_bytes, result_bytes
from grading.results.groups import read_groups

from .tv_class import SEED, STUDENTS, write_class


def call(number: float, *, shape: tuple[int, ...] = (3, 4), dtype: str = "float32") -> Call:
    sketch = (number, 0.5, -0.5, 0.25, 1.0)
    return Call("Tensor", None, (Array("output", shape, dtype, "0", "1", ("0",), sketch),))


def raised(type: str, message: str) -> Call:
    return Call("NoneType", Raised(type, message, "cell 1", "x"), ())


def hand_in(
    out: Path,
    student: str,
    *calls: Call,
    status: str = "wrong",
    failed: str = "one",
    mistake: str = "",
    ended: str = "",
    seed: str = SEED,
) -> None:
    """Write the result and the evidence of a student's one function."""
    points = 1 if status == "correct" else 0
    checks = tuple(
        CheckResult(id, id, "fail" if id == failed and not points else "pass", points, 1, "")
        for id in ("one", "two")
    )
    diagnosis = Diagnosis(mistake, tuple(mistake.split("+")), "Title", "") if mistake else None
    function = FunctionResult("f", "f", "N", "N.ipynb", status, points, 1, (), diagnosis, checks)
    grader = Grader(version="1", code=SEED, seed=seed, isolation="process")
    seen = FunctionEvidence("f", (), False, (Attempt(("one", "two"), ended, calls, 1e-2),))
    write_atomically(
        out / "results" / f"{student}.json",
        result_bytes(Result(student, "a", grader, points, 1, (), (function,))),
    )
    write_atomically(out / "evidence" / f"{student}.json", evidence_bytes(Evidence(student, (seen,))))


def grouped(out: Path) -> list[set[str]]:
    return sorted(
        (set(group.students) for group in group_class(out)), key=lambda group: (-len(group), min(group))
    )


def test_the_order_of_groups_is_not_that_of_names(tmp_path: Path) -> None:
    """Anonymous pages show the groups in their order, with their ids."""
    did = {}
    for folder, students in (("one", ("ada", "alan", "grace")), ("other", ("grace", "alan", "ada"))):
        for number, student in enumerate(students):
            hand_in(tmp_path / folder, student, call(1.0 + number))
        did[folder] = [(group.id, group.sketch) for group in group_class(tmp_path / folder)]
    assert did["one"] == did["other"]


def test_whole_numbers_of_one_do_not_take_apart_the_results_of_others(tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", call(1.0, dtype="int64"))
    hand_in(tmp_path, "alan", call(1.0))
    hand_in(tmp_path, "grace", call(1.005))
    assert grouped(tmp_path) == [{"alan", "grace"}, {"ada"}]


def test_results_alike_within_the_tolerance_are_one_group_and_others_are_not(tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", call(1.0))
    hand_in(tmp_path, "grace", call(1.004))
    hand_in(tmp_path, "alan", call(1.1))
    hand_in(tmp_path, "emmy", call(1.0, shape=(4, 3)))
    assert grouped(tmp_path) == [{"ada", "grace"}, {"alan"}, {"emmy"}]


def test_a_right_function_never_joins_a_wrong_one(tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", call(1.0), status="correct")
    hand_in(tmp_path, "grace", call(1.0))
    hand_in(tmp_path, "alan", call(7.0), status="correct")
    assert grouped(tmp_path) == [{"ada", "alan"}, {"grace"}]


def test_one_named_mistake_is_one_group_and_other_checks_or_ends_are_others(tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", call(1.0), mistake="half+detached")
    hand_in(tmp_path, "grace", call(2.0), mistake="detached+half")
    hand_in(tmp_path, "alan", call(1.0), failed="one")
    hand_in(tmp_path, "emmy", call(1.0), failed="two")
    hand_in(tmp_path, "john", ended="it hung")
    hand_in(tmp_path, "mary", ended="it hung, too")
    groups = group_class(tmp_path)
    assert {group.students: group.mistake for group in groups} == {
        ("ada", "grace"): "detached+half",
        ("john", "mary"): "",
        ("alan",): "",
        ("emmy",): "",
    }


def test_exceptions_group_by_what_was_raised_but_not_by_the_names_that_a_student_chose(
    tmp_path: Path,
) -> None:
    hand_in(tmp_path, "ada", raised("NameError", "name 'x' is not defined"), status="error")
    hand_in(tmp_path, "grace", raised("NameError", "name 'y' is not defined"), status="error")
    hand_in(tmp_path, "alan", raised("TypeError", "'int' object is not callable"), status="error")
    hand_in(tmp_path, "emmy", raised("RuntimeError", "shapes"), call(1.0))
    hand_in(tmp_path, "john", raised("IndexError", "axis"), call(1.0))
    assert grouped(tmp_path) == [{"ada", "grace"}, {"emmy", "john"}, {"alan"}]


def test_an_id_follows_what_was_done_not_who_did_it(tmp_path: Path) -> None:
    for student in ("ada", "grace", "alan"):
        hand_in(tmp_path, student, call(1.0))
    hand_in(tmp_path, "emmy", call(2.0))
    before = group_class(tmp_path)
    assert [group.id for group in before] == ["f-1", "f-2"]
    hand_in(tmp_path, "grace", call(3.0))  # two hand in again, and do another thing together
    hand_in(tmp_path, "alan", call(3.0))
    assert {group.id: group.students for group in group_class(tmp_path)} == {
        "f-1": ("ada",),
        "f-2": ("emmy",),
        "f-3": ("alan", "grace"),
    }
    assert read_groups(tmp_path) == group_class(tmp_path)


def test_on_other_inputs_an_id_follows_the_students_but_never_from_wrong_to_right(tmp_path: Path) -> None:
    for student in ("ada", "grace", "alan"):
        hand_in(tmp_path, student, call(1.0))
    hand_in(tmp_path, "emmy", call(2.0))
    group_class(tmp_path)
    other = SEED.replace("0", "1")
    hand_in(tmp_path, "ada", call(5.0), seed=other)
    hand_in(tmp_path, "grace", call(5.0), seed=other)
    hand_in(tmp_path, "alan", call(9.0), seed=other)
    hand_in(tmp_path, "emmy", call(2.0), seed=other, status="correct")
    assert {group.id: group.students for group in group_class(tmp_path)} == {
        "f-1": ("ada", "grace"),
        "f-3": ("alan",),
        "f-4": ("emmy",),
    }


def test_a_result_without_evidence_is_in_a_group_too(tmp_path: Path) -> None:
    hand_in(tmp_path, "ada", call(1.0))
    hand_in(tmp_path, "grace", call(1.0))
    (tmp_path / "evidence" / "grace.json").unlink()
    assert grouped(tmp_path) == [{"ada"}, {"grace"}]


def test_groups_do_not_depend_on_the_order_of_names(tmp_path: Path) -> None:
    numbers = [round(float(n), 4) for n in np.random.default_rng(0).choice([1.0, 1.5, 2.0, 2.5], 40)]
    for index, number in enumerate(numbers):
        hand_in(tmp_path / "one", f"s{index:02}", call(number))
        hand_in(tmp_path / "other", f"s{39 - index:02}", call(number))
    one, other = (grouped(tmp_path / name) for name in ("one", "other"))
    swapped = [{f"s{39 - int(student[1:]):02}" for student in group} for group in one]
    assert sorted(map(sorted, swapped)) == sorted(map(sorted, other))


def test_code_written_otherwise_that_does_the_same_is_one_group(tmp_path: Path) -> None:
    write_class(tmp_path)
    assert sorted(map(sorted, grouped(tmp_path))) == sorted(map(sorted, STUDENTS.values()))
