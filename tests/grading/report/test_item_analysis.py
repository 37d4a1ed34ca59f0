"""Figures about checks are those of an outside computation, and the page shows them from twenty submissions on."""

import random
import statistics
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import pearsonr

from cs231n import language
from grading.report.item_analysis import LEAST, Item, ItemAnalysis, Marks, advice
from grading.report.pages import write_report
from grading.results.files import result_of

# How many checks each has.
FUNCTIONS = {"compute_saliency_maps": 5, "make_fooling_image": 3, "tv_loss": 4}


def submission(build: Any, name: str, passed: dict[str, list[bool | None]]) -> Any:
    """A result with these checks passed, failed, or (None) skipped."""
    functions = []
    for function, marks in passed.items():
        document = build.function(function)
        checks = [
            build.check(f"check{i}", f"Check {i}", "skipped" if mark is None else "pass" if mark else "fail")
            for i, mark in enumerate(marks)
        ]
        functions.append(document | {"checks": checks, "score": 0})
    return build.result(name) | {"functions": functions}


def random_class(build: Any, count: int, rng: random.Random, skipped: float) -> list[Any]:
    """Strong and weak submissions; who is weak fails more, and a function may be left out."""
    documents = []
    for i in range(count):
        strength = rng.random()
        passed: dict[str, list[bool | None]] = {
            function: [None] * checks
            if rng.random() < skipped
            else [rng.random() < strength for _ in range(checks)]
            for function, checks in FUNCTIONS.items()
        }
        documents.append(submission(build, f"student{i:03}", passed))
    return documents


def analysis_of(documents: list[Any]) -> ItemAnalysis | None:
    marks = Marks()
    for document in documents:
        marks.add(result_of(document))
    return marks.analysis()


def marks_of(document: Any) -> dict[tuple[str, str], int | None]:
    by_status = {"pass": 1, "fail": 0, "error": 0, "timeout": 0, "skipped": None}
    return {
        (function["name"], check["id"]): by_status[check["status"]]
        for function in document["functions"]
        for check in function["checks"]
    }


@pytest.mark.parametrize(("count", "skipped"), [(20, 0.0), (60, 0.0), (90, 0.3)])
def test_every_figure_is_that_of_explicit_loops(build: Any, count: int, skipped: float) -> None:
    documents = random_class(build, count, random.Random(count), skipped)
    found = analysis_of(documents)
    assert found is not None
    table = [marks_of(document) for document in documents]
    assert [(item.function, item.check) for item in found.items] == [*table[0]]
    for item in found.items:
        name = item.function, item.check
        mine, rest, alone = [], [], 0
        for marks in table:
            if (mark := marks[name]) is None:
                continue
            others = [other for check, other in marks.items() if check != name and other is not None]
            beside = [other for check, other in marks.items() if check[0] == name[0] and check != name]
            mine.append(mark)
            rest.append(sum(others) / len(others))
            alone += not mark and 0 not in beside
        assert (item.tried, item.passed, item.alone) == (len(mine), sum(mine), alone)
        assert item.difficulty == pytest.approx(statistics.fmean(mine))
        assert item.discrimination == pytest.approx(pearsonr(mine, rest).statistic)
    complete = [[*marks.values()] for marks in table if None not in marks.values()]
    assert found.complete == len(complete)
    variances = sum(statistics.variance(column) for column in zip(*complete, strict=True))
    alpha = 12 / 11 * (1 - variances / statistics.variance([sum(row) for row in complete]))
    assert found.alpha == pytest.approx(alpha)


def test_where_all_was_tried_discrimination_is_the_correlation_with_the_number_of_others_passed(
    build: Any,
) -> None:
    documents = random_class(build, 40, random.Random(7), 0.0)
    found = analysis_of(documents)
    assert found is not None
    table = [[*marks_of(document).values()] for document in documents]
    for column, item in enumerate(found.items):
        mine = [row[column] or 0 for row in table]
        others = [sum(mark or 0 for mark in row) - own for row, own in zip(table, mine, strict=True)]
        assert item.discrimination == pytest.approx(statistics.correlation(mine, others))


