"""An outcome is told in HTML, Markdown and text, and nothing of a student's is obeyed in any of them."""

import re

from nbconvert.filters import markdown2html

from grading.exports.outcome import as_comment, as_html, as_text
from grading.results.definition import CheckResult, Diagnosis, FunctionResult

HOSTILE = (
    "</td><script>alert(1)</script> `<img src=x onerror=alert(2)>` [x](javascript:alert(3))\n# h\n<b>$$x$$"
)


def function(message: str) -> FunctionResult:
    return FunctionResult(
        name="tv_loss",
        defined_as="tv_loss",
        notebook="StyleTransfer",
        file="StyleTransfer.ipynb",
        status="partial",
        score=4.5,
        max_score=10,
        notes=(),
        diagnosis=Diagnosis("tv-not-squared", ("tv-not-squared",), "Not squared", "Asked are `squares`."),
        checks=(
            CheckResult("one", "A first check", "pass", 4.5, 4.5, "relative error 1e-7"),
            CheckResult("two", "A second check", "error", 0, 5.5, message),
        ),
    )


def test_the_outcome_says_points_mistake_and_what_failed() -> None:
    told = as_text(function("ValueError: oops"))
    for text in (told, as_comment(function("ValueError: oops"))):
        for words in ("4.5 of 10", "Not squared", "A second check", "ValueError: oops"):
            assert words in text
    assert "A first check" in told
    assert "A first check" not in as_comment(function("oops"))
    assert "✓" in as_html(function("oops"))


def test_no_markup_of_a_students_is_alive() -> None:
    comment = as_comment(function(HOSTILE), notes=(f"set to 3 by hand: {HOSTILE}",))
    shown = markdown2html(comment)
    breaks = HOSTILE.count("\n")  # of the note, a line each: ours
    assert len(re.findall(r"<br\b", shown)) == breaks
    for page in (as_html(function(HOSTILE)), re.sub(r"<br\b[^>]*>", "", shown, count=breaks)):
        assert set(re.findall(r"<(\w+)", page)) <= {
            "div", "b", "p", "table", "tr", "td", "code", "strong", "ul", "li", "math", "span",
        }  # fmt: skip
        assert "javascript:alert(3)" in page
        assert 'href="javascript' not in page
        assert not re.search(r"<[^>]*onerror", page)
