"""On a page an exception stands first: what it says, the student's line as code, what it means; and all of it once."""

import re
from pathlib import Path
from typing import Any

from cs231n.trials.exceptions import told
from grading.assignments.registry import function_named
from grading.report.pages import write_report
from grading.report.raised import AGAIN, Raised, raised_in, shown_messages
from grading.results.definition import CheckResult

HINTS = function_named("compute_saliency_maps").hints
RAISED = {
    "type": "RuntimeError",
    "message": "grad can be implicitly created only for scalar outputs",
    "place": "NetworkVisualization.ipynb, cell 7, line 4",
    "line": "scores.backward()",
}
OTHER = {
    "type": "IndexError",
    "message": "index 9 is out of bounds",
    "place": "N.ipynb, cell 1, line 2",
    "line": "a[9]",
}


def checks_of(*raised: dict[str, str] | None) -> list[CheckResult]:
    explained: set[str] = set()
    return [
        CheckResult(str(n), f"check {n}", "error", 0, 1, told(one, HINTS, explained))
        if one
        else CheckResult(str(n), f"check {n}", "pass", 1, 1, "fine")
        for n, one in enumerate(raised)
    ]


def test_what_was_told_is_read_back_each_exception_once() -> None:
    found = raised_in(checks_of(RAISED, None, RAISED, OTHER, RAISED))
    assert [one.what for one in found] == [
        "RuntimeError: grad can be implicitly created only for scalar outputs",
        "IndexError: index 9 is out of bounds",
    ]
    assert (found[0].place, found[0].code) == (RAISED["place"], RAISED["line"])
    assert found[0].explanation.startswith("`backward()` starts")


def test_exceptions_of_one_line_that_differ_in_their_numbers_are_one() -> None:
    larger = {**OTHER, "message": "index 12 is out of bounds"}
    elsewhere = {**OTHER, "place": "N.ipynb, cell 1, line 3"}
    found = raised_in(checks_of(OTHER, larger, elsewhere))
    assert [(one.what, one.place) for one in found] == [
        ("IndexError: index 9 is out of bounds", OTHER["place"]),
        ("IndexError: index 9 is out of bounds", elsewhere["place"]),
    ]


def test_an_exception_without_a_line_or_without_an_explanation_is_read_back() -> None:
    assert raised_in(checks_of({**RAISED, "place": "", "line": ""}))[0].code == ""
    (unknown,) = raised_in(checks_of({**RAISED, "type": "MyError", "message": ""}))
    assert unknown == Raised("MyError", RAISED["place"], RAISED["line"], "")


def test_what_ended_without_an_exception_is_none() -> None:
    assert raised_in([CheckResult("a", "a", "error", 0, 1, "the process ended (exit status 3)")]) == []


def test_beside_the_checks_an_exception_is_told_once() -> None:
    checks = checks_of(RAISED, None, RAISED, OTHER)
    first, fine, again, other = shown_messages(checks, explained_above=True)
    assert first.split("\n") == [
        "RuntimeError: grad can be implicitly created only for scalar outputs",
        "(NetworkVisualization.ipynb, cell 7, line 4: `scores.backward()`).",
    ]
    assert (fine, again) == ("fine", AGAIN)
    assert other.startswith("IndexError")
    assert shown_messages(checks, explained_above=False)[0] == checks[0].message


def page_of(build: Any, tmp_path: Path, function: dict[str, Any]) -> str:
    write_report(build.write_out(tmp_path, [build.result("ada", function)]))
    return (tmp_path / "report" / "ada.html").read_text(encoding="utf-8")


def test_a_page_shows_the_exception_then_the_line_then_what_it_means_once(build: Any, tmp_path: Path) -> None:
    function = build.function("compute_saliency_maps", "error")
    for entry, check in zip(function["checks"], checks_of(*[RAISED] * 5), strict=True):
        entry["message"] = check.message
    page = page_of(build, tmp_path, function)
    box = re.search(r'<div class="diagnosis raised">.*?</div>', page, re.DOTALL)
    assert box is not None
    order = [
        box[0].index(words)
        for words in (
            "It stopped with an error",
            "RuntimeError: grad can be implicitly created",
            "NetworkVisualization.ipynb, cell 7, line 4",
            "<pre><code>scores.backward()</code></pre>",
            "starts from one number",
        )
    ]
    assert order == sorted(order)
    assert page.count("starts from one number") == 1
    assert page.count(AGAIN) == 4


def test_with_a_named_mistake_the_name_stands_first_and_the_exception_beside_its_check(
    build: Any, tmp_path: Path
) -> None:
    function = build.function("compute_saliency_maps", "partial", ("saliency-no-abs",))
    function["checks"][1] |= {"status": "error", "message": told(RAISED, HINTS)}
    page = page_of(build, tmp_path, function)
    assert 'class="diagnosis raised"' not in page
    assert page.count("starts from one number") == 1


def test_a_wrong_function_that_also_raises_is_not_said_to_run(build: Any, tmp_path: Path) -> None:
    function = build.function("compute_saliency_maps", "wrong")
    assert "It runs, but" in page_of(build, tmp_path / "runs", function)
    function["checks"][1] |= {"status": "error", "message": told(RAISED, HINTS)}
    page = page_of(build, tmp_path / "raises", function)
    assert "It runs, but" not in page
    assert "For some inputs it stopped with an error" in page


def test_a_students_line_is_escaped(build: Any, tmp_path: Path) -> None:
    function = build.function("tv_loss", "error")
    line = {**RAISED, "line": "'<script>alert(1)</script>' `x`", "message": "<img src=x>"}
    for entry in function["checks"]:
        entry["message"] = told(line, {})
    page = page_of(build, tmp_path, function)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