def test_a_check_that_does_not_vary_has_no_discrimination_and_is_named(build: Any) -> None:
    marks: list[dict[str, list[bool | None]]] = [
        {"tv_loss": [True, False, i % 2 == 0, i % 3 == 0]} for i in range(LEAST)
    ]
    found = analysis_of([submission(build, f"s{i}", passed) for i, passed in enumerate(marks)])
    assert found is not None
    assert [item.discrimination is None for item in found.items] == [True, True, False, False]
    assert [item.check for item in found.never_failed] == ["check0"]
    assert [item.check for item in found.always_failed] == ["check1"]
    assert advice(found).startswith("Nobody passes `tv_loss: check1`: see whether")


def test_a_check_that_fewer_than_twenty_tried_has_no_discrimination(build: Any) -> None:
    passed: list[dict[str, list[bool | None]]] = [
        {"tv_loss": [i % 2 == 0, i % 3 == 0], "make_fooling_image": [None if i == 0 else i % 5 == 0]}
        for i in range(LEAST)
    ]
    found = analysis_of([submission(build, f"s{i}", marks) for i, marks in enumerate(passed)])
    assert found is not None
    assert [item.discrimination is None for item in found.items] == [False, False, True]
    assert (found.complete, found.alpha) == (LEAST - 1, None)


def test_a_submission_on_which_the_grader_failed_does_not_count(build: Any) -> None:
    documents = random_class(build, LEAST, random.Random(1), 0.0)
    documents[0]["notes"] = ["not graded, by a fault of the grader: start it again"]
    assert analysis_of(documents) is None


def item(name: str, discrimination: float | None, passed: int = 30) -> Item:
    return Item("tv_loss", name, name, 50, passed, discrimination, 0)


@pytest.mark.parametrize(
    ("items", "alpha", "says"),
    [
        (
            [item("a", 0.5), item("b", -0.4), item("c", -0.1)],
            0.9,
            "Look first at `tv_loss: b`: who passes there does worse",
        ),
        ([item("a", 0.5), item("b", None, 50), item("c", None, 50)], 0.9, "2 of 3 checks failed nobody"),
        ([item("a", 0.5), item("b", 0.4)], 0.3, "Make little of small differences"),
        ([item("a", 0.5), item("b", 0.1)], 0.9, "Hardly related to the rest of a submission: `tv_loss: b`."),
        ([item("a", 0.5), item("b", 0.4)], 0.9, "No check stands out"),
        (
            [item(name, -0.4) for name in "abcde"],
            0.9,
            "Look first at `tv_loss: a`, `tv_loss: b`, `tv_loss: c` and 2 more",
        ),
    ],
)
def test_one_sentence_says_what_deserves_a_second_look(items: list[Item], alpha: float, says: str) -> None:
    assert advice(ItemAnalysis(50, tuple(items), alpha, 50)).startswith(says)


def test_the_class_page_shows_the_checks_from_twenty_submissions_on(build: Any, tmp_path: Path) -> None:
    documents = random_class(build, LEAST, random.Random(3), 0.0)
    without = write_report(build.write_out(tmp_path / "less", documents[1:])).read_text()
    assert "Discrimination" not in without
    shown = write_report(build.write_out(tmp_path / "enough", documents)).read_text()
    found = analysis_of(documents)
    assert found is not None
    assert shown.count("<code>check") == len(found.items) == sum(FUNCTIONS.values())
    assert f"Cronbach’s alpha is {found.alpha:.2f} over the 20 of 20 submissions" in shown
    for one in found.items:
        assert f"{one.discrimination:.2f}".replace("-", "−") in shown
    assert "<details open>" not in shown[shown.index('id="items"') : shown.index('id="students"')]


def test_a_hostile_title_of_a_check_is_escaped(build: Any, tmp_path: Path) -> None:
    documents = random_class(build, LEAST, random.Random(3), 0.0)
    for document in documents:
        document["functions"][0]["checks"][0]["title"] = "<script>alert(1)</script>"
    shown = write_report(build.write_out(tmp_path, documents)).read_text()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_the_section_is_shown_in_chinese(build: Any, tmp_path: Path) -> None:
    documents = random_class(build, LEAST, random.Random(3), 0.0)
    language.use("zh")
    try:
        shown = write_report(build.write_out(tmp_path, documents)).read_text()
    finally:
        language.use("en")
    section = shown[shown.index('id="items"') : shown.index('id="students"')]
    assert "Cronbach" in section
    assert "Discrimination" not in section
